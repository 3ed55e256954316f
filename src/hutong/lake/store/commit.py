"""One transaction makes a snapshot: Iceberg's pointer, our row, the log entry, the event and the audit record."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyiceberg.exceptions import CommitFailedException, NoSuchTableError
from pyiceberg.schema import Schema
from pyiceberg.table import Table, Transaction
from pyiceberg.table.update import AddSchemaUpdate, SetCurrentSchemaUpdate
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    IcebergType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestamptzType,
)

from hutong.kernel import audit, clock, events
from hutong.kernel.db import atomic
from hutong.kernel.errors import Conflict
from hutong.lake.events import SnapshotCommitted
from hutong.lake.logic.plan import StoredColumn
from hutong.lake.models import LoadRow, SnapshotRow
from hutong.lake.store import iceberg, places
from hutong.lake.types import Mode
from hutong.ledger import api as ledger
from hutong.ledger.types import Measured

_TYPES: dict[str, IcebergType] = {
    "VARCHAR": StringType(),
    "BIGINT": LongType(),
    "INTEGER": IntegerType(),
    "DOUBLE": DoubleType(),
    "BOOLEAN": BooleanType(),
    "DATE": DateType(),
    "TIMESTAMP WITH TIME ZONE": TimestamptzType(),
    "BLOB": BinaryType(),
}
_PROPERTIES = {
    "commit.retry.num-retries": "50",
    "commit.retry.min-wait-ms": "20",
    "commit.retry.max-wait-ms": "500",
    "write.metadata.previous-versions-max": "100",
    "write.metadata.delete-after-commit.enabled": "false",
}


class Raced(Conflict):
    """Another process changed the table between writing and committing."""

    code = "lake.raced"


@dataclass(frozen=True, slots=True)
class Added:
    """A data file made by the load, and what the log will hold about it."""

    path: Path
    rows: int
    measured: Measured


def measure(path: Path, rows: int) -> Added:
    """Read a made file for the log: outside the transaction, which holds the database's one lock."""
    return Added(path, rows, measured(path))


def measured(path: Path) -> Measured:
    return ledger.measure_file(path, str(path.relative_to(places.lake())))


@dataclass(frozen=True, slots=True)
class Change:
    """What a load wants to commit. ``dropped`` are data files (relative paths) that the new state has no more."""

    load: LoadRow
    mode: Mode
    schema: Schema
    added: Sequence[Added]
    dropped: frozenset[str]
    based_on: int  # sequence of the snapshot it was made against, 0: none
    columns: Sequence[StoredColumn]
    profile: dict[str, Any]
    contract_sha256: str
    aside: Measured | None = None  # the file of the rows that stayed out


def schema_for(table: str, columns: Sequence[StoredColumn]) -> Schema:
    """The Iceberg schema: a column that stays keeps its field id, one that is new or changes its type gets another."""
    known: dict[tuple[str, str], int] = {}
    last = 0
    try:
        metadata = _catalog().load_table((iceberg.NAMESPACE, table)).metadata
    except NoSuchTableError:
        pass
    else:
        last = metadata.last_column_id
        known = {(field.name, str(field.field_type)): field.field_id for field in metadata.schema().fields}
    fields = []
    for each in columns:
        kind = _iceberg_type(each.kind)
        number = known.get((each.name, str(kind)))
        if number is None:
            number = last = last + 1
        fields.append(NestedField(number, each.name, kind, required=False))
    return Schema(*fields)


def _iceberg_type(kind: str) -> IcebergType:
    if kind.startswith("DECIMAL"):
        precision, scale = kind[8:-1].split(",")
        return DecimalType(int(precision), int(scale))
    return _TYPES[kind]


def commit(change: Change) -> SnapshotRow:
    """Make the snapshot; raises ``Raced`` when the table moved on meanwhile."""
    load = change.load
    with atomic():
        iceberg.lock(load.table)
        before = SnapshotRow.objects.filter(table=load.table).order_by("-sequence").first()
        if (before.sequence if before else 0) != change.based_on:
            raise Raced(reason=load.table)
        try:
            snapshot_id = _write_iceberg(change)
        except CommitFailedException as error:
            raise Raced(reason=load.table) from error
        files = _files(change, before)
        sequence = change.based_on + 1
        urn = places.urn("snapshot", f"{load.table}.{sequence}")
        rows = sum(each["rows"] for each in files)
        entry = ledger.append("lake.snapshot", urn, _payload(change, files, sequence, snapshot_id))
        row = SnapshotRow.objects.create(
            table=load.table,
            sequence=sequence,
            iceberg_id=snapshot_id,
            committed_at=clock.now(),
            rows=rows,
            urn=urn,
            entry_id=entry.id,
            contract_version=load.contract_version,
            load_id=load.id,
            files=files,
            columns=[[each.name, each.kind] for each in change.columns],
            profile=change.profile,
        )
        load.state, load.finished_at = "committed", clock.now()
        load.save()
        events.publish(
            SnapshotCommitted(
                table=load.table, snapshot=urn, sequence=sequence, rows=rows, entry_id=entry.id, load=load.id
            )
        )
        audit.record("lake.load", places.urn("table", load.table), actor=load.actor, snapshot=urn, rows=rows)
    return row


