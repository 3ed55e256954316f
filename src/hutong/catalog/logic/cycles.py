"""When data was due by its promised rhythm: periods of the calendar, deadlines moved to working days."""

import re
from datetime import date, datetime, time, timedelta

from hutong.kernel import clock, workdays

_UPDATE = re.compile(
    r"(?P<rhythm>[a-z-]+)(?: by (?:day (?P<day>\d+)|(?P<hour>\d\d):(?P<minute>\d\d)))?\Z", re.ASCII
)
_CLOCKED = {"realtime": timedelta(hours=1), "hourly": timedelta(hours=2)}
_MONTHS = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}


def wanted_since(update: str, now: datetime) -> datetime | None:
    """The newest data must have come at or after this moment; None where the rhythm promises nothing.

    A period's data is due by its deadline (``by day 15``, else the end of the period); a deadline on a day off
    moves to the next working day. Until then the period before counts.
    """
    found = _UPDATE.match(update)
    if found is None or found["rhythm"] == "irregular":
        return None
    rhythm = found["rhythm"]
    if rhythm in _CLOCKED:
        return now - _CLOCKED[rhythm]
    local = now.astimezone(clock.SHANGHAI)
    if rhythm == "daily":
        return _daily(local, found["hour"], found["minute"])
    start = _start(rhythm, local.date())
    previous = _start(rhythm, start - timedelta(days=1))
    if found["day"] is None:
        return _midnight(previous)
    deadline = _workday(min(start + timedelta(days=int(found["day"]) - 1), _month_end(start)))
    return _midnight(start if local.date() > deadline else previous)


def _daily(local: datetime, hour: str | None, minute: str | None) -> datetime:
    """The last working day's data; before today's hour, that of the working day before."""
    until = time(int(hour), int(minute or 0)) if hour else time.max
    day = local.date()
    if not _is_workday(day) or local.time() <= until:
        day = _back(day)
    return _midnight(day)


def _start(rhythm: str, day: date) -> date:
    if rhythm == "weekly":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[rhythm]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _month_end(start: date) -> date:
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _workday(day: date) -> date:
    while not _is_workday(day):
        day += timedelta(days=1)
    return day


def _back(day: date) -> date:
    day -= timedelta(days=1)
    while not _is_workday(day):
        day -= timedelta(days=1)
    return day


def _is_workday(day: date) -> bool:
    """By the official calendar; in a year that is not announced yet, by the week."""
    try:
        return workdays.is_workday(day)
    except workdays.UnknownYear:
        return day.weekday() < 5


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)
