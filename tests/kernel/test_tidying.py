"""Tidying: what ended long ago goes, what is owed or at work stays."""

from datetime import timedelta

import pytest
from django.db import transaction

from hutong.kernel import clock, events, schedule, tidying
from hutong.kernel.models import AuditRecord, Delivery, JobRun, OutboxEvent
from tests.kernel.test_events import Happened

pytestmark = [pytest.mark.store, pytest.mark.django_db]
LONG_AGO = timedelta(days=400)


def _run(name: str, state: str, age: timedelta) -> None:
    moment = clock.now() - age
    JobRun.objects.create(id=name, name="test.any@1", state=state, created_at=moment, changed_at=moment)


@pytest.fixture
def runs() -> None:
    for state in ("waiting", "running", "done", "failed"):
        _run(f"old-{state}", state, LONG_AGO)
        _run(f"new-{state}", state, timedelta(days=1))


@pytest.mark.usefixtures("runs")
def test_jobs_that_ended_long_ago_go() -> None:
    assert tidying.jobs_over(True).count == 2
    assert JobRun.objects.count() == 8, "a dry run takes nothing"
    assert tidying.jobs_over(False).count == 2
    assert set(JobRun.objects.values_list("id", flat=True)) == {
        "old-waiting", "old-running", "new-waiting", "new-running", "new-done", "new-failed",
    }  # fmt: skip
    assert tidying.jobs_over(False).count == 0


@pytest.mark.usefixtures("runs")
def test_how_long_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_KEEP_JOBS_DAYS", "500")
    assert tidying.jobs_over(False).count == 0


def test_the_job_of_a_present_turn_stays_so_that_it_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    yearly = schedule._Clock(schedule.jobs.Job("test.yearly", 1, print), timedelta(days=365), schedule.time())
    monkeypatch.setattr(schedule, "_clocks", {"test.yearly": yearly})
    due = yearly.due(clock.now())
    with clock.freeze(due + timedelta(hours=1)):
        (asked,) = schedule.ask_due()
        JobRun.objects.update(state="done")
    with clock.freeze(due + timedelta(days=200)):
        assert tidying.jobs_over(False).count == 0
        assert schedule.ask_due() == [asked]
    assert JobRun.objects.count() == 1


def test_delivered_events_go_and_owed_ones_stay() -> None:
    with transaction.atomic():
        events.publish(Happened("delivered"))
    Delivery.objects.all().delete()
    with transaction.atomic():
        events.publish(Happened("owed"))
    assert tidying.events_delivered(False).count == 0, "not yet"
    OutboxEvent.objects.update(at=clock.now() - LONG_AGO)
    assert tidying.events_delivered(True).count == 1
    assert tidying.events_delivered(False).count == 1
    assert [each.body["what"] for each in OutboxEvent.objects.all()] == ["owed"]


@pytest.mark.usefixtures("runs")
def test_one_sweep_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_dry_run: bool) -> tidying.Tidied:
        raise OSError("the disk is gone")

    monkeypatch.setattr(tidying, "_sweeps", {"a.broken": broken, "kernel.jobs": tidying.jobs_over})
    found = tidying.tidy()
    assert found["a.broken"].error == "the disk is gone"
    assert found["kernel.jobs"].count == 2
    assert AuditRecord.objects.get(action="system.tidy").detail == {
        "taken": {"kernel.jobs": {"count": 2, "bytes": 0, "error": ""}}
    }
