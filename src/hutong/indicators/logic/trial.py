"""The tests beside an indicator, run in a throw-away DuckDB whose tables have the contracts' column types."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from hutong.indicators.errors import BadResult, UnsafeQuery
from hutong.indicators.logic import query
from hutong.indicators.logic.periods import Period
from hutong.indicators.logic.result import Value, read_rows
from hutong.kernel.text import Text
from hutong.lake.api import stored_type
from hutong.lake.types import Column, ColumnType, Contract

Path = tuple[str | int, ...]
_MEND = Text(zh="改正查询，或改正这条测试", en="mend the query, or this test")


class Tested(Protocol):
    """What of an indicator is tested."""

    @property
    def id(self) -> str: ...
    @property
    def tables(self) -> tuple[str, ...]: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def period(self) -> Period: ...
    @property
    def query(self) -> str: ...
    @property
    def rows_query(self) -> str: ...


class Case(Protocol):
    """One test."""

    @property
    def as_of(self) -> date: ...
    @property
    def given(self) -> Mapping[str, Sequence[Mapping[str, Any]]]: ...
    @property
    def expect(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def rows(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """What a test expected and what it found."""

    expected: Text
    found: str
    fix: Text = _MEND


@contextmanager
def bench() -> Iterator[Any]:
    """A database to try indicators in; what one test writes is taken back before the next."""
    import duckdb  # noqa: PLC0415 - half a second of imports that pages do not need

    with duckdb.connect(":memory:", config={"threads": 1}) as base:
        base.execute(
            "SET TimeZone = 'Asia/Shanghai'; SET python_enable_replacements = false; SET enable_external_access = false"
        )
        yield base


def run(base: Any, indicator: Tested, case: Case, contracts: Sequence[Contract]) -> list[tuple[Path, Fault]]:
    """Faults of one test, each with the key inside the test it belongs to; none when it holds."""
    base.execute("BEGIN")
    try:
        return list(_fill(base, case.given, contracts)) or list(_compare(base, indicator, case))
    except (base_error(), UnsafeQuery, BadResult) as error:
        reason = str(error).splitlines()[0][:300]
        return [((), Fault(Text(zh="能够运行的查询", en="a query that runs"), reason))]
    finally:
        base.execute("ROLLBACK")


def _fill(base: Any, given: Mapping[str, Any], contracts: Sequence[Contract]) -> Iterator[tuple[Path, Fault]]:
    known = {each.table: each for each in contracts}
    for contract in contracts:
        columns = ", ".join(f'"{each.name}" {stored_type(each)}' for each in contract.columns)
        base.execute(f'CREATE TABLE "{contract.sql_name}" ({columns})')
    for table, rows in given.items():
        if table not in known:
            yield ("given", table), _unknown(table, sorted(known))
            continue
        names = [each.name for each in known[table].columns]
        stray = [(index, sorted(set(row) - set(names))) for index, row in enumerate(rows)]
        for index, odd in stray:
            if odd:
                yield ("given", table, index), _unknown(odd[0], names)
        if not any(odd for _, odd in stray):
            yield from _insert(base, known[table], rows)


def _insert(base: Any, contract: Contract, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Path, Fault]]:
    """All rows that name the same columns at once; the first that the database refuses is the fault."""
    made: dict[tuple[str, ...], list[list[Any]]] = {}
    for index, row in enumerate(rows):
        try:
            values = [stored(contract.column(name), value) for name, value in row.items()]
            made.setdefault(tuple(row), []).append(values)
        except (ValueError, InvalidOperation) as error:
            yield ("given", contract.table, index), _not_stored(error)
            return
    try:
        for names, many in made.items():
            marks = ", ".join("(" + ", ".join(map(_literal, row)) + ")" for row in many)
            into = ", ".join(f'"{name}"' for name in names)
            base.execute(f'INSERT INTO "{contract.sql_name}" ({into}) VALUES {marks}')
    except base_error() as error:
        yield ("given", contract.table, _refused(base, contract, rows)), _not_stored(error)


def _refused(base: Any, contract: Contract, rows: Sequence[Mapping[str, Any]]) -> int:
    """Which row the database refuses: they are tried one by one."""
    for index, row in enumerate(rows):
        values = [(name, stored(contract.column(name), value)) for name, value in row.items()]
        casts = [f"CAST({_literal(value)} AS {stored_type(contract.column(name))})" for name, value in values]
        base.execute("ROLLBACK")
        base.execute("BEGIN")
        try:
            base.execute(f"SELECT {', '.join(casts)}")
        except base_error():
            return index
    return 0


def _literal(value: Any) -> str:
    """A value as SQL: given as a parameter, the engine would look for data-frame packages each time."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float | Decimal):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def _not_stored(error: Exception) -> Fault:
    return Fault(
        Text(zh="契约类型的值", en="values of the contract's types"), str(error).splitlines()[0][:200]
    )


