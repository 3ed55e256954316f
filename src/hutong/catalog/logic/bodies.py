"""Entries as canonical JSON, and what differs between two of them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from hutong.catalog.types import Difference


def canonical(body: Mapping[str, Any]) -> bytes:
    """The bytes whose digest the log holds: keys sorted, no blanks, UTF-8."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Keys that differ, by their path, in order; things of a list that have an id are told apart by it."""
    old, new = dict(_leaves("", before)), dict(_leaves("", after))
    return [
        Difference(key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), each)
    elif isinstance(value, list | tuple) and any(isinstance(each, Mapping) for each in value):
        for number, each in enumerate(value):
            name = each.get("id", number) if isinstance(each, Mapping) else number
            yield from _leaves(f"{path}[{name}]", each)
    else:
        yield path, value
