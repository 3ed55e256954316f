"""A log that contradicts itself is an alert: a peer's, and our own as a witness sees it."""

import pytest
from django.test import Client

from hutong.accounts import api as accounts
from hutong.accounts import people
from hutong.docking.api import PeerAlarm
from hutong.kernel.events import deliver_pending, publish
from hutong.ledger.api import WitnessAlarm
from hutong.posture import gathering, shown
from hutong.posture.api import alerts, scoring
from hutong.posture.types import AlertKind, AlertRef, Channel, Part
from tests.posture.conftest import SECURITY

pytestmark = pytest.mark.django_db
WITNESS = WitnessAlarm("auditor", 1200, 422, "the root of size 1200 is another one")


def told(event: object, times: int = 1) -> AlertRef:
    for _ in range(times):
        publish(event)
    deliver_pending()
    (found,) = [each for each in alerts.waiting() if each.kind is AlertKind.LOG]
    return found


def anomalies(system: str) -> float:
    return next(each.value for each in scoring.of("system", system).shares if each.part is Part.ANOMALIES)


@pytest.mark.parametrize("why", ["split", "rewritten", "shorter"])
def test_a_peer_that_contradicts_itself_is_the_gravest_alert_once(why: str, district: None):
    found = told(PeerAlarm("city", why, 70, 64, 12), times=2)
    assert (found.channel, found.dataset) == (Channel.DOCKING, gathering.urn("peer", "city"))
    assert found.score == 95
    assert alerts.waiting()[0].id == found.id
    said = shown.reason(found.reasons[0])
    assert "{" not in said.zh + said.en
    assert said.zh not in {
        shown.reason({"code": f"peer-{each}"}).zh for each in ("split", "rewritten", "shorter")
    }
    assert anomalies("city-catalog-docking") == 47.5
    assert anomalies("catalog-blockchain") == 0


def test_another_contradiction_of_the_same_peer_is_another_alert(district: None):
    told(PeerAlarm("city", "split", 70, 70, 12))
    publish(PeerAlarm("city", "rewritten", 70, 90, 31))
    deliver_pending()
    assert len([each for each in alerts.waiting() if each.kind is AlertKind.LOG]) == 2


def test_what_a_witness_says_of_our_log_is_an_alert_too(district: None):
    found = told(WITNESS)
    assert (found.channel, found.score) == (Channel.LEDGER, 95)
    assert "auditor" in shown.reason(found.reasons[0]).zh
    assert anomalies("catalog-blockchain") == 47.5
    alerts.close(SECURITY, found.id, "核对后确认是见证方回退")
    scoring.renew()
    assert anomalies("catalog-blockchain") == 0


@pytest.mark.parametrize("event", [PeerAlarm("city", "split", 70, 70, 12), WITNESS])
def test_pages_and_programs_are_told(
    event: object, district: None, client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HUTONG_DEMO", "1")
    accounts.install_demo_people()
    found = told(event)
    client.force_login(people.find("sun.jing"), backend="hutong.accounts.backend.PersonBackend")
    page = client.get(f"/posture/alerts/{found.id}").content.decode()
    assert "日志前后矛盾" in page
    assert ("/ledger/entries/12" in page) == isinstance(event, PeerAlarm)
    listed = client.get("/api/posture/alerts", {"kind": "log"}).json()
    assert [each["id"] for each in listed["alerts"]] == [found.id]
    assert listed["alerts"][0]["reasons"][0]["code"] in {"peer-log", "witness-log"}
