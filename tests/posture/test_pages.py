"""Pages and the API: who gets in, and that each draws."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from hutong.accounts import api as accounts
from hutong.accounts.models import Person
from hutong.exchange.types import ContractRef
from hutong.kernel import clock
from hutong.posture.api import alerts, findings, scoring
from tests.posture.test_alerts import LATER, at_night

__all__ = ["at_night"]
pytestmark = pytest.mark.django_db
PAGES = [
    "/posture",
    "/posture/datasets",
    "/posture/datasets/key-firm-monthly",
    "/posture/alerts",
    "/posture/findings",
]
CALLS = ["/api/posture", "/api/posture/datasets", "/api/posture/datasets/key-firm-monthly", "/api/posture/systems",
         "/api/posture/alerts", "/api/posture/findings"]  # fmt: skip


@pytest.fixture
def enter(at_night: ContractRef, client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Client]:
    monkeypatch.setenv("HUTONG_DEMO", "1")
    accounts.install_demo_people()
    with clock.freeze(LATER):
        alerts.watch()
        scoring.renew()

    def sign_in(login: str) -> Client:
        with clock.freeze(LATER):
            client.force_login(
                Person.objects.get(login=login), backend="hutong.accounts.backend.PersonBackend"
            )
        return client

    return sign_in


@pytest.mark.parametrize("login", ["sun.jing", "song.yu", "zhou.min"])
def test_those_who_watch_see_every_page(login: str, enter: Callable[[str], Client]):
    client = enter(login)
    number, weak = alerts.listed()[0][0].id, findings.listed()[0].id
    with clock.freeze(LATER):
        for path in [*PAGES, *CALLS, f"/posture/alerts/{number}", f"/posture/findings/{weak}"]:
            assert client.get(path).status_code == 200, path
        assert client.get("/posture/audit").status_code == (403 if login == "zhou.min" else 200)
        answer = client.post(f"/posture/alerts/{number}", {"do": "close", "note": "已核实"})
        assert answer.status_code == (302 if login == "sun.jing" else 403)


@pytest.mark.parametrize("login", ["gao.yang", "lin.zhiyuan", "tang.wei", "wu.fan"])
def test_others_see_none(login: str, enter: Callable[[str], Client]):
    client = enter(login)
    with clock.freeze(LATER):
        for path in [
            *PAGES,
            *CALLS,
            "/posture/audit",
            "/posture/audit/export?since=2026-03-01&until=2026-03-02",
        ]:
            assert client.get(path).status_code == 403, path


def test_bad_input_is_told_and_changes_nothing(enter: Callable[[str], Client]):
    client = enter("sun.jing")
    number, weak = alerts.listed()[0][0].id, findings.listed()[0].id
    with clock.freeze(LATER):
        assert client.post(f"/posture/alerts/{number}", {"do": "close", "note": ""}).status_code == 422
        assert client.post(f"/posture/alerts/{number}", {"do": "?"}).status_code == 422
        assert client.post(f"/posture/findings/{weak}", {"note": "x", "until": "never"}).status_code == 422
        for path in ("/posture/alerts?page=0", "/posture/alerts?state=x", "/posture/audit/export?since=x"):
            assert client.get(path).status_code == 422, path
        for path in ("/posture/alerts/999", "/posture/findings/999", "/posture/datasets/none"):
            assert client.get(path).status_code == 404, path
        assert alerts.alert(number).state.value == "open"
        until = (clock.today() + timedelta(days=5)).isoformat()
        assert client.post(f"/posture/findings/{weak}", {"note": "试点", "until": until}).status_code == 302
        file = client.get(f"/posture/audit/export?since={clock.today()}&until={clock.today()}")
        assert b"".join(file.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_the_dataset_page_leads_to_its_risk(enter: Callable[[str], Client]):
    with clock.freeze(LATER):
        assert (
            b"/posture/datasets/key-firm-monthly"
            in enter("sun.jing").get("/catalog/datasets/key-firm-monthly").content
        )
