"""People, for administrators."""

from collections.abc import Callable, Collection
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hutong.accounts import people
from hutong.accounts.access import current, may, requires
from hutong.accounts.forms import PersonForm, RoleForm, shown
from hutong.accounts.models import Person
from hutong.accounts.pages.frame import organisation_titles, page_number, tell
from hutong.accounts.types import PersonRef, Role
from hutong.kernel import clock
from hutong.kernel.errors import HutongError, NotFound
from hutong.kernel.text import Text
from hutong.ui.api import Crumb

SIZE: Final = 50


@requires("people.manage")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Everyone, by words and role."""
    words, role = request.GET.get("q", ""), request.GET.get("role", "")
    found = people.listed(words, role)
    page = page_number(request)
    titles, failed = organisation_titles(), people.locked_out()
    roles = [{"value": each.value, "label": str(each.label)} for each in Role if each is not Role.PUBLIC]
    return render(
        request,
        "accounts/people.html",
        {
            "filters": {
                "label": _("Search people"),
                "value": words,
                "clear": reverse("accounts:people"),
                "selects": [
                    {
                        "name": "role",
                        "label": _("Role"),
                        "value": role,
                        "choices": [{"value": "", "label": _("All roles")}, *roles],
                    }
                ],
            },
            "table": {
                "caption": _("People"),
                "columns": [
                    {"key": "name", "title": _("Full name")},
                    {"key": "login", "title": _("Login name"), "kind": "code"},
                    {"key": "organisation", "title": _("Organisation")},
                    {"key": "roles", "title": _("Roles")},
                    {"key": "state", "title": _("State"), "kind": "badge"},
                ],
                "rows": [_row(each, titles, failed) for each in found[(page - 1) * SIZE : page * SIZE]],
                "empty": _("Nobody matches. Drop a condition."),
            },
            "pager": {"page": page, "size": SIZE, "total": len(found), "query": {"q": words, "role": role}},
        },
    )


@requires("people.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a person; their first password is shown once."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = people.add(
                given["login"], Text(given["name_zh"], given["name_en"]), given["role"], given["organisation"]
            )
        except HutongError as error:
            form.add_error("login", str(error))
        else:
            return _with_password(request, made.login)
    context = {"fields": shown(form), "crumbs": _crumbs(_("New person"))}
    return render(request, "accounts/new_person.html", context, status=422 if form.errors else 200)


@requires("people.manage")
@never_cache
@require_safe
def person(request: HttpRequest, login: str) -> HttpResponse:
    """One person: roles, state, what can be done."""
    return _page(request, people.find(login), RoleForm())


@requires("people.manage")
@never_cache
@require_POST
def change(request: HttpRequest, login: str, verb: str) -> HttpResponse:
    """Grant, revoke, lock, unlock or reset."""
    if verb == "reset":
        return _with_password(request, login)
    if verb == "grant":
        return _grant(request, login)
    if verb not in _VERBS:
        raise NotFound(what=verb)
    _VERBS[verb](request, login)
    tell(request, _("Done; it is on the audit trail."))
    return HttpResponseRedirect(reverse("accounts:person", args=[login]))


def _grant(request: HttpRequest, login: str) -> HttpResponse:
    form = RoleForm(request.POST)
    found = people.find(login)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    given = form.cleaned_data
    people.grant(login, given["role"], given["organisation"], given["until"])
    tell(request, _("Done; it is on the audit trail."))
    return HttpResponseRedirect(reverse("accounts:person", args=[found.login]))


def _revoke(request: HttpRequest, login: str) -> None:
    people.revoke(login, request.POST.get("role", ""), request.POST.get("organisation", ""))


def _lock(request: HttpRequest, login: str) -> None:
    people.lock(login, request.POST.get("reason", "")[:200])


def _unlock(_request: HttpRequest, login: str) -> None:
    people.unlock(login)


_VERBS: Final[dict[str, Callable[[HttpRequest, str], None]]] = {
    "revoke": _revoke,
    "lock": _lock,
    "unlock": _unlock,
}


def _with_password(request: HttpRequest, login: str) -> HttpResponse:
    made = people.reset_password(login)
    return _page(request, people.find(login), RoleForm(), password=made)


def _page(
    request: HttpRequest, found: Person, form: RoleForm, *, status: int = 200, password: str = ""
) -> HttpResponse:
    titles = organisation_titles()
    whole = _("The district as a whole")
    failed = found.login in people.locked_out()
    roles = [
        {
            "role": each.role,
            "title": str(Role(each.role).label),
            "organisation": each.organisation_id or "",
            "organisation_title": titles.get(each.organisation_id or "", whole),
            "since": each.since,
            "until": each.until,
        }
        for each in found.memberships.in_force(clock.today())
    ]
    context: dict[str, Any] = {
        "person": found,
        "roles": roles,
        "fields": shown(form),
        "locked_out": failed,
        "password": password,
        "facts": [
            {"term": _("Login name"), "text": found.login, "kind": "code"},
            {"term": _("Organisation"), "text": titles.get(found.organisation_id or "", whole)},
            {"term": _("Identifier"), "text": found.urn, "kind": "code"},
            {"term": _("State"), **_state(found.is_active, found.demo, failed)},
            {"term": _("Last seen"), "text": _moment(found)},
        ],
        "trail": _trail(request, found),
        "crumbs": _crumbs(str(found.name)),
    }
    return render(request, "accounts/person.html", context, status=status)


def _trail(request: HttpRequest, found: Person) -> str:
    """Where the records about a person are, for those who may read them."""
    return f"{reverse('accounts:audit')}?subject={found.urn}" if may(current(request), "audit.view") else ""


def _moment(found: Person) -> str:
    return f"{clock.local(found.last_seen):%Y-%m-%d %H:%M}" if found.last_seen else "—"


def _state(active: bool, demo: bool, failed: bool) -> dict[str, str]:
    if not active:
        return {"text": _("Locked"), "state": "bad"}
    if failed:
        return {"text": _("Locked for a while"), "state": "bad"}
    return (
        {"text": _("Demo person"), "state": "watch"} if demo else {"text": _("May sign in"), "state": "good"}
    )


def _row(each: PersonRef, titles: dict[str, str], failed: Collection[str]) -> dict[str, Any]:
    return {
        "name": {"text": str(each.name), "url": reverse("accounts:person", args=[each.login])},
        "login": each.login,
        "organisation": titles.get(each.organisation, "—"),
        "roles": "、".join(str(Role(role).label) for role in sorted(each.roles)) or "—",
        "state": _state(each.active, each.demo, each.login in failed),
    }


def _crumbs(here: str) -> list[Crumb]:
    return [Crumb(_("People"), reverse("accounts:people")), Crumb(here)]
