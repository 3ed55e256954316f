"""Layers for machines and for the map's own script: bounded GeoJSON with its snapshot."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hutong.accounts.api import requires
from hutong.onemap import access, reading
from hutong.onemap.state import box, day

_LIMIT = 5


@require_safe
@requires("map.view")
def layer_geojson(request: HttpRequest, layer_id: str) -> HttpResponse:
    """``?bbox=west,south,east,north`` (WGS 84), ``?as_of=2025-06``, ``?limit=`` (20,000 at most)."""
    layer = reading.layer(layer_id)
    access.check(request, layer)
    as_of = day(request.GET["as_of"]) if request.GET.get("as_of") and layer.time else None
    limit = request.GET.get("limit", "")
    wanted = (
        int(limit) if limit.isascii() and limit.isdigit() and len(limit) <= _LIMIT else reading.USUAL_FEATURES
    )
    within = box(request.GET.get("bbox"))
    snapshot = reading.snapshot_of(layer)
    facts = f"{snapshot.urn if snapshot else ''}|{layer}|{within}|{as_of}|{wanted}|{get_language()}"
    tag = f'"{hashlib.sha256(facts.encode()).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    found = reading.features(layer, within, as_of, wanted)
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
        "Hutong-Snapshot": found.snapshot,
        "Content-Crs": "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>",
    }
    return HttpResponse(found.geojson, content_type="application/geo+json", headers=headers)


urlpatterns = [path("map/layers/<slug:layer_id>.geojson", layer_geojson, name="map-layer")]
