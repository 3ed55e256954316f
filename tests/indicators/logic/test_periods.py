"""Periods are named by their first day, and none reaches past the day asked about."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.indicators.logic.periods import Period, label, shift, spans, start, year_before

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
SERIES = [each for each in Period if each is not Period.NONE]


@given(DAYS, st.sampled_from(SERIES))
def test_spans_follow_each_other(day: date, period: Period) -> None:
    found = spans(period, day, 6)
    assert len(found) == 6
    assert found[-1].starts <= day
    assert found[-1].ends <= day
    assert found[-1].starts == start(period, day)
    for before, after in pairwise(found):
        assert before.complete
        assert before.ends + timedelta(days=1) == after.starts
        assert shift(period, before.starts, 1) == after.starts
        assert shift(period, after.starts, -1) == before.starts


@pytest.mark.parametrize(
    ("period", "starts", "before"),
    [
        (Period.MONTH, date(2025, 3, 1), date(2024, 3, 1)),
        (Period.QUARTER, date(2025, 1, 1), date(2024, 1, 1)),
        (Period.WEEK, date(2025, 6, 2), date(2024, 6, 3)),
        (Period.DAY, date(2025, 6, 2), date(2024, 6, 3)),
        (Period.YEAR, date(2025, 1, 1), None),
    ],
)
def test_a_year_before(period: Period, starts: date, before: date | None) -> None:
    assert year_before(period, starts) == before


def test_the_last_day_closes_its_period() -> None:
    assert spans(Period.MONTH, date(2024, 2, 29), 1)[0].complete
    assert not spans(Period.MONTH, date(2024, 2, 28), 1)[0].complete


def test_labels() -> None:
    assert label(Period.QUARTER, date(2025, 4, 1)).zh == "2025年2季度"
    assert label(Period.MONTH, date(2025, 4, 1)).en == "Apr 2025"
    assert label(Period.MONTH, None).zh == ""
