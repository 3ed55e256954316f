"""Pages of a contract: its terms and proofs, what was used of it, its rows, keys and files."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from hutong.accounts.api import Actor, Target, allow, current, may, requires
from hutong.exchange import (
    contracts,
    delivery,
    gate,
    links,
    narrowing,
    places,
    pushing,
    reading,
    requests,
    rules,
    shown,
    usage,
    words,
)
from hutong.exchange.errors import BadRequest, NoSuchContract
from hutong.exchange.types import ContractRef, Delivery, Standing
from hutong.kernel import clock
from hutong.kernel.errors import HutongError, Invalid
from hutong.kernel.given import counted
from hutong.lake import api as lake
from hutong.lake.types import BodyFormat
from hutong.ledger import api as ledger
from hutong.ui.api import Crumb, when

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = 50
Context = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("exchange.view")
def detail(request: HttpRequest, name: str) -> HttpResponse:
    """A contract. A new key is shown on the answer to its asking, and never again."""
    actor = current(request)
    found = _seen(actor, name)
    error: HutongError | None = None
    key = ""
    if request.method == "POST":
        try:
            key = _do(request, actor, found)
            if not key:
                return HttpResponseRedirect(f"/exchange/contracts/{found.id}")
        except HutongError as refused:
            error = refused
    newest = contracts.newest(found.id)
    days = usage.by_day(found.id)
    context = {
        "contract": found,
        "newest": newest if newest.version != found.version or newest.standing is Standing.PROPOSED else None,
        "key": key,
        "first_call": _first_call(request, found, key) if key else "",
        "badge": words.contract_badge(found),
        "terms": _terms(found),
        "columns": shown.columns(found),
        "usage": shown.usage(days) if any(each.calls for each in days) else None,
        "dataset": places.dataset_urn(found.table),
        "renewed": min(
            found.terms.end + timedelta(days=365), clock.today() + timedelta(days=rules.current().most_days)
        ),
        "links": shown.links(links.listed(contract=found.id)),
        "accesses": shown.accesses(usage.accesses(found.id, limit=30), found),
        "files": shown.files(delivery.files(found.id)),
        "keys": _keys(found),
        "formats": [{"value": each.value, "label": each.value} for each in delivery.FORMS],
        "may": _may(actor, found, newest),
        "secret": pushing.secret_of(found.urn) if found.terms.push_url and _reads(actor, found) else "",
        "error": error,
        "crumbs": [Crumb(_("Exchange"), "/exchange"), Crumb(found.id)],
    }
    answer = render(request, "exchange/contract.html", context, status=error.status if error else 200)
    if key:
        answer["Cache-Control"] = "no-store"
    return answer


def _renewed(found: ContractRef) -> date:
    """The last day that a renewal would usually have: a year later, within what the rules allow."""
    latest = clock.today() + timedelta(days=rules.current().most_days)
    return min(found.terms.end + timedelta(days=365), latest)


def _seen(actor: Actor, name: str) -> ContractRef:
    found = contracts.contract_of(name)
    if not requests.visible(actor, found.provider, found.consumer):
        raise NoSuchContract(name=name[:80])
    return found


def _reads(actor: Actor, found: ContractRef) -> bool:
    return bool(may(actor, "exchange.read", Target(found.consumer, kind="exchange-contract")))


def _may(actor: Actor, found: ContractRef, newest: ContractRef) -> dict[str, bool]:
    def holds(action: str, organisation: str) -> bool:
        return bool(may(actor, action, Target(organisation, kind="exchange-contract")))

    live = found.standing is Standing.ACTIVE
    party = holds("exchange.sign", found.consumer) or holds("exchange.sign", found.provider)
    over = bool(may(actor, "exchange.supervise", Target(kind="exchange-contract")))
    return {
        "sign": newest.standing is Standing.PROPOSED
        and newest.consumer not in newest.signatures
        and holds("exchange.sign", newest.consumer),
        "renew": live and newest.version == found.version and holds("exchange.decide", found.provider),
        "revoke": found.standing in {Standing.ACTIVE, Standing.PROPOSED} and (party or over),
        "key": live and Delivery.API in found.terms.delivery and holds("exchange.sign", found.consumer),
        "read": live and Delivery.VIEW in found.terms.delivery and holds("exchange.read", found.consumer),
        "file": live and Delivery.FILE in found.terms.delivery and holds("exchange.read", found.consumer),
        "push": live and Delivery.PUSH in found.terms.delivery and holds("exchange.read", found.consumer),
        "correct": live and holds("exchange.issue", found.consumer),
        "dispute": holds("exchange.issue", found.consumer) or holds("exchange.issue", found.provider),
        "link": live
        and bool({Delivery.API, Delivery.VIEW} & set(found.terms.delivery))
        and holds("exchange.request", found.consumer),
    }


def _first_call(request: HttpRequest, found: ContractRef, key: str) -> str:
    """The command that reads a page of rows with a new key, to be pasted as it is."""
    address = request.build_absolute_uri(f"/api/exchange/contracts/{found.id}/rows?limit=100")
    return f"curl '{address}' \\\n  -H 'Authorization: Bearer {key}'"


def _do(request: HttpRequest, actor: Actor, found: ContractRef) -> str:
    """Do what the form asks; gives a new key where one was asked for."""
    given = request.POST
    verb = given.get("do", "")
    if verb == "key":
        return contracts.issue_key(actor, found.id)
    verbs: dict[str, Callable[[], object]] = {
        "sign": lambda: contracts.sign(actor, found.id, given.get("terms_sha256", "")),
        "renew": lambda: contracts.renew(actor, found.id, _day(given.get("end", ""))),
        "revoke": lambda: contracts.revoke(actor, found.id, given.get("why", "")),
        "revoke-keys": lambda: contracts.revoke_keys(actor, found.id),
        "file": lambda: delivery.ask(actor, found.id, _form(given.get("format", ""))),
        "push": lambda: delivery.ask(actor, found.id, BodyFormat.NDJSON, channel=Delivery.PUSH),
    }
    if verb not in verbs:
        raise BadRequest(reason_zh="没有这种操作", reason_en="there is no such step")
    verbs[verb]()
    return ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(
            reason_zh=f"日期 {text[:20]!r} 无法读取", reason_en=f"{text[:20]!r} is no day"
        ) from None


def _form(text: str) -> BodyFormat:
    if text not in {each.value for each in delivery.FORMS}:
        raise BadRequest(reason_zh="没有这种格式", reason_en="there is no such format")
    return BodyFormat(text)


def _rows_a_day(most: int) -> str:
    return _("at most %(rows)s rows") % {"rows": f"{most:,}"} if most else _("unlimited")


def _terms(found: ContractRef) -> list[Context]:
    granted = found.terms
    items: list[Context] = [
        {"term": _("Dataset"), "text": str(found.title), "url": f"/catalog/datasets/{found.table}"},
        {"term": _("Request"), "text": found.request, "url": f"/exchange/requests/{found.request}"},
        {"term": _("Consumer"), "text": words.bureau(found.consumer)},
        {"term": _("Provider"), "text": words.bureau(found.provider)},
        {"term": _("Purpose"), "text": words.listed(words.purpose(each) for each in granted.purposes)},
        {
            "term": _("Which rows"),
            "text": narrowing.say(granted.where, lake.contract(found.table)) or _("all"),
        },
        {"term": _("Contract period"), "text": f"{granted.start} – {granted.end}"},
        {"term": _("Delivery"), "text": words.listed(words.delivery(each) for each in granted.delivery)},
        {"term": _("Rows a day"), "text": _rows_a_day(granted.quota.rows_per_day)},
        {"term": _("Version"), "text": str(found.version)},
        {"term": _("Terms (SHA-256)"), "text": found.terms_sha256, "kind": "code"},
    ]
    items += [
        {
            "term": _("Signed by %(who)s") % {"who": words.bureau(who)},
            "text": _("log entry %(entry)s") % {"entry": entry},
            "url": f"/id/{ledger.entry_urn(entry)}",
        }
        for who, entry in found.signatures.items()
    ]
    if found.ended_why:
        items.append({"term": _("Ended because"), "text": found.ended_why})
    return items


def _keys(found: ContractRef) -> Context:
    return {
        "caption": _("Keys"),
        "columns": [
            {"key": "hint", "title": pgettext("exchange", "Key"), "kind": "code"},
            {"key": "made", "title": _("Issued")},
            {"key": "state", "title": _("State"), "kind": "badge"},
        ],
        "rows": [
            {
                "hint": each["hint"],
                "made": when(each["made_at"]),
                "state": {"text": _("Key revoked"), "state": "none"}
                if each["revoked_at"]
                else {"text": _("Valid"), "state": "good"},
            }
            for each in contracts.keys(found.id)
        ],
        "empty": _("No key has been issued."),
    }


@require_safe
@requires("exchange.read")
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """The rows as the consumer may see them, page by page, each page an access of its own."""
    actor = current(request)
    found = _seen(actor, name)
    allow(actor, "exchange.read", Target(found.consumer, kind="exchange-contract"))
    text = request.GET.get("page", "1")
    number = counted(text, 1_000_000)
    if number is None:
        raise Invalid(reason=f"page={text[:20]}")
    asked = gate.asked_by(actor, found, channel=Delivery.VIEW, limit=PAGE, offset=(number - 1) * PAGE)
    page = gate.read(asked, found)
    context = {
        "contract": found,
        "table": shown.rows(page, str(found.title)),
        "masked": bool(page.masked),
        "mark": f"{words.bureau(found.consumer)} · {actor.name} · {when(clock.now())}",
        "pager": {"page": number, "size": PAGE, "more": page.more, "query": {}},
        "crumbs": [
            Crumb(_("Exchange"), "/exchange"),
            Crumb(found.id, f"/exchange/contracts/{found.id}"),
            Crumb(_("See the rows")),
        ],
    }
    return render(request, "exchange/rows.html", context)


@require_safe
@requires("exchange.read")
def file(request: HttpRequest, name: str) -> Any:
    """The file, or the range of it that is asked for."""
    found, place = delivery.fetch(current(request), name)
    still = delivery.still(current(request), name)
    return reading.file(request, place, found.name, lake.media_type(BodyFormat(found.form)), still)


urlpatterns = [
    path("exchange/contracts/<str:name>", detail, name="exchange-contract"),
    path("exchange/contracts/<str:name>/rows", rows, name="exchange-rows"),
    path("exchange/files/<str:name>", file, name="exchange-file"),
]
