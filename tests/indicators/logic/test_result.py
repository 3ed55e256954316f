"""Values are exact and hashed the same way every time."""

from datetime import date
from decimal import Decimal

import pytest

from hutong.indicators.errors import BadResult
from hutong.indicators.logic.periods import Period
from hutong.indicators.logic.result import canonical, exact, new_salt, read_rows, result_hash

JUNE, MAY = date(2025, 6, 1), date(2025, 5, 1)
DAY = date(2025, 6, 15)


def read(rows: list[tuple[object, ...]], names: tuple[str, ...] = ("period", "subdistrict", "value")):
    return read_rows("x", names, rows, dimensions=("subdistrict",), period=Period.MONTH, as_of=DAY)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (float("inf"), ""),
        (3, "3"),
        (Decimal("12.3400"), "12.34"),
        (Decimal("1E+3"), "1000"),
        (0.1 + 0.2, "0.3"),
        (1e20, "100000000000000000000"),
        (-0.0, "0"),
        (True, "1"),
        ("n/a", ""),
    ],
)
def test_exact(value: object, text: str) -> None:
    assert exact(value) == text


def test_order_of_rows_does_not_change_the_hash() -> None:
    rows = [(JUNE, None, 3), (MAY, None, 2), (JUNE, "东华门", 1), (JUNE, "和平里", 2)]
    assert result_hash(read(rows), "ab") == result_hash(read(rows[::-1]), "ab")
    assert result_hash(read(rows), "ab") != result_hash(read([*rows[:-1], (JUNE, "和平里", 2.5)]), "ab")
    assert result_hash(read(rows), "ab") != result_hash(read(rows), "cd")
    assert canonical(read(rows[:1]), "ab") == '{"salt":"ab","values":[["2025-06-01",{},"3"]]}'
    assert canonical(read(rows[:1]), "") == '[["2025-06-01",{},"3"]]'
    assert len({new_salt() for _each in range(50)}) == 50


def test_back_counts_from_the_newest_value() -> None:
    found = {
        each.period: each.back
        for each in read([(JUNE, None, None), (MAY, None, 2), (date(2024, 5, 1), None, 1)])
    }
    assert found == {MAY: 0, date(2024, 5, 1): 12}


@pytest.mark.parametrize(
    "rows",
    [
        [(JUNE, None, 1), (JUNE, None, 2)],
        [(date(2025, 6, 2), None, 1)],
        [(date(2025, 7, 1), None, 1)],
        [(None, None, 1)],
    ],
)
def test_what_is_no_figure(rows: list[tuple[object, ...]]) -> None:
    with pytest.raises(BadResult):
        read(rows)


def test_columns_that_do_not_belong() -> None:
    with pytest.raises(BadResult):
        read([(JUNE, 1, 1)], ("period", "street", "value"))
    with pytest.raises(BadResult):
        read([(JUNE, 1)], ("period", "subdistrict"))
    with pytest.raises(BadResult):
        read([("a", 1)], ("subdistrict", "value"))
