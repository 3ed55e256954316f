"""The figure a target aims at, and the line that leads to it. No I/O."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hutong.indicators.plan_import.types import Target
from hutong.indicators.plans.types import NO_REASON, Baseline
from hutong.kernel.text import Text

_IN_WORDS = Text(
    zh="目标只有文字表述，没有可比的数值", en="the target is in words, without a figure to compare"
)
_ASSIGNED = Text(
    zh="目标以上级下达的任务为准，规划未写数值",
    en="a higher level assigns the target; the plan gives no figure",
)
_RANKED = Text(zh="目标是位次，不随时间逐步达到", en="the target is a rank, which no line leads to")
_NO_BASE = Text(zh="规划没有给出基期数值", en="the plan gives no baseline figure")
_UNKNOWN = Text(
    zh="没有名为“{reference}”的指标可作比较", en="there is no indicator named {reference} to compare with"
)
_NO_NUMBER = Text(zh="目标没有可计算的数值", en="the target has no figure to compute with")
_TO_BASELINE = re.compile(r"20\d\d年(?:底|末)?|[“\"]?十[一二三四五]五[”\"]?(?:末|时期末?|期间)?|基期|同期")

Line = Callable[[date], float | None]


@dataclass(frozen=True, slots=True)
class Aim:
    """Where to, from where, and what is due on a day (``None`` with a reason where no line leads there)."""

    value: float
    start: float | None
    falling: bool
    due: Line
    about: bool = False
    strict: bool = False
    reason: Text = NO_REASON


def aim_of(
    target: Target, baseline: Baseline | None, period: tuple[int, int], unit: str, reference: float | None
) -> Aim | Text:
    """The aim, or the reason why none can be computed."""
    if target.op == "rank":
        return _RANKED
    if target.op == "text":
        return _ASSIGNED if re.search(r"下达|任务|市级|上级|国家", target.text) else _IN_WORDS
    if target.low is None and target.high is None and not target.relative_to:
        return _NO_NUMBER
    if target.relative_to:
        return _relative(target, baseline, period, unit, reference)
    if target.per == "period":
        return _over_period(target, period)
    if target.per:
        return _yearly(target, baseline, period, unit)
    start = baseline.value if baseline else None
    return _straight(_chosen(target, start), start, target, baseline, period)


def _chosen(target: Target, start: float | None) -> float:
    falling = _falling(target, start)
    first, second = (target.high, target.low) if falling else (target.low, target.high)
    value = first if first is not None else second
    return value if value is not None else 0.0


def _falling(target: Target, start: float | None) -> bool:
    """Whether the way to the target is down."""
    if target.op in {"le", "lt"}:
        return True
    if target.op in {"ge", "gt"}:
        return False
    return start is not None and target.high is not None and start > target.high


def _straight(
    value: float, start: float | None, target: Target, baseline: Baseline | None, period: tuple[int, int]
) -> Aim:
    falling = _falling(target, start) if not target.relative_to else start is not None and value < start
    strict = target.op in {"gt", "lt"}
    if baseline is None or start is None or period[1] <= baseline.year:
        return Aim(value, None, falling, lambda _day: None, target.op == "about", strict, _NO_BASE)

    def due(day: date) -> float:
        return start + (value - start) * gone(day, baseline.year, period[1])

    return Aim(value, start, falling, due, target.op == "about", strict)


def gone(day: date, first: int, last: int) -> float:
    """How much of the time from the end of one year to the end of another is over, from 0 to 1."""
    begins, ends = date(first, 12, 31), date(last, 12, 31)
    return min(max((day - begins).days, 0), (ends - begins).days) / (ends - begins).days


def _over_period(target: Target, period: tuple[int, int]) -> Aim:
    """Counted over all years of the plan, so it begins at nothing."""
    value = _chosen(target, 0.0) if target.op not in {"le", "lt"} else (target.high or 0.0)
    falling = target.op in {"le", "lt"} or value < 0
    strict = target.op in {"gt", "lt"}
    return Aim(
        value,
        0.0,
        falling,
        lambda day: value * gone(day, period[0] - 1, period[1]),
        target.op == "about",
        strict,
    )


def _yearly(target: Target, baseline: Baseline | None, period: tuple[int, int], unit: str) -> Aim | Text:
    """A growth of a level compounds from its baseline; any other yearly figure is due every year."""
    value = _chosen(target, None)
    grows = "%" in target.text.replace("％", "%") and "%" not in unit and re.search(r"增|降|减", target.text)
    strict = target.op in {"gt", "lt"}
    if not grows or target.per != "year":
        falling = target.op in {"le", "lt"}
        return Aim(value, None, falling, lambda _day: value, target.op == "about", strict)
    if baseline is None or baseline.value is None or period[1] <= baseline.year:
        return _NO_BASE  # a percentage says nothing about a level by itself
    start, years, rate = baseline.value, period[1] - baseline.year, 1 + value / 100
    return Aim(
        start * rate**years, start, value < 0,
        lambda day: start * rate ** (years * gone(day, baseline.year, period[1])), target.op == "about", strict,
    )  # fmt: skip


def _relative(
    target: Target, baseline: Baseline | None, period: tuple[int, int], unit: str, reference: float | None
) -> Aim | Text:
    name = target.relative_to or ""
    if _TO_BASELINE.fullmatch(name):
        if baseline is None or baseline.value is None:
            return _NO_BASE
        start = baseline.value
        return _straight(_from_base(target, start, unit), start, target, baseline, period)
    if reference is None:
        return _UNKNOWN.format(reference=name)
    falling = target.op in {"le", "lt"}
    by = (target.high if falling else target.low) or 0.0
    return Aim(
        reference + by,
        None,
        falling,
        lambda _day: reference + by,
        target.op == "about",
        target.op in {"gt", "lt"},
    )


def _from_base(target: Target, start: float, unit: str) -> float:
    """较2020年增长20%, 翻一番, or so much more in the indicator's own unit."""
    by = target.low if target.low is not None else target.high or 0.0
    text = target.text.replace("％", "%")
    if "番" in text or "倍" in text:
        return start * by
    if "%" in text and "%" not in unit:
        return start * (1 + by / 100)
    return start + by
