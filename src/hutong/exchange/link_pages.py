"""Pages of link groups: contracts chosen, keys agreed, every provider's consent, and the joined rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hutong.accounts.api import Actor, Target, allow, current, may, requires
from hutong.exchange import contracts, joined, links, reading, shown, words
from hutong.exchange.errors import BadLink, BadRequest, NoSuchLink
from hutong.exchange.logic import links as logic
from hutong.exchange.types import ContractRef, Delivery, Join, LinkRef, Standing
from hutong.kernel import clock
from hutong.kernel.errors import HutongError, Invalid
from hutong.kernel.given import counted
from hutong.lake.types import BodyFormat, MaskKind
from hutong.ledger import api as ledger
from hutong.ui.api import Crumb, when

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = 50
FORMS = (BodyFormat.CSV, BodyFormat.XLSX, BodyFormat.PARQUET, BodyFormat.NDJSON)
Context = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("exchange.request")
def new(request: HttpRequest) -> HttpResponse:
    """First the contracts, then the keys between the first of them and each other."""
    actor = current(request)
    allow(actor, "exchange.request", Target(actor.organisation, kind="exchange-link"))
    error: HutongError | None = None
    mine = _usable(actor)
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(given, mine)
    if request.method == "POST":
        try:
            made = _propose(request, actor, chosen)
            return HttpResponseRedirect(f"/exchange/links/{made.id}")
        except HutongError as refused:
            error = refused
    keys = _keys(chosen)
    context = {
        "bases": [{"value": each.id, "label": _label(each)} for each in mine],
        "base": given.get("first", ""),
        "choices": [
            {
                "name": f"contract-{each.id}",
                "label": _label(each),
                "value": bool(given.get(f"contract-{each.id}")),
            }
            for each in mine
        ],
        "too_few": "first" in given and not chosen,
        "enough": len(mine) >= 2,
        "chosen": [each.id for each in chosen],
        "first": chosen[0] if chosen else None,
        "keys": keys,
        "possible": not any(each["none"] for each in keys),
        "given": given,
        "error": error,
        "crumbs": [Crumb(_("Exchange"), "/exchange"), Crumb(_("Hand over joined"))],
    }
    return render(request, "exchange/link_new.html", context, status=error.status if error else 200)


def _usable(actor: Actor) -> list[ContractRef]:
    """Contracts of one's own that are in force and hand rows over."""
    ways, today = {Delivery.API, Delivery.VIEW}, clock.today()
    found = contracts.listed(organisation=actor.organisation, limit=500)
    current_ = (contracts.contract_of(each.id) for each in found if each.consumer == actor.organisation)
    return [each for each in current_ if each.in_force(today) and ways & set(each.terms.delivery)]


def _label(each: ContractRef) -> str:
    return f"{each.title} · {words.bureau(each.provider)} ({each.id})"


def _chosen(given: QueryDict, mine: list[ContractRef]) -> list[ContractRef]:
    """The contracts named, the one that the others are joined to before them."""
    first = given.get("first", "")
    found = [each for each in mine if each.id == first or given.get(f"contract-{each.id}")]
    found.sort(key=lambda each: each.id != first)
    return found[: logic.MOST] if len(found) > 1 else []


def _keys(chosen: list[ContractRef]) -> list[Context]:
    """For each contract but the first the pairs of columns that may be its keys."""
    if not chosen:
        return []
    base = links.part(chosen[0])
    found = []
    for each in chosen[1:]:
        part = links.part(each)
        pairs = logic.keys_between(base, part)
        choices = [
            {
                "value": f"{left}={right}",
                "label": f"{base.shape.column(left).title or left} = {part.shape.column(right).title or right}",
            }
            for left, right in pairs
        ]
        found.append({"id": each.id, "title": str(each.title), "choices": choices, "none": not choices})
        found[-1]["more"] = [{"value": "", "label": _("no further key")}, *choices]
    return found


def _propose(request: HttpRequest, actor: Actor, chosen: list[ContractRef]) -> LinkRef:
    given = request.POST
    if not chosen:
        raise BadLink(reason_zh="请选择两份以上合同", reason_en="choose two contracts or more")
    joins = []
    for each in chosen[1:]:
        told = dict.fromkeys(given.get(f"{name}-{each.id}", "") for name in ("key", "also"))
        pairs = [text.partition("=") for text in told if text]
        joins.append(Join(each.id, tuple((left, right) for left, _sign, right in pairs)))
    matches = given.get("rows", "matches") == "matches"
    return links.propose(actor, given.get("title", ""), chosen[0].id, joins, only_matches=matches)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("exchange.view")
