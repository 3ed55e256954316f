"""Conditions on rows as a person types them: a column, a comparison in words, a value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from hutong.kernel.clock import SHANGHAI
from hutong.kernel.money import BadAmount, parse_amount
from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType, Condition, Op, Value

_T = ColumnType
_TEXTS: Final = frozenset({_T.TEXT, _T.USCC, _T.IDNUMBER, _T.PHONE, _T.JSON})
_WHOLE: Final = frozenset({_T.INT, _T.YEAR})
_PRESENCE: Final = (Op.NULL, Op.NOT_NULL)
_SAME: Final = (Op.EQ, Op.NE, Op.IN)
_ORDER: Final = (Op.GE, Op.LE, Op.GT, Op.LT, Op.BETWEEN)
_LONGEST, _MOST_DIGITS, _MOST_VALUES = 1000, 24, 1000
_TRUE: Final = frozenset({"true", "1", "yes", "是"})
_FALSE: Final = frozenset({"false", "0", "no", "否"})
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?\D*")


@dataclass(frozen=True, slots=True)
class Line:
    """One condition as it stands in the form."""

    column: str = ""
    op: str = ""
    value: str = ""

    @property
    def blank(self) -> bool:
        return not self.column and not self.value.strip()


class Wrong(ValueError):
    """A line that cannot be read: which of its fields (column, op, value), and why."""

    def __init__(self, field: str, why: Text) -> None:
        super().__init__(why.zh)
        self.field, self.why = field, why


def fitting(column: Column) -> tuple[Op, ...]:
    """The comparisons that make sense for a column."""
    if column.type is _T.GEOMETRY:
        return _PRESENCE
    if column.type is _T.BOOL:
        return (Op.EQ, *_PRESENCE)
    if column.type is _T.DATETIME:
        return (*_ORDER, *_PRESENCE)
    if column.type is _T.CODE:
        return (*_SAME, Op.PREFIX, *_PRESENCE)
    if column.type in _TEXTS:
        return (*_SAME, Op.PREFIX, Op.CONTAINS, *_PRESENCE)
    return (*_SAME, *_ORDER, *_PRESENCE)


def read(line: Line, columns: Mapping[str, Column]) -> Condition:
    """The condition that a line means; ``columns`` are those it may be about. Raises ``Wrong``."""
    if not line.column:
        raise Wrong("column", Text(zh="请选择列", en="choose a column"))
    column = columns.get(line.column)
    if column is None:
        raise Wrong(
            "column",
            Text(
                zh="没有这一列，或不能以它设条件", en="there is no such column, or it may not be a condition"
            ),
        )
    if line.op not in {each.value for each in fitting(column)}:
        raise Wrong("op", Text(zh="请选择适合该列的比较方式", en="choose a comparison that fits the column"))
    op = Op(line.op)
    if op in _PRESENCE:
        return Condition(column.name, op)
    texts = _parted(line.value, op)
    if not texts:
        raise Wrong("value", Text(zh="请填写取值", en="give a value"))
    if op is Op.BETWEEN and len(texts) != 2:
        raise Wrong("value", Text(zh="须填两个值，以顿号或逗号隔开", en="give two values, parted by a comma"))
    if len(texts) > _MOST_VALUES:
        most = Text(zh="最多 {most} 个值", en="at most {most} values").format(most=_MOST_VALUES)
        raise Wrong("value", most)
    late = op in {Op.LE, Op.GT}
    values = [
        _value(each, column, late=late or (op is Op.BETWEEN and at == 1)) for at, each in enumerate(texts)
    ]
    if op is Op.BETWEEN and _falls(*values):
        raise Wrong("value", Text(zh="第一个值不能大于第二个值", en="the first value is above the second"))
    return Condition(column.name, op, tuple(values))


def _parted(text: str, op: Op) -> list[str]:
    """The values of a line: one, or as many as are parted by a mark of a list, else by commas."""
    if op not in {Op.IN, Op.BETWEEN}:
        return [text.strip()] if text.strip() else []
    marks = "[、；;|\n]" if re.search("[、；;|\n]", text) else "[,，]"
    return [part.strip() for part in re.split(marks, text) if part.strip()]


def _falls(first: Value, second: Value) -> bool:
    """Whether the second is below the first; days and moments are texts that sort as they follow each other."""
    if isinstance(first, int | Decimal) and isinstance(second, int | Decimal):
        return second < first
    return str(second) < str(first)


def _value(text: str, column: Column, *, late: bool) -> Value:
    kind = column.type
    if len(text) > _LONGEST or "\0" in text:
        raise Wrong("value", Text(zh="取值过长", en="the value is too long"))
    if column.codes:
        return _code(text, column)
    if kind in _TEXTS or kind is _T.CODE:
        return text
    if kind is _T.BOOL:
        if text.lower() not in _TRUE | _FALSE:
            raise _unlike(text, Text(zh="是或否", en="yes or no"))
        return text.lower() in _TRUE
    if kind is _T.DATETIME:
        return _moment(text, late=late).isoformat()
    if kind in {_T.DATE, _T.MONTH}:
        return _day(text, kind)
    if kind is _T.MONEY:
        return _fen(text)
    return _number(text, column)


def _code(text: str, column: Column) -> str:
    """A code, or the title of one in either language."""
    if text in column.codes:
        return text
    for code, title in column.codes.items():
        if text in {title.zh, title.en}:
            return code
    raise _unlike(text, Text(zh="该列代码表中的取值", en="in the column's list of codes"))


def _day(text: str, kind: ColumnType) -> str:
    found = _DAY.fullmatch(text)
    try:
        if found and kind is _T.MONTH:
            return f"{date(int(found[1]), int(found[2]), int(found[3] or 1)):%Y-%m}"
        if found and found[3]:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        pass
    raise _unlike(
        text,
        Text(zh="月份，如 2025-06", en="a month such as 2025-06")
        if kind is _T.MONTH
        else Text(zh="日期，如 2025-06-30", en="a day such as 2025-06-30"),
    )


def _moment(text: str, *, late: bool) -> datetime:
    """A moment in Beijing time; a day alone is its first moment, or its last where ``late``."""
    try:
        if found := _DAY.fullmatch(text):
            day = datetime.combine(
                date(int(found[1]), int(found[2]), int(found[3] or "")), time(), tzinfo=SHANGHAI
            )
            return day + timedelta(days=1, microseconds=-1) if late else day
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _unlike(
            text, Text(zh="日期或时间，如 2025-06-30 08:00", en="a time such as 2025-06-30 08:00")
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _fen(text: str) -> int:
    """An amount: in yuan unless it names its unit."""
    plain = re.sub(r"\s", "", text)
    if plain.endswith(("百", "千", "万", "亿")):
        plain += "元"
    try:
        return parse_amount(plain if plain.endswith(("元", "分")) else plain + "元")
    except BadAmount:
        raise _unlike(text, Text(zh="金额（元），如 2000000 或 200 万元", en="an amount in yuan")) from None


def _number(text: str, column: Column) -> Value:
    plain = text.removesuffix(column.unit).strip() if column.unit else text
    plain = plain.removesuffix("%").strip() if column.type is _T.PERCENT else plain
    plain = re.sub("[,，]", "", plain) if _THOUSANDS.fullmatch(plain) else plain
    try:
        number = Decimal(plain) if len(plain) <= _MOST_DIGITS else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    whole = column.type in _WHOLE
    if not number.is_finite() or (whole and number != number.to_integral_value()):
        raise _unlike(text, Text(zh="整数", en="a whole number") if whole else Text(zh="数字", en="a number"))
    return int(number) if whole else number


def _unlike(text: str, wanted: Text) -> Wrong:
    return Wrong(
        "value",
        Text(zh="“{text}”不是{wanted}", en="“{text}” is not {english}").format(
            text=text[:40], wanted=wanted.zh, english=wanted.en
        ),
    )
