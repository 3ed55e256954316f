"""Clocks: jobs that are asked for again and again.

Each turn is asked for once, however many workers there are and however often they start. A turn is a span of
``every``, counted from ``at`` of a day in Shanghai; a turn that began while nothing ran is made up at the next start,
the turns before it are not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hutong.kernel import clock, jobs, worker

_ORIGIN = datetime(2001, 1, 1, tzinfo=clock.SHANGHAI)  # a Monday, so that turns of seven days are weeks
_clocks: dict[str, "_Clock"] = {}


@dataclass(frozen=True, slots=True)
class _Clock:
    job: jobs.Job
    every: timedelta
    at: time

    def due(self, moment: datetime) -> datetime:
        """When the present turn began."""
        start = _ORIGIN + timedelta(hours=self.at.hour, minutes=self.at.minute)
        return start + (moment - start) // self.every * self.every

    def key(self, moment: datetime) -> str:
        return f"turn {self.due(moment).isoformat()}"


def scheduled(
    name: str, *, every: timedelta, at: time = time(), version: int = 1
) -> Callable[[jobs.Work], jobs.Job]:
    """Declare a job ``work(context, *, due)`` that is asked for every so often; ``due`` is when its turn began."""

    def register(work: jobs.Work) -> jobs.Job:
        found = jobs.job(name, version=version, background=True)(work)
        _clocks[name] = _Clock(found, every, at)
        return found

    return register


@worker.every(30, "kernel.schedule")
def ask_due() -> list[str]:
    """Ask for the present turn of every clock; returns the jobs' ids, asked for now or before."""
    moment = clock.now()
    return [
        jobs.enqueue(each.job, key=each.key(moment), due=each.due(moment).isoformat())
        for each in _clocks.values()
    ]


def present() -> list[str]:
    """Ids of the jobs of the present turns: while they are known they are not asked for again."""
    moment = clock.now()
    return [jobs.identify(each.job, each.key(moment)) for each in _clocks.values()]
