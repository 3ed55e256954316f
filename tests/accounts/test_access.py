"""From a request to an actor; from a guard to an answer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from ninja import NinjaAPI
from ninja.testing import TestClient

from hutong.accounts.access import actor_of, allow, current, declared_action, requires, system
from hutong.accounts.errors import Refused
from hutong.accounts.models import Membership, Person
from hutong.accounts.types import ANONYMOUS, Role, Target
from hutong.kernel import clock


def _request(person: Person | None = None, **headers: str) -> HttpRequest:
    request = RequestFactory().get("/somewhere?a=1", headers=headers)
    request.user = person or AnonymousUser()
    return request


def test_nobody_signed_in_is_the_public(db: None):
    assert current(_request()) == ANONYMOUS


def test_a_steward_covers_the_organisation_and_all_below_it(somebody: Callable[..., Person]):
    actor = current(_request(somebody("steward")))
    assert actor.is_authenticated
    assert actor.organisation == "statistics-bureau"
    assert {each for role, each in actor.reach or () if role == "steward"} == {
        "statistics-bureau",
        "survey-team",
    }


def test_a_role_for_the_district_as_a_whole_gives_no_organisation(somebody: Callable[..., Person]):
    person = somebody("operator")
    Membership.objects.create(person=person, role="steward", organisation=None)
    actor = actor_of(person)
    assert "steward" in actor.roles
    assert not actor.covers("steward", "statistics-bureau")


@pytest.mark.parametrize(
    ("since", "until", "holds"), [(0, None, True), (1, None, False), (-5, -1, False), (-5, 0, True)]
)
def test_a_role_holds_from_its_first_day_to_its_last(
    since: int, until: int | None, holds: bool, somebody: Callable[..., Person]
):
    person = somebody("leader")
    today = clock.today()
    Membership.objects.filter(person=person).update(
        since=today + timedelta(days=since), until=None if until is None else today + timedelta(days=until)
    )
    assert ("leader" in actor_of(person).roles) is holds


def test_the_day_of_a_role_turns_at_midnight_in_shanghai(somebody: Callable[..., Person]):
    person = somebody("leader")
    Membership.objects.filter(person=person).update(since=datetime(2026, 3, 2, tzinfo=UTC).date())
    with clock.freeze(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)):
        assert "leader" not in actor_of(person).roles
    with clock.freeze(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)):
        assert "leader" in actor_of(person).roles


def test_a_locked_person_is_the_public(somebody: Callable[..., Person]):
    person = somebody("leader")
    person.is_active = False
    assert actor_of(person) == ANONYMOUS


def test_allow_raises_with_the_reason_in_both_languages():
    with pytest.raises(Refused) as caught:
        allow(ANONYMOUS, "lake.load", Target("statistics-bureau"))
    assert caught.value.as_dict()["message"] == {
        "zh": "您没有权限：请先登录",
        "en": "You may not do this: sign in first",
    }
    assert caught.value.status == 403


def test_a_job_has_the_roles_it_is_given_and_no_more():
    assert not system().roles
    allow(system(Role.DATA_OFFICE), "lake.load", Target("statistics-bureau"))
    with pytest.raises(Refused):
        allow(system(Role.LEADER), "lake.load", Target("statistics-bureau"))


def test_a_guard_needs_an_action_of_the_list():
    with pytest.raises(ValueError, match="not in the list"):
        requires("lake.lode")


@requires("lake.load")
def _page(request: HttpRequest) -> HttpResponse:
    allow(current(request), "lake.load", Target("statistics-bureau"))
    return HttpResponse(current(request).urn)


@requires("lake.load")
def _forgetful(request: HttpRequest) -> HttpResponse:
    allow(current(request), "catalog.edit", Target("statistics-bureau"))
    return HttpResponse("everything there is")


def test_a_guarded_view_says_its_action():
    assert declared_action(_page) == "lake.load"
    assert declared_action(lambda request: request) is None


def test_a_page_leads_the_public_to_sign_in_and_back(db: None):
    answer = _page(_request(accept="text/html"))
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/account/login?next=%2Fsomewhere%3Fa%3D1"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_change_is_refused_outright(db: None, method: str):
    request = getattr(RequestFactory(), method)("/", headers={"accept": "text/html"})
    request.user = AnonymousUser()
    with pytest.raises(Refused):
        _page(request)


def test_a_program_is_refused_outright(db: None):
    with pytest.raises(Refused):
        _page(_request(accept="application/json"))


def test_a_person_without_the_role_is_refused_and_not_led_around(somebody: Callable[..., Person]):
    with pytest.raises(Refused):
        _page(_request(somebody("leader"), accept="text/html"))


def test_a_person_with_the_role_passes(somebody: Callable[..., Person]):
    person = somebody("steward")
    assert _page(_request(person)).content.decode() == person.urn


def test_a_view_that_forgets_to_ask_about_the_thing_answers_only_those_without_limits(
    somebody: Callable[..., Person],
):
    with pytest.raises(Refused, match="此处没有您可以查看的内容"):
        _forgetful(_request(somebody("steward")))
    assert _forgetful(_request(somebody("data_office"))).content == b"everything there is"


@requires("catalog.view")
def _entry(request: HttpRequest) -> HttpResponse:
    allow(current(request), "catalog.view", Target("statistics-bureau", public="open" in request.GET))
    return HttpResponse("an entry")


def test_the_public_is_led_to_sign_in_where_a_thing_is_not_open(db: None):
    assert _entry(_request(accept="text/html")).status_code == 302
    opened = RequestFactory().get("/entry?open=1", headers={"accept": "text/html"})
    opened.user = AnonymousUser()
    assert _entry(opened).content == b"an entry"


def test_a_guard_keeps_the_signature_of_a_ninja_operation(somebody: Callable[..., Person]):
    api = NinjaAPI(urls_namespace="guard-test")

    @api.exception_handler(Refused)
    def told(request: HttpRequest, error: Refused) -> HttpResponse:
        return api.create_response(request, error.as_dict(), status=error.status)

    @api.get("/double/{number}")
    @requires("lake.load")
    def double(request: HttpRequest, number: int, plus: int = 0) -> dict[str, int]:
        return {"double": number * 2 + plus}

    client = TestClient(api)
    assert client.get("/double/21?plus=1", user=somebody("data_office")).json() == {"double": 43}
    assert client.get("/double/x", user=somebody("data_office", login="other")).status_code == 422
    assert client.get("/double/21", user=AnonymousUser()).json()["code"] == "accounts.refused"


def test_someone_who_has_not_signed_in_is_told_to_sign_in_and_others_whom_to_ask(
    somebody: Callable[..., Person],
):
    with pytest.raises(Refused) as unknown:
        allow(ANONYMOUS, "audit.view")
    assert "/account/login" in unknown.value.mend.in_("en")
    assert (unknown.value.code, unknown.value.status) == ("accounts.refused", 403)
    with pytest.raises(Refused) as known:
        allow(actor_of(somebody("steward")), "audit.view")
    assert "/account/login" not in known.value.mend.in_("en")
