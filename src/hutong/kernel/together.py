"""Many who each want one thing done, done together by whoever comes first: one commit, one wait for the disk."""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Generic, TypeVar

Wish = TypeVar("Wish")
Done = TypeVar("Done")
_MOST = 512


class Interrupted(RuntimeError):
    """Not done, and not known to have failed."""


class _Waiting(Generic[Wish, Done]):
    """One wish. ``turn`` is set when it is over, or when its thread is to work for all who wait."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.done: list[Done] = []
        self.error: Exception | None = None
        self.turn = threading.Event()


class Together(Generic[Wish, Done]):
    """``work`` does several at once or none at all; where it refuses them, they are tried by halves. ``line`` is where
    processes wait for each other.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Wish]], Sequence[Done]],
        line: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._work, self._line = work, line
        self._lock = threading.Lock()
        self._queue: list[_Waiting[Wish, Done]] = []
        self._busy = False

    def do(self, wish: Wish) -> Done:
        """Returns once it is done, by this thread or by another."""
        mine = _Waiting[Wish, Done](wish)
        with self._lock:
            self._queue.append(mine)
            first, self._busy = not self._busy, True
        if not first:
            mine.turn.wait()
        if not mine.done and mine.error is None:
            self._do_all(mine)
        if mine.error is not None:
            raise mine.error
        return mine.done[0]

    def _do_all(self, mine: _Waiting[Wish, Done]) -> None:
        """What waits now; then it is the turn of whoever has come meanwhile."""
        batch: list[_Waiting[Wish, Done]] = []
        try:
            with self._line():  # whoever comes while this one waits in line is done with it
                batch = self._taken()
                self._try(batch)
        finally:
            self._hand_on(batch or self._taken(), mine)

    def _taken(self) -> list[_Waiting[Wish, Done]]:
        with self._lock:
            batch, self._queue = self._queue[:_MOST], self._queue[_MOST:]
        return batch

    def _try(self, batch: list[_Waiting[Wish, Done]]) -> None:
        """All at once; where that is refused, by halves, so that a refusal meets only whom it concerns."""
        try:
            for each, done in zip(batch, self._work([each.wish for each in batch]), strict=True):
                each.done.append(done)
        except Exception as error:  # noqa: BLE001 - handed to whom it concerns
            if len(batch) == 1:
                batch[0].error = error
                return
            middle = len(batch) // 2
            self._try(batch[:middle])
            self._try(batch[middle:])

    def _hand_on(self, batch: list[_Waiting[Wish, Done]], mine: _Waiting[Wish, Done]) -> None:
        with self._lock:
            self._busy = bool(self._queue)
            following = self._queue[:1]
        for each in batch:
            if not each.done and each.error is None:
                each.error = Interrupted("the thread that worked for this one was stopped")
            if each is not mine:
                each.turn.set()
        for each in following:
            each.turn.set()
