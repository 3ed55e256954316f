"""Usable, not visible: what is left of each budget, asking with the error told first, and what was asked."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from hutong.accounts.api import Actor, Target, allow, current, may, organisation, requires
from hutong.exchange.api import contracts
from hutong.exchange.errors import NoSuchContract
from hutong.exchange.types import ContractRef, Delivery
from hutong.kernel import clock
from hutong.kernel.errors import HutongError
from hutong.lake import api as lake
from hutong.lake.types import MaskKind
from hutong.ledger import api as ledger
from hutong.privacy import asking, match_tables, reading, rules, runs, words
from hutong.privacy.errors import NotAsked
from hutong.privacy.types import Asking, Budget
from hutong.ui.api import Crumb, when

Context = dict[str, Any]
PAGE = 50
_BARS = {"good": 0.5, "watch": 0.1}


@require_safe
@requires("privacy.view")
def home(request: HttpRequest) -> HttpResponse:
    """Budgets, contracts that grant answers, and the questions asked under them."""
    actor = current(request)
    everything = bool(may(actor, "privacy.view", Target(kind="privacy")))
    if not everything:
        allow(actor, "privacy.view", Target(actor.organisation, kind="privacy"))
    mine = "" if everything else actor.organisation
    found = [each for each in contracts.listed(organisation=mine, limit=200) if _answers(each)]
    number = _page(request)
    history = asking.listed(consumer=mine, limit=PAGE + 1, offset=(number - 1) * PAGE)
    context = {
        "budgets": _budgets(found),
        "contracts": _contracts(actor, found),
        "history": _history(history[:PAGE]),
        "pager": {"page": number, "size": PAGE, "more": len(history) > PAGE, "query": {}},
        "matches": match_tables.runs_made(runs.listed(party=mine, seen_by=_sides(actor, found)), _bureau),
        "products": _products(),
        "crumbs": _crumbs(),
    }
    return render(request, "privacy/home.html", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) <= 10_000 else 1


def _answers(each: ContractRef) -> bool:
    return Delivery.ANSWERS in each.terms.delivery and any(
        rule.dataset == each.table for rule in rules.all_of()
    )


def _budgets(found: list[ContractRef]) -> Context:
    pairs = dict.fromkeys((each.table, each.consumer) for each in found)
    return {
        "caption": _("Budgets"),
        "columns": [
            {"key": "dataset", "title": _("Dataset")},
            {"key": "consumer", "title": _("Consumer")},
            {"key": "left", "title": _("Left (ε)"), "kind": "badge"},
            {"key": "spent", "title": _("Spent (ε)"), "kind": "text"},
            {"key": "granted", "title": _("A period (ε)"), "kind": "text"},
            {"key": "ever", "title": _("Since the beginning (ε)"), "kind": "text"},
            {"key": "matched", "title": _("Joint runs"), "kind": "text"},
            {"key": "renews", "title": _("Renewed on")},
        ],
        "rows": [_budget(asking.budget(*each)) for each in pairs],
        "empty": _("No contract grants answers yet."),
    }


def _budget(found: Budget) -> Context:
    share = found.left / found.granted
    state = "good" if share > _BARS["good"] else "watch" if share > _BARS["watch"] else "bad"
    return {
        "dataset": str(found.title),
        "consumer": _bureau(found.consumer),
        "left": {"text": words.number(found.left), "state": state},
        "spent": words.number(found.spent),
        "granted": words.number(found.granted),
        "ever": words.number(found.ever),
        "matched": f"{found.matched} / {found.matches}",
        "renews": found.renews.isoformat(),
    }


def _sides(actor: Actor, found: list[ContractRef]) -> frozenset[str]:
    """The organisations in whose name ``actor`` sees what came out of joint runs."""
    parties = {name for each in found for name in (each.provider, each.consumer)}
    return frozenset(name for name in parties if may(actor, "privacy.ask", Target(name, kind="privacy")))


def _contracts(actor: Actor, found: list[ContractRef]) -> Context:
    return {
        "caption": _("Contracts that grant answers"),
        "columns": [
            {"key": "id", "title": _("Contract"), "kind": "code"},
            {"key": "title", "title": _("Dataset")},
            {"key": "consumer", "title": _("Consumer")},
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "ask", "title": _("Questions")},
        ],
        "rows": [
            {
                "id": {"text": each.id, "url": f"/exchange/contracts/{each.id}"},
                "title": str(each.title),
                "consumer": _bureau(each.consumer),
                "state": {"text": _("In force"), "state": "good"}
                if each.in_force(clock.today())
                else {"text": _("Not in force"), "state": "none"},
                "ask": {
                    "text": _("Ask") if _may_ask(actor, each) else _("See"),
                    "url": f"/exchange/private/{each.id}",
                },
            }
            for each in found
        ],
        "empty": _("No contract grants answers yet."),
    }


def _products() -> Context:
    """What may be asked, at which price: the products of this wing."""
    return {
        "caption": _("Datasets that answer questions"),
        "columns": [
            {"key": "dataset", "title": _("Dataset")},
            {"key": "because", "title": pgettext("privacy", "Why")},
            {"key": "most", "title": _("ε a question"), "kind": "text"},
            {"key": "price", "title": _("Price an answer (CNY)"), "kind": "text"},
        ],
        "rows": [
            {
                "dataset": {
                    "text": str(lake.contract(each.dataset).title),
                    "url": f"/catalog/datasets/{each.dataset}",
                },
                "because": str(each.because),
                "most": f"{each.least / 1e6:g} – {each.most / 1e6:g}",
                "price": words.number(each.price) if each.price else _("free"),
            }
            for each in rules.all_of()
        ],
        "empty": _("No dataset answers questions."),
    }


def _history(found: list[Asking], *, answers: bool = False) -> Context:
    columns = [
        {"key": "at", "title": _("When")},
        {"key": "question", "title": _("Question")},
        {"key": "consumer", "title": _("Consumer")},
        {"key": "epsilon", "title": _("ε"), "kind": "text"},
        {"key": "log", "title": pgettext("privacy", "Log entry")},
    ]
    if answers:
        columns[2:3] = [
            {"key": "answer", "title": pgettext("privacy", "Answer")},
            {"key": "interval", "title": _("Confidence interval (95%)")},
        ]
    return {
        "caption": _("Questions asked"),
        "columns": columns,
        "rows": [_asked(each) for each in found],
        "empty": _("Nothing was asked yet."),
    }


def _asked(each: Asking) -> Context:
    return {
        "at": when(each.at),
        "question": words.question(each.question, each.dataset),
        "consumer": _bureau(each.consumer),
        "epsilon": words.number(each.epsilon),
        "answer": "; ".join(_cells(each)) or _("not answered yet"),
        "interval": "; ".join(words.interval(cell, each) for cell in each.cells) or "—",
        "log": {"text": str(each.log_entry), "url": f"/id/{ledger.entry_urn(each.log_entry)}"}
        if each.log_entry
        else "—",
    }


def _cells(each: Asking) -> list[str]:
    return [f"{cell.label} {words.number(cell.value)} {each.unit}".strip() for cell in each.cells]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("privacy.view")
def contract(request: HttpRequest, name: str) -> HttpResponse:
    """One contract: what is left, a question with its error told before it is asked, and the answers."""
    actor = current(request)
    found = contracts.contract_of(name[:120])
    parties = (found.consumer, found.provider)
    if not any(may(actor, "privacy.view", Target(each, kind="privacy")) for each in parties):
        raise NoSuchContract(name=name[:80])
    if not _answers(found):
        raise NotAsked(name=found.table)
    error: HutongError | None = None
    said = ""
    if request.method == "POST":
        try:
            asked = reading.of(request.POST)
            if request.POST.get("do") == "ask":
                asking.ask(actor, found.id, asked)
                return HttpResponseRedirect(f"/exchange/private/{found.id}#history")
            said = words.error(asking.estimate(actor, found.id, asked))
        except HutongError as refused:
            error = refused
    asks = _may_ask(actor, found)
    number = _page(request)
    history = asking.listed(contract=found.id, visible=asks, limit=PAGE + 1, offset=(number - 1) * PAGE)
    context = {
        "contract": found,
        "budget": _terms(asking.budget(found.table, found.consumer)),
        "may_ask": asks and found.in_force(clock.today()),
        "form": _form(request, found),
        "said": said,
        "history": _history(history[:PAGE], answers=asks),
        "matches": match_tables.runs_made(
            runs.listed(contract=found.id, seen_by=_sides(actor, [found])), _bureau
        ),
        "pager": {"page": number, "size": PAGE, "more": len(history) > PAGE, "query": {}},
        "error": error,
        "crumbs": [*_crumbs(), Crumb(found.id)],
    }
    answer = render(request, "privacy/contract.html", context, status=error.status if error else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _may_ask(actor: Actor, found: ContractRef) -> bool:
    return bool(may(actor, "privacy.ask", Target(found.consumer, kind="privacy")))


def _terms(found: Budget) -> list[Context]:
    return [
        {"term": _("Left (ε)"), "text": words.number(found.left), "state": _budget(found)["left"]["state"]},
        {"term": _("Spent (ε)"), "text": f"{words.number(found.spent)} / {words.number(found.granted)}"},
        {"term": _("Since the beginning (ε)"), "text": words.number(found.ever)},
        {"term": _("Joint runs of this period"), "text": f"{found.matched} / {found.matches}"},
        {"term": _("Renewed on"), "text": found.renews.isoformat()},
        {"term": _("Price an answer (CNY)"), "text": words.number(found.price) if found.price else _("free")},
    ]


def _form(request: HttpRequest, found: ContractRef) -> Context:
    rule, shape = rules.of(found.table), lake.contract(found.table)
    clear = [
        name
        for name, mask in found.terms.columns.items()
        if mask.kind is MaskKind.KEEP and name != rule.person
    ]
    return {
        "given": request.POST,
        "measures": [{"value": each.value, "label": str(title)} for each, title in words.MEASURES.items()],
        "columns": [{"value": "", "label": "—"}]
        + [{"value": name, "label": str(shape.column(name).title) or name} for name in clear],
        "epsilon": request.POST.get("epsilon") or "0.1",
        "rank": request.POST.get("rank") or "0.5",
        "names": ", ".join(f"{name} ({shape.column(name).title})" for name in clear),
    }


def _bureau(name: str) -> str:
    found = organisation(name)
    return str(found.title) if found else name


def _crumbs() -> list[Crumb]:
    return [Crumb(_("Exchange"), "/exchange"), Crumb(_("Usable, not visible"), "/exchange/private")]


urlpatterns = [
    path("exchange/private", home, name="privacy"),
    path("exchange/private/<str:name>", contract, name="privacy-contract"),
]
