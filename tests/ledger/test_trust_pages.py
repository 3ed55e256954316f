"""Pages and interfaces about keys, witnesses and completeness, for anyone."""

import json

import pytest
from django.apps import apps
from django.test import Client

from hutong.ledger import api
from hutong.ledger.logic.completeness import Complete

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
AIR = "urn:hutong:beijing-dongcheng:dataset:air"


@pytest.fixture(autouse=True)
def change() -> None:
    api.append("test.change", AIR, {"n": 1}, organisation="statistics-bureau")
    api.append("test.change", AIR, {"n": 2}, organisation="statistics-bureau")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_keys(client: Client, language: str) -> None:
    (key,) = api.organisation_keys("statistics-bureau")
    page = client.get(f"/ledger/organisations?lang={language}").content.decode()
    assert f"/ledger/organisations/{key.subject}" in page
    for name in (key.subject, "statistics-bureau"):
        page = client.get(f"/ledger/organisations/{name}?lang={language}").content.decode()
        assert key.key in page.replace("&#x2B;", "+")
        assert f"/ledger/entries/{key.added_by}" in page
    assert client.get("/ledger/organisations/nobody").status_code == 404
    assert client.get("/ledger/organisations/x/../y%00").status_code == 400


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_witnesses(client: Client, language: str) -> None:
    page = client.get(f"/ledger/witnesses?lang={language}")
    assert page.status_code == 200
    assert client.get("/api/ledger/witnesses").json() == []
    assert client.get("/ledger/policy").content.decode().endswith("quorum none\n")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_completeness(client: Client, language: str) -> None:
    assert client.get(f"/ledger/about?lang={language}").status_code == 200
    told = client.get("/api/ledger/about", {"subject": AIR})
    assert (told.status_code, told.json()["code"]) == (503, "ledger.not-indexed")
    api.index()
    api.append("test.change", AIR, {"n": 3}, organisation="statistics-bureau")  # after the map was made
    found = client.get("/api/ledger/about", {"subject": AIR})
    told = api.check_any(json.dumps(found.json()))
    assert isinstance(told, Complete)
    assert len(told.entries) == 2
    page = client.get("/ledger/about", {"subject": AIR, "lang": language}).content.decode()
    assert "/ledger/about/evidence.json?subject=urn" in page
    lines = client.get("/ledger/about/evidence.json", {"subject": AIR})
    assert json.loads(lines.content) == found.json()
    assert len(lines.content.splitlines()) == 4
    assert client.get("/ledger/about/evidence.json", {"skip": "x"}).status_code == 422
    assert ("Entries found: 2," if language == "en" else "找到 2 条") in page
    none = client.get("/ledger/about", {"subject": f"{AIR}-x", "lang": language}).content.decode()
    assert ("there is none under" if language == "en" else "确无记录") in none
    assert client.get("/api/ledger/about", {"subject": "x" * 301}).status_code == 422
    assert client.get("/api/ledger/about", {"skip": -1}).status_code == 422
    assert client.get("/ledger/about", {"subject": "\0"}).status_code == 400
    assert client.get("/api/ledger/about", {"subject": "\0"}).status_code == 400


def test_reading_writes_nothing(client: Client) -> None:
    api.index()
    ref = api.append("test.change", AIR, {"n": 3}, organisation="statistics-bureau")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hutong.ledger.store.appending.integrate", lambda: 0)
        waiting = api.append("test.change", AIR, {"n": 4}, organisation="statistics-bureau")
    before = [
        list(model.objects.order_by("pk").values()) for model in apps.get_app_config("ledger").get_models()
    ]
    for path, status in (
        ("/ledger", 200), (f"/ledger/entries/{ref.id}", 200), (f"/ledger/entries/{waiting.id}", 503),
        (f"/api/ledger/entries/{ref.id}/proof", 200), (f"/api/ledger/entries/{waiting.id}/proof", 503),
        (f"/api/ledger/entries/{waiting.id + 1}/proof", 404), (f"/api/ledger/about?subject={AIR}", 200),
        (f"/api/ledger/about?subject={AIR}&by=statistics-bureau", 200), (f"/ledger/about?subject={AIR}", 200),
        (f"/ledger/about/evidence.json?subject={AIR}", 200),
        ("/ledger/witnesses", 200), ("/ledger/organisations", 200), ("/ledger/checkpoint", 200),
        ("/ledger/checkpoint/pending", 200), ("/api/ledger/consistency?size1=1&size2=2", 200),
    ):  # fmt: skip
        assert client.get(path).status_code == status, path
    after = [
        list(model.objects.order_by("pk").values()) for model in apps.get_app_config("ledger").get_models()
    ]
    assert after == before
