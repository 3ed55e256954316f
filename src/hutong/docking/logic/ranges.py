"""Comparing two sets of entries by digests of ranges: what agrees is not looked at again.

Entries lie in the order of the SHA-256 of their URN. A range is a hexadecimal prefix; its digest covers the URNs and
digests below it. Where two sides differ in a range its sixteen parts are asked for, or its entries when they are few:
the cost follows the number of differences, not the size of the catalogs.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

FEW = 16
MAX_PREFIX = 64
_HEX = "0123456789abcdef"


class Ranges:
    """A set of entries, URN to digest, ready to be asked about."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        rows = sorted((hashlib.sha256(urn.encode()).hexdigest(), urn, sha) for urn, sha in entries.items())
        self._keys = [key for key, _urn, _sha in rows]
        self._rows = [(urn, sha) for _key, urn, sha in rows]

    def within(self, prefix: str) -> Sequence[tuple[str, str]]:
        """Entries of a range, in order."""
        return self._rows[bisect_left(self._keys, prefix) : bisect_left(self._keys, prefix + "g")]

    def digest(self, prefix: str) -> str:
        text = "\n".join(f"{urn} {sha}" for urn, sha in self.within(prefix))
        return hashlib.sha256(text.encode()).hexdigest()

    def answer(self, prefix: str) -> dict[str, Any]:
        """What is told of a range: its entries where they are few, else the digests of its parts."""
        rows = self.within(prefix)
        if len(rows) <= FEW or len(prefix) >= MAX_PREFIX:
            return {"entries": [list(row) for row in rows]}
        return {"parts": {each: self.digest(prefix + each) for each in _HEX}}


def wanted(ours: Ranges, prefix: str, theirs: Mapping[str, Any]) -> list[str]:
    """Parts of a range that differ and have to be asked about."""
    parts = theirs.get("parts") or {}
    return [prefix + each for each in _HEX if parts.get(each) != ours.digest(prefix + each)]


def compare(
    ours: Sequence[tuple[str, str]], theirs: Sequence[Sequence[str]]
) -> tuple[list[str], list[str], list[str]]:
    """Only here, only there, and those that differ."""
    here, there = dict(ours), {str(each[0]): str(each[1]) for each in theirs}
    return (
        sorted(here.keys() - there.keys()),
        sorted(there.keys() - here.keys()),
        sorted(urn for urn in here.keys() & there.keys() if here[urn] != there[urn]),
    )
