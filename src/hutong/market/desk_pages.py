"""Pages for those who use modules (subscriptions, keys, usage) and for those who answer for them (the owner's desk)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from hutong.accounts.api import Actor, Target, allow, current, may, organisations, requires
from hutong.kernel.errors import Invalid
from hutong.market import jobs, metering, shelf, subscriptions, usage
from hutong.market.errors import BadForm
from hutong.market.logic import example
from hutong.market.types import STATE_TITLES, Module, State, Subscription
from hutong.ui.api import Crumb, when

_STATES = {State.WAITING: "watch", State.ACTIVE: "good", State.REFUSED: "bad", State.ENDED: "none"}
_NEW_KEY = "market-new-key"


def owner_title(organisation: str) -> str:
    """The title of an organisation by its id."""
    return next((str(each.title) for each in organisations() if each.id == organisation), organisation)


def tabs(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """The sides of the supermarket that the reader may open."""
    actor = current(request)
    sides = [("shelf", "/market", _("Shelf"))]
    if actor.organisation and may(actor, "market.subscribe", Target(actor.organisation)):
        sides.append(("mine", "/market/mine", _("My subscriptions")))
    if _kept(actor):
        sides.append(("desk", "/market/desk", _("Owner's desk")))
    return [{"label": label, "url": url, "current": key == here} for key, url, label in sides]


@requires("market.subscribe")
def mine(request: HttpRequest) -> HttpResponse:
    """What the reader's organisation has subscribed to."""
    actor = current(request)
    allow(actor, "market.subscribe", Target(actor.organisation))
    rows = [_row(each) for each in subscriptions.of_organisations([actor.organisation])]
    table = _table(_("My subscriptions"), rows, _("Nothing is subscribed to yet."))
    return render(request, "market/mine.html", {"table": table, "tabs": tabs(request, "mine")})


@requires("market.view")
def subscription(request: HttpRequest, name: str) -> HttpResponse:
    """One subscription: state, quota, usage, keys, jobs; for the subscriber, and without keys for the owner."""
    return _subscription(request, name)


def _subscription(request: HttpRequest, name: str, fault: BadForm | None = None) -> HttpResponse:
    actor = current(request)
    found = subscriptions.seen(actor, name)
    own = bool(may(actor, "market.subscribe", Target(found.organisation)))
    holder, module = subscriptions.holder_of(found), shelf.module(found.module)
    new_key = request.session.pop(_NEW_KEY, "") if own else ""
    context = {
        "found": found,
        "module": module,
        "own": own,
        "active": found.state is State.ACTIVE,
        "open": found.state in {State.ACTIVE, State.WAITING},
        "terms": _terms(found),
        "chart": chart(usage.by_day([holder.name])),
        "keys": subscriptions.keys(found.id) if own else [],
        "new_key": new_key,
        "first_call": call_command(request, module, new_key) if new_key else "",
        "used": found.state in {State.ACTIVE, State.ENDED},
        "stars": [{"value": "", "label": "—"}, *({"value": each, "label": each} for each in range(5, 0, -1))],
        "fault": {fault.facts["key"]: str(fault.said)} if fault else {},
        "given": request.POST if fault else {},
        "calls": _calls(holder.name, found.module),
        "runs": [{"run": each, "state": _run_state(each.state)} for each in jobs.recent(holder)] if own else [],
        "crumbs": [Crumb(_("Supermarket"), "/market"), Crumb(_("My subscriptions"), "/market/mine"),
                   Crumb(str(module.title))],
    }  # fmt: skip
    return render(request, "market/subscription.html", context, status=fault.status if fault else 200)


def call_command(request: HttpRequest, found: Module, key: str = example.PLACE) -> str:
    """The command that sends the module's first sample."""
    address = request.build_absolute_uri(f"/api/market/modules/{found.id}/call")
    return example.command(address, found.manifest.samples[0].input, key)