def detail(request: HttpRequest, name: str) -> HttpResponse:
    """A link group: what is joined, who has consented, what comes out."""
    actor = current(request)
    found = _seen(actor, name)
    error: HutongError | None = None
    if request.method == "POST":
        try:
            _do(request, actor, found)
            return HttpResponseRedirect(f"/exchange/links/{found.id}")
        except HutongError as refused:
            error = refused
    parts, out = joined.outline(found)
    context = {
        "link": found,
        "badge": words.badge(found.standing),
        "terms": _terms(found),
        "members": shown.members(parts),
        "columns": shown.joined_columns(parts, out),
        "may": _may(actor, found, _ways(parts)),
        "digests": any(
            mask.kind is MaskKind.HASH for each in parts for mask in each.contract.terms.columns.values()
        ),
        "formats": [each.value for each in FORMS],
        "error": error,
        "crumbs": [Crumb(_("Exchange"), "/exchange"), Crumb(found.id)],
    }
    return render(request, "exchange/link.html", context, status=error.status if error else 200)


def _seen(actor: Actor, name: str) -> LinkRef:
    found = links.link_of(name)
    if not links.visible(actor, found):
        raise NoSuchLink(name=name[:80])
    return found


def _ways(parts: Sequence[logic.Part]) -> set[Delivery]:
    """The ways of delivery that every contract of the group names."""
    return set.intersection(*(set(each.contract.terms.delivery) for each in parts))


def _may(actor: Actor, found: LinkRef, ways: set[Delivery]) -> dict[str, bool]:
    def holds(action: str, organisation: str) -> bool:
        return bool(may(actor, action, Target(organisation, kind="exchange-link")))

    parties = (found.consumer, *found.parties)
    reads = found.standing is Standing.ACTIVE and holds("exchange.read", found.consumer)
    over = bool(may(actor, "exchange.supervise", Target(kind="exchange-link")))
    waiting = [each for each in found.parties if each not in found.signatures]
    return {
        "sign": found.standing is Standing.PROPOSED
        and any(holds("exchange.decide", each) for each in waiting),
        "read": reads,
        "view": reads and Delivery.VIEW in ways,
        "fetch": reads and Delivery.API in ways,
        "end": found.standing in {Standing.PROPOSED, Standing.ACTIVE}
        and (over or any(holds("exchange.sign", each) for each in parties)),
    }


def _do(request: HttpRequest, actor: Actor, found: LinkRef) -> None:
    given = request.POST
    verbs: dict[str, Callable[[], object]] = {
        "sign": lambda: links.sign(actor, found.id, given.get("sha256", "")),
        "end": lambda: links.end(actor, found.id, given.get("why", "")),
    }
    verb = verbs.get(given.get("do", ""))
    if verb is None:
        raise BadRequest(reason_zh="没有这种操作", reason_en="there is no such step")
    verb()


def _terms(found: LinkRef) -> list[Context]:
    rest = _("only rows that have a partner in every table")
    items: list[Context] = [
        {"term": _("Consumer"), "text": words.bureau(found.consumer)},
        {
            "term": _("Which rows"),
            "text": rest if found.only_matches else _("every row of the first table, others beside it"),
        },
        {"term": _("Agreement (SHA-256)"), "text": found.sha256, "kind": "code"},
    ]
    for who in (found.consumer, *found.parties):
        entry = found.signatures.get(who)
        signed = (
            {"text": _("log entry %(entry)s") % {"entry": entry}, "url": f"/id/{ledger.entry_urn(entry)}"}
            if entry
            else {"text": _("not signed yet")}
        )
        items.append({"term": _("Signed by %(who)s") % {"who": words.bureau(who)}, **signed})
    if found.ended_why:
        items.append({"term": _("Ended because"), "text": found.ended_why})
    return items


@require_safe
@requires("exchange.read")
def rows(request: HttpRequest, name: str) -> HttpResponseBase:
    """The joined rows, page by page, or all of them as a body in the format asked for."""
    actor = current(request)
    found = _seen(actor, name)
    form = request.GET.get("format", "")
    if form:
        if form not in {each.value for each in FORMS}:
            raise BadRequest(reason_zh="没有这种格式", reason_en="there is no such format")
        body = joined.stream(
            reading.who_of_group(request, found, limit=0), found, BodyFormat(form), mark=True
        )
        return reading.sent(body, found.id, found.urn)
    text = request.GET.get("page", "1")
    number = counted(text, 1_000_000)
    if number is None:
        raise Invalid(reason=f"page={text[:20]}")
    here = {"channel": Delivery.VIEW, "limit": PAGE, "offset": (number - 1) * PAGE}
    page = joined.read(reading.who_of_group(request, found, **here), found)
    context = {
        "contract": found,
        "table": shown.rows(page, found.title),
        "masked": bool(page.masked),
        "mark": f"{words.bureau(found.consumer)} · {actor.name} · {when(clock.now())}",
        "pager": {"page": number, "size": PAGE, "more": page.more, "query": {}},
        "crumbs": [
            Crumb(_("Exchange"), "/exchange"),
            Crumb(found.id, f"/exchange/links/{found.id}"),
            Crumb(_("See the rows")),
        ],
    }
    return render(request, "exchange/rows.html", context)


urlpatterns = [
    path("exchange/links/new", new, name="exchange-link-new"),
    path("exchange/links/<str:name>", detail, name="exchange-link"),
    path("exchange/links/<str:name>/rows", rows, name="exchange-link-rows"),
]
