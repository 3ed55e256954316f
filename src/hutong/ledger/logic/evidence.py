"""One file a third party can check without our server: entry, inclusion proof, checkpoint, verifier key, policy."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hutong.ledger.errors import BadEvidence, BadProof
from hutong.ledger.logic import completeness, entries, merkle
from hutong.ledger.logic.completeness import Complete
from hutong.ledger.logic.trusting import Trust, Trusted
from hutong.ledger.types import Checkpoint, InclusionProof

FORMAT = "hutong-evidence/1"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a valid evidence file shows. ``signed_by`` is the verifier key that signed: whether it is the key of the
    log you trust is for you to compare, when the file itself named it.
    """

    fields: Mapping[str, Any]
    index: int
    checkpoint: Checkpoint
    trusted: Trusted

    @property
    def signed_by(self) -> str:
        return self.trusted.signed_by


def build(leaf: bytes, proof: InclusionProof, verifier: str, policy: str = "") -> dict[str, Any]:
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
    return Checked(entries.read(leaf), index, checkpoint, found)


def _read(raw: str | bytes) -> dict[str, Any]:
    try:
        given = json.loads(raw)
    except ValueError as error:
        raise BadEvidence(reason=str(error)) from error
    if not isinstance(given, dict) or given.get("format") not in {FORMAT, completeness.FORMAT}:
        raise BadEvidence(reason=f"format is not {FORMAT} or {completeness.FORMAT}")
    return given
