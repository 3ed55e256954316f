"""One file a third party can check without our server: entry, inclusion proof, checkpoint, verifier key, policy."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hutong.ledger.errors import BadEvidence, BadProof
from hutong.ledger.logic import completeness, entries, keyring, merkle, notes, statements
from hutong.ledger.logic.completeness import Complete
from hutong.ledger.logic.trusting import Trust, Trusted
from hutong.ledger.types import Checkpoint, InclusionProof

FORMAT = "hutong-evidence/1"
_LARGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What a valid evidence file shows. ``signed_by`` is the verifier key that signed: whether it is the key of the
    log you trust is for you to compare, when the file itself named it. ``signers``: organisations whose signatures on
    the entry hold, by keys whose entries are in the file too.
    """

    fields: Mapping[str, Any]
    index: int
    checkpoint: Checkpoint
    trusted: Trusted
    signers: tuple[str, ...] = ()

    @property
    def signed_by(self) -> str:
        return self.trusted.signed_by


def build(
    leaf: bytes,
    proof: InclusionProof,
    verifier: str,
    policy: str = "",
    keys: Sequence[tuple[int, bytes, Sequence[bytes]]] = (),
) -> dict[str, Any]:
    """The evidence as JSON. ``leaf`` is shown as text (it is JSON) for readers; its bytes are what counts."""
    return {
        "format": FORMAT,
        "leaf": leaf.decode(),
        "index": proof.index,
        "size": proof.size,
        "hashes": [b64encode(each).decode() for each in proof.hashes],
        "checkpoint": proof.checkpoint.text,
        "verifier": verifier,
        "policy": policy,
        "keys": [
            {"index": place, "leaf": each.decode(), "hashes": [b64encode(one).decode() for one in hashes]}
            for place, each, hashes in keys
        ],
    }


def check(raw: str | bytes, trusted: str | None = None, policy: str | None = None) -> Checked:
    """Verifies the evidence of one entry; ``trusted`` overrides the verifier key in it, ``policy`` the policy."""
    found = check_any(raw, trusted, policy)
    if isinstance(found, Complete):
        raise BadEvidence(reason=f"format is not {FORMAT}")
    return found


def check_any(raw: str | bytes, trusted: str | None = None, policy: str | None = None) -> Checked | Complete:
    """Verifies an evidence file of either kind. Raises what does not hold."""
    given, trust = _read(raw), Trust(trusted or "", policy or "")
    if given["format"] == completeness.FORMAT:
        return completeness.check(given, trust)
    try:
        leaf = given["leaf"].encode()
        hashes = [b64decode(each, validate=True) for each in given["hashes"]]
        index, size = int(given["index"]), int(given["size"])
        note, key, own = given["checkpoint"], given["verifier"], given.get("policy", "")
        checkpoint, found = trust.open(note, key, own)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadEvidence(reason=f"{type(error).__name__}: {error}") from error
    if size != checkpoint.size:
        raise BadProof(reason="size differs from the checkpoint")
    merkle.verify_inclusion(index, size, merkle.leaf_hash(leaf), hashes, checkpoint.root)
    fields = entries.read(leaf)
    try:
        signers = _signers(fields, index, given.get("keys", []), checkpoint)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadEvidence(reason=f"{type(error).__name__}: {error}") from error
    return Checked(fields, index, checkpoint, found, signers)


def check_file(file: Path, trusted: str | None = None, policy: str | None = None) -> Checked | Complete:
    """As ``check_any``; a long file of the whole of something is read line by line."""
    with file.open(encoding="utf8") as lines:
        try:
            found = completeness.check_lines(lines, Trust(trusted or "", policy or ""))
        except UnicodeDecodeError as error:
            raise BadEvidence(reason=str(error)) from error
    if found is not None:
        return found
    if file.stat().st_size > _LARGEST:
        raise BadEvidence(reason=f"longer than {_LARGEST} bytes, and not in lines")
    return check_any(file.read_bytes(), trusted, policy)


def _signers(
    fields: Mapping[str, Any], index: int, given: Sequence[Mapping[str, Any]], checkpoint: Checkpoint
) -> tuple[str, ...]:
    """Whose signatures hold. BadProof for one that does not; one whose key is not in the file is passed over."""
    known: dict[tuple[str, str], tuple[str, notes.VerifierKey]] = {}
    for each in given:
        _, said = completeness.included(each, checkpoint)
        if said["kind"] != keyring.ADDED or int(each["index"]) >= index:
            raise BadProof(reason="not the entry of an earlier key")
        key = notes.VerifierKey.parse(said["payload"]["key"])
        for name in (said["subject"], said["subject"].rpartition(":organisation:")[2]):
            known[name, key.key_id.hex()] = said["subject"], key
    held: list[str] = []
    for name, key_id, value, text in _signatures(fields, checkpoint.origin):
        found = known.get((name, key_id))
        if found and not found[1].accepts(text, value):
            raise BadProof(reason="the signature of {name} does not hold", name=name)
        held += [found[0]] if found else []
    return tuple(dict.fromkeys(held))


def _signatures(fields: Mapping[str, Any], origin: str) -> Iterator[tuple[str, str, bytes, bytes]]:
    """Organisation, key id, signature and what it is over, of each signature and co-signature of an entry."""
    own = entries.signature(fields)
    if own:
        yield own.organisation, own.key, own.value, statements.entry(origin, fields)
    for each in entries.cosignatures(fields):
        text = statements.cosignature(origin, fields, fields["proposal"], each.organisation, each.at)
        yield each.organisation, each.key, each.value, text


def _read(raw: str | bytes) -> dict[str, Any]:
    try:
        given = json.loads(raw)
    except ValueError as error:
        raise BadEvidence(reason=str(error)) from error
    if not isinstance(given, dict) or given.get("format") not in {FORMAT, completeness.FORMAT}:
        raise BadEvidence(reason=f"format is not {FORMAT} or {completeness.FORMAT}")
    return given
