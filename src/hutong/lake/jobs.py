"""Durable loading: the same load as at the command line, taken up again after a crash.

A step may run twice. The second run of a load that had committed finds its content in the table and changes nothing.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from hutong.kernel.jobs import JobContext, enqueue, job
from hutong.kernel.text import Text
from hutong.lake import api, databases
from hutong.lake.engine import outside
from hutong.lake.store import places
from hutong.lake.types import Mode, Source


@job("lake.load")
def load(
    ctx: JobContext,
    *,
    table: str,
    path: str,
    name: str,
    mode: Mode = "replace",
    actor: str = "system",
    keep: bool = True,
    address: str = "",
    database: str = "",
    sql: str = "",
) -> dict[str, Any]:
    """Load a file, which is first brought from ``address`` where there is one, or what ``sql`` reads of a database.

    ``keep`` False takes the file away afterwards (an upload).
    """
    if address and not Path(path).exists():
        ctx.progress(
            0,
            0,
            Text(zh=f"正在取 {outside.shown(address)[:120]}", en=f"Fetching {outside.shown(address)[:120]}"),
        )
        outside.take(address, Path(path), private=outside.inner())
    source = (
        Source.database(databases.named(database).address, sql) if database else Source.file(path, name=name)
    )
    source = replace(source, name=name)
    report = api.load(table, source, actor=actor, mode=mode, progress=ctx.progress)
    if not keep:
        remove(path)
    return {
        "load": report.load_id,
        "urn": report.urn,
        "rows_in": report.rows_in,
        "rows_loaded": report.rows_loaded,
        "rows_quarantined": report.rows_quarantined,
        "unchanged": report.unchanged,
        "snapshot": report.snapshot.urn if report.snapshot else None,
    }


def remove(path: str) -> None:
    """Take an upload away; a file outside the lake's own folder is never touched."""
    file = Path(path)
    if file.resolve().is_relative_to(places.uploads().resolve()):
        file.unlink(missing_ok=True)


def ask(table: str, path: str, name: str, *, mode: Mode, actor: str, address: str = "") -> str:
    """Ask for the load of an upload, or of what an address answers; returns the job's id."""
    return enqueue(
        load, table=table, path=path, name=name, mode=mode, actor=actor, keep=False, address=address
    )


def ask_database(table: str, database: str, sql: str, *, mode: Mode, actor: str) -> str:
    """Ask for the load of what a query reads from a database that has a name here; returns the job's id."""
    name = f"{database}: {sql}"[:200]
    return enqueue(load, table=table, path="", name=name, mode=mode, actor=actor, database=database, sql=sql)
