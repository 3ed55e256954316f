"""The profile of a table about people, read by someone who wants to know about one of them."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.catalog import few
from hutong.catalog.types import EntryRef, Kind
from hutong.kernel.text import Text
from hutong.lake.types import (
    Column,
    ColumnDrift,
    ColumnProfile,
    ColumnType,
    Contract,
    Drift,
    Profile,
    QueryResult,
    Rule,
    SnapshotRef,
)

TABLE = Contract(
    "callers",
    (
        Column("phone", ColumnType.PHONE),
        Column("ability", ColumnType.CODE, sensitive=True),
        Column("gender", ColumnType.CODE),
        Column("street", ColumnType.CODE),
        Column("born", ColumnType.YEAR),
    ),
)


def column(name: str, nulls: int, distinct: int, *top: tuple[str, int]) -> ColumnProfile:
    return ColumnProfile(name, "VARCHAR", nulls, distinct, "1", "9", 5.0, (1.0, 9.0), top)


FOUND = Profile(
    100,
    100,
    (
        column("phone", 2, 98),
        column("ability", 0, 3, ("good", 60), ("poor", 38), ("none", 2)),
        column("gender", 0, 2, ("f", 97), ("m", 3)),
        column("street", 10, 4, ("a", 50), ("b", 30), ("c", 8), ("d", 2)),
        column("born", 0, 60, ("1950", 6), ("1951", 5), ("1940", 1)),
    ),
)


def entry(opening: str = "none") -> EntryRef:
    return EntryRef(
        "urn:hutong:t:dataset:callers", Kind.DATASET, "callers", "bureau", Text(zh="来电", en=""), Text(zh="", en=""),
        "", "important", "none", opening, "", (), 1, datetime(2026, 1, 1, tzinfo=UTC), 1, {},
    )  # fmt: skip


def shown() -> dict[str, few.Shown]:
    return {each.column: each for each in few.profile(FOUND, TABLE, clear=False)}


def test_it_is_about_people_by_its_columns_unless_it_is_open() -> None:
    assert few.about_people(entry(), TABLE)
    assert not few.about_people(entry("open"), TABLE)
    plain = replace(TABLE, columns=TABLE.columns[2:])
    assert not few.about_people(entry(), plain)


def test_personal_columns_show_neither_values_nor_how_many_there_are() -> None:
    assert shown()["ability"] == few.Shown("ability", 0, None, None, None, (), withheld=True)
    assert shown()["phone"].empty is None, "two people without a telephone"


def test_a_rare_value_is_not_named_nor_left_to_subtraction() -> None:
    assert shown()["gender"].top == (), "100 rows, 97 of one kind: the other would follow"
    street = shown()["street"]
    assert street.top == (("a", 50), ("b", 30))
    assert street.distinct is None
    listed = 100 - (street.empty or 0) - sum(count for _value, count in street.top)
    assert listed >= 5


def test_extremes_are_of_single_people() -> None:
    assert {(each.low, each.high) for each in shown().values()} == {(None, None)}
    assert shown()["born"].top == (("1950", 6), ("1951", 5))
    assert shown()["born"].distinct is None, "60 values in 100 rows"


def test_who_may_see_the_rows_sees_all() -> None:
    for told, kept in zip(few.profile(FOUND, TABLE, clear=True), FOUND.columns, strict=True):
        assert (told.empty, told.distinct, told.low, told.top) == (
            kept.nulls,
            kept.distinct,
            kept.low,
            kept.top,
        )


def test_the_drift_names_no_new_value() -> None:
    moved = ColumnDrift("street", 0.2, 0.1, 0.1, ("e",), (), "moving")
    at = SnapshotRef(
        "callers", 1, 1, datetime(2026, 1, 1, tzinfo=UTC), 100, "urn:hutong:t:snapshot:callers.1", 1
    )
    found = Drift(None, at, 0, 100, (moved,))
    assert few.drift(found, clear=False).columns[0].new_values == ()
    assert few.drift(found, clear=True) is found


CASES = Contract(
    "cases",
    (
        Column("day", ColumnType.DATE),
        Column("street", ColumnType.TEXT),
        Column("new", ColumnType.INT, unit="例"),
        Column("old", ColumnType.INT, unit="例"),
        Column("all", ColumnType.INT, unit="例"),
        Column("running", ColumnType.INT, unit="例"),
        Column("beds", ColumnType.INT, unit="张"),
    ),
    rules=(Rule("up", "rises", Text(zh="降", en="falls"), column="running", per=("street",), order="day"),),
)


def seen(*rows: tuple[int | None, ...]) -> tuple[QueryResult, frozenset[tuple[int, str]]]:
    told = tuple(("2024-01-01", f"s{number}", *row) for number, row in enumerate(rows))
    names = tuple(each.name for each in CASES.columns)
    result = QueryResult(names, ("",) * len(names), told, (), "", 0.0)
    return result, few.sample(result, entry(), CASES)


def test_a_sample_of_counts_shows_no_small_one_and_none_that_tells_it() -> None:
    result, gone = seen((3, 40, 43, 200, 7), (30, 60, 90, 210, 2), (0, 50, 50, 220, 9), (12, 70, 82, 230, 4))
    assert (0, "new") in gone
    for row, values in enumerate(result.rows):
        shown = {name for name in ("new", "old", "all") if (row, name) not in gone}
        small = {name for name in ("new", "old", "all") if 0 < values[result.columns.index(name)] < 5}
        assert not small & shown
        assert not small or len(shown) < 2, "a part and the whole would give the other part"
    assert all((row, "running") in gone for row in range(4)), "the steps of a running count are the new cases"
    assert not any(name in {"beds", "day", "street"} for _row, name in gone)
    for name in ("new", "old", "all"):
        hidden = [row for row in range(4) if (row, name) in gone]
        assert not hidden or len(hidden) > 1, "one hidden cell would follow from the column's total"


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 3), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_sample_ever_shows_a_small_count(rows: list[tuple[int, int, int]]) -> None:
    result, gone = seen(*((a, b, a + b, c, 1) for a, b, c in rows))
    for row, values in enumerate(result.rows):
        for place, name in enumerate(result.columns):
            if name in {"new", "old", "all"} and 0 < values[place] < 5:
                assert (row, name) in gone


def test_tables_that_are_open_or_about_things_are_shown_whole() -> None:
    result, gone = seen((3, 1, 4, 8, 1))
    assert gone
    assert not few.sample(result, entry("open"), CASES)
    things = replace(entry(), body={"opening": {"kind": "none", "people": False}})
    assert not few.sample(result, things, CASES)
    stricter = replace(entry(), body={"opening": {"kind": "none", "smallest_count": 50}})
    assert (0, "old") in few.sample(seen((20, 30, 50, 60, 1))[0], stricter, CASES)


def test_the_profile_of_a_table_of_counts_names_none_of_them() -> None:
    assert few.about_people(entry(), CASES)
    found = Profile(100, 100, (column("new", 0, 40, ("0", 60), ("1", 30), ("2", 10)),))
    (told,) = few.profile(found, CASES, clear=False, counts=few.counts(entry(), CASES))
    assert (told.low, told.high, told.top, told.distinct) == (None, None, (), None)
