"""Whether a figure is where its plan wants it by now. No I/O."""

from datetime import date

from hutong.indicators.plan_import.types import Target
from hutong.indicators.plans.types import Baseline, Pace, Progress

_ABOUT = 0.02
"""“左右” is kept within two hundredths of the target."""
_SLACK = 0.02
"""On track is up to two hundredths of the whole way behind the line: figures come with noise."""


def progress(
    target: Target, baseline: Baseline | None, value: float | None, as_of: date, period: tuple[int, int]
) -> Progress:
    """The state of ``value`` on ``as_of``.

    The line runs from the end of the baseline's year to the end of the plan. A target in words, in ranks or
    against another figure cannot be compared here; a yearly rate has no line, it is due every year.
    """
    start = baseline.value if baseline and target.per is None else None
    if target.op in {"text", "rank"} or target.relative_to or (target.low is None and target.high is None):
        return Progress(Pace.WORDS)
    falling = _falling(target, start)
    due = _expected(target, baseline, as_of, period, falling=falling)
    if value is None:
        return Progress(Pace.NO_DATA, due)
    if _met(target, value, falling=falling):
        return Progress(Pace.MET, due)
    if due is None or start is None:
        return Progress(Pace.SHORT)
    way = abs(_aim(target, falling=falling) - start)
    behind = (value - due) if falling else (due - value)
    return Progress(Pace.ON_TRACK if behind <= _SLACK * way else Pace.BEHIND, due)


def _falling(target: Target, start: float | None) -> bool:
    """Whether the way to the target is down."""
    if target.op in {"le", "lt"}:
        return True
    if target.op in {"ge", "gt"}:
        return False
    return start is not None and target.high is not None and start > target.high


def _aim(target: Target, *, falling: bool) -> float:
    first, second = (target.high, target.low) if falling else (target.low, target.high)
    chosen = first if first is not None else second
    return chosen if chosen is not None else 0.0


def _met(target: Target, value: float, *, falling: bool) -> bool:
    """Past the target in the direction of the way counts as met: a promise of 3 that became 5 is kept."""
    if target.op == "gt":
        return target.low is not None and value > target.low
    if target.op == "lt":
        return target.high is not None and value < target.high
    aim = _aim(target, falling=falling)
    slack = abs(aim) * _ABOUT if target.op == "about" else 0.0
    return value <= aim + slack if falling else value >= aim - slack


def _expected(
    target: Target, baseline: Baseline | None, as_of: date, period: tuple[int, int], *, falling: bool
) -> float | None:
    if baseline is None or baseline.value is None or target.per is not None or period[1] <= baseline.year:
        return None
    begins, ends = date(baseline.year, 12, 31), date(period[1], 12, 31)
    gone = min(max((as_of - begins).days, 0), (ends - begins).days) / (ends - begins).days
    return baseline.value + (_aim(target, falling=falling) - baseline.value) * gone
