"""When data was due: periods, deadlines, days off."""

from datetime import datetime

import pytest

from hutong.catalog.logic.cycles import wanted_since
from hutong.kernel import clock


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("update", "now", "since"),
    [
        ("hourly", "2025-03-12 10:30", "2025-03-12 08:30"),
        ("daily", "2025-03-12 10:30", "2025-03-11 00:00"),
        ("daily by 06:00", "2025-03-12 06:01", "2025-03-12 00:00"),
        ("daily by 06:00", "2025-03-12 05:59", "2025-03-11 00:00"),
        ("daily", "2025-03-10 10:30", "2025-03-07 00:00"),  # Monday: Friday's data
        ("daily", "2025-10-07 12:00", "2025-09-30 00:00"),  # within the National Day holiday
        ("daily", "2025-10-13 12:00", "2025-10-11 00:00"),  # a make-up Saturday counts
        ("weekly", "2025-03-12 10:30", "2025-03-03 00:00"),
        ("monthly by day 15", "2025-03-15 10:30", "2025-02-01 00:00"),  # a Saturday: due on the 17th
        ("monthly by day 15", "2025-03-17 23:30", "2025-02-01 00:00"),
        ("monthly by day 15", "2025-03-18 00:30", "2025-03-01 00:00"),
        ("monthly by day 31", "2025-02-28 12:00", "2025-01-01 00:00"),
        ("monthly", "2025-03-31 10:30", "2025-02-01 00:00"),
        ("quarterly", "2025-05-01 00:00", "2025-01-01 00:00"),
        ("half-yearly", "2025-08-01 00:00", "2025-01-01 00:00"),
        ("yearly", "2025-08-01 00:00", "2024-01-01 00:00"),
        ("daily", "2031-03-12 10:30", "2031-03-11 00:00"),  # not announced yet: by the week
    ],
)
def test_data_is_due_by_its_rhythm(update, now, since):
    assert wanted_since(update, _at(now)) == _at(since)


def test_what_promises_nothing_is_never_late():
    assert wanted_since("irregular", _at("2025-03-12 10:30")) is None
