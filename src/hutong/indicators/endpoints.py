"""Indicators for machines, under ``/api/indicators``."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from hutong.accounts.api import Target, allow, current, requires
from hutong.indicators import api
from hutong.indicators.dumping import dump_computation, dump_definition, dump_figure, dump_walk
from hutong.indicators.schemas import AgainOut, FigureOut, IndicatorOut, PartOut, ValuesOut, WalkOut
from hutong.indicators.types import Definition

router = Router()


def _known(request: HttpRequest, indicator: str) -> Definition:
    """The indicator, for whoever may see its figures; raises ``Refused``."""
    found = api.definition(indicator)
    allow(current(request), "figure.view", api.about(found))
    return found


@router.get("/", response=list[IndicatorOut], summary="Every indicator")
@requires("figure.view")
def list_indicators(request: HttpRequest) -> list[dict[str, Any]]:
    allow(current(request), "figure.view", Target(kind="figures", public=True))
    return [dump_definition(each) for each in api.shown_to(current(request), api.definitions().values())]


@router.get("/{indicator}", response=IndicatorOut, summary="One indicator")
@requires("figure.view")
def show_definition(request: HttpRequest, indicator: str) -> dict[str, Any]:
    return dump_definition(_known(request, indicator))


@router.get("/{indicator}/figure", response=FigureOut, summary="The figure on a day, with its series")
@requires("figure.view")
def show_figure(
    request: HttpRequest,
    indicator: str,
    as_of: date | None = None,
) -> dict[str, Any]:
    _known(request, indicator)
    return dump_figure(api.figure(indicator, as_of or api.default_day(), reader=current(request)))


@router.get("/{indicator}/parts/{dimension}", response=list[PartOut], summary="The figure broken down")
@requires("figure.view")
def show_parts(
    request: HttpRequest,
    indicator: str,
    dimension: str,
    as_of: date | None = None,
) -> list[dict[str, Any]]:
    if dimension not in {each.id for each in _known(request, indicator).dimensions}:
        return []
    found = api.breakdown(indicator, dimension, as_of or api.default_day(), reader=current(request))
    return [
        {
            "member": each.member,
            "name": each.name.as_dict(),
            "value": each.value,
            "before": each.before,
            "withheld": each.withheld,
        }
        for each in found
    ]


@router.get(
    "/{indicator}/walk",
    response=WalkOut,
    summary="The walk from the figure to its snapshots and ledger entry",
)
@requires("figure.view")
def show_walk(
    request: HttpRequest,
    indicator: str,
    as_of: date | None = None,
) -> dict[str, Any]:
    _known(request, indicator)
    return dump_walk(api.walk_on(indicator, as_of or api.default_day()))


@router.post(
    "/{indicator}/again",
    response=AgainOut,
    summary="Compute once more from the same snapshots, storing nothing",
)
@requires("figure.view")
def compute_again(
    request: HttpRequest,
    indicator: str,
    as_of: date | None = None,
) -> dict[str, Any]:
    _known(request, indicator)
    run = api.walk_on(indicator, as_of or api.default_day()).computation
    found = api.again(run)
    return {**dump_computation(run), "same": found.same, "result": found.result, "expected": found.expected}


@router.get(
    "/{indicator}/values",
    response=ValuesOut,
    summary="All values as canonical JSON; its SHA-256 is in the ledger",
)
@requires("figure.view")
def show_values(
    request: HttpRequest,
    indicator: str,
    as_of: date | None = None,
    run: str = "",
) -> HttpResponse:
    api.check_values(_known(request, indicator), current(request))
    day = as_of or api.default_day()
    found = api.walk_run(indicator, day, run) if run else api.walk_on(indicator, day)
    # As it was hashed, so it is not read and written once more on its way.
    return HttpResponse(
        api.canonical_values(found.computation), content_type="application/json; charset=utf-8"
    )
