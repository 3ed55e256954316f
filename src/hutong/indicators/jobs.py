"""Figures follow the data: a new snapshot has the indicators that read its table computed again."""

from typing import Any

from hutong.indicators.compute import compute_all
from hutong.indicators.day import default_day
from hutong.indicators.definitions import definitions
from hutong.indicators.models import ComputationRow
from hutong.kernel.events import handles
from hutong.kernel.jobs import JobContext, enqueue, job
from hutong.kernel.text import Text
from hutong.kernel.worker import every
from hutong.lake.api import SnapshotCommitted


@job("indicators.recompute")
def recompute(context: JobContext, *, table: str = "") -> dict[str, Any]:
    """Compute what reads ``table`` (all, when empty) for the default day; what is stored already stays."""
    outcome = compute_all(
        default_day(),
        tables=[table] if table else None,
        progress=lambda done, total, each: context.progress(done, total, Text(each.title.zh, each.title.en)),
    )
    return {
        "computed": len(outcome.computed) - outcome.unchanged,
        "unchanged": outcome.unchanged,
        "failed": {name: error.as_dict() for name, error in outcome.failed.items()},
    }


@handles(SnapshotCommitted)
def follow(happened: SnapshotCommitted) -> None:
    """Ask for it once a snapshot."""
    enqueue(recompute, key=f"{happened.snapshot}", table=happened.table)


@every(600, "indicators.day")
def follow_the_day() -> None:
    """A new day has its figures computed before anyone opens a page; data that came in are followed at once."""
    day = default_day()
    if definitions() and not ComputationRow.objects.filter(as_of=day, current=True).exists():
        enqueue(recompute, key=f"day {day.isoformat()}")
