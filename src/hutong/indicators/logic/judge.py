"""How a figure stands against its target, and against the straight line from the baseline to it."""

from datetime import date
from decimal import Decimal

from hutong.indicators.types import Baseline, Direction, Standing, State, Target
from hutong.kernel.text import Text

_NEAR = Decimal("0.1")  # up to a tenth of the way behind the pace is watched, more is bad
_ABOUT = Decimal("0.02")  # “about” is met within two hundredths

NO_TARGET = Standing(State.NONE, Text(zh="", en=""))
NO_DATA = Standing(State.NONE, Text(zh="无数据", en="No data"))


def stand(
    value: Decimal | None,
    day: date,
    targets: tuple[Target, ...],
    baseline: Baseline | None,
    direction: Direction,
) -> Standing:
    """The state of ``value``, measured on ``day``."""
    if value is None:
        return NO_DATA
    target = target_on(day, targets)
    if target is None or (target.low is None and target.high is None):
        return NO_TARGET
    if met(value, target, direction):
        return Standing(
            State.GOOD, Text(zh=f"达到{target.year}年目标", en=f"{target.year} target met"), target, None
        )
    expected = pace(day, target, baseline)
    aim = _aim(value, target)
    if expected is None or baseline is None:
        near = abs(value - aim) <= abs(aim) * _NEAR
        return Standing(State.WATCH if near else State.BAD, *_short_of(target), target, None)
    way = aim - baseline.value
    behind = (expected - value) / way if way else Decimal(0)
    if behind <= 0:
        return Standing(State.GOOD, Text(zh="快于时间进度", en="Ahead of pace"), target, expected)
    if behind <= _NEAR:
        return Standing(State.WATCH, Text(zh="略慢于时间进度", en="Just behind pace"), target, expected)
    return Standing(State.BAD, Text(zh="慢于时间进度", en="Behind pace"), target, expected)


def target_on(day: date, targets: tuple[Target, ...]) -> Target | None:
    """The next target to be met on ``day``, the last one when all years are over."""
    coming = sorted((each for each in targets if each.year >= day.year), key=lambda each: each.year)
    return coming[0] if coming else max(targets, key=lambda each: each.year, default=None)


def met(value: Decimal, target: Target, direction: Direction) -> bool:
    """Whether ``value`` fulfils the target; past it in the better direction is fulfilled too."""
    slack = abs(target.low or target.high or Decimal(0)) * _ABOUT if target.about else Decimal(0)
    low_kept = (
        target.low is None or value >= target.low - slack or (target.about and direction is Direction.DOWN)
    )
    high_kept = (
        target.high is None
        or value <= target.high + slack
        or (direction is Direction.UP and target.low is not None)
    )
    return low_kept and high_kept


def pace(day: date, target: Target, baseline: Baseline | None) -> Decimal | None:
    """The value expected on ``day`` on the straight line from the baseline's year end to the target's."""
    if baseline is None or target.year <= baseline.year:
        return None
    aim = target.low if target.low is not None else target.high
    if aim is None:
        return None
    begins, ends = date(baseline.year, 12, 31), date(target.year, 12, 31)
    gone = min(max((day - begins).days, 0), (ends - begins).days)
    return baseline.value + (aim - baseline.value) * gone / (ends - begins).days


def _aim(value: Decimal, target: Target) -> Decimal:
    if target.low is not None and (target.high is None or value < target.low):
        return target.low
    return target.high if target.high is not None else Decimal(0)


def _short_of(target: Target) -> tuple[Text]:
    return (Text(zh=f"未达{target.year}年目标", en=f"{target.year} target not met"),)
