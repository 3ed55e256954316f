"""The mark of a recipient in a file: a line that says whose it is, and an order of rows that only they were given.

The order is by a keyed digest of each row's own shown values, with a key of the contract: every recipient of the same
rows gets them in an order of their own, and any part of a file keeps that order. `order_share` says how far rows lie
in a contract's order: about one half by chance, one where they were not moved. Whoever sorts the rows takes the mark
away, so it tells of careless leaks, not of determined ones.
"""

import hashlib
from collections.abc import Iterable, Sequence

SEPARATOR = "\x1f"


def row_digest(key: str, cells: Sequence[str]) -> str:
    return hashlib.sha256((key + SEPARATOR.join(cells)).encode()).hexdigest()


def order_share(key: str, rows: Iterable[Sequence[str]]) -> tuple[float, int]:
    """The share of neighbouring rows that lie in the key's order, and how many pairs there were."""
    held, before, pairs = 0, "", 0
    for number, cells in enumerate(rows):
        now = row_digest(key, cells)
        if number and before != now:  # equal rows lie together in any order
            pairs += 1
            held += before < now
        before = now
    return (held / pairs if pairs else 0.0), pairs
