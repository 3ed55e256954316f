"""What people and programs send: what nothing could keep is refused before anything is done with it."""

import json
import math
import re
from typing import Any, Final

from hutong.kernel.errors import NotJson, NotText

_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")


def is_text(given: str) -> bool:
    """Whether it is text: without a NUL, which PostgreSQL refuses, or half a pair, which no UTF-8 has."""
    return _UNFIT.search(given) is None


def check(given: Any) -> None:
    """Raise ``NotText`` or ``NotJson`` where any part of a JSON value can be kept by no database."""
    waiting = [given]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if not is_text(each):
                raise NotText
        elif isinstance(each, dict):
            waiting += each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, float) and not math.isfinite(each):
            raise NotJson


def read_json(body: bytes | str) -> Any:
    """A JSON value that can be kept; ``ValueError`` or ``RecursionError`` for what is no JSON."""
    found = json.loads(body)
    check(found)
    return found
