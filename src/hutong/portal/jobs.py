"""What the portal does by itself: published editions follow the lake's snapshots."""

from typing import Any

from hutong.catalog.types import EntryChanged
from hutong.kernel.events import handles
from hutong.kernel.jobs import JobContext, enqueue, job
from hutong.lake.api import SnapshotCommitted


@job("portal.publish", background=True)
def publish(_ctx: JobContext, *, dataset: str) -> dict[str, Any]:
    """Make the edition of the newest snapshot of an open dataset."""
    from hutong.portal import editions, files, opened  # noqa: PLC0415 - models load after the apps
    from hutong.portal.errors import NotOpen  # noqa: PLC0415 - as above

    opened.forget()
    try:
        table = opened.table(dataset)
    except NotOpen:
        return {"dataset": dataset, "open": False}
    if table.snapshot is None:
        return {"dataset": dataset, "open": True, "snapshot": None}
    made = editions.make(table)
    written = files.make_all(table, made)
    return {"dataset": dataset, "open": True, "snapshot": made.snapshot, "rows": made.rows, "files": written}


@handles(SnapshotCommitted)
def _new_rows(event: SnapshotCommitted) -> None:
    from hutong.portal import index, opened  # noqa: PLC0415 - models load after the apps

    if any(each.id == event.table for each in opened.entries()):
        index.follow_snapshot(event.table)
        enqueue(publish, key=event.snapshot, dataset=event.table)


@handles(EntryChanged)
def _changed(event: EntryChanged) -> None:
    from hutong.portal import index  # noqa: PLC0415 - models load after the apps

    if event.kind == "dataset":
        index.follow(at_once=True)
