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
        (Target("年均1-3", "between", 1, 3, "year"), START, 0.0, Pace.SHORT, 1.0),
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


LEVEL = Baseline(2020, 100.0)
GROWTH = Target("年均增长5%左右", "about", 5, 5, "year")


@pytest.mark.parametrize(
    ("target", "unit", "baseline", "value", "reference", "pace", "expected"),
    [
        (GROWTH, "元", LEVEL, 113.0, None, Pace.ON_TRACK, 112.97),  # compound, after two and a half years
        (GROWTH, "元", LEVEL, 105.0, None, Pace.BEHIND, 112.97),
        (GROWTH, "元", LEVEL, 128.0, None, Pace.MET, 112.97),
        (GROWTH, "元", None, 128.0, None, Pace.WORDS, None),
        (GROWTH, "%", Baseline(2020, 6.0), 5.5, None, Pace.MET, 5.0),  # a rate itself is due every year
        (Target("[14]", "eq", 14, 14, "period"), "%", None, 7.0, None, Pace.ON_TRACK, 7.0),
        (Target("[14]", "eq", 14, 14, "period"), "%", None, 5.0, None, Pace.BEHIND, 7.0),
        (Target("累计下降18%", "eq", -18, -18, "period"), "%", None, -10.0, None, Pace.ON_TRACK, -9.0),
        (
            Target("较2020年增长20%", "eq", 20, 20, None, "2020年"),
            "家",
            LEVEL,
            110.0,
            None,
            Pace.ON_TRACK,
            110.0,
        ),
        (Target("较2020年提高3", "eq", 3, 3, None, "2020年"), "%", LEVEL, 101.0, None, Pace.BEHIND, 101.5),
        (Target("翻一番", "eq", 2, 2, None, "基期"), "亿元", LEVEL, 150.0, None, Pace.ON_TRACK, 150.0),
        (Target("高于全区1.5个百分点", "gt", 1.5, None, None, "全区"), "%", None, 7.0, 5.0, Pace.MET, 6.5),
        (Target("高于全区1.5个百分点", "gt", 1.5, None, None, "全区"), "%", None, 6.0, 5.0, Pace.SHORT, 6.5),
        (Target("与GDP同步", "eq", None, None, None, "GDP"), "%", None, 5.0, 5.0, Pace.MET, 5.0),
        (Target("持续下降", "text"), "微克", LEVEL, 90.0, None, Pace.ON_TRACK, None),
        (Target("持续下降", "text"), "微克", LEVEL, 101.0, None, Pace.BEHIND, None),
        (Target("稳步提高", "text"), "%", None, 90.0, None, Pace.WORDS, None),
    ],
)
def test_targets_in_relation_and_in_words(target, unit, baseline, value, reference, pace, expected):
    found = progress(target, baseline, value, MID, PERIOD, unit=unit, reference=reference)
    assert found.pace is pace
    assert found.expected == (pytest.approx(expected, abs=0.05) if expected is not None else None)


@pytest.mark.parametrize(
    ("target", "baseline", "said"),
    [
        (Target("完成市级下达任务", "text"), LEVEL, "a higher level assigns the target; the plan gives no figure"),
        (Target("在全市保持前列", "text"), LEVEL, "the target is in words, without a figure to compare"),
        (Target("全市前三", "rank", 1, 3), LEVEL, "the target is a rank, which no line leads to"),
        (Target("高于全市平均水平", "gt", None, None, None, "全市平均水平"), LEVEL,
         "there is no indicator named 全市平均水平 to compare with"),
        (UP, None, "the plan gives no baseline figure"),
        (GROWTH, None, "the plan gives no baseline figure"),
        (Target("持续下降", "text"), None, "the plan gives no baseline figure"),
    ],
)  # fmt: skip
def test_where_there_is_no_pace_the_reason_is_told(target, baseline, said):
    found = progress(target, baseline, 5.0, MID, PERIOD)
    assert found.expected is None
    assert found.reason.en == said
    assert found.reason.zh
