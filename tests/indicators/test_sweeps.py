"""Values of superseded computations go, and their walk still leads to the same values."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from hutong.indicators import api, sweeps
from hutong.indicators.logic.query import digest
from hutong.indicators.models import ComputationRow, ObservationRow, Plan, PlanTask
from hutong.indicators.types import Computation
from hutong.kernel import audit, clock
from hutong.lake.types import LoadReport
from tests.indicators.conftest import ROWS

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2024, 3, 31)
Load = Callable[..., LoadReport]


@pytest.fixture
def first(load: Load, define: Callable[..., int]) -> Computation:
    """A computation of long ago that a newer snapshot superseded."""
    load()
    define()
    run = api.compute("revenue", DAY)
    load(ROWS.replace("70,李四", "90,李四"))
    api.compute("revenue", DAY)
    ComputationRow.objects.update(computed_at=clock.now() - timedelta(days=200))
    return run


def _values(run: Computation) -> int:
    return ObservationRow.objects.filter(computation__urn=run.urn).count()


def test_superseded_values_go_and_the_walk_stays(first: Computation) -> None:
    before = api.canonical_values(first)
    assert sweeps.superseded(True).count == _values(first) == 9
    assert sweeps.superseded(False).count == 9
    assert _values(first) == 0
    assert api.figure("revenue", DAY, reader=None).value == 240.0, "the current figure is untouched"
    found = api.walk(first.urn)
    assert api.canonical_values(found.computation) == before
    assert digest(before) == found.computation.result
    assert api.again(first).same
    assert sweeps.superseded(False).count == 0


def test_values_come_back_when_their_computation_is_current_again(first: Computation, load: Load) -> None:
    sweeps.superseded(False)
    ComputationRow.objects.exclude(urn=first.urn).delete()
    moment = first.readings[0].committed_at + timedelta(microseconds=1)
    api.compute("revenue", DAY, moment)
    assert _values(first) == 0, "a look back stores nothing"
    with clock.freeze(moment):
        api.compute("revenue", DAY)
    assert _values(first) == 9
    assert api.figure("revenue", DAY, reader=None).value == 220.0


def test_what_a_report_cites_stays(first: Computation) -> None:
    audit.record(sweeps.EXPORTED, "urn:hutong:test:plan:a", entries=[first.entry_id])
    assert sweeps.superseded(False).count == 0
    assert _values(first) == 9


@pytest.mark.parametrize("cite", ["urn", "entry"])
def test_what_evidence_cites_stays(first: Computation, cite: str) -> None:
    plan = Plan.objects.create(id="a", urn="urn:a", title={}, period_from=2021, period_to=2025)
    text = first.urn if cite == "urn" else f"urn:hutong:test:entry:{first.entry_id}"
    PlanTask.objects.create(plan=plan, code="t", order=1, title={}, evidence=[{"kind": "data", "text": text}])
    assert sweeps.superseded(False).count == 0


def test_recent_ones_stay(first: Computation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(sweeps.VALUES.name, "300")
    assert sweeps.superseded(False).count == 0
