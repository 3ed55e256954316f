"""Tidying: what has served its time is taken away, daily by the worker or by `hutong tidy`.

A capability says what of its own may go (``@tidies``). Nothing that a proof, a figure's walk or a running job leads to
is ever among it.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import time, timedelta
from typing import Any

from django.db import DatabaseError

from hutong.kernel import audit, clock, jobs, schedule
from hutong.kernel.errors import HutongError
from hutong.kernel.models import JobRun, OutboxEvent
from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn

log = logging.getLogger(__name__)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Tidied:
    """How much was, or would be, taken away; ``error`` says why the rest was not."""

    count: int
    bytes: int = 0
    error: str = ""


Sweep = Callable[[bool], Tidied]
_sweeps: dict[str, Sweep] = {}

JOBS = declare(
    Setting(
        "HUTONG_KEEP_JOBS_DAYS",
        30,
        "int",
        Text(zh="已结束的任务保留多少天", en="Days for which jobs that ended stay listed"),
    )
)
EVENTS = declare(
    Setting(
        "HUTONG_KEEP_EVENTS_DAYS",
        7,
        "int",
        Text(zh="已投递的事件保留多少天", en="Days for which events that were delivered are kept"),
    )
)


def tidies(name: str) -> Callable[[Sweep], Sweep]:
    """Declare ``sweep(dry_run)``, which takes away (or counts only) what is no longer needed. It may run twice."""

    def register(sweep: Sweep) -> Sweep:
        _sweeps[name] = sweep
        return sweep

    return register


def tidy(*, dry_run: bool = False) -> dict[str, Tidied]:
    """Every sweep, one after the other; one that fails does not keep the others from theirs."""
    found = {name: _swept(name, sweep, dry_run) for name, sweep in sorted(_sweeps.items())}
    taken = {name: asdict(each) for name, each in found.items() if each.count}
    if taken and not dry_run:
        audit.record("system.tidy", str(Urn(str(value("HUTONG_PACK")), "installation", "self")), taken=taken)
    return found


def before(setting: Setting) -> Any:
    """The moment that lies as many days back as the setting says."""
    return clock.now() - timedelta(days=max(1, int(value(setting.name))))


def _swept(name: str, sweep: Sweep, dry_run: bool) -> Tidied:
    try:
        return sweep(dry_run)
    except (HutongError, OSError, DatabaseError) as error:
        log.exception("tidying %s failed", name)
        return Tidied(0, error=str(error))


@schedule.scheduled("kernel.tidy", every=timedelta(days=1), at=time(3, 30))
def daily(_context: jobs.JobContext, *, due: str) -> dict[str, Any]:  # noqa: ARG001 - a clock's signature
    """Once a night."""
    return {name: asdict(each) for name, each in tidy().items()}


@tidies("kernel.jobs")
def jobs_over(dry_run: bool) -> Tidied:
    """Jobs that ended long ago, save those whose turn it still is."""
    over = JobRun.objects.filter(
        state__in=(JobRun.State.DONE, JobRun.State.FAILED), changed_at__lt=before(JOBS)
    ).exclude(pk__in=schedule.present())
    ids = list(over.values_list("pk", flat=True))
    for start in range(0, 0 if dry_run else len(ids), _BATCH):
        jobs.forget(ids[start : start + _BATCH])
    return Tidied(len(ids))


@tidies("kernel.events")
def events_delivered(dry_run: bool) -> Tidied:
    """Events of which every handler has had its delivery."""
    done = OutboxEvent.objects.filter(at__lt=before(EVENTS), deliveries__isnull=True)
    if dry_run:
        return Tidied(done.count())
    return Tidied(done.delete()[0])