@require_POST
@requires("market.subscribe")
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Make or revoke a key, rate, or end the subscription."""
    actor, asked = current(request), request.POST.get("do", "")
    found = subscriptions.own(actor, name)
    try:
        _do(request, found, asked)
    except BadForm as fault:
        return _subscription(request, name, fault)
    return HttpResponseRedirect(f"/market/subscriptions/{found.id}")


def _do(request: HttpRequest, found: Subscription, asked: str) -> None:
    actor, name = current(request), found.id
    match asked:
        case "key":
            request.session[_NEW_KEY] = subscriptions.make_key(actor, name)
        case "revoke":
            subscriptions.revoke_key(actor, name, request.POST.get("hint", ""))
            messages.success(request, _("The key is revoked."))
        case "rate":
            usage.rate(actor, found.module, _number(request, "stars"), request.POST.get("text", ""))
            messages.success(request, _("Thank you; the rating is on the module's page."))
        case "end":
            subscriptions.end(actor, name)
        case _:
            raise Invalid(reason=f"do={asked[:20]}")


@requires("market.keep")
def desk(request: HttpRequest) -> HttpResponse:
    """For owners: what waits for a decision, who uses which module how much, and how the promise is kept."""
    return _desk(request)


def _desk(request: HttpRequest, name: str = "", fault: BadForm | None = None) -> HttpResponse:
    actor = current(request)
    kept = _kept(actor)
    allow(actor, "market.keep", Target(shelf.module(kept[0]).offer.owner if kept else actor.organisation))
    waiting = [
        {"found": each, "module": shelf.module(each.module), "organisation": owner_title(each.organisation),
         "asked": when(each.asked_at), "ids": {key: f"{key}-{each.id}" for key in ("day", "month", "reason")},
         "fault": {fault.facts["key"]: str(fault.said)} if fault and each.id == name else {},
         "given": request.POST if fault and each.id == name else {}}
        for each in subscriptions.of_modules(kept, State.WAITING)
    ]  # fmt: skip
    context = {
        "waiting": waiting,
        "modules": _module_table(kept),
        "subscribers": _table(
            _("Subscribers"), [_row(each) for each in subscriptions.of_modules(kept)], _("No subscriber yet.")
        ),
        "chart": chart(usage.by_day(modules=kept)) if kept else None,
        "tabs": tabs(request, "desk"),
    }
    return render(request, "market/desk.html", context, status=fault.status if fault else 200)


@require_POST
@requires("market.keep")
def decide(request: HttpRequest, name: str) -> HttpResponse:
    """Agree or refuse."""
    agree = request.POST.get("do") == "agree"
    try:
        subscriptions.decide(
            current(request), name, agree=agree, reason=request.POST.get("reason", ""),
            day=_number(request, "day"), month=_number(request, "month"),
        )  # fmt: skip
    except BadForm as fault:
        return _desk(request, name, fault)
    messages.success(request, _("Agreed.") if agree else _("Refused."))
    return HttpResponseRedirect("/market/desk")


def chart(days: list[Any]) -> dict[str, Any]:
    """Options of the design system's chart: items and failed calls by day."""
    return {
        "id": "usage", "kind": "bar", "title": _("Use by day"), "unit": _("items"),
        "labels": [day.isoformat() for day, _items, _failed in days],
        "series": [
            {"name": _("Items"), "values": [items for _day, items, _failed in days]},
            {"name": _("Failed calls"), "values": [failed for _day, _items, failed in days]},
        ],
    }  # fmt: skip


def _run_state(state: str) -> str:
    titles = {
        "waiting": _("Waiting to begin"), "running": _("Running"), "done": _("Finished"), "failed": _("Failed"),
    }  # fmt: skip
    return titles.get(state, state)


def _kept(actor: Actor) -> list[str]:
    return [
        each.id for each in shelf.modules().values() if may(actor, "market.keep", Target(each.offer.owner))
    ]


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "").strip()
    if not text:
        return 0
    if not text.isdecimal() or len(text) > 9:
        raise BadForm(key=name, reason_zh="应为整数", reason="Must be a whole number")
    return int(text)


def _row(found: Subscription) -> dict[str, Any]:
    left = metering.left(subscriptions.holder_of(found))
    return {
        "module": {"text": str(shelf.module(found.module).title), "url": f"/market/subscriptions/{found.id}"},
        "organisation": owner_title(found.organisation),
        "purpose": found.purpose,
        "state": {"text": str(STATE_TITLES[found.state]), "state": _STATES[found.state]},
        "used": found.month - left.month,
        "asked": when(found.asked_at),
    }


