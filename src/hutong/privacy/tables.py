"""Budgets, contracts, questions and products as the pages list them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hutong.accounts.api import Actor, Target, may, organisation
from hutong.exchange.types import ContractRef
from hutong.kernel import clock
from hutong.lake import api as lake
from hutong.ledger import api as ledger
from hutong.privacy import asking, rules, words
from hutong.privacy.types import Asking, Budget
from hutong.ui.api import when

Context = dict[str, Any]
_BARS = {"good": 0.5, "watch": 0.1}


def bureau(name: str) -> str:
    """An organisation as the reader calls it."""
    found = organisation(name)
    return str(found.title) if found else name


def may_ask(actor: Actor, found: ContractRef) -> bool:
    return bool(may(actor, "privacy.ask", Target(found.consumer, kind="privacy")))


def budgets(found: list[ContractRef]) -> Context:
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
            {"key": "matched", "title": _("Joint runs, of those allowed"), "kind": "text"},
            {"key": "renews", "title": _("Renewed on"), "kind": "when"},
        ],
        "rows": [_budget(asking.budget(*each)) for each in pairs],
    }


def _budget(found: Budget) -> Context:
    return {
        "dataset": {"text": str(found.title), "url": f"/catalog/datasets/{found.dataset}"},
        "consumer": bureau(found.consumer),
        "left": {"text": words.number(found.left), "state": _state(found)},
        "spent": words.number(found.spent),
        "granted": words.number(found.granted),
        "ever": words.number(found.ever),
        "matched": f"{found.matched} / {found.matches}",
        "renews": found.renews,
    }


def _state(found: Budget) -> str:
    share = found.left / found.granted
    return "good" if share > _BARS["good"] else "watch" if share > _BARS["watch"] else "bad"


def terms(contract: ContractRef, found: Budget) -> list[Context]:
    """One contract: between whom, how long, and what is left."""
    return [
        {"term": _("Consumer"), "text": bureau(contract.consumer)},
        {"term": pgettext("privacy", "Provider"), "text": bureau(contract.provider)},
        {
            "term": pgettext("privacy", "Term of the contract"),
            "text": f"{when(contract.terms.start)} – {when(contract.terms.end)}",
        },
        {"term": _("Left (ε)"), "text": words.number(found.left), "state": _state(found)},
        {"term": _("Spent (ε)"), "text": f"{words.number(found.spent)} / {words.number(found.granted)}"},
        {"term": _("Since the beginning (ε)"), "text": words.number(found.ever)},
        {"term": _("Joint runs of this period"), "text": f"{found.matched} / {found.matches}"},
        {"term": _("Renewed on"), "text": when(found.renews)},
        {"term": _("Price an answer (CNY)"), "text": words.number(found.price) if found.price else _("free")},
    ]


def contracts(actor: Actor, found: list[ContractRef]) -> Context:
    return {
        "caption": _("Contracts that grant answers"),
        "columns": [
            {"key": "id", "title": _("Contract"), "kind": "code"},
            {"key": "title", "title": _("Dataset")},
            {"key": "consumer", "title": _("Consumer")},
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "ask", "title": _("Questions")},
        ],
        "rows": [_contract(actor, each) for each in found],
    }


def _contract(actor: Actor, each: ContractRef) -> Context:
    holds = each.in_force(clock.today())
    asks = holds and may_ask(actor, each)
    return {
        "id": {"text": each.id, "url": f"/exchange/contracts/{each.id}"},
        "title": str(each.title),
        "consumer": bureau(each.consumer),
        "state": {"text": _("In force"), "state": "good"}
        if holds
        else {"text": _("Not in force"), "state": "none"},
        "ask": {"text": _("Ask") if asks else _("See"), "url": f"/exchange/private/{each.id}"},
    }


def products() -> Context:
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


def history(found: list[Asking], *, answers: bool = False, linked: bool = False) -> Context:
    """Questions; with ``answers`` for those who may see them, ``linked`` to their contracts where there are several."""
    columns = [
        {"key": "at", "title": _("When"), "kind": "when"},
        {"key": "question", "title": _("Question")},
        {"key": "consumer", "title": _("Consumer")},
        {"key": "epsilon", "title": _("ε"), "kind": "text"},
        {"key": "log", "title": pgettext("privacy", "Log entry")},
    ]
    if answers:
        columns[2] = {"key": "answer", "title": _("Answer (confidence interval, 95%)")}
    if linked:
        columns.insert(2, {"key": "dataset", "title": _("Dataset")})
    return {
        "caption": _("Questions asked"),
        "columns": columns,
        "rows": [_asked(each, linked=linked) for each in found],
        "empty": _("Nothing was asked yet."),
    }


def _asked(each: Asking, *, linked: bool) -> Context:
    said = words.question(each.question, each.dataset)
    return {
        "at": each.at,
        "question": {"text": said, "url": f"/exchange/private/{each.contract}#history"} if linked else said,
        "dataset": str(each.title),
        "consumer": bureau(each.consumer),
        "epsilon": words.number(each.epsilon),
        "answer": words.answer(each) or _("not answered yet"),
        "log": {"text": f"#{each.log_entry}", "url": f"/id/{ledger.entry_urn(each.log_entry)}"}
        if each.log_entry
        else "—",
    }
