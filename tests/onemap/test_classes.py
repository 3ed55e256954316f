import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.onemap.logic.classes import Classes, classes

NUMBERS = st.lists(st.none() | st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 4)), max_size=60)


@pytest.mark.parametrize(
    ("values", "bounds"),
    [
        ([], ()),
        ([None], ()),
        ([5, 5, 5], (5, 5)),
        ([1, 2], (1, 2, 2)),
        ([120, 98, 64, 51, 40, 33, 31, 30, 28, 25, 22, 20, 19, 15, 12, 8, 4], (4, 16, 23, 31, 49, 120)),
    ],
)
def test_breaks(values: list[float | None], bounds: tuple[float, ...]) -> None:
    assert classes(values).bounds == bounds


def test_one_extreme_place_does_not_hide_the_others() -> None:
    values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10_000]
    found = classes(values)
    assert len({found.of(value) for value in values}) == 5


def test_no_value_has_no_class() -> None:
    found = classes([1, 2, 3])
    assert found.of(None) == 0
    assert found.of(math.nan) == 0
    assert Classes(()).of(1.0) == 0


@given(NUMBERS)
def test_classes_are_ordered_and_hold_every_value(values: list[float | None]) -> None:
    found = classes(values)
    assert list(found.bounds) == sorted(found.bounds)
    known = sorted(value for value in values if value is not None)
    grades = [found.of(value) for value in known]
    assert grades == sorted(grades)
    assert all(1 <= grade <= max(found.count, 1) <= 5 for grade in grades)
