"""The map page and the parts of it that its script fetches again: measure, feature, search."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from hutong.accounts.api import Actor, current, requires
from hutong.kernel.clock import today
from hutong.kernel.errors import HutongError
from hutong.kernel.urn import Urn
from hutong.onemap import access, measures, reading
from hutong.onemap.colouring import colouring
from hutong.onemap.state import Chosen, chosen, day, months_between
from hutong.onemap.types import Feature, Layer, MeasureRef
from hutong.packs.api import installed
from hutong.ui.api import is_wall, number


@require_safe
@requires("map.view")
def map_page(request: HttpRequest) -> HttpResponse:
    """The map as the address says: layers, measure, month and feature."""
    layers = access.visible(current(request), reading.layers())
    refs = measures.refs_for(current(request), layers)
    months = _months(layers, coloured=bool(refs))
    state = chosen(request.GET, layers, refs, months)
    feature = _feature(layers, state) if state.feature else None
    context = {
        "state": state,
        "groups": _groups(layers, state),
        "measures": _choices(refs, state),
        "months": months,
        "month_choices": [{"value": each, "label": each} for each in reversed(months)],
        "colouring": _colouring(layers, refs, state, current(request)),
        "config": _config(layers, state, months),
        "found": reading.search(layers, request.GET["q"]) if request.GET.get("q") else None,
        "words": request.GET.get("q", ""),
        "wall": is_wall(request),
        **(_feature_context(feature) if feature else {}),
    }
    return render(request, "onemap/map.html", context)


@require_safe
@requires("map.view")
def measure_part(request: HttpRequest, measure_id: str) -> HttpResponse:
    """Legend, table and classes of a measure on a day."""
    measures.check(current(request), measure_id)
    layers = access.visible(current(request), reading.layers())
    refs = measures.refs_for(current(request), layers)
    state = chosen(request.GET, layers, refs, _months(layers, coloured=True))
    as_of = day(request.GET["as_of"]) if request.GET.get("as_of") else state.as_of
    found = colouring(measure_id, as_of, layers, refs, state, reader=current(request))
    return render(request, "onemap/measure.html", {"colouring": found, "state": state})


@require_safe
@requires("map.view")
def feature_part(request: HttpRequest, layer_id: str, key: str) -> HttpResponse:
    """The panel of one feature."""
    layer = reading.layer(layer_id)
    access.check(request, layer)
    as_of = day(request.GET["as_of"]) if request.GET.get("as_of") and layer.time else None
    found = reading.feature(layer, key, as_of)
    return render(request, "onemap/feature.html", _feature_context(found))


@require_safe
@requires("map.view")
def search_part(request: HttpRequest) -> HttpResponse:
    """Places by name."""
    layers = access.visible(current(request), reading.layers())
    words = request.GET.get("q", "")
    return render(request, "onemap/found.html", {"found": reading.search(layers, words), "words": words})


def _months(layers: tuple[Layer, ...], *, coloured: bool) -> list[str]:
    """Months one can look back to: those that indicators have values for, else those of the layers with time."""
    span = (measures.span() if coloured else None) or reading.span(layers)
    return months_between(span[0], min(span[1], today())) if span else []


def _groups(layers: tuple[Layer, ...], state: Chosen) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in layers:
        snapshot = reading.snapshot_of(each)
        groups.setdefault(str(each.group), []).append(
            {
                "layer": each,
                "shown": each.id in state.layers,
                "count": snapshot.rows if snapshot and not each.where and not each.time else None,
                "empty": snapshot is None or not snapshot.rows,
            }
        )
    return [{"title": title, "layers": members} for title, members in groups.items()]


def _choices(refs: tuple[Any, ...], state: Chosen) -> list[dict[str, Any]]:
    none = {"value": "", "label": gettext("None"), "current": not state.measure}
    return [none] + [
        {"value": each.id, "label": each.title, "current": each.id == state.measure} for each in refs
    ]


def _colouring(layers: tuple[Layer, ...], refs: tuple[MeasureRef, ...], state: Chosen, reader: Actor) -> Any:
    """The measure of the page; none when it cannot be had, so that the map still opens."""
    if not state.measure:
        return None
    try:
        return colouring(state.measure, state.as_of, layers, refs, state, reader=reader)
    except HutongError:
        return None


def _feature(layers: tuple[Layer, ...], state: Chosen) -> Feature | None:
    wanted = {each.id: each for each in layers}
    if state.feature is None or state.feature[0] not in wanted:
        return None
    try:
        layer = wanted[state.feature[0]]
        return reading.feature(layer, state.feature[1], state.as_of if layer.time else None)
    except HutongError:
        return None


def _feature_context(feature: Feature) -> dict[str, Any]:
    scope = Urn.parse(feature.layer.urn).scope
    items = []
    for each in feature.fields:
        shown = number(each.value) if each.kind == "number" else each.value
        unit = f" {each.unit}" if each.unit and each.value is not None and each.kind != "money" else ""
        items.append({"title": each.title, "kind": each.kind, "value": shown, "unit": unit})
    entry = Urn(scope, "entry", str(feature.entry_id)).path
    walk = [
        {
            "title": gettext("Layer"),
            "text": feature.layer.title,
            "url": Urn(scope, "dataset", feature.layer.table).path,
        },
        {"title": gettext("This row"), "text": feature.key, "current": True},
        {
            "title": gettext("Snapshot"),
            "text": f"#{feature.snapshot_sequence}",
            "url": Urn.parse(feature.snapshot).path,
        },
        {
            "title": pgettext("onemap", "Proof"),
            "text": gettext("entry %(id)s") % {"id": feature.entry_id},
            "url": entry,
        },
    ]
    links = [{"url": Urn.parse(urn).path, "label": title} for title, urn in feature.links]
    return {"feature": feature, "items": items, "walk": walk, "links": links}


def _config(layers: tuple[Layer, ...], state: Chosen, months: list[str]) -> dict[str, Any]:
    bounds = reading.extent(layers)
    return {
        "bounds": list(bounds) if bounds else None,
        "asOf": state.month,
        "months": months,
        "measure": state.measure,
        "feature": "/".join(state.feature) if state.feature else "",
        "layers": [
            {
                "id": each.id,
                "title": str(each.title),
                "style": each.style,
                "symbol": each.symbol,
                "minZoom": each.min_zoom,
                "maxZoom": each.max_zoom,
                "timed": each.time is not None,
                "joins": list(each.joins),
            }
            for each in layers
        ],
        "words": {
            "zoomIn": gettext("Zoom in"),
            "zoomOut": gettext("Zoom out"),
            "north": gettext("Turn north up"),
            "map": gettext("Map"),
            "failed": gettext("This layer could not be read"),
            "closer": gettext("Come closer to see it"),
            "more": gettext("Not all are shown; come closer"),
            "scale": str(installed().title),
        },
    }


urlpatterns = [
    path("map", map_page, name="map"),
    path("map/search", search_part, name="map-search"),
    path("map/measures/<slug:measure_id>", measure_part, name="map-measure"),
    path("map/layers/<slug:layer_id>/features/<path:key>", feature_part, name="map-feature"),
]
