"""A question as a form or a program writes it; raises ``BadQuestion`` for what cannot be read."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from hutong.kernel.errors import Place
from hutong.kernel.money import BadAmount, parse_amount
from hutong.lake.types import Column, ColumnType, Condition, Contract, Op
from hutong.privacy.errors import BadQuestion
from hutong.privacy.types import Measure, Question

LONGEST = 1000
_WORDS: Final = {
    "等于": Op.EQ, "=": Op.EQ, "equals": Op.EQ, "is": Op.EQ,
    "不等于": Op.NE, "≠": Op.NE, "is not": Op.NE,
    "小于": Op.LT, "早于": Op.LT, "<": Op.LT, "is less than": Op.LT, "is before": Op.LT,
    "不大于": Op.LE, "不晚于": Op.LE, "≤": Op.LE, "is at most": Op.LE, "is not after": Op.LE,
    "大于": Op.GT, "晚于": Op.GT, ">": Op.GT, "is greater than": Op.GT, "is after": Op.GT,
    "不小于": Op.GE, "不早于": Op.GE, "≥": Op.GE, "is at least": Op.GE, "is not before": Op.GE,
    "属于": Op.IN, "是其中之一": Op.IN, "is one of": Op.IN,
    "介于": Op.BETWEEN, "is between": Op.BETWEEN,
    "为空": Op.NULL, "is empty": Op.NULL, "不为空": Op.NOT_NULL, "is not empty": Op.NOT_NULL,
}  # fmt: skip


def of(given: Mapping[str, str]) -> Question:
    """From the fields of a form; conditions one a line, as column:comparison:value."""
    lines = [line.strip() for line in given.get("where", "")[: LONGEST * 5].splitlines() if line.strip()]
    return Question(
        _measure(given.get("measure", "")),
        decimal(given.get("epsilon", ""), "epsilon"),
        given.get("column", "")[:120],
        conditions(lines),
        _optional(given.get("low", ""), "low"),
        _optional(given.get("high", ""), "high"),
        decimal(given.get("rank", "") or "0.5", "rank"),
    )


def plain(text: str, shape: Contract) -> str:
    """Conditions as people write them, by titles and words, as column:comparison:value by codes.

    What is not known stays as it stands, for ``conditions`` or the lake to refuse.
    """
    return "\n".join(_plain(line.strip(), shape) for line in text.splitlines())


def _plain(line: str, shape: Contract) -> str:
    parts = [each.strip() for each in re.split("[:：]", line, maxsplit=2)]
    if len(parts) == 1:
        return line
    column = next((each for each in shape.columns if parts[0] in _names(each)), None)
    op = _WORDS.get(parts[1].casefold(), parts[1])
    if column is None:
        return ":".join([parts[0], op, *parts[2:]])
    values = re.split("[,，、]", parts[2]) if op in {Op.IN, Op.BETWEEN} and len(parts) > 2 else parts[2:]
    said = ",".join(_code(each.strip(), column) for each in values)
    return ":".join([column.name, op, *([said] if values else [])])


def _names(column: Column) -> set[str]:
    return {column.name, column.title.zh, column.title.en} - {""}


def _code(text: str, column: Column) -> str:
    """A code by its title, true and false by yes and no, an amount in yuan or with its unit as fen."""
    if column.type is ColumnType.MONEY:
        return _fen(text)
    if column.type is ColumnType.BOOL:
        return {"是": "true", "yes": "true", "否": "false", "no": "false"}.get(text.casefold(), text)
    return next((code for code, title in column.codes.items() if text in {title.zh, title.en} - {""}), text)


def _fen(text: str) -> str:
    try:
        return str(parse_amount(text if text.endswith(("元", "分")) else f"{text}元"))
    except BadAmount:
        return text


def conditions(lines: Sequence[str]) -> tuple[Condition, ...]:
    found = []
    for line in lines:
        column, _colon, rest = line.partition(":")
        op, _colon, values = rest.partition(":")
        if op not in {each.value for each in Op} or "\0" in line or len(line) > LONGEST:
            raise BadQuestion(
                place=Place(key="where"),
                reason_zh=f"条件“{line[:40]}”无法读取",
                reason_en=f"the condition “{line[:40]}” cannot be read",
            )
        several = op in {Op.IN, Op.BETWEEN}
        taken = values.split(",") if several else ([values] if op not in {Op.NULL, Op.NOT_NULL} else [])
        found.append(Condition(column, Op(op), tuple(each.strip() for each in taken)))
    return tuple(found)


def decimal(text: str, key: str | None = None) -> Decimal:
    """``key`` is the field it stands in, for the error."""
    try:
        return Decimal(text.strip()[:40])
    except InvalidOperation:
        place = Place(key=key) if key else None
        zh, en = f"“{text[:20]}”不是数", f"“{text[:20]}” is no number"
        raise BadQuestion(place=place, reason_zh=zh, reason_en=en) from None


def _optional(text: str, key: str) -> Decimal | None:
    return decimal(text, key) if text.strip() else None


def _measure(text: str) -> Measure:
    try:
        return Measure(text)
    except ValueError:
        raise BadQuestion(
            place=Place(key="measure"), reason_zh="没有这种统计方式", reason_en="there is no such measure"
        ) from None
