"""Cursors of the engine that wait for the next question to the same tables: making these known took longer than many
answers.
"""

import threading
from collections import OrderedDict
from typing import Any

Seeing = tuple[Any, ...]


class Idle:
    """Up to ``most`` cursors by what they see; the one that has waited longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Any, tuple[Seeing, Any]] = OrderedDict()

    def take(self, seeing: Seeing) -> Any | None:
        """A cursor that sees just that, taken out of those that wait."""
        with self._lock:
            for number, (seen, cursor) in reversed(self._kept.items()):
                if seen == seeing:
                    del self._kept[number]
                    return cursor
        return None

    def put(self, seeing: Seeing, cursor: Any) -> None:
        """Let a cursor wait whose last answer was read to its end."""
        with self._lock:
            self._kept[id(cursor)] = (seeing, cursor)
            gone = self._kept.popitem(last=False)[1][1] if len(self._kept) > self._most else None
        if gone is not None:
            gone.close()

    def close(self) -> None:
        with self._lock:
            kept = [cursor for _, cursor in self._kept.values()]
            self._kept.clear()
        for each in kept:
            each.close()
