"""The profile of checked rows, from the data file that the check wrote: no second reading of the source."""

from typing import Any

from hutong.lake.logic.plan import StoredColumn
from hutong.lake.logic.sql import ident
from hutong.lake.types import ColumnProfile, Profile

SAMPLE = 25_000
_STEPS = [step / 20 for step in range(21)]
_NUMERIC = ("BIGINT", "INTEGER", "DOUBLE", "DECIMAL")
_TOP = 12
_FEW = 200


def profile(connection: Any, columns: list[StoredColumn], sound: str, rows: int) -> Profile:
    """Counts over all rows; quantiles and the top values of many-valued columns over an even sample.

    ``sound`` is the FROM and WHERE of the rows, ``#pos`` their position. Of columns marked sensitive no value is kept.
    """
    step = max(1, rows // SAMPLE)
    names = ", ".join(ident(each.name) for each in columns)
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE sampled AS SELECT {names} FROM {sound} AND "#pos" % {step} = 0'
    )
    sample = "sampled WHERE true"
    known = _counts(connection, columns, sound)
    quantiles = _quantiles(connection, [each for each in columns if _numeric(each)], sample)
    sampled = connection.execute(f"SELECT count(*) FROM {sample}").fetchone()[0] if step > 1 else rows
    found = []
    for each in columns:
        filled, distinct, low, high, mean, longest = known[each.name]
        shown = not (each.column and each.column.sensitive) and each.kind != "BLOB"
        many = distinct > _FEW
        found.append(
            ColumnProfile(
                column=each.name,
                type=each.kind,
                nulls=rows - filled,
                distinct=min(distinct, filled),
                low=low if shown else None,
                high=high if shown else None,
                mean=mean if shown else None,
                quantiles=tuple(quantiles.get(each.name, ())) if shown else (),
                top=_top(connection, each.name, sample if many else sound) if shown and filled else (),
                longest=longest,
            )
        )
    return Profile(rows, sampled, tuple(found))


def _numeric(column: StoredColumn) -> bool:
    return column.kind.startswith(_NUMERIC)


def _counts(connection: Any, columns: list[StoredColumn], sound: str) -> dict[str, tuple[Any, ...]]:
    parts = []
    for each in columns:
        name = ident(each.name)
        plain = each.kind != "BLOB"
        parts += [
            f"count({name})",
            f"approx_count_distinct({name})" if plain else f"count({name})",
            f"left(min({name})::VARCHAR, 200)" if plain else "NULL",
            f"left(max({name})::VARCHAR, 200)" if plain else "NULL",
            f"avg({name})::DOUBLE" if _numeric(each) else "NULL",
            f"max(strlen({name}))" if each.kind == "VARCHAR" else "NULL",
        ]
    values = connection.execute(f"SELECT {', '.join(parts)} FROM {sound}").fetchone()
    return {each.name: values[place * 6 : place * 6 + 6] for place, each in enumerate(columns)}


def _quantiles(connection: Any, columns: list[StoredColumn], sample: str) -> dict[str, list[float]]:
    if not columns:
        return {}
    parts = ", ".join(f"quantile_cont({ident(each.name)}::DOUBLE, {_STEPS})" for each in columns)
    values = connection.execute(f"SELECT {parts} FROM {sample}").fetchone()
    return {each.name: list(value) for each, value in zip(columns, values, strict=True) if value is not None}


def _top(connection: Any, column: str, rows: str) -> tuple[tuple[str, int], ...]:
    name = ident(column)
    found = connection.execute(
        f"SELECT left({name}::VARCHAR, 80), count(*) AS n FROM {rows} AND {name} IS NOT NULL"
        f" GROUP BY {name} ORDER BY n DESC, 1 LIMIT {_TOP}"
    ).fetchall()
    return tuple((text, count) for text, count in found)
