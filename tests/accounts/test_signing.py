"""Signing in: what gets in, what does not, and what it looks like to whoever tries."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from hutong.accounts import people
from hutong.accounts.lockout import FAILURES, PAUSE
from hutong.accounts.models import Person, Session
from hutong.kernel.models import AuditRecord
from tests.accounts.conftest import PASSWORD

LOGIN = "/account/login"


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra: str):
    return client.post(
        LOGIN, {"username": login, "password": password, **extra}, headers={"accept": "text/html"}
    )


def is_in(client: Client) -> bool:
    return client.get("/account", headers={"accept": "text/html"}).status_code == 200


def test_the_right_password_gets_in(client: Client, somebody: Callable[..., Person]):
    somebody("leader")
    answer = sign_in(client, " Leader ")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_in(client)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: Client, somebody: Callable[..., Person]
):
    somebody("leader")
    sign_in(client, "leader")
    cookie = client.cookies["hutong"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["expires"], "it goes when the browser closes"


def test_a_session_given_before_is_not_kept(client: Client, somebody: Callable[..., Person]):
    """Session fixation: an attacker who planted a key must not find it signed in."""
    somebody("leader")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    planted = session.session_key
    client.cookies["hutong"] = planted
    sign_in(client, "leader")
    assert client.cookies["hutong"].value != planted
    assert not Session.objects.filter(pk=planted).exists()


def test_each_sign_in_has_a_session_of_its_own(client: Client, somebody: Callable[..., Person]):
    somebody("leader")
    sign_in(client, "leader")
    first = client.cookies["hutong"].value
    sign_in(client, "leader")
    assert client.cookies["hutong"].value != first


def test_an_unknown_name_a_wrong_password_and_a_locked_person_look_the_same(
    client: Client, somebody: Callable[..., Person]
):
    somebody("leader")
    somebody("operator")
    people.lock("operator")
    pages = []
    for login, password in (("nobody", PASSWORD), ("leader", "wrong"), ("operator", PASSWORD)):
        answer = sign_in(client, login, password)
        assert answer.status_code == 200
        page = answer.content.decode().replace(login, "NAME")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1] == pages[2]
    assert "登录名或密码不正确" in pages[0]


class CountingHasher(MD5PasswordHasher):
    runs: ClassVar[int] = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).runs += 1
        return super().encode(password, salt)


@pytest.mark.parametrize(
    "case", ["unknown", "wrong", "locked", "no password", "demo person outside demo mode"]
)
def test_every_refusal_costs_one_hash(case: str, somebody: Callable[..., Person], client: Client, settings):
    somebody("leader")
    person = somebody("operator")
    if case == "locked":
        people.lock("operator")
    if case in {"no password", "demo person outside demo mode"}:
        person.set_unusable_password()
        person.demo = case.startswith("demo")
        person.save()
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    people.reset_password("leader", PASSWORD)
    CountingHasher.runs = 0
    login = {"unknown": "nobody", "wrong": "leader"}.get(case, "operator")
    if case == "locked":
        Person.objects.filter(login=login).update(password=people.find("leader").password)
    sign_in(client, login, "quite wrong")
    assert CountingHasher.runs == 1


def test_a_password_of_megabytes_is_not_hashed(somebody: Callable[..., Person], client: Client, settings):
    somebody("leader")
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.runs = 0
    sign_in(client, "leader", "x" * 2_000_000)
    assert CountingHasher.runs == 0
    assert not is_in(client)


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/map?x=1", "/map?x=1"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("https:/elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("\thttps://elsewhere.example", "/"),
        ("http://testserver@elsewhere.example/", "/"),
    ],
)
def test_signing_in_never_leads_to_another_site(
    asked: str, led: str, client: Client, somebody: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
):
    somebody("leader")
    assert sign_in(client, "leader", next=asked).headers["Location"] == led


def test_forms_need_their_token(somebody: Callable[..., Person]):
    somebody("leader")
    careful = Client(enforce_csrf_checks=True)
    refused = careful.post(
        LOGIN, {"username": "leader", "password": PASSWORD}, headers={"accept": "text/html"}
    )
    assert refused.status_code == 403
    page = careful.get(LOGIN).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    given = {"username": "leader", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    assert careful.post(LOGIN, given).status_code == 302
    for path in (
        "/account/logout",
        "/account/sessions/end",
        "/account/password",
        "/account",
        "/account/demo",
    ):
        assert careful.post(path, headers={"accept": "text/html"}).status_code == 403, path
    assert is_in(careful)


def test_failures_lock_the_name_until_the_pause_is_over(client: Client, somebody: Callable[..., Person]):
    somebody("leader")
    for _ in range(FAILURES - 1):
        assert sign_in(client, "leader", "wrong").status_code == 200
    locked = sign_in(client, "LEADER ", "wrong")
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "900"
    assert "已暂时锁定 15 分钟" in locked.content.decode()
    client.cookies["hutong_language"] = "en"
    even_right = sign_in(client, "leader")
    assert even_right.status_code == 429
    assert "locked for 15 minutes" in even_right.content.decode()
    assert not is_in(client)
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= PAUSE + timedelta(minutes=1)
        attempt.save()
    assert sign_in(client, "leader").status_code == 302


def test_a_lock_out_stays_with_the_address_it_came_from(client: Client, somebody: Callable[..., Person]):
    """Otherwise anyone who knows a name could keep its owner out."""
    somebody("leader")
    for _ in range(FAILURES):
        sign_in(client, "leader", "wrong")
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert sign_in(elsewhere, "leader").status_code == 302


def test_an_administrator_unlocks(client: Client, somebody: Callable[..., Person], signed_in):
    somebody("leader")
    for _ in range(FAILURES):
        sign_in(client, "leader", "wrong")
    administrator = signed_in("administrator")
    assert "连续登录失败" in administrator.get("/people/leader").content.decode()
    assert "暂时锁定" in administrator.get("/people").content.decode()
    assert administrator.post("/people/leader/unlock").status_code == 302
    assert "暂时锁定" not in administrator.get("/people").content.decode()
    assert sign_in(client, "leader").status_code == 302


def test_guessing_many_names_is_slowed_down(client: Client, somebody: Callable[..., Person]):
    somebody("leader")
    answers = [sign_in(client, f"name{number}", "wrong").status_code for number in range(31)]
    assert answers[:30] == [200] * 30
    assert answers[30] == 429
    assert sign_in(Client(REMOTE_ADDR="10.1.2.3"), "leader").status_code == 302


def test_guessing_one_name_from_many_addresses_is_slowed_down(somebody: Callable[..., Person]):
    somebody("leader")
    for number in range(60):
        sign_in(Client(REMOTE_ADDR=f"10.1.2.{number}"), "leader", "wrong")
    assert sign_in(Client(REMOTE_ADDR="10.9.9.9"), "leader").status_code == 429


def test_the_trail_knows_who_came_and_keeps_no_secret(client: Client, somebody: Callable[..., Person]):
    person = somebody("leader")
    sign_in(client, "my-password-in-the-wrong-field", "x")
    sign_in(client, "leader", "wrong")
    sign_in(client, "leader")
    client.post("/account/logout")
    found = list(AuditRecord.objects.filter(action__startswith="account.").order_by("id"))
    assert [(each.action, each.subject) for each in found] == [
        ("account.sign-in-failed", "unknown"),
        ("account.sign-in-failed", person.urn),
        ("account.sign-in", person.urn),
        ("account.sign-out", person.urn),
    ]
    assert {each.address for each in found} == {"127.0.0.1"}
    assert "my-password" not in str(list(AuditRecord.objects.values()))


def test_signing_out_needs_a_post_and_ends_the_session_on_the_server(
    client: Client, somebody: Callable[..., Person]
):
    somebody("leader")
    sign_in(client, "leader")
    key = client.cookies["hutong"].value
    opened = client.get("/account/logout", headers={"accept": "text/html"})
    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert "这个地址只接收表单" in opened.content.decode()
    client.post("/account/logout")
    assert not Session.objects.filter(pk=key).exists()
    client.cookies["hutong"] = key
    assert not is_in(client)


def test_the_language_a_person_chose_comes_along(client: Client, somebody: Callable[..., Person]):
    somebody("leader")
    sign_in(client, "leader")
    client.post("/account", {"language": "en"})
    assert "Who you are here" in client.get("/account").content.decode()
    fresh = Client()
    sign_in(fresh, "leader")
    assert "Who you are here" in fresh.get("/account").content.decode()
    assert client.post("/account", {"language": "xx"}).status_code == 422