def _table(caption: str, rows: list[dict[str, Any]], empty: str) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [
            {"key": "module", "title": _("Module")}, {"key": "organisation", "title": _("Organisation")},
            {"key": "purpose", "title": _("Purpose")}, {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "used", "title": _("Items this month"), "kind": "number"},
            {"key": "asked", "title": _("Asked")},
        ],
        "rows": rows,
        "empty": empty,
    }  # fmt: skip


def _module_table(kept: list[str]) -> dict[str, Any]:
    scores = usage.scores()
    rows = []
    for name in kept:
        found, kept_promise, score = shelf.module(name), usage.service(name), scores.get(name)
        answered, late = kept_promise["answered"], (kept_promise["p95"] or 0) > found.offer.answer_ms
        bad = answered is not None and (answered < found.offer.availability or late)
        rows.append({
            "module": {"text": str(found.title), "url": f"/market/modules/{name}"},
            "calls": kept_promise["calls"], "answered": answered, "p95": kept_promise["p95"],
            "promise": {"text": _("Missed") if bad else _("Kept"), "state": "bad" if bad else "good"}
            if answered is not None else None,
            "rating": f"{score.mean} ({score.count})" if score else "",
        })  # fmt: skip
    return {
        "caption": _("My modules, last 30 days"),
        "columns": [
            {"key": "module", "title": _("Module")}, {"key": "calls", "title": _("Calls"), "kind": "number"},
            {"key": "answered", "title": _("Answered"), "kind": "percent"},
            {"key": "p95", "title": _("95th percentile, ms"), "kind": "number"},
            {"key": "promise", "title": _("Service level"), "kind": "badge"},
            {"key": "rating", "title": _("Rating")},
        ],
        "rows": rows,
        "empty": _("Your organisation offers no module."),
    }  # fmt: skip


def _terms(found: Subscription) -> list[dict[str, Any]]:
    left = metering.left(subscriptions.holder_of(found))
    said = _("%(left)s left of %(quota)s")
    quota = [
        {"term": _("Today"), "text": said % {"left": f"{left.day:,}", "quota": f"{found.day:,}"}},
        {"term": _("This month"), "text": said % {"left": f"{left.month:,}", "quota": f"{found.month:,}"}},
    ]
    terms = [
        {"term": _("State"), "text": str(STATE_TITLES[found.state]), "state": _STATES[found.state]},
        {"term": _("Organisation"), "text": owner_title(found.organisation)},
        {"term": _("Purpose"), "text": found.purpose},
        *(quota if found.state is State.ACTIVE else ()),
        {"term": _("Asked"), "text": when(found.asked_at)},
    ]
    if found.reason:
        terms.append({"term": pgettext("market", "Reason"), "text": found.reason})
    return [*terms, {"term": "URN", "text": found.urn, "kind": "code"}]


def _calls(holder: str, module: str) -> dict[str, Any]:
    modes = {"call": _("Call"), "try": _("Try"), "job": _("Job")}
    rows = [
        {"at": when(each["at"]), "mode": modes.get(each["mode"], each["mode"]), "items": each["items"],
         "ms": each["ms"], "code": each["code"] or _("well")}
        for each in usage.calls(holder, module)
    ]  # fmt: skip
    return {
        "caption": _("Latest calls"),
        "columns": [
            {"key": "at", "title": _("When")}, {"key": "mode", "title": _("How")},
            {"key": "items", "title": _("Items"), "kind": "number"}, {"key": "ms", "title": "ms", "kind": "number"},
            {"key": "code", "title": pgettext("market", "Outcome")},
        ],
        "rows": rows,
        "empty": _("No call yet."),
    }  # fmt: skip


urlpatterns = [
    path("market/mine", mine, name="market-mine"),
    path("market/desk", desk, name="market-desk"),
    path("market/desk/<slug:name>", decide, name="market-decide"),
    path("market/subscriptions/<slug:name>", subscription, name="market-subscription"),
    path("market/subscriptions/<slug:name>/change", change, name="market-subscription-change"),
]
