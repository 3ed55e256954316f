"""The command that calls a module, as it can be pasted into a shell."""

import json
import shlex
from collections.abc import Mapping
from typing import Any, Final

PLACE: Final = "hm_…"  # where a key belongs


def command(address: str, given: Mapping[str, Any], key: str = PLACE) -> str:
    """``curl`` with a whole body, so that nothing but the key has to be filled in."""
    body = json.dumps(given, ensure_ascii=False)
    return (
        f"curl -X POST {address} \\\n  -H 'Authorization: Bearer {key}' \\\n"
        f"  -H 'Content-Type: application/json' \\\n  -d {shlex.quote(body)}"
    )
