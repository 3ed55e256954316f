"""Counting how many values of a sample fit each kind: one pass of the engine over all columns and kinds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hutong.catalog.logic.kinds import KINDS, NOTHING
from hutong.catalog.logic.patterns import Counted, Matched, bare, sql
from hutong.lake import api as lake
from hutong.lake.types import ColumnType

SAMPLE = 5000
_NOTHING = ", ".join(f"'{each}'" for each in ("", *NOTHING))
_UNREAD = {ColumnType.GEOMETRY, ColumnType.JSON, ColumnType.BOOL, ColumnType.MONEY, ColumnType.MONTH}


def of_table(table: str) -> dict[str, Counted]:
    """Counts for each readable column of the newest snapshot, over ``SAMPLE`` rows spread over it."""
    contract = lake.contract(table)
    columns = [each.name for each in contract.columns if each.type not in _UNREAD]
    if not columns:
        return {}
    listed = ", ".join(f"CAST({lake.ident(each)} AS VARCHAR) AS {lake.ident(each)}" for each in columns)
    found = lake.query(f"SELECT {listed} FROM {lake.ident(contract.sql_name)} LIMIT {SAMPLE}", [table])
    return of_rows(columns, found.rows)


def of_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Counted]:
    """Counts for each column of text rows."""
    import duckdb  # noqa: PLC0415 - slow to import, sampling alone needs them
    import pyarrow as pa  # noqa: PLC0415 - as above

    values = pa.array((row[place] for place in range(len(columns)) for row in rows), pa.string())
    places = pa.array((place for place in range(len(columns)) for _row in rows), pa.int32())
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "512MB"}) as engine:
        engine.register("sample", pa.table({"place": places, "c": values}))
        found = {place: _counted(counts) for place, *counts in engine.execute(_question()).fetchall()}
    return {name: found.get(place) or _counted([]) for place, name in enumerate(columns)}


def _question() -> str:
    """One for all columns, for the engine takes longer to understand it than to answer it.

    Each distinct value of a column is looked at once: most columns hold few.
    """
    asked = ", ".join(
        f"coalesce(sum(n) FILTER (WHERE {one}), 0)::BIGINT, count(v) FILTER (WHERE {one})"
        for kind in KINDS
        for one in (f"f_{kind.id}", f"p_{kind.id}")
    )
    flags = ", ".join(
        f"coalesce({sql(kind, 'v', 'd', plain=plain)}, false) AS {'p' if plain else 'f'}_{kind.id}"
        if kind.plain or not plain
        else f"f_{kind.id} AS p_{kind.id}"
        for kind in KINDS
        for plain in (False, True)
    )
    return (
        f"WITH counted AS (SELECT place, CASE WHEN lower(trim(c)) IN ({_NOTHING}) THEN NULL"
        " ELSE trim(c) END AS v, count(*) AS n FROM sample GROUP BY 1, 2),"
        f" bared AS (SELECT *, {bare('v')} AS d FROM counted), looked AS (SELECT place, v, n, {flags} FROM bared)"
        " SELECT place, sum(n)::BIGINT, coalesce(sum(n) FILTER (WHERE v IS NOT NULL), 0)::BIGINT, count(v),"
        f" {asked} FROM looked GROUP BY place"
    )


def _counted(counts: Sequence[int]) -> Counted:
    rows, values, distinct, *found = counts or [0] * (3 + 4 * len(KINDS))
    matched = {
        kind.id: Matched(fits, fits_once, plain, plain_once)
        for kind, (fits, fits_once, plain, plain_once) in zip(KINDS, _by_kind(found), strict=True)
    }
    return Counted(rows, values, distinct, matched)


def _by_kind(found: Sequence[int]) -> Iterator[Sequence[int]]:
    return (found[place : place + 4] for place in range(0, len(found), 4))


def evidence(counted: Counted, kind: str, *, by_name: bool) -> Mapping[str, Any]:
    """What is kept of a look: counts alone."""
    return {
        "rows": counted.rows,
        "values": counted.values,
        "distinct": counted.distinct,
        "matched": counted.matched[kind].rows if kind in counted.matched else 0,
        "by_name": by_name,
    }
