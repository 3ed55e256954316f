"""The leaf of an entry: canonical JSON that holds everything the log says about it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hutong.ledger.errors import BadEntry, EntryTooLarge
from hutong.ledger.logic.bundles import LARGEST

FORMAT = "hutong-entry/1"


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces. BadEntry for what JSON cannot hold exactly."""
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return text.encode()
    except (TypeError, ValueError) as error:
        raise BadEntry(reason=str(error)) from error


def leaf(
    *, entry_id: int, kind: str, subject: str, organisation: str, at: datetime, payload: Mapping[str, Any]
) -> bytes:
    """The bytes the tree commits to; at most 65,535 of them, as entry bundles can hold no more."""
    data = canonical(
        {
            "format": FORMAT,
            "id": entry_id,
            "kind": kind,
            "subject": subject,
            "organisation": organisation,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "payload": payload,
        }
    )
    if len(data) > LARGEST:
        raise EntryTooLarge(size=len(data), limit=LARGEST)
    return data


def read(data: bytes) -> dict[str, Any]:
    """The fields of a leaf, ``at`` as a time; BadEntry when it is not one."""
    try:
        fields: dict[str, Any] = json.loads(data)
        fields["at"] = datetime.fromisoformat(fields["at"])
        if fields["format"] != FORMAT or set(fields) != FIELDS:
            raise BadEntry(reason="unknown format")
    except (ValueError, KeyError, TypeError) as error:
        raise BadEntry(reason="not an entry") from error
    return fields


FIELDS = {"format", "id", "kind", "subject", "organisation", "at", "payload"}
