"""The exchange for people: what my organisation asked for and is asked for, and the board of the data office."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.exchange import (
    contract_pages,
    issue_pages,
    issues,
    link_pages,
    links,
    request_pages,
    shown,
    usage,
    words,
)
from hutong.exchange import contracts as contracts_of
from hutong.exchange import requests as requests_of
from hutong.exchange.types import State
from hutong.ui.api import Crumb

_WAITING = {State.CHECKING, State.DECIDING, State.AGREED}


@require_safe
@requires("exchange.view")
def home(request: HttpRequest) -> HttpResponse:
    """Requests in and out, contracts and issues; of every organisation for those who watch over all."""
    actor = current(request)
    everything = bool(may(actor, "exchange.view", Target(kind="exchange")))
    mine = actor.organisation
    if not everything:
        allow(actor, "exchange.view", Target(mine, kind="exchange"))
    found = requests_of.listed(organisation="" if everything else mine, limit=200)
    incoming = [each for each in found if everything or each.provider == mine]
    outgoing = [each for each in found if each.consumer == mine] if not everything else []
    context = {
        "everything": everything,
        "figures": _figures(found),
        "incoming": shown.requests(
            incoming, _("Requests to us") if not everything else _("Requests"), _("No request yet.")
        ),
        "outgoing": shown.requests(outgoing, _("Our requests"), _("No request yet.")),
        "contracts": shown.contracts(contracts_of.listed(organisation="" if everything else mine)),
        "links": shown.links(links.listed(organisation="" if everything else mine)),
        "issues": shown.issues(issues.listed(organisation="" if everything else mine)),
        "may_ask": bool(may(actor, "exchange.request", Target(mine, kind="exchange"))),
        "may_raise": bool(may(actor, "exchange.issue", Target(mine, kind="exchange"))),
    }
    return render(request, "exchange/home.html", context)


def _figures(found: list[Any]) -> list[dict[str, Any]]:
    late = sum(each.overdue for each in found)
    return [
        {
            "title": _("Under way"),
            "value": sum(each.state in _WAITING for each in found),
            "format": "number",
            "url": "#requests",
        },
        {
            "title": _("Overdue"),
            "value": late,
            "format": "number",
            "url": "#requests",
            "state": "bad" if late else "good",
            "state_text": _("Overdue") if late else _("All in time"),
        },
        {
            "title": _("Delivered"),
            "value": sum(each.state is State.FULFILLED for each in found),
            "format": "number",
            "url": "#contracts",
        },
    ]


@require_safe
@requires("exchange.view")
def board(request: HttpRequest) -> HttpResponse:
    """How sharing stands: what is shareable, what is late, why it is refused."""
    allow(current(request), "exchange.view", Target(kind="exchange-board"))
    found = usage.board()
    context = {
        "figures": [*_shares(found), *_times(found)],
        "late": shown.requests(requests_of.listed(overdue=True), _("Overdue"), _("Nothing is overdue.")),
        "late_issues": shown.issues(issues.listed(overdue=True)),
        "states": _states(found),
        "refusals": _refusals(found),
        "crumbs": [Crumb(_("Exchange"), "/exchange"), Crumb(_("Board"))],
    }
    return render(request, "exchange/board.html", context)


def _shares(found: usage.Board) -> list[dict[str, Any]]:
    """What of the district's data may be shared, by the catalog."""
    whole = found.shareable == 1
    rest = _("%(count)s not shared") % {"count": found.refused_by_catalog}
    return [
        {
            "title": _("Shareable datasets outside core data"),
            "value": found.shareable,
            "format": "percent",
            "url": "/catalog?kind=dataset",
            "state": "good" if whole else "watch",
            "state_text": _("All shareable") if whole else rest,
        },
        {
            "title": _("Unconditional"),
            "value": found.unconditional,
            "format": "number",
            "url": "/catalog?sharing=unconditional",
        },
        {
            "title": _("Conditional"),
            "value": found.conditional,
            "format": "number",
            "url": "/catalog?sharing=conditional",
        },
    ]


def _times(found: usage.Board) -> list[dict[str, Any]]:
    """Whether replies come in time."""
    return [
        {
            "title": _("Overdue"),
            "value": found.overdue,
            "format": "number",
            "url": "#overdue",
            "state": "bad" if found.overdue else "good",
            "state_text": _("Overdue") if found.overdue else _("All in time"),
        },
        {
            "title": _("Replied in time"),
            "value": found.replied_in_time / found.replied if found.replied else None,
            "format": "percent",
            "url": "#states",
        },
    ]


def _states(found: usage.Board) -> dict[str, Any]:
    return {
        "caption": _("Requests by state"),
        "columns": [
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "count", "title": _("Requests"), "kind": "number"},
        ],
        "rows": [{"state": words.badge(State(name)), "count": count} for name, count in found.states.items()],
        "empty": _("No request yet."),
    }


def _refusals(found: usage.Board) -> dict[str, Any]:
    return {
        "caption": _("Legal bases of refusals"),
        "columns": [
            {"key": "basis", "title": _("Basis")},
            {"key": "count", "title": _("Requests"), "kind": "number"},
        ],
        "rows": [{"basis": basis, "count": count} for basis, count in found.refusals],
        "empty": _("Nothing was refused."),
    }


urlpatterns = [
    path("exchange", home, name="exchange"),
    path("exchange/board", board, name="exchange-board"),
    *request_pages.urlpatterns,
    *contract_pages.urlpatterns,
    *link_pages.urlpatterns,
    *issue_pages.urlpatterns,
]
