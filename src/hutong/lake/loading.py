"""One load from source to snapshot.

Nothing a reader can see changes before the last step, one transaction. A load that is killed leaves files that no
snapshot names: they are used again by the next try (what was staged) or taken away by ``tidy``.
"""

import fcntl
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from pyiceberg.schema import Schema

from hutong.kernel import audit, clock
from hutong.kernel.errors import HutongError, Place
from hutong.kernel.text import Text
from hutong.lake.engine import duck, obtain, profile, stage, write
from hutong.lake.engine.check import Check, Outcome
from hutong.lake.errors import BadSource, LoadRunning, NothingLeft
from hutong.lake.logic import plan
from hutong.lake.logic.sql import ident
from hutong.lake.models import LoadRow, SnapshotRow
from hutong.lake.store import commit, contracts, places, queries, snapshots
from hutong.lake.types import Contract, LoadReport, Mode, Source

Progress = Callable[[int, int, Text], None]
_STEPS = 6
_OBTAIN = Text(zh="读取数据源", en="fetching the source")
_STAGE = Text(zh="识别与整理", en="telling its form")
_CHECK = Text(zh="按契约检查", en="checking the contract")
_WRITE = Text(zh="写入数据文件", en="writing data files")
_COMMIT = Text(zh="提交快照", en="committing the snapshot")


@dataclass(slots=True)
class Work:
    """What one load carries along."""

    row: LoadRow
    contract: Contract
    source: Source
    mode: Mode
    progress: Progress
    started: float
    resumed: bool = False
    schema: Schema = field(default_factory=Schema)

    @property
    def ids(self) -> dict[str, int]:
        """The columns as they are stored, each with its number in the Iceberg schema."""
        return {each.name: each.field_id for each in self.schema.fields}


def load(
    table: str, source: Source, *, actor: str = "", mode: Mode = "replace", progress: Progress | None = None
) -> LoadReport:
    """Bring a source into a table; raises the errors of sources and contracts, and then nothing has changed."""
    contract, version = contracts.current(table)
    if source.options is not None:
        contract = replace(contract, source=source.options)
    row = LoadRow(
        id=uuid.uuid4().hex,
        table=table,
        source=(source.name or source.location)[:300],
        kind=source.kind,
        mode=mode,
        actor=actor or audit.origin().actor,
        contract_version=version,
        started_at=clock.now(),
    )
    work = Work(row, contract, source, mode, progress or _silent, time.monotonic())
    with alone(table):
        LoadRow.objects.filter(table=table, state="running").update(
            state="interrupted", finished_at=clock.now()
        )
        row.save(force_insert=True)
        try:
            return _run(work)
        except HutongError as error:
            _fail(work, error)
            raise
        except duckdb.Error as error:
            refused = BadSource(place=Place(file=row.source), reason=str(error).split("\n", 1)[0][:400])
            _fail(work, refused)
            raise refused from error
        finally:
            shutil.rmtree(places.incoming() / row.id, ignore_errors=True)


def _silent(done: int, total: int, note: Text) -> None:
    """Nobody watches."""


@contextmanager
def alone(table: str) -> Iterator[None]:
    """One load of a table at a time; the system lets go of the lock when the process dies."""
    places.locks().mkdir(parents=True, exist_ok=True)
    with (places.locks() / table).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LoadRunning(table=table) from error
        yield


def _run(work: Work) -> LoadReport:
    row = work.row
    work.progress(0, _STEPS, _OBTAIN)
    obtained = _obtain(work)
    row.sha256, row.size = obtained.sha256, obtained.size
    before = snapshots.latest_row(row.table)
    same = _same_content(work, before)
    if same is not None:
        return _unchanged(work, same)
    row.save()
    folder = places.staging() / stage.key(obtained, work.contract)
    extensions = ["spatial"] if any(each.type == "geometry" for each in work.contract.columns) else []
    connection = duck.connect(*extensions, folder=places.incoming() / row.id)
    try:
        work.progress(1, _STEPS, _STAGE)
        staged = stage.stage(connection, obtained, work.contract, folder)
        work.resumed = row.resumed = staged.resumed
        work.progress(2, _STEPS, _CHECK)
        work.schema = commit.schema_for(row.table, plan.schema(work.contract))
        file = places.incoming() / row.id / "sound.parquet"
        others = partial(_other_table, work)
        check = Check(connection, work.contract, staged, others, file=file, field_ids=work.ids)
        existing = snapshots.select(before, row.table) if work.mode == "append" and before else ""
        outcome = check.run(existing)
        _note(work, outcome)
        write.quarantine(check, places.quarantine(row.id)) if outcome.rows_bad else None
        if outcome.rows_in and not outcome.rows_good:
            raise NothingLeft(rows=outcome.rows_in, reasons=_reasons_text(outcome))
        made = _commit(work, connection, check, outcome, before)
    finally:
        duck.close(connection)
    shutil.rmtree(folder, ignore_errors=True)
    work.progress(_STEPS, _STEPS, _COMMIT)
    return report(row, snapshot=made)


