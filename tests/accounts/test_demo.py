"""Demo people sign in with one click in demo mode, from this machine, and not otherwise."""

from collections.abc import Callable

import pytest
from django.test import Client

from hutong.accounts import api, demo_people, people
from hutong.accounts.backend import DEMO_PASSWORD
from hutong.accounts.binding import is_loopback
from hutong.accounts.demo_people import NotDemo
from hutong.accounts.errors import BadPerson, DemoExposed
from hutong.accounts.models import Person
from hutong.accounts.types import Role
from hutong.packs.api import install as install_pack
from tests.accounts.test_signing import is_in, sign_in


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, tree: None) -> None:
    monkeypatch.setenv("HUTONG_DEMO", "1")
    demo_people.install()


def test_there_is_somebody_for_every_role(demo: None):
    held = {role for each in api.demo_people() for role in each.roles}
    assert held == set(Role) - {Role.PUBLIC}
    assert all(each.organisation for each in api.demo_people())


def test_installing_a_pack_in_demo_mode_brings_them(db: None, monkeypatch: pytest.MonkeyPatch):
    install_pack("beijing-dongcheng")
    assert not Person.objects.exists()
    monkeypatch.setenv("HUTONG_DEMO", "1")
    install_pack("beijing-dongcheng")
    assert {each.login for each in api.demo_people()} == {each.login for each in demo_people.DEMO_PEOPLE}
    offices = {each.login: each.organisation for each in api.demo_people()}
    assert offices["gao.yang"] == "statistics-bureau"


def test_installing_twice_changes_nothing(demo: None):
    before = list(Person.objects.values())
    demo_people.install()
    assert list(Person.objects.values()) == before


def test_no_demo_password_is_stored(demo: None):
    assert Person.objects.filter(demo=True).count() == len(demo_people.DEMO_PEOPLE)
    assert not any(each.has_usable_password() for each in Person.objects.all())


def test_one_click_signs_in(demo: None, client: Client):
    page = client.get("/account/login").content.decode()
    assert "选择角色" in page
    for each in demo_people.DEMO_PEOPLE:
        assert each.name.zh in page
    answer = client.post("/account/demo", {"person": "zhou.min", "next": "/catalog"})
    assert answer.headers["Location"] == "/catalog"
    assert is_in(client)


def test_one_click_never_leads_to_another_site(demo: None, client: Client):
    answer = client.post("/account/demo", {"person": "zhou.min", "next": "//elsewhere.example"})
    assert answer.headers["Location"] == "/"


def test_one_click_needs_a_post_with_its_token(demo: None, client: Client):
    assert client.get("/account/demo?person=zhou.min").status_code == 405
    careful = Client(enforce_csrf_checks=True)
    assert careful.post("/account/demo", {"person": "zhou.min"}).status_code == 403
    assert not is_in(careful)


def test_the_shared_password_works_in_demo_mode(demo: None, client: Client):
    sign_in(client, "zhou.min", DEMO_PASSWORD)
    assert is_in(client)


def test_real_people_have_no_one_click(demo: None, client: Client, somebody: Callable[..., Person]):
    somebody("leader", login="real")
    assert client.post("/account/demo", {"person": "real"}).status_code == 404
    sign_in(client, "real", DEMO_PASSWORD)
    assert not is_in(client)


def test_a_locked_demo_person_stays_out(demo: None, client: Client):
    people.lock("zhou.min")
    assert client.post("/account/demo", {"person": "zhou.min"}).status_code == 404
    sign_in(client, "zhou.min", DEMO_PASSWORD)
    assert not is_in(client)


def test_the_same_home_out_of_demo_mode_locks_them_out(
    demo: None, client: Client, monkeypatch: pytest.MonkeyPatch
):
    client.post("/account/demo", {"person": "tang.wei"})
    assert is_in(client)
    monkeypatch.setenv("HUTONG_DEMO", "0")
    assert not is_in(client), "a session begun in demo mode is worth nothing"
    assert client.post("/account/demo", {"person": "tang.wei"}).status_code == 403
    sign_in(client, "tang.wei", DEMO_PASSWORD)
    assert not is_in(client)
    page = client.get("/account/login").content.decode()
    assert "选择角色" not in page
    assert DEMO_PASSWORD not in page
    assert api.demo_people() == []
    with pytest.raises(NotDemo):
        demo_people.install()
    with pytest.raises(BadPerson):
        people.reset_password("tang.wei")
    monkeypatch.setenv("HUTONG_DEMO", "1")
    assert client.post("/account/demo", {"person": "tang.wei"}).status_code == 302


def test_demo_mode_answers_this_machine_alone(demo: None, monkeypatch: pytest.MonkeyPatch):
    stranger = Client(REMOTE_ADDR="192.168.1.20")
    answer = stranger.get("/account/login")
    assert answer.status_code == 403
    assert answer.json()["code"] == "accounts.demo-exposed"
    monkeypatch.setenv("HUTONG_DEMO_IN_PUBLIC", "1")
    assert stranger.get("/account/login").status_code == 200
    monkeypatch.setenv("HUTONG_DEMO", "0")
    monkeypatch.setenv("HUTONG_DEMO_IN_PUBLIC", "0")
    assert stranger.get("/account/login").status_code == 200


LOOPBACK = ["127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST", "::1", "[::1]", "::ffff:127.0.0.1"]
REACHABLE = [
    "0.0.0.0",
    "::",
    "",
    "192.168.1.5",
    "10.0.0.1",
    "example.org",
    "localhost.example.org",
    "::ffff:10.0.0.1",
    "127.0.0.1.example.org",
]
BOTH = ["demo-in-public", "yes-i-mean-it"]


@pytest.mark.parametrize("host", LOOPBACK)
def test_this_machine_is_always_fine(host: str):
    assert is_loopback(host)
    api.check_bind(host, demo=True)


@pytest.mark.parametrize("host", REACHABLE)
def test_elsewhere_takes_two_words(host: str):
    api.check_bind(host, demo=False)
    for flags in ([], BOTH[:1], BOTH[1:], ["yes-i-mean-it", "yes-i-mean-it"]):
        with pytest.raises(DemoExposed) as caught:
            api.check_bind(host, demo=True, flags=flags)
        assert "--demo-in-public" in str(caught.value.mend)
    api.check_bind(host, demo=True, flags=BOTH)
