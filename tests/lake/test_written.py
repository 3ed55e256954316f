"""Values as a reader sees them."""

from datetime import date
from decimal import Decimal

import pytest

from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType
from hutong.lake.written import is_fen, write


def column(kind: ColumnType, unit: str = "") -> Column:
    return Column("x", kind, Text("列", "X"), unit=unit)


def test_money_is_in_the_unit_of_its_column_and_exact() -> None:
    written = write(column(ColumnType.MONEY, "亿元"), [304_500_000_000, None, 10_266_400_000_000])
    assert written.texts == ("30.45", None, "1,026.64")
    assert (written.unit, written.numeric) == ("亿元", True)
    assert write(column(ColumnType.MONEY), [123_456_789]).texts == ("123.456789",)
    assert write(column(ColumnType.MONEY, "万元"), [1_000_000], "en").unit == "CNY 10,000"


def test_what_a_query_made_of_money_keeps_its_value_and_loses_the_unit() -> None:
    written = write(column(ColumnType.MONEY, "亿元"), [30.45])
    assert (written.texts, written.unit) == (("30.45",), "")
    assert not is_fen(column(ColumnType.MONEY), [30.45])
    assert write(column(ColumnType.MONEY, "亿元"), ["•••"]).unit == ""


@pytest.mark.parametrize(
    ("kind", "value", "text", "numeric"),
    [
        (ColumnType.INT, 12345, "12,345", True),
        (ColumnType.YEAR, 2023, "2023", False),
        (ColumnType.DECIMAL, Decimal("1234.50"), "1,234.50", True),
        (ColumnType.MONTH, date(2023, 10, 1), "2023-10", False),
        (ColumnType.DATE, date(2023, 10, 1), "2023-10-01", False),
        (ColumnType.CODE, "J", "J", False),
        (ColumnType.BOOL, True, "是", False),
        (ColumnType.BOOL, False, "否", False),
    ],
)
def test_kinds(kind: ColumnType, value: object, text: str, numeric: bool) -> None:
    written = write(column(kind), [value])
    assert (written.texts, written.numeric) == ((text,), numeric)


def test_a_column_no_contract_knows_is_judged_by_its_values() -> None:
    assert write(None, [1, 2]).numeric
    assert not write(None, ["1"]).numeric
    assert not write(None, [None]).numeric


def test_what_is_true_is_said_in_the_language_of_the_reader() -> None:
    assert write(column(ColumnType.BOOL), [True, False, None], "en").texts == ("yes", "no", None)
    assert write(None, [True]).texts == ("是",)
