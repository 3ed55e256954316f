"""What people and programs send: what nothing could keep is refused before anything is done with it."""

import json
import math
import re
from typing import Any, Final

from hutong.kernel.errors import NotJson, NotText, Place

_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")
_MOST_PLACE: Final = 200


def is_text(given: str) -> bool:
    """Whether it is text: without a NUL, which PostgreSQL refuses, or half a pair, which no UTF-8 has."""
    return _UNFIT.search(given) is None


def counted(text: str, most: int) -> int | None:
    """A number from 1 to ``most`` in plain digits; None for anything else, however long it is."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    found = int(text)
    return found if 1 <= found <= most else None


def check(given: Any) -> None:
    """Raise ``NotText`` or ``NotJson`` where any part of a JSON value can be kept by no database."""
    waiting = [("", given)]
    while waiting:
        at, each = waiting.pop()
        if isinstance(each, str):
            if not is_text(each):
                raise NotText(place=_place(at))
        elif isinstance(each, dict):
            if not all(map(is_text, each)):
                raise NotText(place=_place(at))
            waiting += ((f"{at}.{name}"[:_MOST_PLACE], value) for name, value in each.items())
        elif isinstance(each, list):
            waiting += ((f"{at}.{number}"[:_MOST_PLACE], value) for number, value in enumerate(each))
        elif isinstance(each, float) and not math.isfinite(each):
            raise NotJson(place=_place(at))


def _place(at: str) -> Place | None:
    """Where it stands: keys and numbers of list items with dots between them; None for the value as a whole."""
    return Place(key=at[1:]) if at else None


def read_json(body: bytes | str) -> Any:
    """A JSON value that can be kept; ``ValueError`` or ``RecursionError`` for what is no JSON."""
    found = json.loads(body)
    check(found)
    return found
