"""The situation pages: ``/`` and ``/cockpit/<page>``."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from hutong.accounts.api import current, may, requires
from hutong.cockpit import board, walking
from hutong.cockpit.pack import PageSpec
from hutong.indicators import api as indicators
from hutong.kernel import clock
from hutong.kernel.errors import Invalid, NotFound
from hutong.ui.api import first_place, is_wall


@require_GET
@requires("site.open")
def home(request: HttpRequest) -> HttpResponse:
    """Where one begins: the cockpit, or, for people from outside, the first place of the navigation that is theirs."""
    actor = current(request)
    if actor.is_authenticated and not may(actor, "cockpit.view"):
        return HttpResponseRedirect(first_place(request))
    return first(request)


@requires("cockpit.view")
def first(request: HttpRequest) -> HttpResponse:
    """The first page of the cockpit."""
    pages = board.pages()
    if not pages:
        return render(request, "cockpit/empty.html")
    return _show(request, pages, pages[0])


@require_GET
@requires("cockpit.view")
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the cockpit."""
    pages = board.pages()
    found = next((each for each in pages if each.id == name), None)
    if found is None:
        raise NotFound(what=name)
    return _show(request, pages, found)


def chosen_day(request: HttpRequest) -> date:
    """The day in ``?as_of=``, else the default; a day yet to come is refused."""
    text = request.GET.get("as_of", "")
    if not text:
        return indicators.default_day()
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(reason=f"as_of={text[:40]} (YYYY-MM-DD)") from error
    if day > max(clock.today(), indicators.default_day()) or day.year < 1990:
        raise Invalid(reason=f"as_of={day}")
    return day


def _show(request: HttpRequest, pages: list[PageSpec], found: PageSpec) -> HttpResponse:
    day = chosen_day(request)
    filled = board.fill(found, day, current(request))
    kept = {key: value for key in ("as_of", "wall") if (value := request.GET.get(key))}
    addresses = {each.id: _address(pages, each, kept) for each in pages}
    following = pages[(pages.index(found) + 1) % len(pages)]
    return render(
        request,
        "cockpit/page.html",
        {
            "board": filled,
            "page": found,
            "day": day,
            "latest": max(clock.today(), indicators.default_day()),
            "tabs": [
                {"label": each.title.text, "url": addresses[each.id], "current": each is found}
                for each in pages
            ],
            "wall": is_wall(request),
            "kept": kept,
            "next": {"url": addresses[following.id], "seconds": found.rotate},
            "wall_url": _address(pages, found, {**kept, "wall": "1"}),
            "plain_url": _address(pages, found, {key: kept[key] for key in kept if key != "wall"}),
        },
    )


def _address(pages: list[PageSpec], each: PageSpec, query: dict[str, str]) -> str:
    where = "/" if each is pages[0] else f"/cockpit/{each.id}"
    return f"{where}?{urlencode(query)}" if query else where


urlpatterns: list[URLPattern] = [
    path("", home, name="cockpit"),
    path("cockpit/<slug:name>", page, name="cockpit-page"),
    path("figures/<slug:indicator>", walking.definition, name="figure-definition"),
    path("figures/<slug:indicator>/<str:as_of>", walking.figure, name="figure"),
    path("figures/<slug:indicator>/<str:as_of>/rows.csv", walking.rows_csv, name="figure-rows"),
]
