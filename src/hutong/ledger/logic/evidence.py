"""One file a third party can check without our server: entry, inclusion proof, checkpoint, verifier key."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hutong.ledger.errors import BadEvidence, BadProof
from hutong.ledger.logic import checkpoints, entries, merkle, notes
from hutong.ledger.types import Checkpoint, InclusionProof

FORMAT = "hutong-evidence/1"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a valid evidence file shows. ``signed_by`` is the verifier key that the file itself names: whether
    it is the key of the log you trust is for you to compare.
    """

    fields: Mapping[str, Any]
    index: int
    checkpoint: Checkpoint
    signed_by: str


def build(leaf: bytes, proof: InclusionProof, verifier: str) -> dict[str, Any]:
    """The evidence as JSON. ``leaf`` is shown as text (it is JSON) for readers; its bytes are what counts."""
    return {
        "format": FORMAT,
        "leaf": leaf.decode(),
        "index": proof.index,
        "size": proof.size,
        "hashes": [b64encode(each).decode() for each in proof.hashes],
        "checkpoint": proof.checkpoint.text,
        "verifier": verifier,
    }


def check(raw: str | bytes, trusted: str | None = None) -> Checked:
    """Verifies an evidence file; ``trusted`` overrides the verifier key in it. Raises what does not hold."""
    given = _read(raw)
    try:
        leaf = given["leaf"].encode()
        hashes = [b64decode(each, validate=True) for each in given["hashes"]]
        index, size = int(given["index"]), int(given["size"])
        note, key = given["checkpoint"], trusted or given["verifier"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadEvidence(reason=f"{type(error).__name__}: {error}") from error
    signed, keys = notes.open_note(note, [notes.VerifierKey.parse(key)])
    checkpoint = checkpoints.parse_body(signed.text, note)
    if size != checkpoint.size:
        raise BadProof(reason="size differs from the checkpoint")
    if checkpoint.origin != keys[0].name:
        raise BadProof(reason="origin differs from the key name")
    merkle.verify_inclusion(index, size, merkle.leaf_hash(leaf), hashes, checkpoint.root)
    return Checked(entries.read(leaf), index, checkpoint, str(keys[0]))


def _read(raw: str | bytes) -> dict[str, Any]:
    try:
        given = json.loads(raw)
    except ValueError as error:
        raise BadEvidence(reason=str(error)) from error
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise BadEvidence(reason=f"format is not {FORMAT}")
    return given