def _obtain(work: Work) -> obtain.Obtained:
    if work.source.kind != "query":
        return obtain.obtain(work.source, places.incoming() / work.row.id, "source")
    target = places.incoming() / work.row.id / "source"
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, read = queries.to_parquet(work.source.sql, work.source.tables, target)
    work.row.reads = [each.urn for each in read]
    return obtain.Obtained(target, "query.parquet", digest, target.stat().st_size)


def _same_content(work: Work, before: SnapshotRow | None) -> SnapshotRow | None:
    """The snapshot that already holds this content under this contract."""
    if before is None:
        return None
    loads = LoadRow.objects.filter(
        table=work.row.table,
        sha256=work.row.sha256,
        contract_version=work.row.contract_version,
        state="committed",
        mode=work.mode,
    ).exclude(pk=work.row.pk)
    if work.source.options is not None:
        loads = loads.filter(source=work.row.source)
    if work.mode != "append":
        loads = loads.filter(pk=before.load_id)
    last = loads.order_by("-started_at").first()
    if last is None:
        return None
    return before if work.mode != "append" else SnapshotRow.objects.filter(load_id=last.pk).first()


def _unchanged(work: Work, same: SnapshotRow) -> LoadReport:
    row = work.row
    first = snapshots.load_row(same.load_id)
    row.state, row.finished_at = "unchanged", clock.now()
    row.rows_in, row.rows_loaded, row.rows_quarantined = (
        first.rows_in,
        first.rows_loaded,
        first.rows_quarantined,
    )
    row.findings, row.duplicates = first.findings, first.duplicates
    row.elapsed_ms = _elapsed(work)
    row.save()
    work.progress(_STEPS, _STEPS, Text(zh="内容未变", en="unchanged"))
    return replace(report(row, snapshot=same), unchanged=True)


def _other_table(work: Work, name: str) -> str:
    found = snapshots.latest_row(name)
    if found is not None and found.urn not in work.row.reads:
        work.row.reads = [*work.row.reads, found.urn]
    return snapshots.select(found, name)


def _note(work: Work, outcome: Outcome) -> None:
    row = work.row
    row.rows_in, row.rows_loaded, row.rows_quarantined = outcome.rows_in, outcome.rows_good, outcome.rows_bad
    row.duplicates, row.findings = outcome.duplicates, snapshots.dump_findings(outcome.findings)


def _commit(
    work: Work, connection: Any, check: Check, outcome: Outcome, before: SnapshotRow | None
) -> SnapshotRow:
    row, columns = work.row, plan.schema(work.contract)
    work.progress(3, _STEPS, _WRITE)
    folder = places.table(row.table) / "data"
    added: list[tuple[Path, int]] = []
    if outcome.rows_good:
        target = folder / f"{row.id}-0.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        check.file = check.finish().rename(target)
        added.append((target, outcome.rows_good))
    dropped = (
        frozenset(each["path"] for each in before.files) if before and work.mode == "replace" else frozenset()
    )
    if work.mode == "upsert" and before:
        rewritten, dropped = _rewrite(work, connection, check, before)
        added += rewritten
    work.progress(4, _STEPS, _WRITE)
    with ThreadPoolExecutor(1) as beside:
        measured = [beside.submit(commit.measure, path, rows) for path, rows in added]
        found = _profile(work, connection, check, outcome, before)
    work.progress(5, _STEPS, _COMMIT)
    row.elapsed_ms = _elapsed(work)
    return commit.commit(
        commit.Change(
            load=row,
            mode=work.mode,
            schema=work.schema,
            added=[each.result() for each in measured],
            dropped=dropped,
            based_on=before.sequence if before else 0,
            columns=columns,
            profile=found,
            contract_sha256=contracts.sha256(work.contract),
            aside=commit.measured(places.quarantine(row.id)) if outcome.rows_bad else None,
        )
    )


