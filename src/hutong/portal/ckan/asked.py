"""Reading what a CKAN client sends: numbers, lists, flags from JSON or from an address."""

import json
from collections.abc import Mapping
from typing import Any

from hutong.portal.ckan.errors import Unfit

Data = Mapping[str, Any]


def text(data: Data, key: str, default: str = "") -> str:
    """A text; raises ``Unfit`` for anything else."""
    found = data.get(key)
    if found is None:
        return default
    if not isinstance(found, str | int | float) or len(str(found)) > 10_000:
        raise Unfit({key: ["Must be a string"]})
    return str(found).replace("\x00", "")


def needed(data: Data, key: str) -> str:
    """A text that must be there."""
    found = text(data, key).strip()
    if not found:
        raise Unfit({key: ["Missing value"]})
    return found


def number(data: Data, key: str, default: int, most: int) -> int:
    """A whole number from 0; past ``most`` it is cut, as CKAN does."""
    found = data.get(key)
    if found is None or found == "":
        return default
    try:
        value = int(str(found))
    except ValueError as error:
        raise Unfit({key: ["Invalid integer"]}) from error
    if value < 0:
        raise Unfit({key: ["Must be a natural number"]})
    return min(value, most)


def flag(data: Data, key: str, default: bool) -> bool:
    """Yes or no in any of the ways that clients write it."""
    found = data.get(key, default)
    if isinstance(found, bool):
        return found
    return str(found).strip().lower() in {"true", "yes", "t", "y", "1"}


def listing(data: Data, key: str) -> list[Any]:
    """A list: as JSON has it, as JSON inside a text, or separated by commas."""
    found = data.get(key)
    if found is None or found == "":
        return []
    if isinstance(found, list):
        return found
    if isinstance(found, str):
        if found.lstrip().startswith("["):
            try:
                read = json.loads(found.replace("'", '"'))
            except (ValueError, RecursionError) as error:
                raise Unfit({key: ["Could not parse as valid JSON"]}) from error
            return list(read)
        return [each.strip() for each in found.split(",") if each.strip()]
    raise Unfit({key: ["Not a list"]})
