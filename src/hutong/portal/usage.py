"""How often datasets are used: counted in memory, written in batches, without a trace of who it was."""

import atexit
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from django.db import DatabaseError
from django.db.models import F, Sum

from hutong.kernel import clock
from hutong.kernel.db import atomic
from hutong.portal.models import Use

_SECONDS: Final = 30.0
_MOST: Final = 500
_lock = threading.Lock()
_counted: Counter[tuple[str, str]] = Counter()
_written = [time.monotonic()]


def count(dataset: str, kind: str) -> None:
    """One more ``view``, ``download`` or ``call``; written when there are many or half a minute has gone by."""
    with _lock:
        _counted[dataset, kind] += 1
        due = len(_counted) >= _MOST or time.monotonic() - _written[0] >= _SECONDS
    if due:
        flush()


def flush() -> int:
    """Write what was counted; returns how many numbers. What cannot be written now is kept for the next time."""
    with _lock:
        taken = dict(_counted)
        _counted.clear()
        _written[0] = time.monotonic()
    if not taken:
        return 0
    day = clock.today()
    try:
        with atomic():
            for (dataset, kind), number in taken.items():
                row, _ = Use.objects.get_or_create(day=day, dataset=dataset, kind=kind)
                Use.objects.filter(pk=row.pk).update(count=F("count") + number)
    except DatabaseError:
        with _lock:
            _counted.update(taken)
        return 0
    return len(taken)


def of(dataset: str) -> dict[str, int]:
    """All uses of a dataset by kind."""
    found = Use.objects.filter(dataset=dataset).values("kind").annotate(all=Sum("count"))
    numbers = {row["kind"]: int(row["all"]) for row in found}
    return {kind: numbers.get(kind, 0) for kind in ("view", "download", "call")}


def daily(since: date) -> Iterator[tuple[date, str, str, int]]:
    """Day, dataset, kind and how often, from a day on."""
    rows = Use.objects.filter(day__gte=since).order_by("day", "pk")
    yield from rows.values_list("day", "dataset", "kind", "count").iterator(chunk_size=5000)


def forget() -> None:
    """Begin anew, with nothing counted."""
    with _lock:
        _counted.clear()
        _written[0] = time.monotonic()


atexit.register(flush)