def _profile(work: Work, connection: Any, check: Check, outcome: Outcome, before: SnapshotRow | None) -> Any:
    """Of the whole new state: what came in, or for append and upsert what the table then holds."""
    columns, sound, rows = plan.schema(work.contract), check.sound, outcome.rows_good
    if work.mode != "replace" and before:
        names = ", ".join(ident(each.name) for each in columns)
        kept = f"SELECT * FROM ({snapshots.select(before, work.row.table)}) o"
        if work.mode == "upsert":
            same = " AND ".join(f"n.{ident(name)} = o.{ident(name)}" for name in work.contract.key)
            kept += f" WHERE NOT EXISTS (SELECT 1 FROM ({check.good}) n WHERE {same})"
        union = f"SELECT {names} FROM ({check.good}) UNION ALL BY NAME {kept}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE state AS SELECT {names} FROM ({union})")
        rows = connection.execute("SELECT count(*) FROM state").fetchone()[0]
        sound = '(SELECT *, rowid AS "#pos" FROM state) WHERE true'
    return snapshots.dump_profile(profile.profile(connection, columns, sound, rows))


def _rewrite(
    work: Work, connection: Any, check: Check, before: SnapshotRow
) -> tuple[list[tuple[Path, int]], frozenset[str]]:
    """The files that hold rows with a key that comes again, without those rows."""
    same = " AND ".join(f"n.{ident(name)} = o.{ident(name)}" for name in work.contract.key)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS {check.good}")
    made, dropped = [], set()
    for number, each in enumerate(before.files, 1):
        old = snapshots.select_files(before, [each["path"]])
        met = connection.execute(
            f"SELECT count(*) FROM ({old}) o WHERE EXISTS (SELECT 1 FROM fresh n WHERE {same})"
        ).fetchone()[0]
        if not met:
            continue
        dropped.add(each["path"])
        if met < each["rows"]:
            target = places.table(work.row.table) / "data" / f"{work.row.id}-{number}.parquet"
            names = ", ".join(ident(name) for name in work.ids)
            rest = f"SELECT {names} FROM ({old}) o WHERE NOT EXISTS (SELECT 1 FROM fresh n WHERE {same})"
            made.append((target, write.data(connection, rest, target, work.ids)))
    return made, frozenset(dropped)


def _elapsed(work: Work) -> int:
    return int((time.monotonic() - work.started) * 1000)


def _fail(work: Work, error: HutongError) -> None:
    row = work.row
    row.state, row.finished_at, row.error = "failed", clock.now(), error.as_dict()
    row.elapsed_ms = _elapsed(work)
    row.save()
    for made in (places.table(row.table) / "data").glob(f"{row.id}-*.parquet"):
        made.unlink()


def _reasons_text(outcome: Outcome) -> str:
    worst = sorted(
        (each for each in outcome.findings if each.outcome == "quarantined"), key=lambda f: -f.count
    )
    return "；".join(f"{each.what.zh}（{each.count}）" for each in worst[:3])


def report(row: LoadRow, snapshot: SnapshotRow | None = None) -> LoadReport:
    """The report of a load that is over."""
    found = snapshots.findings(row)
    reasons: dict[str, int] = {}
    for each in found:
        if each.outcome == "quarantined":
            name = f"{each.code}:{each.column}" if each.column else each.code
            reasons[name] = reasons.get(name, 0) + each.count
    return LoadReport(
        load_id=row.id,
        table=row.table,
        rows_in=row.rows_in,
        rows_loaded=row.rows_loaded,
        rows_quarantined=row.rows_quarantined,
        duplicates=row.duplicates,
        reasons=reasons,
        findings=found,
        snapshot=snapshots.ref(snapshot) if snapshot else None,
        unchanged=row.state == "unchanged",
        resumed=row.resumed,
        elapsed_ms=row.elapsed_ms,
        urn=places.urn("load", row.id),
    )
