"""The catalog in DCAT-AP 3.0.1: Turtle and JSON-LD, in pages that Hydra links, and each dataset by itself."""

import hashlib
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import path

from hutong.accounts.api import requires
from hutong.kernel.errors import Invalid
from hutong.portal import index, shelf
from hutong.portal.errors import NotOpen
from hutong.portal.models import Package
from hutong.portal.shelf import Asked

PAGE: Final = 100
_FORMATS: Final = {
    "turtle": ("ttl", "text/turtle; charset=utf-8"),
    "json-ld": ("jsonld", "application/ld+json"),
}


@requires("portal.view")
def catalog(request: HttpRequest, form: str) -> HttpResponse:
    """One page of the catalog; ``?page=2``."""
    number = _number(request)
    found = shelf.search(Asked(sort=(("created", False),), offset=(number - 1) * PAGE, limit=PAGE))
    if number > 1 and not found.ids:
        raise NotOpen(name=f"page {number}")
    key = f"{_base(request)}|{form}|{number}|{found.total}|{_state(found.ids)}"
    return _answer(
        request, form, key, lambda graphs: graphs.page(_base(request), number, PAGE, found.total, found.ids)
    )


@requires("portal.view")
def dataset(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One dataset."""
    index.follow()
    row = Package.objects.filter(name=name, listed=True).first()
    if row is None:
        raise NotOpen(name=name)
    base = _base(request)
    return _answer(
        request, form, f"{base}|{form}|{name}|{row.change}", lambda graphs: graphs.dataset(base, row)
    )


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 1_000_000 or len(text) > 9:
        raise Invalid(reason=f"page={text[:20]}")
    return int(text)


def _state(ids: tuple[int, ...]) -> str:
    changes = Package.objects.filter(pk__in=ids).order_by("pk").values_list("change", flat=True)
    return hashlib.sha256(repr(list(changes)).encode()).hexdigest()


def _answer(request: HttpRequest, form: str, key: str, make: Any) -> HttpResponse:
    """The graph as text, from what was made before where nothing has changed."""
    from hutong.portal import reading  # noqa: PLC0415 - only for what is kept

    tag = f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    body = reading.kept("dcat", key)
    if body is None:
        from hutong.portal import dcat_graph  # noqa: PLC0415 - rdflib is not loaded before somebody asks

        body = make(dcat_graph).serialize(format=form, encoding="utf-8")
        reading.keep("dcat", key, body)
    headers = {"ETag": tag, "Cache-Control": "public, no-cache", "Access-Control-Allow-Origin": "*"}
    return HttpResponse(body, content_type=_FORMATS[form][1], headers=headers)


def _base(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


urlpatterns = [
    path(f"dcat/catalog.{suffix}", catalog, {"form": form}, name=f"dcat-{suffix}")
    for form, (suffix, _) in _FORMATS.items()
] + [
    path(f"dcat/<slug:name>.{suffix}", dataset, {"form": form}, name=f"dcat-dataset-{suffix}")
    for form, (suffix, _) in _FORMATS.items()
]
