"""Small answers about snapshots, which never change, kept for whoever asks the same again."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from hutong.lake.types import QueryResult

MOST_CELLS = 4000


class Answers:
    """Up to ``most`` answers of at most ``MOST_CELLS`` values; the one that was not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, QueryResult] = OrderedDict()

    def get(self, question: Hashable) -> QueryResult | None:
        with self._lock:
            if question in self._kept:
                self._kept.move_to_end(question)
            return self._kept.get(question)

    def put(self, question: Hashable, answer: QueryResult) -> None:
        if len(answer.rows) * len(answer.columns) > MOST_CELLS:
            return
        with self._lock:
            self._kept[question] = answer
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
