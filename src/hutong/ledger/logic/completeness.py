"""Evidence that these are all the entries about a thing: built, and checked with nothing else at hand."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hutong.ledger.errors import BadEvidence, BadProof
from hutong.ledger.logic import authmap, entries, merkle
from hutong.ledger.logic.authmap import Step, Tally
from hutong.ledger.logic.trusting import Trust, Trusted
from hutong.ledger.types import Checkpoint, InclusionProof

FORMAT = "hutong-completeness/1"
LISTED = 5_000


@dataclass(frozen=True, slots=True)
class Complete:
    """What a valid file shows: ``entries`` are all that bear the label among the first ``size`` of the log, save
    the first ``skipped``; where there are more than ``LISTED`` they are counted only.
    """

    about: str
    by: str
    size: int
    skipped: int
    entries: tuple[tuple[int, Mapping[str, Any]], ...]
    checkpoint: Checkpoint
    trusted: Trusted
    count: int


def build(
    *,
    label: tuple[str, str],
    before: Tally,
    way: tuple[tuple[bytes, Tally] | None, Sequence[Step]],
    index: tuple[bytes, InclusionProof],
    verifier: str,
    policy: str,
) -> dict[str, Any]:
    """The evidence as JSON, its entries left out (``shown`` makes each); hashes are base64."""
    (found, steps), (leaf, proof) = way, index
    return {
        "format": FORMAT,
        "about": label[0],
        "by": label[1],
        "skipped": before.count,
        "before": _b64(before.chain),
        "map": {
            "leaf": found and {"key": _b64(found[0]), "count": found[1].count, "chain": _b64(found[1].chain)},
            "way": [[step.depth, _b64(step.sibling)] for step in steps],
        },
        "map_entry": shown(proof.index, leaf, proof.hashes),
        "size": proof.size,
        "checkpoint": proof.checkpoint.text,
        "verifier": verifier,
        "policy": policy,
        "entries": [],
    }


def shown(place: int, leaf: bytes, hashes: Sequence[bytes]) -> dict[str, Any]:
    """An entry with its inclusion proof."""
    return {"index": place, "leaf": leaf.decode(), "hashes": [_b64(each) for each in hashes]}


def lines(head: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The same JSON with a line for each entry, so that a file of any length is written and checked line by line."""
    begin = json.dumps({**head, "entries": []}, ensure_ascii=False)
    yield begin.removesuffix("]}")
    comma = "\n"
    for each in entries:
        yield comma + json.dumps(each, ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


def check(given: Mapping[str, Any], trust: Trust) -> Complete:
    """Verifies such a file; raises what does not hold."""
    with _stated():
        count = _Count(given, trust)
        for each in given["entries"]:
            count.take(each)
        return count.finish()


def check_lines(file: Iterable[str], trust: Trust) -> Complete | None:
    """As ``check``, of a file that ``lines`` wrote, in memory that does not grow with it; None if it is not one."""
    rest = iter(file)
    first = next(rest, "").rstrip("\r\n")
    if not first.endswith('"entries": ['):
        return None
    with _stated():
        given = json.loads(first + "]}")
        if not isinstance(given, dict) or given["format"] != FORMAT:
            return None
        count, more = _Count(given, trust), True
        for line in rest:
            text = line.strip()
            if text == "]}":
                more = False
            elif not more and text:
                raise BadEvidence(reason="there is more after its end")
            elif text:
                count.take(json.loads(text.removesuffix(",")))
        if more:
            raise BadEvidence(reason="it has no end")
        return count.finish()


@contextmanager
def _stated() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        raise BadEvidence(reason=f"{type(error).__name__}: {error}") from error


class _Count:
    """Entry after entry, against what the map says there are."""

    def __init__(self, given: Mapping[str, Any], trust: Trust) -> None:
        self.given = given
        self.checkpoint, self.trusted = trust.open(
            given["checkpoint"], given["verifier"], given.get("policy", "")
        )
        _, fields = included(given["map_entry"], self.checkpoint)
        if fields["kind"] != authmap.KIND or fields["organisation"]:
            raise BadProof(reason="not the entry that commits to the map")
        self.size, root = int(fields["payload"]["size"]), bytes.fromhex(fields["payload"]["root"])
        self.label = authmap.label(given["about"], given["by"])
        steps = [Step(int(depth), _raw(sibling)) for depth, sibling in given["map"]["way"]]
        self.tally = authmap.check(authmap.key_of(self.label), steps, _leaf(given["map"]["leaf"]), root)
        self.skipped = int(given["skipped"])
        self.chain, self.last = Tally(self.skipped, _raw(given["before"])), -1
        self.entries: list[tuple[int, Mapping[str, Any]]] = []
        self.count = 0

    def take(self, each: Mapping[str, Any]) -> None:
        leaf_hash, fields = included(each, self.checkpoint)
        place = int(each["index"])
        if not self.last < place < self.size or self.label not in authmap.labels(fields):
            raise BadProof(reason="entry {number} does not belong here", number=place)
        self.chain, self.last = self.chain.follow(leaf_hash), place
        self.count += 1
        if self.count <= LISTED:
            self.entries.append((place, fields))
        else:
            self.entries.clear()

    def finish(self) -> Complete:
        if self.chain != self.tally:
            raise BadProof(
                reason="the map counts {count} entries, the file shows others or fewer",
                count=self.tally.count,
            )
        return Complete(
            self.given["about"],
            self.given["by"],
            self.size,
            self.skipped,
            tuple(self.entries),
            self.checkpoint,
            self.trusted,
            self.count,
        )


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
