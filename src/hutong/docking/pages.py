"""The docking: how each peer stands, what went over the line with its proof, conflicts that wait."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.catalog import api as catalog
from hutong.docking import applying, jobs, peers
from hutong.docking.errors import NoSuchPeer
from hutong.docking.models import Batch, Conflict, Copy, Progress
from hutong.docking.types import Peer
from hutong.kernel import clock
from hutong.kernel.jobs import enqueue
from hutong.kernel.text import Text
from hutong.ledger import api as ledger
from hutong.ui.api import Crumb, when

SHOWN = 50
_LEVELS = {"city": Text(zh="市级", en="City"), "district": Text(zh="区级", en="District")}
_RULES = {
    "owner": Text(zh="归属方为准", en="The owner's stands"),
    "city": Text(zh="市级为准", en="The city's stands"),
    "manual": Text(zh="人工裁定", en="A person decides"),
}
_STATES = {
    "open": Text(zh="待裁定", en="To decide"),
    "ours": Text(zh="保留本方", en="Ours stands"),
    "theirs": Text(zh="采用对方", en="Theirs taken"),
    "past": Text(zh="已过时", en="Past"),
}
_WAYS = {"sent": Text(zh="发出", en="Sent"), "received": Text(zh="收到", en="Received")}


@require_GET
@requires("catalog.dock")
def docking(request: HttpRequest) -> HttpResponse:
    """Every peer and how it stands."""
    allow(current(request), "catalog.dock", Target(kind="peer"))
    context = {
        "tabs": catalog.tabs(request, "/catalog/docking"),
        "peers": [_peer(each) for each in peers.known().peers.values()],
        "open": [_conflict(row) for row in Conflict.objects.filter(state="open")[:SHOWN]],
        "settled": _settled(),
        "may_run": _may_run(request),
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(_("Docking"))],
    }
    return render(request, "docking/home.html", context)


@require_GET
@requires("catalog.dock")
def peer(request: HttpRequest, name: str) -> HttpResponse:
    """One peer: batches with their proofs, how the two sides differ, copies held."""
    allow(current(request), "catalog.dock", Target(kind="peer"))
    found = peers.peer(name)
    report = _progress(name).report
    context = {
        "tabs": catalog.tabs(request, "/catalog/docking"),
        "peer": _peer(found),
        "batches": _batches(name),
        "report": report,
        "differences": _differences(report or {}),
        "copies": Copy.objects.filter(peer=name).exclude(change="retired").count(),
        "may_run": _may_run(request),
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(_("Docking"), "/catalog/docking"), Crumb(name)],
    }
    return render(request, "docking/peer.html", context)


@require_GET
@requires("catalog.dock")
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The other side's evidence of one batch, for anyone to check offline."""
    allow(current(request), "catalog.dock", Target(kind="peer"))
    found = Batch.objects.filter(pk=number).exclude(proof__isnull=True).first()
    if found is None:
        raise NoSuchPeer(name=str(number))
    answer = JsonResponse(found.proof, json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{found.direction}-{found.sha256[:12]}.json"'
    return answer


@require_POST
@requires("catalog.dock")
def run(request: HttpRequest, name: str) -> HttpResponse:
    """Ask for an exchange now."""
    allow(current(request), "catalog.edit", Target(kind="peer"))
    allow(current(request), "catalog.dock", Target(kind="peer"))
    found = peers.peer(name)
    enqueue(jobs.exchange_with, key=f"{name} {clock.now():%Y-%m-%dT%H:%M}", peer=found.name)
    return HttpResponseRedirect(f"/catalog/docking/{found.name}")


@require_POST
@requires("catalog.dock")
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Decide one conflict."""
    allow(current(request), "catalog.edit", Target(kind="peer"))
    allow(current(request), "catalog.dock", Target(kind="peer"))
    take = request.POST.get("verdict") == "theirs"
    applying.settle(number, take=take, reason=request.POST.get("reason", ""), actor=current(request).urn)
    return HttpResponseRedirect("/catalog/docking")


def _may_run(request: HttpRequest) -> bool:
    return bool(may(current(request), "catalog.edit", Target(kind="peer")))


def _progress(name: str) -> Progress:
    return Progress.objects.filter(pk=name).first() or Progress(peer=name)


def _peer(found: Peer) -> dict[str, Any]:
    at = _progress(found.name)
    error = at.error and str(Text(**at.error["message"]))
    counts = (at.report or {}).get("counts", {})
    return {
        "name": found.name,
        "url": f"/catalog/docking/{found.name}",
        "error": error,
        "terms": [
            {"term": _("Address"), "text": found.url, "kind": "code"},
            {"term": _("Level"), "text": str(_LEVELS[found.level])},
            {"term": _("Signs as"), "text": found.organisation, "kind": "code"},
            {"term": _("Conflicts"), "text": str(_RULES[found.rule])},
            {"term": _("Last exchange"), "text": when(at.at) if at.at else _("none yet")},
        ],
        "figures": [
            {
                "title": _("Only here"),
                "value": counts.get("only_here"),
                "format": "number",
                "url": f"/catalog/docking/{found.name}",
            },
            {
                "title": _("Only there"),
                "value": counts.get("only_there"),
                "format": "number",
                "url": f"/catalog/docking/{found.name}",
            },
            {
                "title": _("Differ"),
                "value": counts.get("differ"),
                "format": "number",
                "url": f"/catalog/docking/{found.name}",
            },
        ]
        if counts
        else [],
    }


def _batches(name: str) -> dict[str, Any]:
    heads = (
        ("at", _("Time"), ""), ("way", _("Way"), ""), ("items", _("Versions"), "number"),
        ("sha256", _("Digest"), "code"), ("entry", _("Our log"), ""), ("proof", _("Their proof"), ""),
    )  # fmt: skip
    return {
        "caption": _("What went over the line"),
        "columns": [
            {"key": key, "title": title, **({"kind": kind} if kind else {})} for key, title, kind in heads
        ],
        "rows": [
            {
                "at": when(row.at),
                "way": str(_WAYS[row.direction]),
                "items": len(row.items),
                "sha256": row.sha256[:16],
                "entry": {"text": f"#{row.entry}", "url": f"/id/{ledger.entry_urn(row.entry)}"},
                "proof": {"text": _("download"), "url": f"/catalog/docking/proof/{row.pk}"}
                if row.proof
                else _("not yet"),
            }
            for row in Batch.objects.filter(peer=name)[:SHOWN]
        ],
        "empty": _("Nothing has gone over the line yet."),
    }


def _differences(report: dict[str, Any]) -> dict[str, Any]:
    kinds = (("only_here", _("Only here")), ("only_there", _("Only there")), ("differ", _("Differ")))
    return {
        "caption": _("How the two catalogs differ"),
        "columns": [
            {"key": "kind", "title": _("Difference")},
            {"key": "urn", "title": _("Entry"), "kind": "code"},
        ],
        "rows": [{"kind": title, "urn": urn} for key, title in kinds for urn in report.get(key, ())[:SHOWN]],
        "empty": _("Nothing differs."),
    }


def _conflict(row: Conflict) -> dict[str, Any]:
    return {
        "row": row,
        "title": _title(row),
        "url": f"/id/{row.urn}",
    }


def _title(row: Conflict) -> str:
    """The title as it came; the URN where what came has none."""
    title = row.body.get("title")
    return str(title.get("zh") or row.urn) if isinstance(title, dict) else row.urn


def _settled() -> dict[str, Any]:
    return {
        "caption": _("Settled conflicts"),
        "columns": [
            {"key": "urn", "title": _("Entry"), "kind": "code"},
            {"key": "peer", "title": _("Peer")},
            {"key": "state", "title": _("Outcome")},
            {"key": "why", "title": _("Reason")},
            {"key": "at", "title": _("Time")},
        ],
        "rows": [
            {
                "urn": row.urn,
                "peer": row.peer,
                "state": str(_STATES[row.state]),
                "why": row.reason or row.why,
                "at": when(row.at),
            }
            for row in Conflict.objects.exclude(state="open")[:SHOWN]
        ],
        "empty": _("No conflict so far."),
    }


urlpatterns = [
    path("catalog/docking", docking, name="docking"),
    path("catalog/docking/proof/<int:number>", proof, name="docking-proof"),
    path("catalog/docking/conflicts/<int:number>", settle, name="docking-settle"),
    path("catalog/docking/<slug:name>", peer, name="docking-peer"),
    path("catalog/docking/<slug:name>/run", run, name="docking-run"),
]
