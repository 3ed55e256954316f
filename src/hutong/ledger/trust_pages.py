"""Whom the log rests on: keys of organisations, witnesses; and all that there is about a thing."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from hutong.accounts import api as accounts
from hutong.accounts.api import requires
from hutong.kernel.errors import NotFound
from hutong.kernel.urn import BadUrn, Urn
from hutong.ledger import api
from hutong.ledger.errors import NotPublished
from hutong.ledger.logic import alarms, authmap
from hutong.ledger.logic.policies import NONE
from hutong.ledger.types import OrganisationKey
from hutong.ui.api import Crumb

_LEDGER = "/ledger"


@require_safe
@requires("ledger.view")
def keyholders(request: HttpRequest) -> HttpResponse:
    """Organisations whose keys the log knows."""
    held = api.keyholders()
    rows = [
        {
            "name": {"text": _title(subject), "url": f"/ledger/organisations/{subject}"},
            "valid": sum(not each.revoked_by for each in found),
            "all": len(found),
            "place": _place(found),
            "since": found[0].added_at,
        }
        for subject, found in sorted(held.items(), key=lambda each: _title(each[0]))
    ]
    table = {
        "caption": gettext("Keys of organisations"),
        "empty": gettext("No organisation has signed yet."),
        "columns": [
            {"key": "name", "title": gettext("Organisation")},
            {"key": "valid", "title": gettext("Valid keys"), "kind": "number"},
            {"key": "all", "title": gettext("Keys in all"), "kind": "number"},
            {"key": "place", "title": gettext("Held")},
            {"key": "since", "title": gettext("First key"), "kind": "when"},
        ],
        "rows": rows,
    }
    crumbs = [Crumb(gettext("Ledger"), _LEDGER), Crumb(gettext("Keys of organisations"))]
    return render(request, "ledger/keys.html", {"table": table, "crumbs": crumbs})


@require_safe
@requires("ledger.view")
def keyholder(request: HttpRequest, organisation: str) -> HttpResponse:
    """Every key of one organisation, with the entries that added and revoked it."""
    found = api.organisation_keys(organisation)
    if not found:
        raise NotFound
    subject = found[0].subject
    table = {
        "caption": gettext("Keys"),
        "columns": [
            {"key": "id", "title": gettext("Key number"), "kind": "code"},
            {"key": "place", "title": gettext("Held")},
            {"key": "from", "title": gettext("Valid from"), "kind": "when"},
            {"key": "added", "title": gettext("Added by entry")},
            {"key": "until", "title": gettext("Revoked"), "kind": "when"},
            {"key": "revoked", "title": gettext("Revoked by entry")},
        ],
        "rows": [
            {
                "id": each.id,
                "place": _place((each,)),
                "from": each.added_at,
                "added": _entry(each.added_by),
                "until": each.revoked_at,
                "revoked": _entry(each.revoked_by),
            }
            for each in found
        ],
    }
    title = _title(subject)
    context = {
        "title": title,
        "table": table,
        "keys": "\n".join(each.key for each in found),
        "entries": f"/ledger?{urlencode({'organisation': subject.rpartition(':')[2]})}",
        "about": f"/ledger/about?{urlencode({'by': subject.rpartition(':')[2]})}",
        "crumbs": [
            Crumb(gettext("Ledger"), _LEDGER),
            Crumb(gettext("Keys of organisations"), "/ledger/organisations"),
            Crumb(title),
        ],
    }
    return render(request, "ledger/organisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("ledger.view")
def witnesses(request: HttpRequest) -> HttpResponse:
    """Who cosigns, how far each has come, and what they have raised alarm about; POST settles an alarm."""
    if request.method == "POST":
        accounts.allow(accounts.current(request), "ledger.alarms")
        witness = request.POST.get("witness", "")
        api.settle(witness, request.POST.get(f"reason-{witness}", ""))
        return redirect("ledger-witnesses")
    states, rule = api.witnesses(), api.policy()
    try:
        published = api.published()
    except NotPublished:
        published = None
    latest = api.checkpoint()
    table = {
        "caption": gettext("Witnesses"),
        "empty": gettext("No witnesses are set: the log vouches for itself alone."),
        "columns": [
            {"key": "name", "title": gettext("Witness")},
            {"key": "state", "title": gettext("State"), "kind": "badge"},
            {"key": "size", "title": gettext("Has cosigned"), "kind": "number"},
            {"key": "lag", "title": gettext("Entries behind"), "kind": "number"},
            {"key": "seen", "title": gettext("Last cosigned"), "kind": "when"},
            {"key": "key", "title": gettext("Verifier key"), "kind": "code"},
        ],
        "rows": [
            {
                "name": each.name,
                "state": _state(each),
                "size": each.size,
                "lag": each.lag,
                "seen": each.seen_at,
                "key": each.key,
            }
            for each in states
        ],
    }
    figures = [
        {"title": gettext("Published entries"), "value": published.size if published else 0, "format": "number",
         "url": "/ledger/checkpoint"},
        {"title": gettext("Signed, not yet published"), "value": latest.size - (published.size if published else 0),
         "format": "number", "url": "/ledger/checkpoint/pending"},
        {"title": gettext("Witnesses"), "value": len(states), "format": "number", "url": "/ledger/policy"},
    ]  # fmt: skip
    context = {
        "figures": figures,
        "table": table,
        "alarms": [_alarm(each) for each in states if each.alarm],
        "may_settle": bool(accounts.may(accounts.current(request), "ledger.alarms")),
        "policy": rule.text() if rule and rule.quorum != NONE else "",
        "checkpoint": published.text if published else "",
        "crumbs": [Crumb(gettext("Ledger"), _LEDGER), Crumb(gettext("Witnesses"))],
    }
    return render(request, "ledger/witnesses.html", context)


@require_safe
@requires("ledger.view")
def about(request: HttpRequest) -> HttpResponse:
    """Ask for everything about a thing, by someone, or both, as evidence that nothing is left out."""
    subject, by = request.GET.get("subject", "").strip()[:300], request.GET.get("by", "").strip()[:300]
    context: dict[str, Any] = {
        "subject": subject,
        "by": by,
        "crumbs": [Crumb(gettext("Ledger"), _LEDGER), Crumb(gettext("Completeness"))],
    }
    if subject or by:
        state = api.label_state(subject, by=by)
        query = urlencode({name: each for name, each in (("subject", subject), ("by", by)) if each})
        context |= {
            "count": state.count,
            "size": state.size,
            "waiting": state.waiting,
            "download": f"/ledger/about/evidence.json?{query}",
            "label": authmap.label(subject, by),
        }
    context["fields"] = [
        {
            "name": "subject",
            "label": gettext("About (identifier)"),
            "value": subject,
            "hint": gettext("As urn:hutong:beijing-dongcheng:dataset:key-firm-monthly"),
        },
        {
            "name": "by",
            "label": gettext("By (organisation or consumer)"),
            "value": by,
            "hint": gettext("As culture-tourism-bureau"),
        },
    ]
    return render(request, "ledger/about.html", context)


def _alarm(each: api.WitnessState) -> dict[str, Any]:
    label = gettext("What was found and done")
    return {
        "name": each.name,
        "alarm": each.alarm,
        "said": str(alarms.said(each.alarm)),
        "alarm_at": each.alarm_at,
        "field": {"name": f"reason-{each.name}", "label": label, "required": True},
    }


def _state(each: api.WitnessState) -> dict[str, str]:
    if each.alarm:
        return {"text": gettext("alarm"), "state": "bad"}
    if each.error:
        return {"text": gettext("does not answer"), "state": "watch"}
    if each.seen_at is None:
        return {"text": gettext("waiting"), "state": "none"}
    return {"text": gettext("in order"), "state": "good"}


def _place(found: tuple[OrganisationKey, ...]) -> str:
    valid = {each.hosted for each in found if not each.revoked_by} or {each.hosted for each in found}
    if valid == {True}:
        return gettext("in this system")
    return gettext("by the organisation") if valid == {False} else gettext("both")


def _entry(number: int | None) -> dict[str, str] | None:
    return None if number is None else {"text": f"#{number}", "url": f"/ledger/entries/{number}"}


def _title(subject: str) -> str:
    known = accounts.organisation(subject)
    if known:
        return str(known.title)
    try:
        return Urn.parse(subject).local
    except BadUrn:
        return subject


urlpatterns = [
    path("ledger/organisations", keyholders, name="ledger-organisations"),
    path("ledger/organisations/<path:organisation>", keyholder, name="ledger-organisation"),
    path("ledger/witnesses", witnesses, name="ledger-witnesses"),
    path("ledger/about", about, name="ledger-about"),
]
