"""Where a figure should be by now."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.indicators.plan_import.types import Target
from hutong.indicators.plans.progress import progress
from hutong.indicators.plans.types import Baseline, Pace

PERIOD = (2021, 2025)
MID = date(2023, 7, 2)  # half of the way from the end of 2020 to the end of 2025
START = Baseline(2020, 62.0)
UP = Target("82左右", "about", 82, 82)
AT_LEAST = Target("≥400", "ge", 400)
DOWN = Target("≤35", "le", None, 35)


@pytest.mark.parametrize(
    ("target", "baseline", "value", "pace", "expected"),
    [
        (UP, START, 72.0, Pace.ON_TRACK, 72.0),
        (UP, START, 71.0, Pace.BEHIND, 72.0),
        (UP, START, 80.4, Pace.MET, 72.0),
        (UP, START, None, Pace.NO_DATA, 72.0),
        (UP, None, 60.0, Pace.SHORT, None),
        (AT_LEAST, None, 400.0, Pace.MET, None),
        (AT_LEAST, Baseline(2020, 300.0), 351.0, Pace.ON_TRACK, 350.0),
        (DOWN, Baseline(2020, 45.0), 39.0, Pace.ON_TRACK, 40.0),
        (DOWN, Baseline(2020, 45.0), 44.0, Pace.BEHIND, 40.0),
        (DOWN, Baseline(2020, 45.0), 35.0, Pace.MET, 40.0),
        (Target("低于5", "lt", None, 5), None, 5.0, Pace.SHORT, None),
        (Target("1-3", "between", 1, 3), None, 2.0, Pace.MET, None),
        (Target("1-3", "between", 1, 3), None, 5.0, Pace.MET, None),
        (Target("20", "eq", 20, 20), Baseline(2020, 30.0), 25.0, Pace.ON_TRACK, 25.0),
        (Target("年均1-3", "between", 1, 3, "year"), START, 0.0, Pace.SHORT, None),
        (Target("保持前列", "text"), START, 5.0, Pace.WORDS, None),
        (Target("高于全区1.5个百分点", "gt", 1.5, None, None, "全区"), START, 5.0, Pace.WORDS, None),
    ],
)
def test_progress(target, baseline, value, pace, expected):
    found = progress(target, baseline, value, MID, PERIOD)
    assert found.pace is pace
    assert found.expected == (pytest.approx(expected, abs=0.03) if expected is not None else None)


def test_the_line_begins_and_ends_with_the_plan():
    assert progress(UP, START, None, date(2019, 1, 1), PERIOD).expected == 62
    assert progress(UP, START, None, date(2030, 1, 1), PERIOD).expected == 82


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.dates(date(2020, 1, 1), date(2026, 1, 1)))
def test_what_is_expected_lies_between_start_and_aim(start, aim, day):
    found = progress(Target("x", "eq", aim, aim), Baseline(2020, start), None, day, PERIOD)
    assert min(start, aim) - 1e-6 <= found.expected <= max(start, aim) + 1e-6
