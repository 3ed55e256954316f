"""The profile of checked rows, from the data file that the check wrote: no second reading of the source."""

from typing import Any

import numpy as np

from hutong.lake.logic.plan import StoredColumn
from hutong.lake.logic.sql import ident
from hutong.lake.types import ColumnProfile, Profile

SAMPLE = 25_000
_STEPS = [step / 20 for step in range(21)]
_NUMERIC = ("BIGINT", "INTEGER", "DOUBLE", "DECIMAL")
_TELLING = ("BIGINT", "INTEGER", "DOUBLE", "DATE", "TIMESTAMP")
_TOP = 12
_FEW = 200


def profile(connection: Any, columns: list[StoredColumn], sound: str, rows: int) -> Profile:
    """Counts over all rows; quantiles and the top values of many-valued columns over an even sample. How many values
    there are is exact where they are few, else within some percent.

    ``sound`` is the FROM and WHERE of the rows, ``#pos`` their position. Of columns marked sensitive no value is kept.
    """
    step = max(1, rows // SAMPLE)
    names = ", ".join(ident(each.name) for each in columns)
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE sampled AS SELECT {names} FROM {sound} AND "#pos" % {step} = 0'
    )
    sample = "sampled WHERE true"
    many = _many(connection, columns)
    known = {
        name: (*plain, *texts)
        for (name, plain), texts in zip(
            _bounds(connection, columns, sound).items(),
            _spread(connection, columns, sound, many),
            strict=True,
        )
    }
    quantiles = _quantiles(connection, [each for each in columns if _numeric(each)])
    sampled = connection.execute("SELECT count(*) FROM sampled").fetchone()[0]
    found = []
    for each in columns:
        filled, low, high, distinct, mean, longest = known[each.name]
        shown = not (each.column and each.column.sensitive) and each.kind != "BLOB"
        top: tuple[tuple[str, int], ...] = ()
        if each.name not in many and filled:
            distinct, top = _values(connection, each, sound)
        elif shown and filled:
            top = _top(connection, each.name, sample)
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
                top=top if shown else (),
                longest=longest,
            )
        )
    return Profile(rows, sampled, tuple(found))


def _numeric(column: StoredColumn) -> bool:
    return column.kind.startswith(_NUMERIC)


def _many(connection: Any, columns: list[StoredColumn]) -> set[str]:
    """The columns of more than a few values, told from the sample."""
    parts = ", ".join(
        f"count({ident(each.name)})" if each.kind == "BLOB" else f"approx_count_distinct({ident(each.name)})"
        for each in columns
    )
    found = connection.execute(f"SELECT {parts} FROM sampled").fetchone()
    return {
        each.name for each, count in zip(columns, found, strict=True) if count > _FEW or each.kind == "BLOB"
    }


def _bounds(connection: Any, columns: list[StoredColumn], sound: str) -> dict[str, tuple[Any, ...]]:
    """How many are filled, the lowest and the highest: what the statistics of the file tell without reading it."""
    found: dict[str, tuple[Any, ...]] = {}
    for telling in (True, False):
        chosen = [each for each in columns if each.kind.startswith(_TELLING) is telling]
        parts = []
        for each in chosen:
            name = ident(each.name)
            parts += [
                f"count({name})",
                *([f"min({name})", f"max({name})"] if each.kind != "BLOB" else ["NULL"] * 2),
            ]
        if chosen:
            shown = ", ".join(
                f"f{n}" if n % 3 == 0 else f"left(f{n}::VARCHAR, 200)" for n in range(len(parts))
            )
            named = ", ".join(f"{part} AS f{n}" for n, part in enumerate(parts))
            values = connection.execute(f"SELECT {shown} FROM (SELECT {named} FROM {sound})").fetchone()
            found |= {each.name: values[n * 3 : n * 3 + 3] for n, each in enumerate(chosen)}
    return {each.name: found[each.name] for each in columns}


def _spread(
    connection: Any, columns: list[StoredColumn], sound: str, many: set[str]
) -> list[tuple[Any, ...]]:
    """About how many values columns of many have, their mean, the longest text."""
    parts = []
    for each in columns:
        name = ident(each.name)
        parts += [
            "0"
            if each.name not in many
            else f"count({name})"
            if each.kind == "BLOB"
            else f"approx_count_distinct({name})",
            f"avg({name})::DOUBLE" if _numeric(each) else "NULL",
            f"max(strlen({name}))" if each.kind == "VARCHAR" else "NULL",
        ]
    values = connection.execute(f"SELECT {', '.join(parts)} FROM {sound}").fetchone()
    return [values[place : place + 3] for place in range(0, len(values), 3)]


def _quantiles(connection: Any, columns: list[StoredColumn]) -> dict[str, list[float]]:
    if not columns:
        return {}
    parts = ", ".join(f"{ident(each.name)}::DOUBLE AS {ident(each.name)}" for each in columns)
    read = connection.execute(f"SELECT {parts} FROM sampled").fetchnumpy()
    filled = {name: np.ma.compressed(values) for name, values in read.items()}
    return {name: np.quantile(values, _STEPS).tolist() for name, values in filled.items() if len(values)}


def _values(connection: Any, column: StoredColumn, sound: str) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Exactly how many values a column of few has, and its commonest."""
    name = ident(column.name)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE counted AS SELECT {name} AS value, count(*) AS n FROM {sound}"
        f" AND {name} IS NOT NULL GROUP BY {name}"
    )
    found = connection.execute(
        f"SELECT left(value::VARCHAR, 80), n FROM counted ORDER BY n DESC, 1 LIMIT {_TOP}"
    ).fetchall()
    distinct = connection.execute("SELECT count(*) FROM counted").fetchone()[0]
    return distinct, tuple((text, count) for text, count in found)


def _top(connection: Any, column: str, rows: str) -> tuple[tuple[str, int], ...]:
    name = ident(column)
    found = connection.execute(
        f"SELECT left({name}::VARCHAR, 80), count(*) AS n FROM {rows} AND {name} IS NOT NULL"
        f" GROUP BY {name} ORDER BY n DESC, 1 LIMIT {_TOP}"
    ).fetchall()
    return tuple((text, count) for text, count in found)
