"""Canonical JSON: the one way a value is written where bytes are hashed or signed."""

import json
from typing import Any

from hutong.ledger.errors import BadEntry

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces. BadEntry for what JSON cannot hold exactly."""
    try:
        return _ENCODER.encode(value).encode()
    except (TypeError, ValueError) as error:
        raise BadEntry(reason=str(error)) from error
