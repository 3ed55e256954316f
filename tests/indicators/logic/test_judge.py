"""A figure against its target and the pace towards it."""

from datetime import date
from decimal import Decimal

import pytest

from hutong.indicators.logic.judge import pace, stand, target_on
from hutong.indicators.types import Baseline, Direction, State, Target

D = Decimal
FIRMS = Target(2025, D(700), None)
FROM = Baseline(2020, D(600))


@pytest.mark.parametrize(
    ("value", "day", "state"),
    [
        (None, date(2023, 6, 30), State.NONE),
        (700, date(2023, 6, 30), State.GOOD),
        (660, date(2023, 6, 30), State.GOOD),
        (645, date(2023, 6, 30), State.WATCH),
        (620, date(2023, 6, 30), State.BAD),
        (699, date(2025, 12, 31), State.WATCH),
        (699, date(2027, 1, 1), State.WATCH),
        (600, date(2020, 6, 1), State.GOOD),
    ],
)
def test_rising_target(value: int | None, day: date, state: State) -> None:
    found = None if value is None else D(value)
    assert stand(found, day, (FIRMS,), FROM, Direction.UP).state is state


@pytest.mark.parametrize(("value", "state"), [(35, State.GOOD), (38, State.WATCH), (60, State.BAD)])
def test_falling_target_without_a_baseline(value: int, state: State) -> None:
    target = Target(2025, None, D(35))
    assert stand(D(value), date(2025, 6, 1), (target,), None, Direction.DOWN).state is state


@pytest.mark.parametrize(
    ("value", "direction", "state"),
    [
        (82, Direction.UP, State.GOOD),
        (81, Direction.UP, State.GOOD),
        (95, Direction.UP, State.GOOD),
        (95, Direction.NONE, State.BAD),
        (70, Direction.DOWN, State.GOOD),
        (70, Direction.UP, State.BAD),
        (76, Direction.UP, State.WATCH),
    ],
)
def test_about(value: int, direction: Direction, state: State) -> None:
    target = Target(2025, D(82), D(82), about=True)
    assert stand(D(value), date(2025, 6, 1), (target,), None, direction).state is state


def test_no_target_no_judgement() -> None:
    assert stand(D(1), date(2025, 6, 1), (), None, Direction.UP).state is State.NONE


def test_the_pace_is_a_straight_line() -> None:
    assert pace(date(2020, 12, 31), FIRMS, FROM) == 600
    assert pace(date(2025, 12, 31), FIRMS, FROM) == 700
    halfway = pace(date(2023, 7, 1), FIRMS, FROM)
    assert halfway is not None
    assert 649 < halfway < 651
    assert pace(date(2023, 7, 1), FIRMS, None) is None


def test_the_next_target_counts() -> None:
    years = (Target(2023, D(1), None), Target(2025, D(2), None))
    assert target_on(date(2024, 1, 1), years) == years[1]
    assert target_on(date(2030, 1, 1), years) == years[1]
    assert target_on(date(2022, 1, 1), years) == years[0]
    assert target_on(date(2022, 1, 1), ()) is None
