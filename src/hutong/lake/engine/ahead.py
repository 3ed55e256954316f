"""A stream read ahead by a thread of its own, so that making the next batches and using these go on side by side."""

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Any, Self

_END = object()
_PATIENCE = 0.1  # seconds between looks at whether anyone still wants the rest


class Ahead:
    """Iterate over ``source`` with up to ``most`` items made in advance; an error is raised where it would have been.

    Used as a context: on leaving it the thread has ended, whether or not all was read.
    """

    def __init__(self, source: Iterable[Any], most: int = 1) -> None:
        self._source = source
        self._items: queue.Queue[Any] = queue.Queue(most)
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._read, name="read-ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()

    def __iter__(self) -> Iterator[Any]:
        while (item := self._items.get()) is not _END:
            if isinstance(item, BaseException):
                raise item
            yield item

    def _read(self) -> None:
        try:
            for item in self._source:
                if not self._put(item):
                    return
            self._put(_END)
        except BaseException as error:  # noqa: BLE001 - handed to whoever iterates, who raises it
            self._put(error)

    def _put(self, item: Any) -> bool:
        while not self._left.is_set():
            try:
                self._items.put(item, timeout=_PATIENCE)
            except queue.Full:
                continue
            return True
        return False
