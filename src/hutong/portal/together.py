"""Registrations of many clients at once: whoever's turn it is writes all that wait, in one transaction.

A commit and the log's next checkpoint cost as much for one entry as for many. Each registration keeps its own log
entry, its own audit record with its own actor, and its own answer: one that is refused refuses no other.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError

from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.kernel.errors import HutongError
from hutong.ledger import api as ledger
from hutong.portal import index
from hutong.portal.errors import NameTaken
from hutong.portal.models import Package

log = logging.getLogger(__name__)
_MOST: Final = 100
_LINGER: Final = 0.005
_leader = threading.Lock()
_queue_lock = threading.Lock()


@dataclass(slots=True)
class _Waiting:
    body: dict[str, Any]
    organisation: str
    origin: audit.Origin
    row: Package | None = None
    error: Exception | None = None


_queue: list[_Waiting] = []
_on_their_way = [0]


@contextmanager
def coming() -> Iterator[None]:
    """Around the work before ``register``: whoever writes waits a moment for those that are on their way."""
    with _queue_lock:
        _on_their_way[0] += 1
    try:
        yield
    finally:
        with _queue_lock:
            _on_their_way[0] -= 1


def register(body: dict[str, Any], organisation: str) -> Package:
    """Write a new dataset with whatever else waits; raises ``NameTaken``, or what the database raises."""
    mine = _Waiting(body, organisation, audit.origin())
    with _queue_lock:
        _queue.append(mine)
    with _leader:
        while mine.row is None and mine.error is None:
            with index.turn():  # what arrives while other processes write comes along
                _write(_taken())
    if mine.error is not None:
        raise mine.error
    assert mine.row is not None  # noqa: S101 - the loop has seen to it
    return mine.row


def _taken() -> list[_Waiting]:
    """Those that wait, and those that join them within ``_LINGER`` seconds."""
    until = time.monotonic() + _LINGER
    while _on_their_way[0] and time.monotonic() < until:
        time.sleep(_LINGER / 10)
    with _queue_lock:
        batch = _queue[:_MOST]
        del _queue[:_MOST]
    return batch


def _write(batch: list[_Waiting]) -> None:
    """All of them, or each by itself where together they do not go in."""
    fresh = []
    try:
        with atomic():
            names = [each.body["name"] for each in batch]
            taken = set(Package.objects.filter(name__in=names).values_list("name", flat=True))
            for each in batch:
                if each.body["name"] in taken:
                    each.error = NameTaken(name=each.body["name"])
                    continue
                taken.add(each.body["name"])
                fresh.append(each)
            rows = index.register_many(
                [(each.body, each.organisation) for each in fresh], [each.origin for each in fresh]
            )
            _place()
    except (DatabaseError, HutongError) as error:
        if len(batch) == 1:
            batch[0].error = error
            return
        for each in batch:
            each.error = None
            _write([each])
        return
    for each, row in zip(fresh, rows, strict=True):
        each.row = row


def _place() -> None:
    """Give the entries their place in the log before the commit instead of after it: one wait for the disk, not two.

    Where the log cannot take them now, they are registered all the same and the worker places them.
    """
    try:
        ledger.integrate()
    except HutongError:
        log.exception("registered datasets wait for their place in the log")
