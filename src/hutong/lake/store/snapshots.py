"""Reading what was committed: snapshots, loads, tables, their files."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from pydantic import TypeAdapter

from hutong.lake.errors import NoSuchLoad, NoSuchSnapshot, NoSuchTable
from hutong.lake.logic.sql import literals
from hutong.lake.models import LoadRow, SnapshotRow
from hutong.lake.store import contracts, places
from hutong.lake.types import Finding, LoadRef, Profile, SnapshotRef

_findings: TypeAdapter[tuple[Finding, ...]] = TypeAdapter(tuple[Finding, ...])
_profile: TypeAdapter[Profile] = TypeAdapter(Profile)


def ref(row: SnapshotRow) -> SnapshotRef:
    return SnapshotRef(
        table=row.table,
        sequence=row.sequence,
        iceberg_id=row.iceberg_id,
        committed_at=row.committed_at,
        rows=row.rows,
        urn=row.urn,
        entry_id=row.entry_id,
        contract_version=row.contract_version,
        load_id=row.load_id,
    )


def latest_row(table: str, known_at: datetime | None = None) -> SnapshotRow | None:
    """The newest snapshot, or the newest that was known at a moment."""
    found = SnapshotRow.objects.filter(table=table)
    if known_at is not None:
        found = found.filter(committed_at__lte=known_at)
    return found.defer("profile").order_by("-sequence").first()


def latest_rows() -> dict[str, SnapshotRow]:
    """The newest snapshot of every table that has one, by table, without their profiles."""
    newest = SnapshotRow.objects.filter(table=OuterRef("table")).order_by("-sequence").values("sequence")[:1]
    return {row.table: row for row in SnapshotRow.objects.filter(sequence=Subquery(newest)).defer("profile")}


def all_of(table: str) -> list[SnapshotRef]:
    """Newest first; raises ``NoSuchTable``."""
    contracts.current(table)
    return [ref(row) for row in SnapshotRow.objects.filter(table=table).order_by("-sequence")]


def row(urn: str) -> SnapshotRow:
    """The snapshot called ``urn`` (or ``table.sequence``); raises ``NoSuchSnapshot``."""
    full = urn if urn.startswith("urn:") else places.urn("snapshot", urn)
    found = SnapshotRow.objects.filter(urn=full).first()
    if found is None:
        raise NoSuchSnapshot(snapshot=urn)
    return found


def profile(snapshot: SnapshotRow) -> Profile:
    return read_profile(snapshot.profile)


def read_profile(kept: Any) -> Profile:
    return _profile.validate_python(kept)


def select(snapshot: SnapshotRow | None, table: str) -> str:
    """SQL that reads a snapshot's rows with its own columns; an empty result of the right shape without one."""
    if snapshot is not None and snapshot.files:
        return select_files(snapshot, [each["path"] for each in snapshot.files])
    from hutong.lake.logic import plan  # noqa: PLC0415 - only for tables without rows

    contract, _ = contracts.current(table)
    columns = ", ".join(f'NULL::{each.kind} AS "{each.name}"' for each in plan.schema(contract))
    return f"SELECT {columns} WHERE false"


def select_files(snapshot: SnapshotRow, names: list[str]) -> str:
    """SQL that reads some files of a snapshot; a column that older files lack is empty there."""
    paths = literals(str(places.lake() / name) for name in names)
    columns = ", ".join(f'"{name}"' for name, _ in snapshot.columns)
    shape = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in snapshot.columns)
    plain = f"SELECT {columns} FROM read_parquet([{paths}])"
    if len({each.get("contract") for each in snapshot.files}) == 1:
        return plain
    return (
        f"SELECT {columns} FROM (SELECT {shape} WHERE false UNION ALL BY NAME"
        f" SELECT * FROM read_parquet([{paths}], union_by_name=true))"
    )


def load_row(load_id: str) -> LoadRow:
    """The load called by its id or URN; raises ``NoSuchLoad``."""
    found = LoadRow.objects.filter(pk=load_id.rsplit(":", 1)[-1]).first()
    if found is None:
        raise NoSuchLoad(load=load_id)
    return found


def brought_by(row: LoadRow) -> LoadRow:
    """The load that first brought the content of an unchanged one; any other load itself."""
    if row.state != "unchanged":
        return row
    same = {name: getattr(row, name) for name in ("table", "sha256", "contract_version", "mode")}
    earlier = LoadRow.objects.filter(**same, state="committed", started_at__lte=row.started_at)
    return earlier.order_by("-started_at").first() or row


def load_ref(row: LoadRow) -> LoadRef:
    made = SnapshotRow.objects.filter(load_id=row.id).values_list("urn", flat=True).first()
    return LoadRef(
        load_id=row.id,
        urn=places.urn("load", row.id),
        table=row.table,
        state=row.state,
        source=row.source,
        sha256=row.sha256,
        mode=row.mode,
        actor=row.actor,
        started_at=row.started_at,
        finished_at=row.finished_at,
        rows_in=row.rows_in,
        rows_loaded=row.rows_loaded,
        rows_quarantined=row.rows_quarantined,
        findings=findings(row),
        snapshot=made or "",
        error=row.error,
    )


def findings(row: LoadRow) -> tuple[Finding, ...]:
    return _findings.validate_python(row.findings)


def dump_findings(found: tuple[Finding, ...]) -> Any:
    return _findings.dump_python(found, mode="json")


def dump_profile(found: Profile) -> Any:
    return _profile.dump_python(found, mode="json")


def known(table: str) -> bool:
    """Whether the table has a contract."""
    try:
        contracts.current(table)
    except NoSuchTable:
        return False
    return True


def loads(table: str = "", limit: int = 100) -> list[LoadRef]:
    """The newest first, of one table or of all."""
    found = LoadRow.objects.filter(table=table) if table else LoadRow.objects.all()
    return [load_ref(each) for each in found.order_by("-started_at")[:limit]]
