"""Sessions end when they should, and people see and end their own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from hutong.accounts import jobs, people
from hutong.accounts.logic.ages import Ages, is_over
from hutong.accounts.models import Person, Session
from hutong.kernel import clock
from hutong.kernel.models import AuditRecord
from tests.accounts.conftest import PASSWORD, SignIn
from tests.accounts.test_signing import is_in, sign_in

NEW = "a new pass phrase 新口令"


@pytest.mark.parametrize(
    ("started", "seen", "over"),
    [
        (0, 0, False),
        (-3600, -30 * 60, False),
        (-3600, -30 * 60 - 1, True),
        (-12 * 3600, -1, False),
        (-12 * 3600 - 1, -1, True),
        (None, -1, True),
        (-1, None, True),
    ],
)
def test_ages(started: float | None, seen: float | None, over: bool):
    moment = 1_000_000.0
    ages = Ages(
        None if started is None else moment + started, None if seen is None else moment + seen, moment
    )
    assert is_over(ages, idle_minutes=30, hours=12) is over


def test_an_idle_session_ends_and_says_why(signed_in: SignIn):
    client = signed_in("leader")
    assert is_in(client)
    with clock.freeze(clock.now() + timedelta(minutes=31)):
        assert not is_in(client)
        assert "登录已超时" in client.get("/account/login").content.decode()


def test_a_busy_session_ends_after_its_longest_time(signed_in: SignIn):
    client = signed_in("leader")
    begun = clock.now()
    for minutes in range(0, 12 * 60, 25):
        with clock.freeze(begun + timedelta(minutes=minutes)):
            assert is_in(client), minutes
    with clock.freeze(begun + timedelta(hours=12, minutes=1)):
        assert not is_in(client)


def test_the_bounds_are_settings(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUTONG_SESSION_IDLE_MINUTES", "5")
    client = signed_in("leader")
    with clock.freeze(clock.now() + timedelta(minutes=6)):
        assert not is_in(client)


def test_locking_a_person_ends_what_they_are_doing(signed_in: SignIn):
    client = signed_in("leader")
    assert is_in(client)
    people.lock("leader")
    assert not is_in(client)


def test_people_see_their_own_sessions_and_no_key(signed_in: SignIn, somebody: Callable[..., Person]):
    other = Client(headers={"user-agent": "Somebody else's browser"})
    other.force_login(somebody("operator"), backend="hutong.accounts.backend.PersonBackend")
    client = signed_in("leader")
    sign_in(Client(headers={"user-agent": "The phone in the other room"}), "leader")
    page = client.get("/account/sessions").content.decode()
    assert "The phone in the other room" in page
    assert "Somebody else" not in page
    for key in Session.objects.values_list("pk", flat=True):
        assert key not in page


def test_ending_another_session_of_mine(signed_in: SignIn):
    here = signed_in("leader")
    there = Client()
    sign_in(there, "leader")
    page = here.get("/account/sessions").content.decode()
    ref = page.split('name="session" value="')[1].split('"')[0]
    here.post("/account/sessions/end", {"session": ref})
    assert is_in(here)
    assert not is_in(there)


def test_ending_all_others(signed_in: SignIn, somebody: Callable[..., Person]):
    stranger = Client()
    stranger.force_login(somebody("operator"), backend="hutong.accounts.backend.PersonBackend")
    here = signed_in("leader")
    others = [Client(), Client()]
    for each in others:
        sign_in(each, "leader")
    here.post("/account/sessions/end", {"session": "others"})
    assert [is_in(each) for each in (here, stranger, *others)] == [True, True, False, False]


def test_a_session_of_somebody_else_cannot_be_ended(signed_in: SignIn, somebody: Callable[..., Person]):
    stranger = Client()
    stranger.force_login(somebody("operator"), backend="hutong.accounts.backend.PersonBackend")
    stranger.get("/account/sessions")
    sign_in(Client(), "operator")
    ref = stranger.get("/account/sessions").content.decode().split('name="session" value="')[1].split('"')[0]
    before = Session.objects.filter(person__login="operator").count()
    signed_in("leader").post("/account/sessions/end", {"session": ref})
    assert Session.objects.filter(person__login="operator").count() == before == 2


def test_changing_the_password_ends_my_other_sessions(signed_in: SignIn):
    here, there = signed_in("leader"), Client()
    sign_in(there, "leader")
    given = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/account/password", given).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert sign_in(Client(), "leader").status_code == 200, "the old one opens nothing"
    assert sign_in(Client(), "leader", NEW).status_code == 302
    assert AuditRecord.objects.filter(action="account.password").count() == 1


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("short", "12"),
        ("123456789012", "数字"),
        ("administrator", "常见"),
        ("zhangsan1234", "英文姓名"),
        ("x" * 300, "256"),
    ],
)
def test_password_rules(signed_in: SignIn, new: str, said: str):
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    answer = signed_in("leader").post("/account/password", given)
    assert answer.status_code == 422
    message = answer.content.decode().partition("field-message")[2].partition("</p>")[0]
    assert said in message
    assert sign_in(Client(), "leader").status_code == 302, "the old one still opens"


def test_the_present_password_cannot_be_guessed_from_an_open_session(signed_in: SignIn):
    client = signed_in("leader")
    given = {"old_password": "guess", "new_password1": NEW, "new_password2": NEW}
    answers = [client.post("/account/password", given).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_password_set_by_another_has_to_be_changed_first(signed_in: SignIn):
    client = signed_in("leader")
    made = people.reset_password("leader")
    assert not is_in(client), "their sessions have ended"
    sign_in(client, "leader", made)
    for path in ("/organisations", "/"):
        answer = client.get(path, headers={"accept": "text/html"})
        assert answer.headers["Location"] == "/account/password", path
    given = {"old_password": made, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/account/password", given).status_code == 302
    assert client.get("/organisations").status_code == 200


def test_pages_of_somebody_are_not_kept_by_the_browser(signed_in: SignIn):
    assert "no-store" in signed_in("leader").get("/account").headers["Cache-Control"]


def test_sessions_that_ran_out_are_deleted(signed_in: SignIn):
    client = signed_in("leader")
    assert jobs.forget() == 0
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    assert jobs.forget() == 1
    assert not is_in(client)
