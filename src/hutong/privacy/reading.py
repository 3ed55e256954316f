"""A question as a form or a program writes it; raises ``BadQuestion`` for what cannot be read."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from hutong.lake.types import Condition, Op
from hutong.privacy.errors import BadQuestion
from hutong.privacy.types import Measure, Question

LONGEST = 1000


def of(given: Mapping[str, str]) -> Question:
    """From the fields of a form; conditions one a line, as column:comparison:value."""
    lines = [line.strip() for line in given.get("where", "")[: LONGEST * 5].splitlines() if line.strip()]
    return Question(
        _measure(given.get("measure", "")),
        decimal(given.get("epsilon", "")),
        given.get("column", "")[:120],
        conditions(lines),
        _optional(given.get("low", "")),
        _optional(given.get("high", "")),
        decimal(given.get("rank", "") or "0.5"),
    )


def conditions(lines: Sequence[str]) -> tuple[Condition, ...]:
    found = []
    for line in lines:
        column, _colon, rest = line.partition(":")
        op, _colon, values = rest.partition(":")
        if op not in {each.value for each in Op} or "\0" in line or len(line) > LONGEST:
            raise BadQuestion(
                reason_zh=f"条件“{line[:40]}”无法读取",
                reason_en=f"the condition “{line[:40]}” cannot be read",
            )
        several = op in {Op.IN, Op.BETWEEN}
        taken = values.split(",") if several else ([values] if op not in {Op.NULL, Op.NOT_NULL} else [])
        found.append(Condition(column, Op(op), tuple(each.strip() for each in taken)))
    return tuple(found)


def decimal(text: str) -> Decimal:
    try:
        return Decimal(text.strip()[:40])
    except InvalidOperation:
        raise BadQuestion(reason_zh=f"“{text[:20]}”不是数", reason_en=f"“{text[:20]}” is no number") from None


def _optional(text: str) -> Decimal | None:
    return decimal(text) if text.strip() else None


def _measure(text: str) -> Measure:
    try:
        return Measure(text)
    except ValueError:
        raise BadQuestion(reason_zh="没有这种统计方式", reason_en="there is no such measure") from None
