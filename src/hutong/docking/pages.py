"""The docking: how each peer stands, what went over the line with its proof, conflicts that wait."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.catalog import api as catalog
from hutong.docking import applying, entry_pages, heads, jobs, peers, shown
from hutong.docking.errors import NoSuchPeer
from hutong.docking.models import Batch, Conflict, Copy
from hutong.kernel import clock
from hutong.kernel.jobs import enqueue
from hutong.ui.api import Crumb


@require_GET
@requires("catalog.dock")
def docking(request: HttpRequest) -> HttpResponse:
    """Every peer and how it stands."""
    allow(current(request), "catalog.dock", Target(kind="peer"))
    context = {
        "tabs": catalog.tabs(request, "/catalog/docking"),
        "peers": [shown.peer(each) for each in peers.known().peers.values()],
        "alarms": [each for each in map(shown.alarm, peers.known().peers) if each],
        "open": [shown.conflict(row) for row in Conflict.objects.filter(state="open")[: shown.SHOWN]],
        "settled": shown.settled(),
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
    at = shown.progress(name)
    report = at.report
    context = {
        "tabs": catalog.tabs(request, "/catalog/docking"),
        "peer": shown.peer(found),
        "batches": shown.batches(name),
        "report": report,
        "differences": shown.differences(name, report or {}),
        "alarms": [each for each in (shown.alarm(name),) if each],
        "conflicts": [
            shown.conflict(row) for row in Conflict.objects.filter(peer=name, state="open")[: shown.SHOWN]
        ],
        "waiting": catalog.waiting(at.pushed),
        "copies": Copy.objects.filter(peer=name).exclude(change="retired").count(),
        "may_run": _may_run(request),
        "asked": "asked" in request.GET,
        "crumbs": [
            Crumb(_("Catalog"), "/catalog"),
            Crumb(_("Docking"), "/catalog/docking"),
            Crumb(found.called),
        ],
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
    return HttpResponseRedirect(f"/catalog/docking/{found.name}?asked=1")


@require_POST
@requires("catalog.dock")
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Decide one conflict."""
    allow(current(request), "catalog.edit", Target(kind="peer"))
    allow(current(request), "catalog.dock", Target(kind="peer"))
    take = request.POST.get("verdict") == "theirs"
    applying.settle(number, take=take, reason=request.POST.get("reason", ""), actor=current(request).urn)
    return HttpResponseRedirect("/catalog/docking")


@require_POST
@requires("catalog.dock")
def trust_anew(request: HttpRequest, name: str) -> HttpResponse:
    """What a peer contradicted has been cleared up."""
    allow(current(request), "catalog.edit", Target(kind="peer"))
    allow(current(request), "catalog.dock", Target(kind="peer"))
    heads.settle(name, request.POST.get("reason", ""), current(request).urn)
    return HttpResponseRedirect(f"/catalog/docking/{peers.peer(name).name}")


def _may_run(request: HttpRequest) -> bool:
    return bool(may(current(request), "catalog.edit", Target(kind="peer")))


urlpatterns = [
    path("catalog/docking", docking, name="docking"),
    path("catalog/docking/proof/<int:number>", proof, name="docking-proof"),
    path("catalog/docking/conflicts/<int:number>", settle, name="docking-settle"),
    *entry_pages.urlpatterns,
    path("catalog/docking/<slug:name>", peer, name="docking-peer"),
    path("catalog/docking/<slug:name>/trust", trust_anew, name="docking-trust"),
    path("catalog/docking/<slug:name>/run", run, name="docking-run"),
]
