"""Figures: computed once for the same inputs, read in a bounded number of queries, walked back to their rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hutong.accounts.api import Actor, Role, system
from hutong.accounts.errors import Refused
from hutong.indicators import api, checks, jobs
from hutong.indicators.errors import BadResult, NoFigure, UnknownIndicator
from hutong.indicators.logic.query import digest
from hutong.indicators.models import ComputationRow, ObservationRow
from hutong.indicators.types import State
from hutong.kernel import clock, events
from hutong.kernel.jobs import perform
from hutong.kernel.models import JobRun
from hutong.lake.types import LoadReport
from hutong.ledger import api as ledger
from tests.indicators.conftest import ROWS

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2024, 3, 31)
Load = Callable[..., LoadReport]
Define = Callable[..., int]


@pytest.fixture
def figures(load: Load, define: Define) -> None:
    load()
    define()
    api.compute("revenue", DAY)


@pytest.mark.usefixtures("figures")
def test_a_figure_with_its_change_series_and_state() -> None:
    found = api.figure("revenue", DAY, reader=None)
    assert (found.value, found.text, found.period, found.previous) == (220.0, "220", date(2024, 3, 1), 170.0)
    assert found.change == pytest.approx(50 / 170)
    assert [point.text for point in found.series] == ["150", "170", "220"]
    assert found.standing.expected is not None
    assert found.state is State.GOOD
    assert [each.table for each in found.readings] == ["revenue-monthly"]
    assert found.data_at is not None
    assert found.url == "/figures/revenue/2024-03-31?period=2024-03-01"


@pytest.mark.usefixtures("figures")
def test_a_part_of_it() -> None:
    found = api.figure("revenue", DAY, {"street": "west"}, reader=None)
    assert (found.value, found.previous) == (70.0, 40.0)
    assert found.state is State.NONE
    assert api.figure("revenue", DAY, {"street": "nowhere"}, reader=None).value is None
    parts = api.breakdown("revenue", "street", DAY, reader=None)
    assert [(each.member, each.value, each.before) for each in parts] == [
        ("east", 150.0, 130.0),
        ("west", 70.0, 40.0),
    ]
    assert parts[0].name.en == "East"


@pytest.mark.usefixtures("figures")
def test_causes_add_up_to_the_change() -> None:
    found = api.sheet(DAY, ["revenue"], reader=None).causes("revenue", "street")
    assert [(each.member, each.contribution) for each in found] == [("west", 30.0), ("east", 20.0)]
    assert sum(each.contribution for each in found) == api.figure("revenue", DAY, reader=None).change_absolute


def test_causes_of_a_mean_add_up_exactly(load: Load, define: Define) -> None:
    load()
    define(
        combine="mean",
        query="SELECT p.period, r.street, avg(r.revenue) AS value, sum(CASE WHEN r.street = 'east' THEN 3 ELSE 1 END)"
        " AS weight FROM periods p JOIN revenue_monthly r ON r.month = p.period WHERE p.complete"
        " GROUP BY GROUPING SETS ((p.period), (p.period, r.street))",
    )
    api.compute("revenue", DAY)
    ObservationRow.objects.filter(dimension="", back=0).update(number=13000.0)
    ObservationRow.objects.filter(dimension="", back=1).update(number=10750.0)
    sheet = api.sheet(DAY, ["revenue"], reader=None)
    found = {each.member: each.contribution for each in sheet.causes("revenue", "street", 5)}
    assert sum(found.values()) == pytest.approx(13000 - 10750)


@pytest.mark.usefixtures("figures")
def test_the_same_inputs_are_not_computed_twice(load: Load, define: Define) -> None:
    first = api.compute("revenue", DAY)
    assert api.compute("revenue", DAY) == first
    assert define() == 0
    assert define(title={"zh": "营收", "en": "Turnover"}) == 1
    assert api.compute("revenue", DAY).urn == first.urn
    load(ROWS.replace("70,李四", "90,李四"))
    second = api.compute("revenue", DAY)
    assert second.urn != first.urn
    assert api.figure("revenue", DAY, reader=None).value == 240.0
    define(
        query="SELECT p.period, r.street, count(*) AS value FROM periods p JOIN revenue_monthly r"
        " ON r.month = p.period GROUP BY GROUPING SETS ((p.period), (p.period, r.street))"
    )
    api.compute("revenue", DAY)
    assert api.figure("revenue", DAY, reader=None).value == 2.0
    assert ComputationRow.objects.filter(current=True).count() == 1
    assert ComputationRow.objects.count() == 3


@pytest.mark.usefixtures("figures")
def test_what_was_known_then(load: Load) -> None:
    before = clock.now()
    load(ROWS.replace("70,李四", "90,李四"))
    assert api.compute("revenue", DAY).result != api.compute("revenue", DAY, before).result
    assert api.figure("revenue", DAY, reader=None).value == 240.0


@pytest.mark.usefixtures("figures")
def test_an_earlier_day_sees_less() -> None:
    api.compute("revenue", date(2024, 3, 30))
    assert api.figure("revenue", date(2024, 3, 30), reader=None).period == date(2024, 2, 1)


@pytest.mark.usefixtures("figures")
def test_the_ledger_holds_the_hash_of_the_values() -> None:
    found = api.walk_on("revenue", DAY)
    run = found.computation
    entry = ledger.entry(run.entry_id)
    assert (entry.kind, entry.subject) == ("observation", run.urn)
    assert entry.payload["result"] == run.result == digest(api.canonical_values(run))
    assert entry.payload["query"] == digest(found.sql)
    assert list(entry.payload["snapshots"]) == [each.urn for each in run.readings]
    again = api.again(run)
    assert (again.same, again.values) == (True, 9)


@pytest.mark.usefixtures("figures")
def test_computing_again_after_newer_data_reads_the_old_snapshot(load: Load) -> None:
    run = api.walk_on("revenue", DAY).computation
    load(ROWS.replace("70,李四", "90,李四"))
    assert api.again(run).same


@pytest.mark.usefixtures("figures")
def test_a_changed_value_is_noticed() -> None:
    run = api.walk_on("revenue", DAY).computation
    ObservationRow.objects.filter(dimension="", back=0).update(value="221")
    assert digest(api.canonical_values(run)) != run.result


@pytest.mark.usefixtures("figures")
def test_rows_behind_a_figure_are_its_own_and_masked() -> None:
    found = api.walk_on("revenue", DAY)
    reader = system(Role.DATA_OFFICE)
    rows = api.rows_behind(found, reader, {"street": "west"}, date(2024, 3, 1))
    assert rows.total == 1
    assert rows.masked == ("person", "shouted")
    assert dict(zip(rows.columns, rows.rows[0], strict=True)) == {
        "period": date(2024, 3, 1), "street": "west", "firm": "B", "revenue": 7000, "person": "•••", "shouted": "•••",
    }  # fmt: skip
    assert rows.titles[1].zh == "街道"
    assert api.rows_behind(found, reader, {}, None).total == 6
    with pytest.raises(Refused):
        api.rows_behind(found, Actor(urn="anonymous"), {}, None)


@pytest.mark.usefixtures("figures")
def test_a_sheet_reads_in_a_bounded_number_of_queries() -> None:
    api.definitions()
    with CaptureQueriesContext(connection) as asked:
        sheet = api.sheet(DAY, ["revenue"], reader=None)
        for _ in range(20):
            sheet.figure("revenue")
            sheet.breakdown("revenue", "street")
            sheet.causes("revenue", "street")
    assert len(asked) == 4


def test_a_new_day_is_computed_by_itself(load: Load, define: Define, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_AS_OF", DAY.isoformat())
    load()
    define()
    assert not checks.figures().ok
    jobs.follow_the_day()
    jobs.follow_the_day()
    waiting = JobRun.objects.filter(name__startswith="indicators.recompute", arguments={})
    assert waiting.count() == 1
    perform(waiting[0].id, waiting[0].name, {})
    assert waiting[0].result == {"computed": 1, "unchanged": 0, "failed": {}}
    assert checks.figures().ok
    jobs.follow_the_day()
    assert waiting.count() == 1


def test_nothing_loaded_nothing_computed(define: Define) -> None:
    define()
    with pytest.raises(NoFigure):
        api.compute("revenue", DAY)
    assert api.figure("revenue", DAY, reader=None).value is None
    assert set(api.compute_all(DAY).failed) == {"revenue"}
    with pytest.raises(UnknownIndicator):
        api.figure("nothing", DAY, reader=None)


def test_a_query_that_gives_two_totals_is_refused(load: Load, define: Define) -> None:
    load()
    define(
        query="SELECT p.period, NULL AS street, r.revenue AS value FROM periods p JOIN revenue_monthly r"
        " ON r.month = p.period"
    )
    with pytest.raises(BadResult):
        api.compute("revenue", DAY)
    assert ComputationRow.objects.count() == 0


def test_a_new_snapshot_asks_for_a_computation_once(load: Load, define: Define) -> None:
    define()
    load()
    events.deliver_pending()
    asked: list[Any] = list(
        JobRun.objects.filter(name__startswith="indicators.recompute").values_list("arguments", flat=True)
    )
    assert asked == [{"table": "revenue-monthly"}]
