"""A question as a form or a program writes it; raises ``BadQuestion`` for what cannot be read."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from hutong.kernel.errors import Place
from hutong.lake.types import Condition, Op
from hutong.privacy.errors import BadQuestion
from hutong.privacy.types import Measure, Question

LONGEST = 1000


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
