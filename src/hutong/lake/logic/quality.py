"""Scores from findings, after the dimensions of GB/T 36344-2018."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from hutong.kernel.text import Text
from hutong.lake.types import Contract, Dimension, DimensionScore, Finding, Quality

NAMES = {
    Dimension.COMPLETENESS: Text(zh="完整性", en="completeness"),
    Dimension.VALIDITY: Text(zh="规范性", en="validity"),
    Dimension.UNIQUENESS: Text(zh="唯一性", en="uniqueness"),
    Dimension.CONSISTENCY: Text(zh="一致性", en="consistency"),
    Dimension.ACCURACY: Text(zh="准确性", en="accuracy"),
    Dimension.TIMELINESS: Text(zh="时效性", en="timeliness"),
}
_FOR_THE_FILE = {"preamble", "extra-column", "repeated-header", "blank-row"}


def score(
    contract: Contract, findings: Sequence[Finding], rows: tuple[int, int, int], freshest: Any, now: datetime
) -> Quality:
    """Each dimension is the share of checks passed: cells for completeness, validity and accuracy, rows for the rest.

    ``rows``: in, loaded, quarantined. ``freshest``: the newest value of the freshness column, or the moment of
    loading.
    """
    rows_in = rows[0]
    checked = _checked(contract, rows_in)
    scores = []
    for dimension in Dimension:
        if dimension is Dimension.TIMELINESS:
            scores.append(_timeliness(contract, freshest, now))
            continue
        total = checked[dimension]
        affected = sum(
            each.count for each in findings if each.dimension is dimension and each.code not in _FOR_THE_FILE
        )
        value = round(100 * (1 - min(affected, total) / total), 2) if total else None
        scores.append(DimensionScore(dimension, value, affected, total, _why(dimension, affected, total)))
    known = [each.score for each in scores if each.score is not None]
    return Quality(
        round(sum(known) / len(known), 2) if known else 100.0, tuple(scores), tuple(findings), *rows
    )


def _checked(contract: Contract, rows: int) -> dict[Dimension, int]:
    """How many cells or rows each dimension looks at."""
    columns = contract.columns
    bounded = [
        each
        for each in columns
        if each.range != (None, None) or not each.whole_degrees or each.type in ("longitude", "latitude")
    ]
    rules = dict.fromkeys(Dimension, 0)
    for rule in contract.rules:
        rules[rule.dimension] += rows
    return {
        Dimension.COMPLETENESS: rows * len(columns) + rules[Dimension.COMPLETENESS],
        Dimension.VALIDITY: rows * len(columns) + rules[Dimension.VALIDITY],
        Dimension.UNIQUENESS: (rows if contract.key else 0) + rules[Dimension.UNIQUENESS],
        Dimension.CONSISTENCY: rules[Dimension.CONSISTENCY],
        Dimension.ACCURACY: rows * len(bounded) + rules[Dimension.ACCURACY],
        Dimension.TIMELINESS: 0,
    }


def _why(dimension: Dimension, affected: int, total: int) -> Text:
    if not total:
        return Text(zh="契约没有此类要求", en="the contract asks nothing of this kind")
    cells = dimension in (Dimension.COMPLETENESS, Dimension.VALIDITY, Dimension.ACCURACY)
    unit = Text(zh="个单元格", en="cells") if cells else Text(zh="次行检查", en="row checks")
    return Text(
        zh=f"{total:,} {unit.zh}中有 {affected:,} 处问题", en=f"{affected:,} defects in {total:,} {unit.en}"
    )


def _timeliness(contract: Contract, freshest: Any, now: datetime) -> DimensionScore:
    rule = contract.freshness
    if rule is None or freshest is None:
        why = Text(zh="契约没有时效要求", en="the contract asks for no freshness")
        return DimensionScore(Dimension.TIMELINESS, None, 0, 0, why)
    age = now - _moment(freshest)
    late = age > rule.within
    value = 100.0 if not late else round(100 * rule.within / age, 2)
    why = Text(
        zh=f"最新数据距今 {age.days} 天，要求不超过 {rule.within.days} 天",
        en=f"the newest is {age.days} days old; {rule.within.days} are allowed",
    )
    return DimensionScore(Dimension.TIMELINESS, value, int(late), 1, why)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    text = str(value)
    if text.isdigit():
        return datetime(int(text), 12, 31, tzinfo=UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
