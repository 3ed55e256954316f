"""Usable, not visible: what is left of each budget, asking with the error told first, and what was asked."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hutong.accounts.api import Actor, Target, allow, current, may, requires
from hutong.exchange.api import contracts
from hutong.exchange.errors import NoSuchContract
from hutong.exchange.types import ContractRef, Delivery
from hutong.kernel import clock
from hutong.kernel.errors import HutongError
from hutong.kernel.given import counted
from hutong.lake import api as lake
from hutong.lake.types import MaskKind
from hutong.privacy import (
    asking,
    match_tables,
    reading,
    rules,
    runs,
    side_pages,
    side_tables,
    sides,
    tables,
    words,
)
from hutong.privacy.errors import BadQuestion, BudgetSpent, NotAsked
from hutong.ui.api import Crumb

Context = dict[str, Any]
PAGE = 50


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
    provided = [each.id for each in found if each.provider == mine]
    number = _page(request)
    history = asking.listed(party=mine, provided=provided, limit=PAGE + 1, offset=(number - 1) * PAGE)
    made = runs.listed(party=mine, contracts=[each.id for each in found], seen_by=_sides(actor, found))
    context = {
        "budgets": tables.budgets(found),
        "contracts": tables.contracts(actor, found),
        "history": tables.history(history[:PAGE], linked=True),
        "pager": {"page": number, "size": PAGE, "more": len(history) > PAGE, "query": {}},
        "sides": side_tables.sides(sides.listed([each.id for each in found], _sides(actor, found), 10)),
        "matches": match_tables.runs_made(made, tables.bureau),
        "products": tables.products(),
        "crumbs": _crumbs(),
    }
    return render(request, "privacy/home.html", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return counted(text, 10_000) or 1


def _answers(each: ContractRef) -> bool:
    return Delivery.ANSWERS in each.terms.delivery and any(
        rule.dataset == each.table for rule in rules.all_of()
    )


def _sides(actor: Actor, found: list[ContractRef]) -> frozenset[str]:
    """The organisations in whose name ``actor`` sees what came out of joint runs."""
    parties = {name for each in found for name in (each.provider, each.consumer)}
    return frozenset(name for name in parties if may(actor, "privacy.ask", Target(name, kind="privacy")))


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
            asked = reading.of(_given(request, found))
            if request.POST.get("do") == "ask":
                asking.ask(actor, found.id, asked)
                return HttpResponseRedirect(f"/exchange/private/{found.id}#history")
            said = words.error(asking.estimate(actor, found.id, asked))
        except HutongError as refused:
            error = refused
    asks = tables.may_ask(actor, found)
    holds = found.in_force(clock.today())
    number = _page(request)
    history = asking.listed(contract=found.id, visible=asks, limit=PAGE + 1, offset=(number - 1) * PAGE)
    mine = side_pages.parties(actor, found)
    made = runs.listed(contract=found.id, seen_by=_sides(actor, [found]))
    context = {
        "contract": found,
        "budget": tables.terms(found, asking.budget(found.table, found.consumer)),
        "may_ask": asks and holds,
        "over": asks and not holds,
        "form": _form(request, found),
        "said": said,
        "history": tables.history(history[:PAGE], answers=asks),
        "answers": asks,
        "matches": match_tables.runs_made(made, tables.bureau),
        "may_run": mine and holds,
        "met": side_tables.sides(sides.met_by(found.id, mine[0]))["rows"] if len(mine) == 1 else [],
        "sides": side_tables.sides(sides.listed([found.id], mine)),
        "engine": side_pages.engine() if mine else None,
        "pager": {"page": number, "size": PAGE, "more": len(history) > PAGE, "query": {}},
        "error": error,
        "fault": _fault(error),
        "crumbs": [*_crumbs(), Crumb(found.id)],
    }
    answer = render(request, "privacy/contract.html", context, status=error.status if error else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _given(request: HttpRequest, found: ContractRef) -> dict[str, str]:
    """The fields of the form; conditions may name columns, comparisons and codes as people call them."""
    given = {name: str(value) for name, value in request.POST.items()}
    return given | {"where": reading.plain(given.get("where", ""), lake.contract(found.table))}


def _fault(error: HutongError | None) -> dict[str, str]:
    """What is wrong with which field of the form; empty when it is none of a field."""
    if isinstance(error, BudgetSpent):
        return {"epsilon": str(error.said)}
    if isinstance(error, BadQuestion):
        key = error.place.key if error.place else None
        return {key: str(error.said)} if key else {}
    if error is not None and error.code.startswith("lake."):
        return {"where": str(error.said)}  # the lens holds nothing else that a person wrote
    return {}


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
        "names": ", ".join(words.called(shape.column(name)) for name in clear),
        "example": words.example(shape, clear),
        "least": words.number(words.epsilon(rule.least)),
        "most": words.number(words.epsilon(rule.most)),
    }


def _crumbs() -> list[Crumb]:
    return [Crumb(_("Exchange"), "/exchange"), Crumb(_("Usable, not visible"), "/exchange/private")]


urlpatterns = [
    path("exchange/private", home, name="privacy"),
    path("exchange/private/<str:name>", contract, name="privacy-contract"),
    *side_pages.urlpatterns,
]
