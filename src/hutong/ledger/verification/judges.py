"""Signatures are most of the work of a check, and each stands for itself: processes of their own judge them.

Short logs are judged here; so is a batch whose process has died.
"""

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Generic, TypeVar

from hutong.ledger.logic.notes import VerifierKey
from hutong.ledger.verification.batches import SIGNATURE, Asked, pack

T = TypeVar("T")
_BATCH = 256
_WORTH = 2_048  # a process takes a tenth of a second to start: about as long as this many take
_MOST = 8
_AHEAD = 24


class _Judge:
    """One process."""

    def __init__(self) -> None:
        source = str(Path(__file__).parents[3])
        paths = os.pathsep.join(each for each in (source, os.environ.get("PYTHONPATH", "")) if each)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hutong.ledger.verification.judge"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._work: SimpleQueue[bytes] = SimpleQueue()
        self._feeder = threading.Thread(target=self._feed, daemon=True)
        self._feeder.start()

    def ask(self, batch: "list[tuple[Asked, T]]") -> None:
        self._work.put(pack(asked for asked, _ in batch))

    def _feed(self) -> None:
        """A pipe holds little: whoever asks does not wait for it."""
        with suppress(OSError, ValueError):  # one that has died, or was dismissed, does not answer either
            while (work := self._work.get()) and self.process.stdin:
                self.process.stdin.write(work)
                self.process.stdin.flush()

    def hear(self, count: int) -> bytes:
        """One byte a signature, in the order asked; fewer when it has died."""
        return self.process.stdout.read(count) if self.process.stdout else b""

    def dismiss(self, *, at_once: bool) -> None:
        if at_once:
            self.process.kill()
        self._work.put(b"")
        self._feeder.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        self.process.wait()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Judges(Generic[T]):
    """``ask`` a signature, saying what it ``concerns``; ``wrong`` gives that back for those that do not hold."""

    def __init__(self, most: int = _MOST) -> None:
        cores = _cores()
        self._count = min(most, cores) if cores > 1 else 0
        self._judges: list[_Judge] = []
        self._batch: list[tuple[Asked, T]] = []
        self._kept: deque[list[tuple[Asked, T]]] = deque()
        self._sent: deque[tuple[_Judge, list[tuple[Asked, T]]]] = deque()
        self._turn = 0
        self._wrong: list[T] = []

    @property
    def processes(self) -> "list[subprocess.Popen[bytes]]":
        """Those that have been started."""
        return [each.process for each in self._judges]

    def close(self, *, at_once: bool = False) -> None:
        for each in self._judges:
            each.dismiss(at_once=at_once)

    def ask(self, key: VerifierKey, value: bytes, message: bytes, concerns: T) -> None:
        if len(value) != SIGNATURE:
            self._wrong.append(concerns)
            return
        self._batch.append((Asked(key.public, value, message), concerns))
        if len(self._batch) == _BATCH:
            self._pass_on()

    def wrong(self) -> Iterator[T]:
        """All that was asked and does not hold; waits for every answer."""
        if self._batch:
            self._kept.append(self._batch)
            self._batch = []
        while self._kept:
            self._judge_here(self._kept.popleft())
        while self._sent:
            self._hear()
        found, self._wrong = self._wrong, []
        yield from found

    def _pass_on(self) -> None:
        self._kept.append(self._batch)
        self._batch = []
        if not self._judges:
            if not self._count:
                self._judge_here(self._kept.popleft())
            if len(self._kept) * _BATCH < _WORTH:
                return
            self._judges = [_Judge() for _ in range(self._count)]
        while self._kept:
            if len(self._sent) >= _AHEAD * len(self._judges):
                self._hear()
            self._send(self._kept.popleft())

    def _send(self, batch: list[tuple[Asked, T]]) -> None:
        judge = self._judges[self._turn % len(self._judges)]
        self._turn += 1
        judge.ask(batch)
        self._sent.append((judge, batch))

    def _hear(self) -> None:
        judge, batch = self._sent.popleft()
        held = judge.hear(len(batch))
        if len(held) != len(batch):
            self._judge_here(batch)
            return
        self._wrong += [concerns for good, (_, concerns) in zip(held, batch, strict=True) if not good]

    def _judge_here(self, batch: list[tuple[Asked, T]]) -> None:
        for asked, concerns in batch:
            if not VerifierKey("", asked.key).accepts(asked.message, asked.value):
                self._wrong.append(concerns)
