"""Conditions on rows for people: the lines of the form that asks for data, and how conditions are said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from hutong.exchange import words
from hutong.exchange.errors import BadRequest
from hutong.exchange.logic import conditions
from hutong.exchange.logic.conditions import Line, Wrong
from hutong.exchange.logic.terms import MOST_CONDITIONS
from hutong.kernel.money import FEN
from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType, Condition, Contract, Op, Value
from hutong.ui.api import month, unit, when

_T = ColumnType
_MOST_SAID, _MOST_CHOICES = 20, 200
_LISTS: Final = frozenset({Op.IN, Op.BETWEEN})
_TIMES: Final = frozenset({_T.DATE, _T.DATETIME, _T.MONTH, _T.YEAR})
_OPS: Final[Mapping[Op, Text]] = {
    Op.EQ: Text(zh="等于", en="equals"),
    Op.NE: Text(zh="不等于", en="is not"),
    Op.IN: Text(zh="是其中之一", en="is one of"),
    Op.GE: Text(zh="不小于", en="is at least"),
    Op.LE: Text(zh="不大于", en="is at most"),
    Op.GT: Text(zh="大于", en="is greater than"),
    Op.LT: Text(zh="小于", en="is less than"),
    Op.BETWEEN: Text(zh="介于", en="is between"),
    Op.PREFIX: Text(zh="开头是", en="begins with"),
    Op.CONTAINS: Text(zh="包含", en="contains"),
    Op.NULL: Text(zh="为空", en="is empty"),
    Op.NOT_NULL: Text(zh="不为空", en="is not empty"),
}
_TIMED: Final[Mapping[Op, Text]] = {
    Op.GE: Text(zh="不早于", en="is not before"),
    Op.LE: Text(zh="不晚于", en="is not after"),
    Op.GT: Text(zh="晚于", en="is after"),
    Op.LT: Text(zh="早于", en="is before"),
}
_SAID: Final[Mapping[Op, Text]] = {
    Op.EQ: Text(zh="{column}为{value}", en="{column} is {value}"),
    Op.NE: Text(zh="{column}不为{value}", en="{column} is not {value}"),
    Op.IN: Text(zh="{column}为以下之一：{value}", en="{column} is one of {value}"),
    Op.BETWEEN: Text(zh="{column}介于 {value} 至 {until}", en="{column} is from {value} to {until}"),
    Op.PREFIX: Text(zh="{column}以“{value}”开头", en="{column} begins with “{value}”"),
    Op.CONTAINS: Text(zh="{column}包含“{value}”", en="{column} contains “{value}”"),
    Op.NULL: Text(zh="{column}为空", en="{column} is empty"),
    Op.NOT_NULL: Text(zh="{column}不为空", en="{column} is not empty"),
}
_PLAIN: Final = Text(zh="{column}{op} {value}", en="{column} {op} {value}")
_APART: Final = Text(zh="；", en="; ")
_MORE: Final = Text(zh="{values} 等 {count} 个", en="{values} and {more} more")
_YES, _NO = Text(zh="是", en="yes"), Text(zh="否", en="no")


def op_word(op: Op, column: Column | None = None) -> str:
    """A comparison in words; times are not small or great, but early or late."""
    timed = _TIMED.get(op) if column is not None and column.type in _TIMES else None
    return str(timed or _OPS[op])


def say(where: Sequence[Condition], shape: Contract) -> str:
    """Conditions as a person reads them: titles of columns and codes, words, units."""
    columns = {each.name: each for each in shape.columns}
    return str(_APART).join(_said(each, columns.get(each.column)) for each in where)


def _said(each: Condition, column: Column | None) -> str:
    title = str((column and column.title) or "") or each.column
    values = [_value(value, column) for value in each.values]
    facts = {"column": title, "op": op_word(each.op, column), "value": words.listed(values[:_MOST_SAID])}
    if len(values) > _MOST_SAID:
        facts["value"] = str(
            _MORE.format(values=facts["value"], count=len(values), more=len(values) - _MOST_SAID)
        )
    if each.op is Op.BETWEEN and len(values) == 2:
        facts["value"], facts["until"] = values
    return str(_SAID.get(each.op, _PLAIN).format(**facts))


def _value(value: Value, column: Column | None) -> str:
    if column is None:
        return str(value)
    if column.codes:
        return str(column.codes.get(str(value)) or value)
    if column.type is _T.BOOL:
        return str(_YES if str(value).lower() in {"true", "1"} else _NO)
    try:
        match column.type:
            case _T.DATE:
                return when(date.fromisoformat(str(value)))
            case _T.MONTH:
                return month(date.fromisoformat(f"{str(value)[:7]}-01"))
            case _T.DATETIME:
                return when(datetime.fromisoformat(str(value)))
            case _T.MONEY:
                return _amount(int(str(value)))
            case _T.PERCENT:
                return f"{_digits(value)}%"
            case _T.INT | _T.DECIMAL | _T.FLOAT | _T.QUANTITY:
                return f"{_digits(value)} {unit(column.unit)}".strip()
    except (ValueError, InvalidOperation):
        pass
    return str(value)


def _digits(value: Value) -> str:
    return f"{Decimal(str(value)).normalize():,f}"


def _amount(fen: int) -> str:
    """Exactly, for it is signed: in the largest unit that leaves two decimals at most."""
    yuan = f"{Decimal(fen) / 100:,.2f}".removesuffix(".00")
    for name in ("亿元", "万元"):
        if abs(fen) >= FEN[name] and fen * 100 % FEN[name] == 0:
            written = f"{Decimal(fen) / FEN[name]:,.2f}".rstrip("0").rstrip(".")
            return str(Text(zh=f"{written} {name}", en=f"CNY {yuan}"))
    return str(Text(zh=f"{yuan} 元", en=f"CNY {yuan}"))


@dataclass(frozen=True, slots=True)
class Read:
    """What the lines of a form came to: conditions, or what is wrong with which line."""

    lines: tuple[Line, ...]
    where: tuple[Condition, ...] = ()
    wrong: Mapping[int, Wrong] = field(default_factory=dict)

    def fault(self) -> Text:
        """Which lines have to be mended."""
        numbers = words.listed(str(at + 1) for at in self.wrong)
        return Text(zh=f"行条件第 {numbers} 条有误", en=f"mend row condition {numbers}")


def lines(given: QueryDict) -> tuple[Line, ...]:
    """The lines that say something, in order."""
    fields = (given.getlist(f"where-{name}") for name in ("column", "op", "value"))
    found = (Line(*each) for each in zip(*fields, strict=False))
    return tuple(each for each in found if not each.blank)[: MOST_CONDITIONS + 1]


def read(said: Sequence[Line], columns: Iterable[Column]) -> Read:
    """The conditions of the lines. None is read in part: what cannot be read is said of each."""
    known = {each.name: each for each in columns}
    where, wrong = [], {}
    for at, line in enumerate(said):
        try:
            where.append(conditions.read(line, known))
        except Wrong as fault:
            wrong[at] = fault
    if len(said) > MOST_CONDITIONS:
        raise BadRequest(
            reason_zh=f"行条件最多 {MOST_CONDITIONS} 条",
            reason_en=f"there are at most {MOST_CONDITIONS} row conditions",
        )
    return Read(tuple(said), tuple(where), wrong)


def form(found: Read, columns: Sequence[Column], *, more: bool = False) -> dict[str, Any]:
    """The lines as the template draws them; one blank where there is none, or where one more is wanted."""
    known = {each.name: each for each in columns}
    said = [*found.lines[:MOST_CONDITIONS]]
    if not said or (more and len(said) < MOST_CONDITIONS):
        said.append(Line())
    choices = [{"value": each.name, "label": str(each.title) or each.name} for each in columns]
    return {
        "columns": [{"value": "", "label": _("All rows") if len(said) == 1 else _("No condition")}, *choices],
        "lines": [
            _line(at, each, known.get(each.column), found.wrong.get(at)) for at, each in enumerate(said)
        ],
        "more": len(said) < MOST_CONDITIONS,
        "fresh": len(said) if more else 0,
        "first": min(found.wrong, default=-1) + 1,
    }


def _line(at: int, line: Line, column: Column | None, wrong: Wrong | None) -> dict[str, Any]:
    fits = conditions.fitting(column) if column else tuple(_OPS)
    op = Op(line.op) if line.op in set(fits) else fits[0]
    kind, choices = _entry(column, op, line.value)
    return {
        "number": at + 1,
        "column": line.column,
        "op": op.value,
        "ops": [{"value": each.value, "label": op_word(each, column)} for each in fits],
        "value": line.value,
        "kind": kind,
        "choices": choices,
        "unit": _unit(column) if kind != "none" else "",
        "field": wrong.field if wrong else "",
        "wrong": str(wrong.why) if wrong else "",
    }


def _entry(column: Column | None, op: Op, value: str) -> tuple[str, list[dict[str, str]]]:
    """How the value is entered (a select, a day, a month, text with suggestions), and what it may be chosen from."""
    if op in {Op.NULL, Op.NOT_NULL}:
        return "none", []
    if column is None:
        return "text", []
    if column.type is _T.BOOL:
        known = [{"value": "true", "label": str(_YES)}, {"value": "false", "label": str(_NO)}]
    else:
        known = [{"value": code, "label": str(title) or code} for code, title in column.codes.items()]
    if known and len(known) <= _MOST_CHOICES:
        one = op not in _LISTS and op is not Op.PREFIX
        unknown = value.strip() not in {"", *(each["value"] for each in known)}
        return ("select" if one and not unknown else "text"), known
    if column.type in {_T.DATE, _T.MONTH} and op not in _LISTS and _iso(value, column.type):
        return ("date" if column.type is _T.DATE else "month"), []
    return "text", []


def _iso(value: str, kind: ColumnType) -> bool:
    """Whether a field of days can show what was typed."""
    try:
        date.fromisoformat(f"{value}-01" if kind is _T.MONTH else value or "")
    except ValueError:
        return not value
    return True


def _unit(column: Column | None) -> str:
    if column is None:
        return ""
    if column.type is _T.MONEY:
        return unit("元")
    return "%" if column.type is _T.PERCENT else unit(column.unit)
