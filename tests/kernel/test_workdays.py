"""Working days of mainland China, against the announcements."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel import workdays
from hutong.kernel.workdays import UnknownYear, add_workdays, is_workday, workdays_between

DAYS = st.dates(date(2020, 2, 1), date(2026, 11, 1))


@pytest.fixture
def _back() -> Iterator[None]:
    yield
    workdays.extend({})


@pytest.mark.parametrize(("year", "count"), [
    # days of the year less weekends and days off, as counted from each year's announcement
    (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248),
])  # fmt: skip
def test_a_year_has_so_many_working_days(year: int, count: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    assert sum(is_workday(day) for day in days if day.year == year) == count


@pytest.mark.parametrize("year", workdays.known_years())
def test_make_up_days_fall_on_weekends_and_each_holiday_has_one_weekday(year: int) -> None:
    known = workdays._year(year)
    assert all(day.weekday() >= 5 for day in known.work)
    assert any(day.weekday() < 5 for day in known.off)
    assert "国务院办公厅" in known.source


@pytest.mark.parametrize(("start", "days", "end"), [
    (date(2025, 9, 26), 1, date(2025, 9, 28)),  # a Sunday that makes up
    (date(2025, 9, 30), 1, date(2025, 10, 9)),
    (date(2025, 9, 30), 3, date(2025, 10, 11)),
    (date(2026, 2, 13), 2, date(2026, 2, 24)),
    (date(2025, 12, 31), 1, date(2026, 1, 4)),
    (date(2026, 11, 21), 0, date(2026, 11, 23)),
    (date(2026, 10, 8), -1, date(2026, 9, 30)),
    (date(2020, 1, 23), 1, date(2020, 2, 3)),
])  # fmt: skip
def test_counting(start: date, days: int, end: date) -> None:
    assert add_workdays(start, days) == end


@given(day=DAYS, days=st.integers(1, 20))
def test_adding_and_counting_agree(day: date, days: int) -> None:
    assert workdays_between(day, add_workdays(day, days)) == days
    assert is_workday(add_workdays(day, days))


@given(one=DAYS, other=DAYS)
def test_counting_back_is_the_negative(one: date, other: date) -> None:
    assert workdays_between(one, other) == -workdays_between(other, one)


@pytest.mark.usefixtures("_back")
def test_an_unknown_year_is_refused_until_a_pack_tells_it() -> None:
    with pytest.raises(UnknownYear, match="2031"):
        is_workday(date(2031, 1, 2))
    with pytest.raises(UnknownYear):
        add_workdays(date(2030, 12, 1), 60)
    workdays.extend({2031: workdays.read_year(2031, "announcement", ["01-01/01-03"], ["01-04"])})
    assert not is_workday(date(2031, 1, 2))
    assert is_workday(date(2031, 1, 4))


@pytest.mark.parametrize(
    ("off", "work"), [(["02-30"], []), (["01-02/01-01"], []), (["01-03"], ["01-03"]), (["x"], [])]
)
def test_a_year_that_makes_no_sense_is_refused(off: list[str], work: list[str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        workdays.read_year(2031, "", off, work)
