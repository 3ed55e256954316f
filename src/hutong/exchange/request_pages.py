"""Pages of a request: asking for data, and deciding with what will be shown before one's eyes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hutong.accounts.api import Actor, Target, allow, current, may, requires
from hutong.catalog import api as catalog
from hutong.exchange import places, requests, rules, shown, words
from hutong.exchange.errors import BadRequest, NoSuchRequest
from hutong.exchange.logic import states, terms
from hutong.exchange.types import Delivery, Event, Page, Quota, RequestRef, Sharing, State, Terms
from hutong.kernel import audit, clock
from hutong.kernel.errors import HutongError
from hutong.lake import api as lake
from hutong.lake.types import ColumnType, Lens, Mask, MaskKind, Seen
from hutong.ui.api import Crumb

if TYPE_CHECKING:
    from collections.abc import Callable

PREVIEW = 10
_PLAIN = (MaskKind.KEEP, MaskKind.DROP, MaskKind.HASH, MaskKind.MONTH, MaskKind.YEAR)
Context = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("exchange.request")
def new(request: HttpRequest) -> HttpResponse:
    """Ask for one dataset: what for, which columns and rows, until when, how."""
    actor = current(request)
    allow(actor, "exchange.request", Target(actor.organisation, kind="exchange-request"))
    given = request.POST if request.method == "POST" else request.GET
    entry = rules.dataset(given.get("dataset", "")[:120].replace("\0", ""))
    error: HutongError | None = None
    if request.method == "POST":
        try:
            made = requests.submit(actor, _wish(request, entry.id))
            return HttpResponseRedirect(f"/exchange/requests/{made.id}")
        except HutongError as refused:
            error = refused
    return render(
        request, "exchange/new.html", _form(request, entry, error), status=error.status if error else 200
    )


def _wish(request: HttpRequest, dataset: str) -> requests.Wish:
    given = request.POST
    shape = lake.contract(dataset)
    lines = [line.strip() for line in given.get("where", "").splitlines() if line.strip()]
    return requests.Wish(
        dataset=dataset,
        purpose=given.get("purpose", ""),
        purpose_text=given.get("purpose_text", ""),
        duty=given.get("duty", ""),
        columns=tuple(each.name for each in shape.columns if given.get(f"column-{each.name}")),
        where=tuple(terms.parse_filter(line) for line in lines[: terms.MOST_CONDITIONS]),
        start=_day(given.get("start", "")),
        end=_day(given.get("end", "")),
        delivery=_delivery(given.get("delivery", "")),
        push_url=given.get("push_url", "").strip(),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(
            reason_zh=f"日期 {text[:20]!r} 无法读取", reason_en=f"{text[:20]!r} is no day"
        ) from None


def _delivery(text: str) -> Delivery:
    try:
        return Delivery(text)
    except ValueError:
        raise BadRequest(reason_zh="没有这种交付方式", reason_en="there is no such way of delivery") from None


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
    if request.method == "POST":
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
        "masks": _masks(found) if decides else [],
        "preview": _preview(actor, found) if decides else None,
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
        "agree": lambda: requests.agree(actor, found.id, _narrowed(request, found)),
    }
    verb = verbs.get(given.get("do", ""))
    if verb is None:
        raise BadRequest(reason_zh="没有这种操作", reason_en="there is no such step")
    verb()


def _narrowed(request: HttpRequest, found: RequestRef) -> Terms:
    """The terms the provider chose on the page: masks, columns left out, the last day, rows a day."""
    given = request.POST
    usual = requests.usual_terms(requests.row_of(found.id))
    kept: dict[str, Mask] = {}
    for name, mask in usual.columns.items():
        chosen = given.get(f"mask-{name}", "rule")
        if chosen == "rule":
            kept[name] = mask
        elif chosen in {each.value for each in _PLAIN}:
            kept[name] = Mask(MaskKind(chosen))
        elif chosen != "out":
            raise BadRequest(
                reason_zh=f"没有脱敏方式 {chosen[:20]}", reason_en=f"there is no mask {chosen[:20]}"
            )
    rows = given.get("rows_per_day", "").strip() or "0"
    if not rows.isascii() or not rows.isdigit() or len(rows) > 9:
        raise BadRequest(reason_zh="每日行数应为数字", reason_en="rows a day is a number")
    end = _day(given["end"]) if given.get("end") else usual.end
    return replace(usual, columns=kept, end=end, quota=Quota(int(rows), usual.quota.calls_per_day))


def _masks(found: RequestRef) -> list[Context]:
    """A choice for each column: as the rule says, another mask that fits, or left out."""
    shape, usual = lake.contract(found.dataset), rules.masks(found.dataset)
    return [
        {
            "name": f"mask-{name}",
            "label": f"{shape.column(name).title or name} ({name})",
            "choices": [
                {
                    "value": "rule",
                    "label": _("By the rule: %(mask)s")
                    % {"mask": words.mask(usual[name], shape.column(name).type)},
                },
                *(
                    {"value": kind.value, "label": words.mask(Mask(kind))}
                    for kind in _PLAIN
                    if kind in lake.masks_for(shape.column(name)) and kind is not usual[name].kind
                ),
                {"value": "out", "label": _("Left out")},
            ],
        }
        for name in found.columns
    ]


def _preview(actor: Actor, found: RequestRef) -> Context:
    """The first rows exactly as the consumer will see them, through the lens of the usual terms."""
    usual = rules.masks(found.dataset, places.secret(f"mask:c-{found.id}"))
    shape = lake.contract(found.dataset)
    lens = Lens(tuple(Seen(name, usual[name]) for name in found.columns), found.where)
    rows = lake.query(
        f"SELECT * FROM {lake.ident(shape.sql_name)} LIMIT {PREVIEW}", [found.dataset],
        lenses={found.dataset: lens}, limit=PREVIEW,
    )  # fmt: skip
    audit.record(
        "exchange.preview", found.urn, actor=actor.urn, organisation=actor.organisation, rows=len(rows.rows)
    )
    masked = tuple(name for name in found.columns if usual[name].kind is not MaskKind.KEEP)
    titles = {each.name: each.title for each in shape.columns}
    money = tuple(each.name for each in shape.columns if each.type is ColumnType.MONEY)
    return shown.rows(
        Page(rows.columns, rows.rows, False, (), titles, masked, money), _("What the consumer will see")
    )


def _terms(found: RequestRef) -> list[Context]:
    duty = found.duty
    items = [
        {"term": _("Dataset"), "text": str(found.title), "url": f"/catalog/datasets/{found.dataset}"},
        {"term": _("Consumer"), "text": words.bureau(found.consumer)},
        {"term": _("Provider"), "text": words.bureau(found.provider)},
        {"term": _("Sharing"), "text": words.sharing(found.sharing)},
        {"term": _("Purpose"), "text": f"{words.purpose(found.purpose)}：{found.purpose_text}"},
        {
            "term": _("Legal duty"),
            "text": duty,
            **({"url": f"/id/{duty}"} if duty.startswith("urn:hutong:") else {}),
        },
        {"term": _("Columns"), "text": ", ".join(found.columns)},
        {"term": _("Rows"), "text": terms.say(found.where) or _("all")},
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
]
