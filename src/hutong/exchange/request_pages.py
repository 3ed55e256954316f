"""Pages of a request: asking for data, and deciding with what will be shown before one's eyes."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hutong.accounts.api import Actor, Target, allow, current, may, requires
from hutong.catalog import api as catalog
from hutong.exchange import deciding, narrowing, requests, rules, shown, wishes, words
from hutong.exchange.errors import BadRequest, CannotMove, NoSuchRequest
from hutong.exchange.logic import choices, states
from hutong.exchange.types import Delivery, Event, RequestRef, Sharing, State
from hutong.exchange.wishes import Wish
from hutong.kernel import clock
from hutong.kernel.errors import HutongError, NotFound
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Column, Mask, MaskKind
from hutong.ui.api import Crumb

if TYPE_CHECKING:
    from collections.abc import Callable

Context = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("exchange.request")
def new(request: HttpRequest) -> HttpResponse:
    """Ask for one dataset: what for, which columns and rows, until when, how."""
    actor = current(request)
    allow(actor, "exchange.request", Target(actor.organisation, kind="exchange-request"))
    given = request.POST if request.method == "POST" else request.GET
    entry = rules.dataset(given.get("dataset", "")[:120].replace("\0", ""))
    adds = given.get("do", "")
    found = narrowing.Read(narrowing.lines(request.POST))
    error: HutongError | None = None
    if request.method == "POST" and adds not in {"more", "conditions"}:
        try:
            found = narrowing.read(found.lines, _narrowing(entry, given.get("delivery", "")))
            made = requests.submit(actor, _wish(request.POST, entry, found, actor.organisation))
            return HttpResponseRedirect(f"/exchange/requests/{made.id}")
        except HutongError as refused:
            error = refused
    conditions = narrowing.form(found, _narrowing(entry), more=adds == "more")
    if adds and request.headers.get("HX-Request"):
        return render(request, "exchange/conditions.html", {"conditions": conditions})
    context = _form(request, entry, error) | {"conditions": conditions}
    return render(request, "exchange/new.html", context, status=error.status if error else 200)


def _narrowing(entry: catalog.EntryRef, delivery: str = "") -> tuple[Column, ...]:
    """The columns that conditions may be about: for this delivery, or for any that the dataset has."""
    instant = rules.sharing(entry) is Sharing.UNCONDITIONAL
    rows = rules.narrowing(entry.id, instant=instant)
    rule = rules.of(entry.id)
    if Delivery.ANSWERS not in (rule.delivery if rule else ()) or delivery not in {"", Delivery.ANSWERS}:
        return rows
    counted = rules.narrowing(entry.id, instant=False, answers=True)
    if delivery:
        return counted
    either = {each.name for each in (*rows, *counted)}
    return tuple(each for each in lake.contract(entry.id).columns if each.name in either)


def _wish(given: Mapping[str, str], entry: catalog.EntryRef, found: narrowing.Read, consumer: str) -> Wish:
    """What the form says; raises ``BadRequest`` with all that is wrong with it."""
    unread = {"where": found.fault()} if found.wrong else {}
    start, end = (_day(given.get(name, ""), name, unread) for name in ("start", "end"))
    wish = Wish(
        dataset=entry.id,
        purpose=given.get("purpose", ""),
        purpose_text=given.get("purpose_text", ""),
        duty=given.get("duty", ""),
        columns=tuple(
            each.name for each in lake.contract(entry.id).columns if given.get(f"column-{each.name}")
        ),
        where=found.where,
        start=start or end or clock.today(),
        end=end or start or clock.today(),
        delivery=_delivery(given.get("delivery", ""), unread),
        push_url=given.get("push_url", "").strip(),
    )
    if unread:
        raise wishes.fault(wishes.faults(wish, entry, consumer) | unread)
    return wish


def _day(text: str, name: str, unread: dict[str, Text]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        unread[name] = Text(zh=f"日期 {text[:20]!r} 无法读取", en=f"{text[:20]!r} is no day")
        return None


def _delivery(text: str, unread: dict[str, Text]) -> Delivery:
    try:
        return Delivery(text)
    except ValueError:
        unread["delivery"] = Text(zh="没有这种交付方式", en="there is no such way of delivery")
        return Delivery.API


def _form(request: HttpRequest, entry: catalog.EntryRef, error: HutongError | None) -> Context:
    given, today = request.POST, clock.today()
    usual, rule = rules.masks(entry.id), rules.of(entry.id)
    ways = rule.delivery if rule else tuple(Delivery)
    duties = catalog.entries(catalog.Kind.DUTY, organisation=current(request).organisation)
    return {
        "dataset": entry,
        "sharing": words.sharing(rules.sharing(entry)),
        "instant": rules.sharing(entry) is Sharing.UNCONDITIONAL,
        "columns": [
            {
                "name": f"column-{each.name}",
                "label": f"{each.title or each.name} ({each.name}) — {words.mask(usual[each.name], each.type)}",
                "value": bool(given.get(f"column-{each.name}")),
            }
            for each in lake.contract(entry.id).columns
        ],
        "purposes": [{"value": name, "label": str(title)} for name, title in rules.purposes().items()],
        "duties": [{"value": each.urn, "label": str(each.title)} for each in duties],
        "deliveries": [{"value": each.value, "label": words.delivery(each)} for each in ways],
        "pushes": Delivery.PUSH in ways,
        "given": given,
        "start": given.get("start") or today.isoformat(),
        "end": given.get("end") or (today + timedelta(days=min(365, rules.current().most_days))).isoformat(),
        "error": error,
        "fault": {name: str(Text(zh, en)) for name, zh, en in error.facts.get("fields", ())} if error else {},
        "crumbs": [Crumb(_("Exchange"), "/exchange"), Crumb(_("Ask for shared data"))],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires("exchange.view")
def detail(request: HttpRequest, name: str) -> HttpResponse:
    """A request: what was asked, what happened, what may be done now."""
    found = requests.request(name)
    actor = current(request)
    if not requests.visible(actor, found.provider, found.consumer):
        raise NoSuchRequest(name=name[:80])
    error: HutongError | None = None
    given = request.POST.dict() if request.method == "POST" else {}
    if request.method == "POST" and given.get("do") != "preview":
        try:
            _do(request, actor, found)
            return HttpResponseRedirect(f"/exchange/requests/{found.id}")
        except HutongError as refused:
            error = refused
    decides = bool(may(actor, "exchange.decide", Target(found.provider, kind="exchange-request")))
    decides = decides and found.state is State.DECIDING
    context = {
        "request_": found,
        "badge": words.badge(found.state),
        "due": shown.due(found),
        "terms": _terms(found),
        "steps": shown.steps(requests.steps(found.id)),
        "may": _may(actor, found),
        "masks": _masks(found, given) if decides else [],
        "preview": _preview(actor, found, given) if decides else None,
        "given": given,
        "rows_per_day": _usual_rows(found),
        "error": error,
        "crumbs": [Crumb(_("Exchange"), "/exchange"), Crumb(found.id)],
    }
    return render(request, "exchange/request.html", context, status=error.status if error else 200)


def _may(actor: Actor, found: RequestRef) -> dict[str, bool]:
    next_ = states.possible(found.state)
    checks = found.state is State.CHECKING and bool(
        may(actor, "exchange.check", Target(kind="exchange-request"))
    )
    decides = found.state is State.DECIDING and bool(may(actor, "exchange.decide", Target(found.provider)))
    asks = bool(may(actor, "exchange.request", Target(found.consumer)))
    return {
        "check": checks,
        "agree": decides,
        "refuse": checks or decides,
        "return": checks or decides,
        "complete": asks and Event.COMPLETE in next_,
        "withdraw": asks and Event.WITHDRAW in next_,
        "dispute": asks and found.state is State.REFUSED,
    }


def _do(request: HttpRequest, actor: Actor, found: RequestRef) -> None:
    given = request.POST
    note = given.get("note", "")
    verbs: dict[str, Callable[[], object]] = {
        "check": lambda: requests.check(actor, found.id),
        "return": lambda: requests.send_back(actor, found.id, note),
        "complete": lambda: requests.complete(actor, found.id, note),
        "withdraw": lambda: requests.withdraw(actor, found.id, note),
        "refuse": lambda: requests.refuse(actor, found.id, given.get("reason", ""), given.get("basis", "")),
        "agree": lambda: requests.agree(actor, found.id, deciding.chosen(found, given.dict())),
    }
    verb = verbs.get(given.get("do", ""))
    if verb is None:
        raise BadRequest(reason_zh="没有这种操作", reason_en="there is no such step")
    verb()


def _usual_rows(found: RequestRef) -> int:
    rule = rules.of(found.dataset)
    return rule.rows_per_day if rule else 0


def _masks(found: RequestRef, given: Mapping[str, str]) -> list[Context]:
    """A choice for each column: as the rule says, another mask that fits with what may be set of it, or left out."""
    shape = lake.contract(found.dataset)
    usual = rules.masks(found.dataset, answers=found.delivery is Delivery.ANSWERS)
    return [_choice(shape.column(name), usual[name], given) for name in found.columns]


def _choice(column: Column, usual: Mask, given: Mapping[str, str]) -> Context:
    fitting = [kind for kind in MaskKind if kind in lake.masks_for(column)]
    return {
        "name": f"mask-{column.name}",
        "label": f"{column.title or column.name} ({column.name})",
        "value": given.get(f"mask-{column.name}", choices.RULE),
        "choices": [
            {
                "value": choices.RULE,
                "label": _("By the rule: %(mask)s") % {"mask": words.mask(usual, column.type)},
            },
            *({"value": kind.value, "label": words.mask_kind(kind)} for kind in fitting),
            {"value": choices.OUT, "label": _("Left out")},
        ],
        "parameters": [
            {
                "kind": each.kind.value,
                "field": each.field,
                "value": each.value,
                **words.parameter(each, column),
            }
            for each in choices.parameters(column, usual, given)
            if each.kind in fitting
        ],
    }


@require_POST
@requires("exchange.decide")
def preview(request: HttpRequest, name: str) -> HttpResponse:
    """The sample for the masks that are chosen at this moment, as a part of the page."""
    found, actor = requests.request(name), current(request)
    if not requests.visible(actor, found.provider, found.consumer):
        raise NoSuchRequest(name=name[:80])
    allow(actor, "exchange.decide", Target(found.provider, kind="exchange-request"))
    if found.state is not State.DECIDING:
        raise CannotMove(state=found.state.value, event="preview")
    return render(request, "exchange/sample.html", _preview(actor, found, request.POST.dict()))


def _preview(actor: Actor, found: RequestRef, given: Mapping[str, str]) -> Context:
    """The sample as a table, or why there is none. What cannot be chosen is said where the sample would be."""
    if found.delivery is Delivery.ANSWERS:
        return {"answers": True}
    try:
        seen = deciding.sample(actor, found, deciding.chosen(found, given).columns)
    except HutongError as wrong:
        return {"wrong": wrong}
    return {
        "sample": seen,
        "table": shown.rows(seen.page, _("What the consumer will see")) if seen.page else None,
    }


def _duty(said: str) -> Context:
    """The duty by its title where the catalog has it, else as it was said."""
    if not said.startswith("urn:hutong:"):
        return {"text": said}
    try:
        return {"text": str(catalog.entry(said).title), "url": f"/id/{said}"}
    except NotFound:
        return {"text": said}


def _terms(found: RequestRef) -> list[Context]:
    shape = lake.contract(found.dataset)
    items = [
        {"term": _("Dataset"), "text": str(found.title), "url": f"/catalog/datasets/{found.dataset}"},
        {"term": _("Consumer"), "text": words.bureau(found.consumer)},
        {"term": _("Provider"), "text": words.bureau(found.provider)},
        {"term": _("Sharing"), "text": words.sharing(found.sharing)},
        {"term": _("Purpose"), "text": words.told(words.purpose(found.purpose), found.purpose_text)},
        {"term": _("Legal duty"), **_duty(found.duty)},
        {
            "term": _("Columns"),
            "text": words.listed(str(shape.column(name).title or name) for name in found.columns),
        },
        {"term": _("Which rows"), "text": narrowing.say(found.where, shape) or _("all")},
        {"term": _("Contract period"), "text": f"{found.start} – {found.end}"},
        {"term": _("Delivery"), "text": words.delivery(found.delivery)},
    ]
    if found.basis:
        items += [
            {"term": _("Reason"), "text": found.reason},
            {"term": _("Legal basis"), "text": found.basis},
        ]
    if found.contract:
        items.append(
            {"term": _("Contract"), "text": found.contract, "url": f"/exchange/contracts/{found.contract}"}
        )
    return items


urlpatterns = [
    path("exchange/new", new, name="exchange-new"),
    path("exchange/requests/<str:name>", detail, name="exchange-request"),
    path("exchange/requests/<str:name>/preview", preview, name="exchange-preview"),
]