def _catalog() -> iceberg.DjangoCatalog:
    return iceberg.catalog(str(places.lake() / "tables"))


def _write_iceberg(change: Change) -> int:
    catalog, name = _catalog(), (iceberg.NAMESPACE, change.load.table)
    location = str(places.table(change.load.table))
    try:
        table = catalog.load_table(name)
    except NoSuchTableError:
        table = catalog.create_table(name, change.schema, location=location, properties=_PROPERTIES)
    transaction = table.transaction()
    if table.schema().fields != change.schema.fields:
        _set_schema(table, transaction, change.schema)
    _replace_files(table, transaction, change)
    transaction.commit_transaction()
    found = catalog.load_table(name).current_snapshot()
    if found is None:
        raise Raced(reason=change.load.table)
    return int(found.snapshot_id)


def _set_schema(table: Table, transaction: Transaction, schema: Schema) -> None:
    """Make it the current one: ``update_schema()`` cannot give a column of a new type its old name."""
    known = {each.fields: number for number, each in table.schemas().items()}
    if schema.fields in known:
        transaction._stage((SetCurrentSchemaUpdate(schema_id=known[schema.fields]),))  # noqa: SLF001 - as above
        return
    number = max(table.schemas()) + 1
    numbered = Schema(*schema.fields, schema_id=number)
    transaction._stage((AddSchemaUpdate(schema_=numbered), SetCurrentSchemaUpdate(schema_id=number)))  # noqa: SLF001


def _replace_files(table: Table, transaction: Transaction, change: Change) -> None:
    from pyiceberg.io.pyarrow import parquet_file_to_data_file  # noqa: PLC0415 - half a second of imports

    properties = {"hutong.load": change.load.id, "hutong.sha256": change.load.sha256}
    update = transaction.update_snapshot(snapshot_properties=properties)
    with update.overwrite() if change.mode != "append" else update.fast_append() as producer:
        current = table.current_snapshot()
        if change.dropped and current is not None:
            for manifest in current.manifests(table.io):
                for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True):
                    if _relative(entry.data_file.file_path) in change.dropped:
                        producer.delete_data_file(entry.data_file)
        for each in change.added:
            producer.append_data_file(
                parquet_file_to_data_file(table.io, transaction.table_metadata, str(each.path))
            )


def _relative(path: str) -> str:
    """A path inside the lake as we keep it, whatever home it was written under."""
    return "tables/" + path.rsplit("/tables/", 1)[-1]


def _files(change: Change, before: SnapshotRow | None) -> list[dict[str, Any]]:
    """The data files of the new state, each with its manifest for the log."""
    kept = [each for each in before.files if each["path"] not in change.dropped] if before else []
    for each in change.added:
        manifest = ledger.commit_file(each.measured).as_dict()
        kept.append({**manifest, "rows": each.rows, "contract": change.load.contract_version})
    return kept


def _payload(change: Change, files: list[dict[str, Any]], sequence: int, snapshot_id: int) -> dict[str, Any]:
    """The files it added in full; all files of the state by one digest, for tables of many appends stay small."""
    load = change.load
    added = {each.measured.manifest.path for each in change.added}
    state = "\n".join(sorted(f"{each['sha256']} {each['path']}" for each in files))
    aside = {"quarantine": ledger.commit_file(change.aside).as_dict()} if change.aside else {}
    return {
        "table": load.table,
        "sequence": sequence,
        "iceberg_snapshot": str(snapshot_id),
        "contract": {"version": load.contract_version, "sha256": change.contract_sha256},
        "source": {"name": load.source, "sha256": load.sha256, "size": load.size},
        "load": load.id,
        "mode": load.mode,
        "rows": {"in": load.rows_in, "loaded": load.rows_loaded, "quarantined": load.rows_quarantined},
        "reads": load.reads,
        "files": [each for each in files if each["path"] in added],
        **aside,
        "state": hashlib.sha256(state.encode()).hexdigest(),
    }
