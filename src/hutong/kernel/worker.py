"""The worker process: delivers events, runs durable jobs and what capabilities ask to be done regularly."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, close_old_connections

from hutong.kernel import events, jobs

log = logging.getLogger(__name__)
_PAUSE = 0.5
_STOPS = (signal.SIGTERM, signal.SIGINT)
_QUIET = 10.0
_GROWN = 64 << 20


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
    """Work until SIGTERM or SIGINT; what is running ends its step, the rest is taken up at the next start.

    A worker that has grown and has had nothing to do for a while begins anew (see ``renew``).
    """
    over = threading.Event()
    for each in _STOPS:
        signal.signal(each, lambda *_: over.set())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    jobs.launch()
    begun_with, busy = resident(), time.monotonic()
    try:
        while not over.is_set():
            if turn():
                busy = time.monotonic()
                continue
            over.wait(_PAUSE)
            if time.monotonic() - busy > _QUIET and resident() - begun_with > _GROWN:
                if jobs.idle():
                    break
                busy = time.monotonic()
    finally:
        jobs.stop()
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)  # one that comes now is for the process that begins
    if not over.is_set():
        renew()


def renew() -> None:
    """Begin anew as the same process: what engines and libraries keep after heavy work goes back to the machine."""
    log.info("nothing to do; beginning anew with less memory than %d MB", resident() >> 20)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command line, no shell


def resident() -> int:
    """Bytes of memory this process holds; 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


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
