"""Accesses become alerts once, alerts are settled with a reason, and the score follows."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hutong.accounts.errors import Refused
from hutong.exchange.api import gate
from hutong.exchange.types import ContractRef
from hutong.kernel import clock, doctor
from hutong.kernel.models import OutboxEvent
from hutong.posture.api import alerts, scoring
from hutong.posture.errors import CannotSettle, NoReason, NoSuchAlert
from hutong.posture.types import AlertKind, AlertState, Part
from tests.exchange.conftest import CONSUMER, NOW, OFFICE, person
from tests.posture.conftest import SECURITY

pytestmark = pytest.mark.django_db


def use(contract: ContractRef) -> None:
    """Three weeks of office hours."""
    reader = person(CONSUMER)
    for day in range(1, 22):
        for hour in (1, 6):  # 9:00 and 14:00 in Shanghai beside 10:00
            moment = NOW + timedelta(days=day, hours=hour)
            if moment.weekday() < 5:
                with clock.freeze(moment):
                    gate.read(gate.asked_by(reader, contract), contract)


@pytest.fixture
def at_night(agreed: Callable[..., ContractRef]) -> ContractRef:
    """A contract with a history, read at three at night today."""
    contract = agreed()
    use(contract)
    with clock.freeze(NOW + timedelta(days=22, hours=17)):
        gate.read(gate.asked_by(person(CONSUMER), contract), contract)
    return contract


LATER = NOW + timedelta(days=22, hours=18)


def test_reading_at_night_raises_one_alert_and_an_event(at_night: ContractRef):
    with clock.freeze(LATER):
        assert alerts.watch().found == 1
        assert alerts.watch().found == 0, "found again, it is the same alert"
        (found,), total = alerts.listed()
    assert total == 1
    assert (found.kind, found.state, found.rows, found.calls) == (AlertKind.HOUR, AlertState.OPEN, 3, 1)
    assert (found.dataset, found.contract) == ("key-firm-monthly", at_night.id)
    assert found.reasons[0]["share"] == 0
    (told,) = OutboxEvent.objects.filter(name="posture.alert")
    assert told.body["urn"] == found.urn


def test_a_quiet_contract_raises_none(agreed: Callable[..., ContractRef]):
    use(agreed())
    with clock.freeze(NOW + timedelta(days=22)):
        assert alerts.watch(NOW + timedelta(days=18)).found == 0


def test_an_alert_is_settled_with_a_reason_and_the_score_falls(at_night: ContractRef):
    with clock.freeze(LATER):
        alerts.watch()
        (found,), _ = alerts.listed()
        scoring.renew()
        before = scoring.of("dataset", "key-firm-monthly")
        with pytest.raises(Refused):
            alerts.close(OFFICE, found.id, "看过了")
        with pytest.raises(NoReason):
            alerts.close(SECURITY, found.id, "  ")
        assert alerts.acknowledge(SECURITY, found.id).state is AlertState.ACKNOWLEDGED
        with pytest.raises(CannotSettle):
            alerts.acknowledge(SECURITY, found.id)
        closed = alerts.close(SECURITY, found.id, "夜间应急统计，已核实")
        assert (closed.state, closed.note) == (AlertState.CLOSED, "夜间应急统计，已核实")
        with pytest.raises(CannotSettle):
            alerts.close(SECURITY, found.id, "again")
        scoring.renew()
        after = scoring.of("dataset", "key-firm-monthly")
        assert alerts.watch().found == 0, "a closed alert stays closed"
    parts = (
        {each.part: each.value for each in before.shares},
        {each.part: each.value for each in after.shares},
    )
    assert parts[0][Part.ANOMALIES] > 0 == parts[1][Part.ANOMALIES]
    assert after.score < before.score


@pytest.mark.parametrize("number", [0, -1, 99, 2**70])
def test_there_is_no_such_alert(number: int, district: None):
    with pytest.raises(NoSuchAlert):
        alerts.alert(number)


def test_the_doctor_says_when_alerts_pile_up(at_night: ContractRef, monkeypatch: pytest.MonkeyPatch):
    with clock.freeze(LATER):
        alerts.watch()
        assert doctor.examine()["posture.alerts"].ok
        monkeypatch.setattr(alerts, "counts", lambda: {"open": 21})
        assert not doctor.examine()["posture.alerts"].ok


def test_what_is_beyond_the_bound_of_one_look_is_counted(
    at_night: ContractRef, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(alerts, "MOST", 0)
    with clock.freeze(LATER):
        seen = alerts.watch()
    assert (seen.found, seen.dropped) == (0, 1)
