"""Positions answer exactly as the engine does, whatever is asked."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.portal import engine, positions, reading
from hutong.portal.logic import query as asking
from hutong.portal.logic.query import Condition, Query

COLUMNS = ("n", "x", "word", "day")


@pytest.fixture(scope="module")
def edition(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("edition")
    connection = engine.connect()
    connection.execute(f"ATTACH '{folder / 'rows.duckdb'}' AS made")
    connection.execute(
        """CREATE TABLE made.t AS SELECT row_number() OVER () AS _id,
        CASE WHEN i % 7 = 0 THEN NULL ELSE (i * 37) % 50 END AS n,
        CASE WHEN i % 11 = 0 THEN NULL ELSE ((i * 13) % 101) / 4 END AS x,
        CASE WHEN i % 5 = 0 THEN NULL ELSE ['胡同', 'b', '', 'é', '𠀀', 'Ω'][i % 6 + 1] END AS word,
        CASE WHEN i % 3 = 0 THEN NULL ELSE DATE '2020-02-27' + (i % 9)::INTEGER END AS day
        FROM range(20000) t(i)"""
    )
    positions.write(folder, connection.execute("SELECT * FROM made.t ORDER BY _id").to_arrow_table())
    connection.execute("DETACH made")
    connection.close()
    return folder


values = {
    "n": st.integers(-1, 51),
    "x": st.sampled_from([0.0, 0.25, 7.5, 7.6, 25.0, 99.0]),
    "word": st.sampled_from(["胡同", "b", "", "é", "𠀀", "a", "zz"]),
    "day": st.dates(min_value=date(2020, 2, 25), max_value=date(2020, 3, 9)),
}  # fmt: skip
conditions = st.sampled_from(COLUMNS).flatmap(
    lambda name: st.one_of(
        st.builds(Condition, st.just(name), st.sampled_from(["null", "notnull"])),
        st.builds(
            Condition,
            st.just(name),
            st.sampled_from(["eq", "lt", "lte", "gt", "gte"]),
            st.tuples(values[name]),
        ),
    )
)
queries = st.builds(
    Query,
    columns=st.just(("_id", *COLUMNS)),
    where=st.lists(conditions, max_size=3).map(tuple),
    sort=st.one_of(st.just(()), st.tuples(st.tuples(st.sampled_from(COLUMNS), st.booleans()))),
    limit=st.integers(0, 40),
    offset=st.sampled_from([0, 1, 30, 3000, 19_990, 30_000]),
)


@settings(max_examples=250, deadline=None)
@given(asked=queries, few=st.sampled_from([0, 100, 60_000]))
def test_the_same_rows_in_the_same_order(edition: Path, asked: Query, few: int):
    placed = positions.of(str(edition))
    before, positions._FEW = positions._FEW, few
    try:
        assert placed.can(asked)
        found = placed.take(placed.select(asked), asked.columns)
        total = placed.count(asked)
    finally:
        positions._FEW = before
    text, params, _ = asking.sql(asked)
    assert found == engine.rows(edition / "rows.duckdb", text, params)
    text, params = asking.counting(asked)
    assert total == engine.rows(edition / "rows.duckdb", text, params)[0][0]


def test_what_positions_cannot_answer_goes_to_the_engine(edition: Path):
    placed = positions.of(str(edition))
    plain = Query(columns=("n",))
    assert placed.can(plain)
    assert not placed.can(replace(plain, words=("胡",)))
    assert not placed.can(replace(plain, distinct=True))
    assert not placed.can(replace(plain, sort=(("n", False), ("x", True))))
    assert not placed.can(replace(plain, where=(Condition("word", "contains", ("同",)),)))


def test_kept_answers_are_bounded():
    reading.forget()
    for number in range(200):
        reading.keep("t", str(number), b"x" * 2**20)
    assert reading._held[0] <= reading._MOST_BYTES
    assert reading.kept("t", "0") is None
    assert reading.kept("t", "199")
