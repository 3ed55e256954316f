"""Working days of mainland China: the week, the official days off and the make-up days, year by year.

The years of ``workdays.toml`` are known; ``extend`` adds those that a pack brings. A year that is not known is refused,
never guessed: its days off are announced in the autumn before it.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hutong.kernel.errors import Invalid
from hutong.kernel.text import Text

_DAY = timedelta(days=1)
MOST = 2_000
_added: dict[int, "Year"] = {}


class UnknownYear(Invalid):
    """The official calendar of a year is not known."""

    code = "kernel.unknown-year"
    message = Text(
        zh="尚不掌握 {year} 年的节假日安排，无法计算工作日",
        en="The official calendar of {year} is not known, so working days cannot be counted",
    )
    fix = Text(
        zh="国务院办公厅公布后，在区包的 exchange.yaml 中补充该年的 calendar",
        en="add the year under calendar in the pack's exchange.yaml once it has been announced",
    )


@dataclass(frozen=True, slots=True)
class Year:
    """What differs from the week in one year, and who says so."""

    source: str
    off: frozenset[date]
    work: frozenset[date]


def is_workday(day: date) -> bool:
    """Whether offices are open; raises ``UnknownYear``."""
    known = _year(day.year)
    return day in known.work or (day.weekday() < 5 and day not in known.off)


def add_workdays(day: date, days: int) -> date:
    """The ``days``-th working day after ``day``, which itself does not count; with 0 the next working day from it on.

    Negative ``days`` count back. Raises ``UnknownYear``.
    """
    if abs(days) > MOST:
        raise Invalid(reason=f"{days} > {MOST}")
    if days == 0:
        while not is_workday(day):
            day += _DAY
        return day
    step, left = (_DAY, days) if days > 0 else (-_DAY, -days)
    while left:
        day += step
        left -= is_workday(day)
    return day


def workdays_between(start: date, end: date) -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` lies before.

    Raises ``UnknownYear``.
    """
    if end < start:
        return -workdays_between(end, start)
    if (end - start).days > 20 * 366:
        raise Invalid(reason=f"{start}–{end}")
    return sum(is_workday(start + _DAY * n) for n in range(1, (end - start).days + 1))


def known_years() -> list[int]:
    return sorted({*_official(), *_added})


def source_of(year: int) -> str:
    """The announcement that a year's days come from; raises ``UnknownYear``."""
    return _year(year).source


def extend(years: Mapping[int, Year]) -> None:
    """Know more years, or know a year otherwise than the file does; replaces what was added before."""
    _added.clear()
    _added.update(years)


def read_year(year: int, source: str, off: Iterable[str], work: Iterable[str]) -> Year:
    """A year from ``MM-DD`` and ``MM-DD/MM-DD``; raises ``ValueError`` where a day is none, or both off and working."""
    free = frozenset(day for each in off for day in _days(year, each))
    busy = frozenset(day for each in work for day in _days(year, each))
    if both := free & busy:
        raise ValueError(f"{min(both)} is both off and a working day")
    return Year(source, free, busy)


def _days(year: int, text: str) -> Iterable[date]:
    first, _, last = text.partition("/")
    day, end = (date.fromisoformat(f"{year}-{each}") for each in (first, last or first))
    if end < day:
        raise ValueError(f"{text} ends before it begins")
    while day <= end:
        yield day
        day += _DAY


def _year(year: int) -> Year:
    found = _added.get(year) or _official().get(year)
    if found is None:
        raise UnknownYear(year=year)
    return found


@cache
def _official() -> dict[int, Year]:
    raw: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf8"))
    return {int(year): read_year(int(year), **each) for year, each in raw.items()}
