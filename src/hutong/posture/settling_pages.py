"""Alerts and findings: their lists, one of each, and what people make of them."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hutong.accounts.api import current, requires
from hutong.kernel import clock
from hutong.kernel.errors import HutongError, Invalid
from hutong.posture import alerts, asked, findings, scoring, shown
from hutong.posture.errors import BadUntil, CannotSettle
from hutong.posture.types import AlertKind, AlertState, Channel, FindingState
from hutong.ui.api import Crumb, when


@require_safe
@requires("posture.view")
def alert_list(request: HttpRequest) -> HttpResponse:
    """Alerts by state and kind."""
    asked.see(request)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if state not in {"", *AlertState} or kind not in {"", *AlertKind}:
        raise Invalid(reason="state, kind")
    page = asked.page(request)
    found, total = alerts.listed(state=state, kind=kind, limit=asked.SIZE, offset=(page - 1) * asked.SIZE)
    every = [{"value": "", "label": _("All")}]
    context = {
        "table": shown.alerts(found, _("Alerts")),
        "selects": [
            {
                "name": "state", "label": _("State"), "value": state,
                "choices": every + [{"value": e.value, "label": shown.alert_state(e)["text"]} for e in AlertState],
            },
            {
                "name": "kind", "label": _("Kind"), "value": kind,
                "choices": every + [{"value": e.value, "label": shown.kind(e)} for e in AlertKind],
            },
        ],
        "pager": {"page": page, "size": asked.SIZE, "total": total, "query": {"state": state, "kind": kind}},
        "crumbs": [asked.crumb(), Crumb(_("Alerts"))],
    }  # fmt: skip
    return render(request, "posture/alerts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("posture.view")
def alert(request: HttpRequest, number: int) -> HttpResponse:
    """One alert: why, what was read, and what people made of it."""
    asked.see(request)
    error: HutongError | None = None
    if request.method == "POST":
        do, note = request.POST.get("do", ""), request.POST.get("note", "")
        acts = {"acknowledge": alerts.acknowledge, "close": alerts.close}
        if do not in acts:
            raise Invalid(reason="do")
        try:
            acts[do](current(request), number, note)
            scoring.renew()
            return HttpResponseRedirect(f"/posture/alerts/{number}")
        except (Invalid, CannotSettle) as raised:
            error = raised
    found = alerts.alert(number)
    names = shown.Names()
    context = {
        "alert": found, "place": names.thing(found)["text"],
        "kind": shown.kind(found.kind), "badge": shown.alert_state(found.state),
        "reasons": [shown.reason(each) for each in found.reasons], "terms": _alert_terms(found, names),
        "error": error, "open": found.state is not AlertState.CLOSED, "manages": asked.manages(request),
        "may_acknowledge": found.state is AlertState.OPEN,
        "crumbs": [asked.crumb(), Crumb(_("Alerts"), "/posture/alerts"), Crumb(f"#{number}")],
    }  # fmt: skip
    return render(request, "posture/alert.html", context, status=error.status if error else 200)


def _alert_terms(found: Any, names: shown.Names) -> list[dict[str, Any]]:
    place = names.thing(found)
    terms = [
        {"term": _("What was used"), **place},
        {"term": _("By which way"), "text": shown.channel(found.channel)},
        {"term": _("Who"), "text": names.who(found.actor, found.organisation)},
        {"term": _("Time"), "text": when(found.at)},
        {"term": _("Rows read"), "text": f"{found.rows:,}"},
        {"term": _("Calls"), "text": f"{found.calls:,}"},
        {"term": _("Score"), "text": str(found.score)},
    ]
    if found.kind is AlertKind.LOG:
        terms = [each for each in terms if each["term"] not in {_("Rows read"), _("Calls"), _("Who")}]
    for entry in [each["entry"] for each in found.reasons if each.get("entry")]:
        terms.append(
            {"term": _("Both of its signatures"), "text": f"#{entry}", "url": f"/ledger/entries/{entry}"}
        )
    if found.contract and found.channel is Channel.MARKET:
        url = f"/market/subscriptions/{found.contract}"
        terms.insert(2, {"term": _("Subscription"), "text": found.contract, "url": url})
    elif found.contract:
        url = f"/exchange/contracts/{found.contract}"
        terms.insert(2, {"term": _("Contract"), "text": found.contract, "url": url})
    if found.settled_at:
        terms.append(
            {
                "term": _("Settled by"),
                "text": f"{names.who(found.settled_by)} · {when(found.settled_at)}",
            }
        )
    if found.note:
        terms.append({"term": _("Reason for it"), "text": found.note})
    return terms


@require_safe
@requires("posture.view")
def finding_list(request: HttpRequest) -> HttpResponse:
    """All that the rules find, with accepted risks."""
    asked.see(request)
    found = findings.listed()
    page = asked.page(request)
    context = {
        "table": shown.findings(found[(page - 1) * asked.SIZE : page * asked.SIZE], _("Findings")),
        "pager": {"page": page, "size": asked.SIZE, "total": len(found)},
        "crumbs": [asked.crumb(), Crumb(_("Findings"))],
    }
    return render(request, "posture/findings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("posture.view")
def finding(request: HttpRequest, number: int) -> HttpResponse:
    """One finding: mend it, or accept it for a time."""
    asked.see(request)
    error: HutongError | None = None
    if request.method == "POST":
        try:
            until = asked.day(request.POST.get("until", ""))
            if until is None:
                raise BadUntil(last=(clock.today() + timedelta(days=366)).isoformat())
            findings.accept(current(request), number, request.POST.get("note", ""), until)
            scoring.renew()
            return HttpResponseRedirect(f"/posture/findings/{number}")
        except (Invalid, CannotSettle) as raised:
            error = raised
    found = findings.finding(number)
    context = {
        "finding": found, "badge": shown.severity(found), "since": when(found.found_at), "error": error,
        "by": shown.Names().who(found.accepted_by),
        "may_accept": found.state is not FindingState.MENDED and asked.manages(request),
        "crumbs": [asked.crumb(), Crumb(_("Findings"), "/posture/findings"), Crumb(f"#{number}")],
    }  # fmt: skip
    return render(request, "posture/finding.html", context, status=error.status if error else 200)


urlpatterns = [
    path("posture/alerts", alert_list, name="posture-alerts"),
    path("posture/alerts/<int:number>", alert, name="posture-alert"),
    path("posture/findings", finding_list, name="posture-findings"),
    path("posture/findings/<int:number>", finding, name="posture-finding"),
]
