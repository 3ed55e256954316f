"""Whether a figure is where its plan wants it by now. No I/O."""

import re
from datetime import date

from hutong.indicators.plan_import.types import Target
from hutong.indicators.plans.aims import Aim, aim_of
from hutong.indicators.plans.types import Baseline, Pace, Progress
from hutong.kernel.text import Text

_ABOUT = 0.02
"""“左右” is kept within two hundredths of the target."""
_SLACK = 0.02
"""On track is up to two hundredths of the whole way behind the line: figures come with noise."""
_FALLING = re.compile(r"下降|降低|减少|缩小")
_RISING = re.compile(r"提高|提升|增长|上升|增加|扩大|改善")
_COURSE = Text(zh="只规定了方向，与基期比较", en="only the direction is promised; compared with the baseline")
_NO_BASE = Text(zh="规划没有给出基期数值", en="the plan gives no baseline figure")


def progress(
    target: Target,
    baseline: Baseline | None,
    value: float | None,
    as_of: date,
    period: tuple[int, int],
    *,
    unit: str = "",
    reference: float | None = None,
) -> Progress:
    """The state of ``value`` on ``as_of``; ``reference`` is the value of what ``relative_to`` names, if it is known.

    A line runs from the end of the baseline's year to the end of the plan: straight, or compound where a yearly
    growth of a level is promised, or from nothing for what is counted over the whole period. A yearly rate is due
    every year. Where there is no line the reason is told.
    """
    course = _course(target)
    if course:
        return _towards(course, baseline, value)
    aim = aim_of(target, baseline, period, unit, reference)
    if isinstance(aim, Text):
        return Progress(Pace.WORDS, reason=aim)
    due = aim.due(as_of)
    reason = aim.reason if due is None else Progress(Pace.WORDS).reason
    if value is None:
        return Progress(Pace.NO_DATA, due, reason)
    if _met(aim, value):
        return Progress(Pace.MET, due, reason)
    if due is None or aim.start is None:
        return Progress(Pace.SHORT, due, reason)
    way = abs(aim.value - aim.start)
    behind = (value - due) if aim.falling else (due - value)
    return Progress(Pace.ON_TRACK if behind <= _SLACK * way else Pace.BEHIND, due, reason)


def _course(target: Target) -> int:
    """−1 for 持续下降, 1 for 稳步提高, 0 for what is more or other than a direction."""
    if target.op != "text" or not re.match(r"(?:持续|稳步|逐年|进一步|不断|明显|显著|有所)", target.text):
        return 0
    return -1 if _FALLING.search(target.text) else 1 if _RISING.search(target.text) else 0


def _towards(course: int, baseline: Baseline | None, value: float | None) -> Progress:
    if baseline is None or baseline.value is None:
        return Progress(Pace.NO_DATA if value is None else Pace.WORDS, reason=_NO_BASE)
    if value is None:
        return Progress(Pace.NO_DATA, reason=_COURSE)
    kept = (value - baseline.value) * course > 0
    return Progress(Pace.ON_TRACK if kept else Pace.BEHIND, reason=_COURSE)


def _met(aim: Aim, value: float) -> bool:
    """Past the target in the direction of the way counts as met: a promise of 3 that became 5 is kept."""
    if aim.strict:
        return value < aim.value if aim.falling else value > aim.value
    slack = abs(aim.value) * _ABOUT if aim.about else 0.0
    return value <= aim.value + slack if aim.falling else value >= aim.value - slack
