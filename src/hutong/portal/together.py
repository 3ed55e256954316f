"""Registrations of many clients at once: whoever's turn it is writes all that wait, in one transaction.

A commit and the log's next checkpoint cost as much for one entry as for many. Each registration keeps its own log
entry, its own audit record with its own actor, and its own answer: one that is refused refuses no other.
"""

import threading
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError

from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.kernel.errors import HutongError
from hutong.portal import index
from hutong.portal.errors import NameTaken
from hutong.portal.models import Package

_MOST: Final = 100
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


def register(body: dict[str, Any], organisation: str) -> Package:
    """Write a new dataset with whatever else waits; raises ``NameTaken``, or what the database raises."""
    mine = _Waiting(body, organisation, audit.origin())
    with _queue_lock:
        _queue.append(mine)
    with _leader:
        while mine.row is None and mine.error is None:
            with _queue_lock:
                batch = _queue[:_MOST]
                del _queue[:_MOST]
            _write(batch)
    if mine.error is not None:
        raise mine.error
    assert mine.row is not None  # noqa: S101 - the loop has seen to it
    return mine.row


def _write(batch: list[_Waiting]) -> None:
    """All of them, or each by itself where together they do not go in."""
    try:
        with index.turn(), atomic():
            names = [each.body["name"] for each in batch]
            taken = set(Package.objects.filter(name__in=names).values_list("name", flat=True))
            fresh = []
            for each in batch:
                if each.body["name"] in taken:
                    each.error = NameTaken(name=each.body["name"])
                    continue
                taken.add(each.body["name"])
                fresh.append(each)
            rows = index.register_many(
                [(each.body, each.organisation, None) for each in fresh], [each.origin for each in fresh]
            )
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
