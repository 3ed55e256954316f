"""The leaf of an entry: canonical JSON that holds everything the log says about it.

``hutong-entry/1`` is unsigned: the log itself speaks. ``hutong-entry/2`` carries the signature of its organisation
and, where a locked thing changes, the co-signatures and the proposal they were given to.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hutong.ledger.errors import BadEntry, EntryTooLarge
from hutong.ledger.logic.bundles import LARGEST
from hutong.ledger.logic.canonical import canonical
from hutong.ledger.logic.statements import moment
from hutong.ledger.types import Cosignature, Signature

UNSIGNED = "hutong-entry/1"
SIGNED = "hutong-entry/2"
FIELDS = {"format", "id", "kind", "subject", "organisation", "at", "payload"}
MORE = {"signature", "proposal", "cosignatures"}

__all__ = ["FIELDS", "SIGNED", "UNSIGNED", "canonical", "leaf", "read"]


def leaf(
    *,
    entry_id: int,
    kind: str,
    subject: str,
    organisation: str,
    at: datetime,
    payload: Mapping[str, Any],
    signature: Signature | None = None,
    proposal: str = "",
    cosignatures: Sequence[Cosignature] = (),
) -> bytes:
    """The bytes the tree commits to; at most 65,535 of them, as entry bundles can hold no more."""
    fields = {
        "format": UNSIGNED,
        "id": entry_id,
        "kind": kind,
        "subject": subject,
        "organisation": organisation,
        "at": moment(at),
        "payload": payload,
    }
    if signature or proposal:
        fields["format"] = SIGNED
    if signature:
        fields["signature"] = signature.as_dict()
    if proposal:
        fields["proposal"] = proposal
        fields["cosignatures"] = [each.as_dict() for each in cosignatures]
    data = canonical(fields)
    if len(data) > LARGEST:
        raise EntryTooLarge(size=len(data), limit=LARGEST)
    return data


def read(data: bytes) -> dict[str, Any]:
    """The fields of a leaf, ``at`` as a time; BadEntry when it is not one."""
    try:
        fields: dict[str, Any] = json.loads(data.decode())
        fields["at"] = datetime.fromisoformat(fields["at"])
        kind, names = fields["format"], set(fields)
        if not (
            (kind == UNSIGNED and names == FIELDS) or (kind == SIGNED and FIELDS < names <= FIELDS | MORE)
        ):
            raise BadEntry(reason="unknown format")
    except (ValueError, KeyError, TypeError) as error:
        raise BadEntry(reason="not an entry") from error
    return fields


def signature(fields: Mapping[str, Any]) -> Signature | None:
    """The signature of its organisation; None where the entry has none. BadEntry when it is malformed."""
    given = fields.get("signature")
    return None if given is None else Signature.from_dict(fields["organisation"], given)


def cosignatures(fields: Mapping[str, Any]) -> tuple[Cosignature, ...]:
    return tuple(Cosignature.from_dict(each) for each in fields.get("cosignatures", ()))
