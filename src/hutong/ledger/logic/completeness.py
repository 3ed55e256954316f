"""Evidence that these are all the entries about a thing: built, and checked with nothing else at hand."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.ledger.errors import BadEvidence, BadProof
from hutong.ledger.logic import authmap, entries, merkle
from hutong.ledger.logic.authmap import Step, Tally
from hutong.ledger.logic.trusting import Trust, Trusted
from hutong.ledger.types import Checkpoint, InclusionProof

FORMAT = "hutong-completeness/1"


@dataclass(frozen=True, slots=True)
class Complete:
    """What a valid file shows: ``entries`` are all that bear the label among the first ``size`` of the log, save
    the first ``skipped``.
    """

    about: str
    by: str
    size: int
    skipped: int
    entries: tuple[tuple[int, Mapping[str, Any]], ...]
    checkpoint: Checkpoint
    trusted: Trusted


def build(
    *,
    label: tuple[str, str],
    before: Tally,
    entries: Sequence[tuple[int, bytes, Sequence[bytes]]],
    way: tuple[tuple[bytes, Tally] | None, Sequence[Step]],
    index: tuple[bytes, InclusionProof],
    verifier: str,
    policy: str,
) -> dict[str, Any]:
    """The evidence as JSON; hashes are base64."""
    (found, steps), (leaf, proof) = way, index
    return {
        "format": FORMAT,
        "about": label[0],
        "by": label[1],
        "skipped": before.count,
        "before": _b64(before.chain),
        "entries": [
            {"index": place, "leaf": each.decode(), "hashes": [_b64(one) for one in hashes]}
            for place, each, hashes in entries
        ],
        "map": {
            "leaf": found and {"key": _b64(found[0]), "count": found[1].count, "chain": _b64(found[1].chain)},
            "way": [[step.depth, _b64(step.sibling)] for step in steps],
        },
        "map_entry": {
            "index": proof.index,
            "leaf": leaf.decode(),
            "hashes": [_b64(one) for one in proof.hashes],
        },
        "size": proof.size,
        "checkpoint": proof.checkpoint.text,
        "verifier": verifier,
        "policy": policy,
    }


def check(given: Mapping[str, Any], trust: Trust) -> Complete:
    """Verifies such a file; raises what does not hold."""
    try:
        return _check(given, trust)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise BadEvidence(reason=f"{type(error).__name__}: {error}") from error


def _check(given: Mapping[str, Any], trust: Trust) -> Complete:
    checkpoint, trusted = trust.open(given["checkpoint"], given["verifier"], given.get("policy", ""))
    _, fields = included(given["map_entry"], checkpoint)
    if fields["kind"] != authmap.KIND or fields["organisation"]:
        raise BadProof(reason="not the entry that commits to the map")
    size, root = int(fields["payload"]["size"]), bytes.fromhex(fields["payload"]["root"])
    about, by = given["about"], given["by"]
    key = authmap.key_of(authmap.label(about, by))
    steps = [Step(int(depth), _raw(sibling)) for depth, sibling in given["map"]["way"]]
    tally = authmap.check(key, steps, _leaf(given["map"]["leaf"]), root)
    chain = Tally(int(given["skipped"]), _raw(given["before"]))
    shown, last = [], -1
    for each in given["entries"]:
        leaf_hash, fields = included(each, checkpoint)
        place = int(each["index"])
        if not last < place < size or authmap.label(about, by) not in authmap.labels(fields):
            raise BadProof(reason=f"entry {place} does not belong here")
        chain, last = chain.follow(leaf_hash), place
        shown.append((place, fields))
    if chain != tally:
        raise BadProof(reason=f"the map counts {tally.count} entries, the file shows others or fewer")
    return Complete(about, by, size, int(given["skipped"]), tuple(shown), checkpoint, trusted)


def included(given: Mapping[str, Any], checkpoint: Checkpoint) -> tuple[bytes, dict[str, Any]]:
    """Leaf hash and fields of an entry given with its inclusion proof; BadProof when it is not in the tree."""
    leaf = given["leaf"].encode()
    leaf_hash = merkle.leaf_hash(leaf)
    hashes = [_raw(each) for each in given["hashes"]]
    merkle.verify_inclusion(int(given["index"]), checkpoint.size, leaf_hash, hashes, checkpoint.root)
    return leaf_hash, entries.read(leaf)


def _leaf(given: Any) -> tuple[bytes, Tally] | None:
    if given is None:
        return None
    key, chain, count = _raw(given["key"]), _raw(given["chain"]), int(given["count"])
    if len(key) != 32 or len(chain) != 32 or not 0 < count < 1 << 63:
        raise BadProof(reason="malformed leaf of the map")
    return key, Tally(count, chain)


def _raw(text: str) -> bytes:
    return b64decode(text, validate=True)


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode()
