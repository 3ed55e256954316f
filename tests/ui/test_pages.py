import json

import pytest
from django.test import Client

from hutong.ui.components import components

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_DEMO", "1")


@pytest.mark.parametrize("name", components())
def test_the_gallery_shows_each_component(name: str, client: Client) -> None:
    page = client.get(f"/ui/{name}")
    assert page.status_code == 200
    assert components()[name].title.zh in page.content.decode()


def test_the_gallery_is_closed_outside_the_demo(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_DEMO", "0")
    assert client.get("/ui").status_code == 403


def test_chinese_unless_switched(client: Client) -> None:
    page = client.get("/ui", HTTP_ACCEPT_LANGUAGE="en")
    assert '<html lang="zh-Hans"' in page.content.decode()
    answer = client.post("/language", {"language": "en", "next": "/ui"})
    assert answer["Location"] == "/ui"
    assert '<html lang="en"' in client.get("/ui").content.decode()
    client.post("/language", {"language": "zh-hans"})
    assert '<html lang="zh-Hans"' in client.get("/ui").content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_switch_never_leads_elsewhere(target: str, client: Client) -> None:
    assert client.post("/language", {"language": "en", "next": target})["Location"] == "/"


def test_a_language_or_theme_we_do_not_have_is_not_kept(client: Client) -> None:
    assert not client.post("/language", {"language": "xx"}).cookies
    assert not client.post("/theme", {"theme": "pink"}).cookies


def test_the_appearance_is_kept(client: Client) -> None:
    client.post("/theme", {"theme": "dark", "next": "/ui"})
    assert 'data-theme="dark"' in client.get("/ui").content.decode()
    assert 'data-theme="wall"' in client.get("/ui?wall=1").content.decode()


def test_a_switch_needs_the_forms_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/language", {"language": "en"}).status_code == 403


def test_synthetic_data_is_marked_in_the_demo_only(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "人工合成" in client.get("/nowhere", HTTP_ACCEPT="text/html").content.decode()
    monkeypatch.setenv("HUTONG_DEMO", "0")
    assert "人工合成" not in client.get("/nowhere", HTTP_ACCEPT="text/html").content.decode()


def test_an_error_is_a_page_for_people_and_json_for_programs(client: Client) -> None:
    page = client.get("/ui/nothing", HTTP_ACCEPT="text/html")
    assert page.status_code == 404
    assert "ui.no-component" in page.content.decode()
    answer = client.get("/ui/nothing", HTTP_ACCEPT="application/json")
    body = json.loads(answer.content)
    assert answer.status_code == 404
    assert body["code"] == "ui.no-component"
    assert body["message"]["zh"]
    assert body["fix"]["en"]


def test_an_error_for_a_part_of_a_page_is_a_part(client: Client) -> None:
    part = client.get("/ui/nothing", HTTP_ACCEPT="text/html", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert "ui.no-component" in part or "nothing" in part


def test_no_page_has_inline_scripts_or_styles(client: Client) -> None:
    page = client.get("/ui/chart").content.decode()
    assert "style=" not in page
    assert "onclick" not in page
    for script in page.split("<script")[1:]:
        assert "src=" in script.split(">")[0] or 'type="application/json"' in script.split(">")[0]
