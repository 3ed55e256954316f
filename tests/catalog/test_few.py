"""The profile of a table about people, read by someone who wants to know about one of them."""

from dataclasses import replace
from datetime import UTC, datetime

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
