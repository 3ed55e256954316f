"""Changes of locked entries that wait: who has signed, who has not, what would change."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.catalog import locking, store
from hutong.catalog.errors import BadDecision, NoSuchEntry
from hutong.catalog.models import Entry, ProposedChange
from hutong.catalog.nav import tabs
from hutong.catalog.shown import choice_title, organisation_title
from hutong.catalog.types import Kind
from hutong.catalog.workbook_pages import difference_table
from hutong.kernel.text import Text
from hutong.ledger import api as ledger
from hutong.ledger.types import Proposal
from hutong.ui.api import Crumb, when

LIMIT = 100
_STATES = {"open": "running", "ready": "good", "done": "good", "refused": "bad", "withdrawn": "none"}


@require_GET
@requires("catalog.cosign")
def proposals(request: HttpRequest) -> HttpResponse:
    """Proposals about entries of the catalog, the newest first; those that wait before the others."""
    actor = current(request)
    allow(actor, "catalog.cosign", Target(actor.organisation, kind="proposal"))
    found = [each for each in ledger.find_proposals(limit=LIMIT) if _about_catalog(each)]
    shown = [_shown(request, each) for each in found]
    context = {
        "tabs": tabs(request, "/catalog/proposals"),
        "waiting": [each for each in shown if each["open"]],
        "closed": [each for each in shown if not each["open"]],
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(_("Proposals"))],
    }
    return render(request, "catalog/proposals.html", context)


@require_POST
@requires("catalog.cosign")
def answer(request: HttpRequest) -> HttpResponse:
    """Co-sign, refuse with a reason, or withdraw, in the name of one's organisation."""
    urn, by = request.POST.get("proposal", ""), request.POST.get("organisation", "")
    allow(current(request), "catalog.cosign", Target(by, kind="proposal"))
    if not _about_catalog(ledger.proposal(urn)):
        raise NoSuchEntry(name=urn[:200])
    match request.POST.get("verdict"):
        case "cosign":
            locking.cosign(urn, by)
        case "refuse":
            locking.refuse(urn, by, request.POST.get("reason", ""))
        case "withdraw":
            locking.withdraw(urn, by)
        case other:
            raise BadDecision(reason=str(other)[:40])
    return HttpResponseRedirect(f"/catalog/proposals#{urn}")


def _about_catalog(proposal: Proposal) -> bool:
    return proposal.kind.startswith("catalog.") or (
        proposal.kind in {"ledger.lock", "ledger.unlock"}
        and Entry.objects.filter(pk=proposal.subject).exists()
    )


def _shown(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    actor = current(request)
    waits = proposal.state in {"open", "ready"}
    mine = [
        _organisation(each)
        for each in (proposal.awaited if waits else ())
        if may(actor, "catalog.cosign", Target(each, kind="proposal"))
    ]
    proposer = waits and may(actor, "catalog.cosign", Target(proposal.organisation, kind="proposal"))
    change = ProposedChange.objects.filter(pk=proposal.urn).first()
    standing = Entry.objects.filter(pk=proposal.subject).first()
    return {
        "proposal": proposal,
        "title": str(Text(standing.title_zh, standing.title_en)) if standing else proposal.subject,
        "url": f"/id/{proposal.subject}",
        "open": waits,
        "what": _what(proposal, change),
        "successor": _successor(str(proposal.payload.get("successor", ""))),
        "state": {"text": choice_title("proposal", proposal.state), "state": _STATES[proposal.state]},
        "reason": change.reason if change else "",
        "by": organisation_title(_id(proposal.organisation)),
        "at": when(proposal.at),
        "rule": {"needed": proposal.rule.needed, "total": len(proposal.rule.organisations)},
        "basis": proposal.rule.basis,
        "signatures": _signatures(proposal),
        "table": _table(change, standing),
        "mine": mine,
        "withdraw": _organisation(proposal.organisation) if proposer else None,
        "entry": f"/id/{ledger.entry_urn(proposal.entry)}" if proposal.entry else "",
    }


def _what(proposal: Proposal, change: ProposedChange | None) -> str:
    if proposal.kind == "ledger.lock":
        return _("Lock the entry")
    return _("Retire the entry") if change and change.change == "retired" else _("Change the entry")


def _successor(urn: str) -> dict[str, str] | None:
    row = Entry.objects.filter(pk=urn).first() if urn else None
    return {"title": str(Text(row.title_zh, row.title_en)), "url": f"/id/{urn}"} if row else None


def _signatures(proposal: Proposal) -> dict[str, Any]:
    still = _("awaited") if proposal.state in {"open", "ready"} else _("did not answer")
    rows = [
        {"organisation": organisation_title(_id(each.organisation)), "said": {"text": _("co-signed"), "state": "good"},
         "at": when(each.at), "reason": each.key}
        for each in proposal.cosignatures
    ]  # fmt: skip
    rows += [
        {"organisation": organisation_title(_id(name)), "said": {"text": _("refused"), "state": "bad"}, "at": "",
         "reason": why}
        for name, why in proposal.refusals
    ]  # fmt: skip
    rows += [
        {"organisation": organisation_title(_id(each)), "said": {"text": still, "state": "none"}, "at": "",
         "reason": ""}
        for each in proposal.awaited
    ]  # fmt: skip
    return {
        "caption": _("Co-signatures"),
        "columns": [
            {"key": "organisation", "title": _("Organisation")},
            {"key": "said", "title": _("Answer"), "kind": "badge"},
            {"key": "at", "title": _("Time")},
            {"key": "reason", "title": _("Key or reason")},
        ],
        "rows": rows,
    }


def _table(change: ProposedChange | None, standing: Entry | None) -> dict[str, Any] | None:
    if change is None or change.change == "retired":
        return None
    before = next(
        (each.body for each in store.versions(change.urn) if each.version == change.version - 1), {}
    )
    if standing is not None and not before:
        before = standing.body
    return difference_table(_("What would change"), before, change.body, Kind(change.kind))


def _organisation(urn: str) -> dict[str, str]:
    return {"urn": urn, "title": organisation_title(_id(urn))}


def _id(urn: str) -> str:
    return urn.rpartition(":")[2]


urlpatterns = [
    path("catalog/proposals", proposals, name="catalog-proposals"),
    path("catalog/proposals/answer", answer, name="catalog-proposals-answer"),
]
