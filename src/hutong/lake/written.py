"""How the values of a column are written for a reader: money in the column's unit, numbers as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from hutong.kernel.clock import local
from hutong.kernel.money import FEN
from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType

_NUMBERS: Final = frozenset(
    {ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT, ColumnType.PERCENT, ColumnType.QUANTITY}
)
_ENGLISH: Final = {
    "分": "fen",
    "元": "CNY",
    "千元": "CNY 1,000",
    "万元": "CNY 10,000",
    "百万元": "CNY m",
    "亿元": "CNY 100m",
}
_USUAL: Final = "万元"
_TRUTH: Final = {True: Text(zh="是", en="yes"), False: Text(zh="否", en="no")}
_MOST_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Written:
    """A column of values as texts; ``unit`` belongs into its heading, ``numeric`` ones are aligned to the right."""

    texts: tuple[str | None, ...]
    unit: str = ""
    numeric: bool = False


def write(column: Column | None, values: Sequence[Any], language: str = "zh-hans") -> Written:
    """The values as texts; a column that no contract knows is judged by its values."""
    if column is not None and column.type is ColumnType.MONEY:
        if is_fen(column, values):
            return _money(column, values, language)
        column = None  # a query made something else of it
    numeric = column.type in _NUMBERS if column else _only(values, int | float | Decimal)
    if numeric and _only(values, int | float | Decimal):
        unit = (column.unit or ("%" if column.type is ColumnType.PERCENT else "")) if column else ""
        return Written(tuple(None if each is None else _digits(each) for each in values), unit, numeric=True)
    return Written(tuple(_plain(column, each, language) for each in values), column.unit if column else "")


def is_fen(column: Column | None, values: Sequence[Any]) -> bool:
    """Whether the values are amounts of money as they are kept."""
    return column is not None and column.type is ColumnType.MONEY and _only(values, int)


def _only(values: Sequence[Any], kind: Any) -> bool:
    known = [each for each in values if each is not None]
    return bool(known) and all(isinstance(each, kind) and not isinstance(each, bool) for each in known)


def _money(column: Column, values: Sequence[Any], language: str) -> Written:
    unit = column.unit if column.unit in FEN else _USUAL
    amounts = [None if each is None else Decimal(each) / FEN[unit] for each in values]
    decimals = max((_places(each) for each in amounts if each is not None), default=0)
    shown = tuple(None if each is None else f"{each:,.{decimals}f}" for each in amounts)
    return Written(shown, unit if language.startswith("zh") else _ENGLISH[unit], numeric=True)


def _places(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return min(max(-exponent, 0), _MOST_DECIMALS) if isinstance(exponent, int) else 0


def _digits(value: float | Decimal) -> str:
    return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"


def _plain(column: Column | None, value: Any, language: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _TRUTH[value].zh if language.startswith("zh") else _TRUTH[value].en
    if isinstance(value, datetime):
        return (local(value) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return f"{value:%Y-%m}" if column and column.type is ColumnType.MONTH else value.isoformat()
    return str(value)
