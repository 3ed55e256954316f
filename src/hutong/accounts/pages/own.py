"""A person's own account: who they are here, their password, their sessions."""

from hashlib import sha256
from typing import Any, cast

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hutong.accounts.access import current, may, requires
from hutong.accounts.errors import TooOften
from hutong.accounts.forms import PasswordForm, shown
from hutong.accounts.logic import browsers
from hutong.accounts.logic.actions import ACTIONS, Action
from hutong.accounts.models import Person, Session
from hutong.accounts.pages.frame import organisation_titles, tell
from hutong.accounts.throttle import Throttle
from hutong.accounts.types import Role
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.errors import Invalid
from hutong.kernel.language import COOKIE, LANGUAGES
from hutong.ui.api import Crumb

PER_PERSON = "10/hour"


@requires("account.own")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, and what I may do; a POST keeps my language."""
    person, actor = _me(request), current(request)
    if request.method == "POST":
        return _keep_language(person, request.POST.get("language", ""))
    titles = organisation_titles()
    allowed = [(each, may(actor, each.name)) for each in ACTIONS.values()]
    return render(
        request,
        "accounts/account.html",
        {
            "person": person,
            "language": {
                "name": "language",
                "kind": "select",
                "label": _("My language"),
                "hint": _("Used wherever you sign in."),
                "value": person.locale,
                "choices": [{"value": tag, "label": name} for tag, name in LANGUAGES.items()],
            },
            "facts": [
                {"term": _("Login name"), "text": person.login, "kind": "code"},
                {"term": _("Organisation"), "text": titles.get(person.organisation_id or "", "—")},
                {"term": _("Identifier"), "text": person.urn, "kind": "code"},
            ],
            "roles": {
                "caption": _("My roles"),
                "columns": [
                    {"key": "role", "title": _("Role")},
                    {"key": "organisation", "title": _("Organisation")},
                    {"key": "since", "title": _("Since")},
                    {"key": "until", "title": _("Until")},
                ],
                "rows": [role_row(each, titles) for each in person.memberships.in_force(clock.today())],
            },
            "actions": {
                "caption": _("What I may do"),
                "columns": [
                    {"key": "title", "title": _("Action")},
                    {"key": "because", "title": _("Because")},
                ],
                "rows": [
                    {"title": _leading(each), "because": str(decision.reason)}
                    for each, decision in allowed
                    if decision
                ],
                "dense": True,
            },
        },
    )


@sensitive_post_parameters()
@requires("account.own")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change my password; my other sessions end."""
    person = _me(request)
    form = PasswordForm(person, request.POST or None)
    if request.method == "POST":
        throttle = Throttle("password", PER_PERSON, person.urn)
        if not throttle.allow_request(request):
            raise TooOften(seconds=throttle.seconds())
        if not person.demo and form.is_valid():
            _change_password(request, person, form)
            tell(request, _("The password was changed; your other sessions have ended."))
            return HttpResponseRedirect(reverse("accounts:account"))
    context = {"fields": shown(form), "person": person, "crumbs": _crumbs(_("Password"))}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)


@requires("account.own")
@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where I am signed in."""
    mine = _me(request).sessions.filter(expire_date__gt=clock.now()).order_by("-seen_at")
    rows = [
        {
            "ref": _ref(each),
            "agent": each.agent,
            "browser": browsers.named(each.agent) or "—",
            "address": each.address or "—",
            "started": each.started_at,
            "seen": each.seen_at,
            "here": each.session_key == request.session.session_key,
        }
        for each in mine
    ]
    return render(request, "accounts/sessions.html", {"sessions": rows, "crumbs": _crumbs(_("Sessions"))})


@requires("account.own")
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of my sessions, or all but this one."""
    person, wanted = _me(request), request.POST.get("session", "")
    mine = [each for each in person.sessions.all() if each.session_key != request.session.session_key]
    ended = [each for each in mine if wanted in {"others", _ref(each)}]
    with atomic():
        person.sessions.filter(pk__in=[each.pk for each in ended]).delete()
        audit.record("account.end-session", person.urn, ended=len(ended))
    tell(request, _("Sessions ended: %(count)d") % {"count": len(ended)})
    return HttpResponseRedirect(reverse("accounts:sessions"))


def speaking(person: Person, response: HttpResponse) -> HttpResponse:
    """Carry the language a person chose to this browser."""
    response.set_cookie(COOKIE, person.locale, max_age=31_536_000, samesite="Lax", httponly=True)
    return response


def role_row(membership: Any, titles: dict[str, str]) -> dict[str, str]:
    """A role as a row of a table."""
    return {
        "role": str(Role(membership.role).label),
        "organisation": titles.get(membership.organisation_id or "", "") or _("The district as a whole"),
        "since": membership.since.isoformat(),
        "until": membership.until.isoformat() if membership.until else "—",
    }


def _leading(action: Action) -> str | dict[str, str]:
    """What may be done; the page of jobs has no place in the navigation of most who may see it."""
    title = str(action.title)
    return {"text": title, "url": reverse("operations")} if action.name == "jobs.view" else title


def _keep_language(person: Person, language: str) -> HttpResponse:
    if language not in LANGUAGES:
        raise Invalid(reason=language[:20])
    Person.objects.filter(pk=person.pk).update(locale=language)
    person.locale = language
    return speaking(person, HttpResponseRedirect(reverse("accounts:account")))


def _change_password(request: HttpRequest, person: Person, form: PasswordForm) -> None:
    with atomic():
        form.save()
        Person.objects.filter(pk=person.pk).update(must_change_password=False)
        person.sessions.exclude(pk=request.session.session_key).delete()
        update_session_auth_hash(request, person)
        audit.record("account.password", person.urn)


def _me(request: HttpRequest) -> Person:
    return cast("Person", request.user)


def _ref(session: Session) -> str:
    """A name for a session that is no key to it."""
    return sha256(session.session_key.encode()).hexdigest()[:24]


def _crumbs(here: str) -> list[Crumb]:
    return [Crumb(_("My account"), reverse("accounts:account")), Crumb(here)]