def base_error() -> type[Exception]:
    import duckdb  # noqa: PLC0415 - see run

    return duckdb.Error


def stored(column: Column, value: Any) -> Any:
    """A value as a test writes it, in the form the lake stores: months as dates, money in yuan as fen."""
    if value is None:
        return None
    match column.type:
        case ColumnType.MONTH:
            return value.replace(day=1) if isinstance(value, date) else date.fromisoformat(f"{value}-01")
        case ColumnType.DATE if isinstance(value, str):
            return date.fromisoformat(value)
        case ColumnType.DATETIME if isinstance(value, str):
            return datetime.fromisoformat(value)
        case ColumnType.MONEY:
            return int(Decimal(str(value)) * _yuan(column) * 100)
    return value


def _yuan(column: Column) -> int:
    return {"万元": 10_000, "亿元": 100_000_000, "千元": 1_000, "百万元": 1_000_000}.get(column.unit, 1)


def _compare(base: Any, indicator: Tested, case: Case) -> Iterator[tuple[Path, Fault]]:
    sql = query.bind(indicator.query, indicator.tables, indicator.period, case.as_of)
    cursor = base.execute(sql)
    names = [each[0] for each in cursor.description]
    dimensions = indicator.columns
    values = read_rows(
        indicator.id,
        names,
        cursor.fetchall(),
        dimensions=dimensions,
        period=indicator.period,
        as_of=case.as_of,
    )
    for index, row in enumerate(case.expect):
        fault = _match(row, values, dimensions)
        if fault:
            yield ("expect", index), fault
    rows_sql = query.bind(indicator.rows_query, indicator.tables, indicator.period, case.as_of)
    behind = base.execute(f"SELECT count(*) FROM ({rows_sql}) AS behind").fetchone()[0]
    if case.rows is not None and case.rows != behind:
        wanted = Text(zh=f"{case.rows} 行明细", en=f"{case.rows} rows behind the figure")
        yield ("rows",), Fault(wanted, str(behind))


def _match(row: Mapping[str, Any], values: Iterable[Value], dimensions: tuple[str, ...]) -> Fault | None:
    stray = sorted(set(row) - {"value", "period", *dimensions})
    if stray:
        return _unknown(stray[0], ["value", "period", *dimensions])
    dims = {name: str(row[name]) for name in dimensions if row.get(name) is not None}
    starts = _first_day(row["period"]) if row.get("period") is not None else None
    same = [each for each in values if each.dims == dims and (starts is None or each.period == starts)]
    found = max(same, key=lambda each: each.period or date.min, default=None)
    wanted = row.get("value")
    got = None if found is None else found.number
    if wanted is None or got is None:
        agree = wanted is None and got is None
    else:
        agree = abs(float(wanted) - got) <= 1e-9 * max(1.0, abs(float(wanted)))
    if agree:
        return None
    where = ", ".join(f"{key}={value}" for key, value in {"period": starts or "", **dims}.items() if value)
    shown = Text(zh=f"value = {wanted}（{where or '合计'}）", en=f"value = {wanted} ({where or 'total'})")
    return Fault(shown, "—" if found is None else found.text)


def _first_day(written: Any) -> date:
    if isinstance(written, date):
        return written
    text = str(written)
    return date.fromisoformat({4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text))


def _unknown(name: str, known: Sequence[str]) -> Fault:
    listed = "、".join(known)
    return Fault(
        Text(zh=f"其中之一：{listed}", en=f"one of {', '.join(known)}"),
        name,
        Text(zh="改正名称", en="mend the name"),
    )
