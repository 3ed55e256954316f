"""Clocks: each turn is asked for once, and a missed one is made up."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from hutong.kernel import clock, jobs, schedule
from hutong.kernel.models import JobRun

pytestmark = [pytest.mark.store, pytest.mark.django_db]
EVENING = datetime(2024, 6, 30, 20, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def nightly(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A clock that strikes at three at night, and what it was told."""
    told: list[str] = []
    monkeypatch.setattr(schedule, "_clocks", {})
    known = dict(jobs._jobs)

    @schedule.scheduled("test.nightly", every=timedelta(days=1), at=time(3))
    def nightly(_context: jobs.JobContext, *, due: str) -> None:
        told.append(due)

    yield told
    jobs._jobs.clear()
    jobs._jobs.update(known)


def _ask(moment: datetime) -> None:
    with clock.freeze(moment):
        schedule.ask_due()


def _perform() -> None:
    for run in JobRun.objects.filter(state="waiting"):
        jobs.perform(run.id, run.name, run.arguments)


def test_a_turn_is_asked_for_once(nightly: list[str]) -> None:
    for minutes in range(0, 6 * 60, 30):
        _ask(EVENING + timedelta(minutes=minutes))
    _perform()
    assert nightly == ["2024-06-30T03:00:00+08:00"]
    _ask(EVENING + timedelta(hours=7))
    _perform()
    assert nightly[1:] == ["2024-07-01T03:00:00+08:00"]


def test_the_same_moment_in_another_zone_is_the_same_turn(nightly: list[str]) -> None:
    _ask(EVENING)
    _ask(EVENING.astimezone(UTC))
    assert JobRun.objects.count() == 1


def test_only_the_newest_of_the_missed_turns_is_made_up(nightly: list[str]) -> None:
    _ask(EVENING)
    _ask(EVENING + timedelta(days=10))
    _perform()
    assert sorted(nightly) == ["2024-06-30T03:00:00+08:00", "2024-07-10T03:00:00+08:00"]


def test_turns_of_a_week_begin_on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    weekly = schedule._Clock(jobs.Job("test.weekly", 1, print), timedelta(days=7), time())
    assert weekly.due(EVENING) == datetime(2024, 6, 24, tzinfo=clock.SHANGHAI)


def test_tidying_is_one_of_the_clocks() -> None:
    with clock.freeze(EVENING):
        assert [each for each in schedule.ask_due() if each.startswith("kernel.tidy-")]
        assert JobRun.objects.get(name="kernel.tidy@1").arguments == {"due": "2024-06-30T03:30:00+08:00"}
