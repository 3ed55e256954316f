"""The worker process: delivers events, runs durable jobs and what capabilities ask to be done regularly."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, close_old_connections

from hutong.kernel import events, jobs

log = logging.getLogger(__name__)
_PAUSE = 0.5


@dataclass(slots=True)
class _Chore:
    name: str
    seconds: float
    work: Callable[[], object]
    due: float = 0.0


_chores: dict[str, _Chore] = {}


def every(seconds: float, name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Do this in the worker about every so many seconds. It must be short and idempotent."""

    def register(work: Callable[[], object]) -> Callable[[], object]:
        _chores[name] = _Chore(name, seconds, work)
        return work

    return register


def run() -> None:
    """Work until SIGTERM or SIGINT; what is running ends its step, the rest is taken up at the next start."""
    over = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: over.set())
    jobs.launch()
    try:
        while not over.is_set():
            if not turn():
                over.wait(_PAUSE)
    finally:
        jobs.stop()


def turn() -> int:
    """One round: events, jobs, chores. Returns how much was done."""
    close_old_connections()
    try:
        _do_chores()
        return events.deliver_pending(200) + jobs.hand_over()
    except DatabaseError:
        log.exception("the database did not answer; trying again")
        return 0


def _do_chores() -> None:
    for chore in _chores.values():
        if chore.due <= time.monotonic():
            chore.due = time.monotonic() + chore.seconds
            try:
                chore.work()
            except Exception:  # the edge of a process: one chore must not stop the others
                log.exception("chore %s failed", chore.name)
