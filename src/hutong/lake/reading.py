"""What is known about tables and snapshots: quality, drift, lineage, rows, quarantine."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.lake.engine import duck
from hutong.lake.errors import BadQuery
from hutong.lake.logic import drift as drifting
from hutong.lake.logic import masks
from hutong.lake.logic import quality as scoring
from hutong.lake.logic.sql import ident, literal
from hutong.lake.models import LoadRow, SnapshotRow
from hutong.lake.store import contracts, places, queries, snapshots
from hutong.lake.types import (
    Contract,
    Drift,
    Lens,
    Lineage,
    Profile,
    Quality,
    QuarantinedRow,
    QuarantinePage,
    QueryResult,
    Seen,
    TableRef,
)

_contract: TypeAdapter[Contract] = TypeAdapter(Contract)


def tables() -> list[TableRef]:
    """Every table with a contract, by id; in four questions, however many there are."""
    versions, newest = contracts.versions(), snapshots.latest_rows()
    scores = _scores(newest.values(), versions)
    found = []
    for name in sorted(versions):
        version = max(versions[name])
        contract, row = contracts.read(name, version, versions[name][version]), newest.get(name)
        found.append(
            TableRef(
                table=name,
                sql_name=contract.sql_name,
                title=contract.title,
                urn=places.urn("table", name),
                contract_version=version,
                latest=snapshots.ref(row) if row else None,
                score=scores[name] if row else None,
                bytes=sum(each["size"] for each in row.files) if row else 0,
            )
        )
    return found


def _scores(rows: Collection[SnapshotRow], versions: Mapping[str, Mapping[int, str]]) -> dict[str, float]:
    """The quality of each snapshot, by its table; of profiles only those are read that timeliness needs."""
    told = {
        row.table: contracts.read(row.table, row.contract_version, versions[row.table][row.contract_version])
        for row in rows
    }
    timed = [row.pk for row in rows if (fresh := told[row.table].freshness) and fresh.column]
    profiles = dict(SnapshotRow.objects.filter(pk__in=timed).values_list("table", "profile"))
    loads = LoadRow.objects.in_bulk([row.load_id for row in rows])
    return {
        row.table: _scored(row, told[row.table], loads[row.load_id], profiles.get(row.table)).score
        for row in rows
    }


def profile(snapshot: str) -> Profile:
    return snapshots.profile(snapshots.row(snapshot))


def quality(snapshot: str) -> Quality:
    """As the load found it; timeliness as of now."""
    row = snapshots.row(snapshot)
    return _scored(row, _version(row), snapshots.load_row(row.load_id), row.profile)


def _scored(row: SnapshotRow, contract: Contract, load: LoadRow, profile: Any) -> Quality:
    freshest: Any = row.committed_at
    if contract.freshness and contract.freshness.column:
        known = {each.column: each.high for each in snapshots.read_profile(profile).columns}
        freshest = known.get(contract.freshness.column)
    return scoring.score(
        contract,
        snapshots.findings(load),
        (load.rows_in, load.rows_loaded, load.rows_quarantined),
        freshest,
        clock.now(),
    )


def _version(row: SnapshotRow) -> Contract:
    from hutong.lake.models import ContractRow  # noqa: PLC0415 - used here alone

    kept = ContractRow.objects.get(table=row.table, version=row.contract_version)
    return _contract.validate_python(kept.body)


def drift(snapshot: str) -> Drift:
    """Against the snapshot before it."""
    row = snapshots.row(snapshot)
    before = SnapshotRow.objects.filter(table=row.table, sequence=row.sequence - 1).first()
    if before is None:
        return Drift(None, snapshots.ref(row), 0, row.rows, ())
    compared = drifting.compare(snapshots.profile(before), snapshots.profile(row))
    return Drift(snapshots.ref(before), snapshots.ref(row), before.rows, row.rows, compared)


def lineage(table: str) -> Lineage:
    """Loads oldest first; tables that its rules or its query read, and tables that read it."""
    contracts.current(table)
    loads = list(LoadRow.objects.filter(table=table).order_by("started_at"))
    reads = {_table_of(urn) for row in loads for urn in row.reads}
    mine = places.urn("snapshot", table + ".")
    readers = {
        row.table
        for row in LoadRow.objects.exclude(table=table)
        if any(urn.startswith(mine) for urn in row.reads)
    }
    return Lineage(
        table=table,
        loads=tuple(snapshots.load_ref(row) for row in loads),
        reads=tuple(sorted(reads)),
        read_by=tuple(sorted(readers)),
    )


def _table_of(urn: str) -> str:
    return urn.rsplit(":", 1)[-1].rsplit(".", 1)[0]


def rows(
    table: str,
    *,
    offset: int = 0,
    limit: int = 100,
    where: Mapping[str, Any] | None = None,
    known_at: datetime | None = None,
) -> QueryResult:
    """Rows in the order of the source; ``where`` asks for equality of columns."""
    contract, _ = contracts.current(table)
    names = {each.name for each in contract.columns}
    if unknown := set(where or {}) - names:
        raise BadQuery(reason=f"{', '.join(sorted(unknown))} ∉ {table}")
    tests = " AND ".join(f"{ident(name)} = $p_{name}" for name in where or {})
    sql = f"SELECT * FROM {ident(contract.sql_name)}" + (f" WHERE {tests}" if tests else "")
    given = {f"p_{name}": value for name, value in (where or {}).items()}
    sql += f" LIMIT {int(limit)} OFFSET {int(offset)}"
    return queries.query(sql, [table], params=given, known_at=known_at, limit=limit)


def sample(table: str, *, limit: int = 20, clear: bool = False) -> QueryResult:
    """The first rows; values of columns marked sensitive are masked unless ``clear``."""
    contract, _ = contracts.current(table)
    if clear:
        return rows(table, limit=limit)
    lens = Lens(tuple(Seen(each.name, masks.for_sample(each)) for each in contract.columns))
    sql = f"SELECT * FROM {ident(contract.sql_name)} LIMIT {int(limit)}"
    return queries.query(sql, [table], limit=limit, lenses={table: lens})


def quarantine(load: str, *, offset: int = 0, limit: int = 100) -> QuarantinePage:
    """Why rows of a load (its id or URN, or a snapshot's URN) stayed out."""
    load_id = snapshots.row(load).load_id if ":snapshot:" in load else load
    row = snapshots.brought_by(snapshots.load_row(load_id))
    file = places.quarantine(row.id)
    if not file.is_file():
        return QuarantinePage(0, (), row.id)
    connection = duck.connect()
    try:
        source = f"read_parquet({literal(str(file))})"
        total = connection.execute(f"SELECT count(*) FROM {source}").fetchone()[0]
        found = connection.execute(
            f"SELECT row, col, code, original, record FROM {source} ORDER BY row, col"
            f" LIMIT {int(limit)} OFFSET {int(offset)}"
        ).fetchall()
    finally:
        duck.close(connection)
    meanings = _meanings(row)
    return QuarantinePage(total, tuple(_quarantined(each, meanings) for each in found), row.id)


def _quarantined(found: Any, meanings: Mapping[tuple[str, str], tuple[Text, Text]]) -> QuarantinedRow:
    row, column, code, original, record = found
    what, fix = meanings.get((code, column), (Text(zh=code, en=code), Text(zh="", en="")))
    return QuarantinedRow(row, column, code, what, original if original is not None else record or "", fix)


def _meanings(row: LoadRow) -> dict[tuple[str, str], tuple[Text, Text]]:
    return {(each.code, each.column): (each.what, each.fix) for each in snapshots.findings(row)}
