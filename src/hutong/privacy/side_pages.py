"""Joint runs in the browser: one side is written down under its contract, started, watched and stopped."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hutong.accounts.api import Actor, Target, allow, current, may, requires
from hutong.exchange.api import contracts
from hutong.exchange.types import ContractRef
from hutong.kernel.errors import HutongError
from hutong.privacy import party, side_form, side_tables, sides, starts, tables
from hutong.privacy.errors import NoEngine
from hutong.privacy.types import Side, Stage
from hutong.ui.api import Crumb

Context = dict[str, Any]


def parties(actor: Actor, found: ContractRef) -> list[str]:
    """The parties of the contract in whose name the actor runs a side."""
    both = (found.consumer, found.provider)
    return [each for each in both if may(actor, "privacy.ask", Target(each, kind="privacy"))]


def engine() -> NoEngine | None:
    """What is to be done before anything can be run; nothing where the engine is there."""
    try:
        party.python()
    except NoEngine as absent:
        return absent
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@requires("privacy.ask")
def write(request: HttpRequest, name: str) -> HttpResponse:
    """Write one side of a joint run down, and start it where it is asked to."""
    actor, found = current(request), contracts.contract_of(name)
    mine = parties(actor, found)
    if not mine:
        allow(actor, "privacy.ask", Target(found.consumer, kind="privacy"))
    asked = request.POST.get("side") or request.GET.get("side", "")
    organisation = asked if asked in mine else mine[0]
    error: HutongError | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(
                f"/exchange/private/runs/{_written(request, actor, found, organisation)}"
            )
        except HutongError as refused:
            error = refused
    context = {
        "contract": found,
        "side": organisation,
        "bureau": tables.bureau(organisation),
        "other": tables.bureau(found.consumer if organisation == found.provider else found.provider),
        "sides": [{"value": each, "label": tables.bureau(each)} for each in mine] if len(mine) > 1 else [],
        "form": side_form.context(request.POST, found, organisation),
        "met": side_tables.sides(sides.met_by(found.id, organisation))["rows"],
        "fault": side_form.fault(error),
        "error": error,
        "engine": engine(),
        "crumbs": _crumbs(found, Crumb(_("Run one side"))),
    }
    return _kept(render(request, "privacy/side_form.html", context, status=error.status if error else 200))


def _written(request: HttpRequest, actor: Actor, found: ContractRef, organisation: str) -> str:
    side: Side = side_form.read(request.POST, found, organisation)
    sent = request.FILES.get("file") if request.POST.get("source") == side_form.FILE else None
    return starts.prepare(actor, side, sent, start=request.POST.get("do") == "start").id


@require_http_methods(["GET", "HEAD", "POST"])
@requires("privacy.view")
def watch(request: HttpRequest, start: str) -> HttpResponse:
    """How far one side is, what came out of it, and how to start or stop it."""
    actor = current(request)
    found = sides.of(actor, start)
    error: HutongError | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_done(request, actor, start))
        except HutongError as refused:
            error = refused
            found = sides.of(actor, start)
    if not found.stage.active and request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": request.path})
    contract = contracts.contract_of(found.side.contract)
    mine = bool(may(actor, "privacy.ask", Target(found.side.organisation, kind="privacy")))
    context = {
        "found": found,
        "stage": side_tables.stage(found),
        "facts": side_tables.facts(found, contract, sides.met_with(found)),
        "result": side_tables.result(found),
        "broken": side_tables.error(found),
        "error": error,
        "engine": engine(),
        "active": found.stage.active,
        "ready": found.stage is Stage.READY,
        "may_start": mine and not found.stage.active and found.stage is not Stage.DONE,
        "may_stop": mine and found.stage.active and not found.stopping,
        "step": list(Stage).index(found.stage) - 1 if found.stage.active else 0,
        "crumbs": _crumbs(contract, Crumb(found.side.run)),
    }
    return _kept(render(request, "privacy/side.html", context, status=error.status if error else 200))


def _done(request: HttpRequest, actor: Actor, start: str) -> str:
    """Do what was asked for; where to go then."""
    match request.POST.get("do"):
        case "stop":
            starts.stop(actor, start)
        case "drop":
            return f"/exchange/private/{starts.drop(actor, start).side.contract}#matches"
        case _:
            starts.begin(actor, start)
    return request.path


def _kept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer


def _crumbs(found: ContractRef, last: Crumb) -> list[Crumb]:
    return [
        Crumb(_("Exchange"), "/exchange"),
        Crumb(_("Usable, not visible"), "/exchange/private"),
        Crumb(found.id, f"/exchange/private/{found.id}"),
        last,
    ]


urlpatterns = [
    path("exchange/private/runs/<str:start>", watch, name="privacy-run"),
    path("exchange/private/<str:name>/run", write, name="privacy-run-new"),
]
