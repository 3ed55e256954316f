"""Periods of a series: days, weeks, months, quarters, years; each named by its first day."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hutong.kernel.text import Text


class Period(StrEnum):
    """What one point of a series covers. ``none``: the indicator has no series."""

    NONE = "none"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


# How many periods a query sees; a year and a month back at least, so that both comparisons can be made.
DEPTH = {Period.DAY: 400, Period.WEEK: 110, Period.MONTH: 37, Period.QUARTER: 17, Period.YEAR: 7}
_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """One period; ``ends`` is its last day, never past the day asked about. ``complete``: it is over by then."""

    starts: date
    ends: date
    complete: bool


def spans(period: Period, as_of: date, depth: int | None = None) -> list[Span]:
    """The last periods up to ``as_of``, oldest first, the running one last."""
    if period is Period.NONE:
        return []
    starts = start(period, as_of)
    found = []
    for _ in range(depth or DEPTH[period]):
        last = shift(period, starts, 1) - timedelta(days=1)
        found.append(Span(starts, min(last, as_of), last <= as_of))
        starts = shift(period, starts, -1)
    return found[::-1]


def start(period: Period, day: date) -> date:
    """First day of the period that holds ``day``."""
    match period:
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)
        case Period.QUARTER:
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case Period.YEAR:
            return day.replace(month=1, day=1)
    return day


def shift(period: Period, starts: date, steps: int) -> date:
    """The first day ``steps`` periods on (or back)."""
    if period in _MONTHS:
        months = starts.year * 12 + starts.month - 1 + steps * _MONTHS[period]
        return starts.replace(year=months // 12, month=months % 12 + 1)
    return starts + timedelta(days=steps * (7 if period is Period.WEEK else 1))


def year_before(period: Period, starts: date) -> date | None:
    """The same period one year earlier; None where that has no meaning or is the previous one."""
    match period:
        case Period.MONTH:
            return shift(period, starts, -12)
        case Period.QUARTER:
            return shift(period, starts, -4)
        case Period.WEEK:
            return shift(period, starts, -52)
        case Period.DAY:
            return starts - timedelta(days=364)  # the same weekday
    return None


def label(period: Period, starts: date | None) -> Text:
    """How a period is called."""
    if starts is None:
        return Text(zh="", en="")
    match period:
        case Period.YEAR:
            return Text(zh=f"{starts.year}年", en=str(starts.year))
        case Period.QUARTER:
            number = (starts.month + 2) // 3
            return Text(zh=f"{starts.year}年{number}季度", en=f"{starts.year} Q{number}")
        case Period.MONTH:
            return Text(zh=f"{starts.year}年{starts.month}月", en=f"{starts:%b %Y}")
        case Period.WEEK:
            return Text(
                zh=f"{starts.year}年{starts.month}月{starts.day}日当周", en=f"week of {starts.isoformat()}"
            )
    return Text(zh=f"{starts.year}年{starts.month}月{starts.day}日", en=starts.isoformat())


def steps(period: Period, compare: str) -> int:
    """How many periods back a value is compared with: one, or a year."""
    if compare == "year":
        return {Period.MONTH: 12, Period.QUARTER: 4, Period.WEEK: 52, Period.DAY: 364}.get(period, 1)
    return 1


PREVIOUS = {
    Period.DAY: Text(zh="比前一日", en="on the day before"),
    Period.WEEK: Text(zh="比上周", en="on the week before"),
    Period.MONTH: Text(zh="比上月", en="on the month before"),
    Period.QUARTER: Text(zh="比上季度", en="on the quarter before"),
    Period.YEAR: Text(zh="比上年", en="on the year before"),
    Period.NONE: Text(zh="", en=""),
}
YEAR_BEFORE = Text(zh="比上年同期", en="on a year before")
