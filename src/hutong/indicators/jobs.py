"""Figures follow the data: a new snapshot has the indicators that read its table computed again."""

import uuid
from pathlib import Path
from typing import Any

from hutong.indicators.compute import compute_all
from hutong.indicators.day import default_day
from hutong.indicators.definitions import definitions
from hutong.indicators.models import ComputationRow
from hutong.indicators.plan_import.errors import PlanUnreadable
from hutong.kernel.errors import HutongError
from hutong.kernel.events import handles
from hutong.kernel.jobs import JobContext, enqueue, job
from hutong.kernel.settings import home
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


@job("indicators.read-plan")
def read_plan(context: JobContext, *, path: str, name: str, by: str, organisation: str) -> dict[str, Any]:
    """Read an uploaded plan document for review; the upload goes when that is over, for better or worse."""
    from hutong.indicators.plans import review  # noqa: PLC0415 - readers of documents are needed here only

    file = Path(path)
    note = Text(zh="正在逐页读取", en="Reading page after page")
    try:
        found = review.keep(
            file.read_bytes(), name, by=by, organisation=organisation,
            progress=lambda done, total: context.progress(done, total, note),
        )  # fmt: skip
    except FileNotFoundError as error:
        raise PlanUnreadable(reason="上传的文件已不在 / the upload is gone") from error
    except HutongError:
        file.unlink(missing_ok=True)
        raise
    context.progress(1, 1)
    file.unlink(missing_ok=True)
    return {"document": found.pk}


def ask_to_read(data: bytes, name: str, *, by: str, organisation: str) -> str:
    """Put the upload aside and have it read by the worker; returns the job's id."""
    folder = home() / "plans" / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / uuid.uuid4().hex
    target.write_bytes(data)
    return enqueue(read_plan, path=str(target), name=name[:200], by=by, organisation=organisation)


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
