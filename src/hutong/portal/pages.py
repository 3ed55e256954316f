"""Pages of the open portal: search, plan, letters, terms, and what search engines read."""

from typing import Any, Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from hutong.accounts.api import current, may, organisation, requires, wait
from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.portal import dataset_pages, index, letters, shelf, terms, themes
from hutong.portal.ckan.reading import bodies
from hutong.portal.errors import BadAnswer, BadLetter, BadSearch, TooManyLetters
from hutong.portal.logic import mqa
from hutong.portal.models import Package
from hutong.portal.shelf import Asked
from hutong.portal.shown import letter, listed, rhythm, said, title_of
from hutong.ui.api import Crumb, when

PAGE: Final = 20
CHOSEN: Final = ("organisation", "theme", "format", "update", "quality", "origin")
_LETTERS_AN_HOUR: Final = "10/h"
_TITLES: Final = {
    "organisation": Text(zh="单位", en="Organisation"),
    "theme": Text(zh="主题", en="Theme"),
    "format": Text(zh="格式", en="Format"),
    "update": Text(zh="更新频率", en="Update"),
    "quality": Text(zh="元数据质量", en="Metadata quality"),
    "origin": Text(zh="存放", en="Kept"),
}
_ORIGINS: Final = {
    "catalog": Text(zh="本目录", en="In this catalog"),
    "registered": Text(zh="别处，在此登记", en="Elsewhere, registered here"),
}


@requires("portal.view")
def home(request: HttpRequest) -> HttpResponse:
    """Search what is open."""
    query = request.GET.get("q", "").strip()
    if len(query) > 200 or "\x00" in query:
        raise BadSearch(key="q", reason="> 200")
    number = page_number(request)
    chosen = {facet: request.GET.get(facet, "")[:100] for facet in CHOSEN}
    found = shelf.search(
        Asked(
            words=query,
            must=tuple((facet, (value,)) for facet, value in chosen.items() if value),
            offset=(number - 1) * PAGE,
            limit=PAGE,
            facets=CHOSEN,
            own_facets=True,
        )
    )
    context = {
        "query": query,
        "total": found.total,
        "hits": [_shown(row) for row in bodies(found.ids)],
        "selects": [_select(facet, chosen[facet], found.facets[facet]) for facet in CHOSEN],
        "page": number,
        "size": PAGE,
        "kept": {name: value for name, value in {"q": query, **chosen}.items() if value},
        "first": "/open?"
        + urlencode({name: value for name, value in {"q": query, **chosen}.items() if value}),
        "may_answer": bool(may(current(request), "portal.answer")),
    }
    return render(request, "portal/home.html", context)


@requires("portal.view")
def plan(request: HttpRequest) -> HttpResponse:
    """What will be opened, by whom and when."""
    index.follow()
    rows = sorted(terms.current().plan, key=lambda each: each.by)
    context = {
        "crumbs": [Crumb(_("Open data"), "/open"), Crumb(_("Open plan"))],
        "table": {
            "caption": _("Open plan"),
            "columns": [
                {"key": "title", "title": _("Dataset")},
                {"key": "organisation", "title": _("Organisation")},
                {"key": "by", "title": _("Open by"), "kind": "when"},
                {"key": "state", "title": _("State"), "kind": "badge"},
                {"key": "note", "title": _("Note")},
            ],
            "rows": [_step(each) for each in rows],
            "empty": _("The pack names no plan yet."),
        },
    }
    return render(request, "portal/plan.html", context)


@requires("portal.view")
def terms_page(request: HttpRequest) -> HttpResponse:
    """Under which terms data may be used."""
    crumbs = [Crumb(_("Open data"), "/open"), Crumb(_("Terms of use"))]
    return render(request, "portal/terms.html", {"terms": terms.current(), "crumbs": crumbs})


@requires("portal.ask")
def box(request: HttpRequest) -> HttpResponse:
    """Requests and feedback: those let through, and a form to send one."""
    dataset = (request.POST if request.method == "POST" else request.GET).get("dataset", "")[:200]
    error: BadLetter | TooManyLetters | None = None
    if request.method == "POST":
        try:
            _send(request, dataset)
        except (BadLetter, TooManyLetters) as refused:
            error = refused  # what was written stays in the form
        else:
            return HttpResponseRedirect("/open/letters?sent=1")
    key = error.place.key if error and error.place else ""
    context = {
        "error": error,
        "fault": {key: str(error.said)} if error and key else {},
        "given": request.POST,
        "crumbs": [Crumb(_("Open data"), "/open"), Crumb(_("Requests and feedback"))],
        "letters": [letter(each) for each in letters.shown()],
        "sent": request.GET.get("sent") == "1",
        "dataset": dataset,
        "about": title_of(dataset),
        "kinds": [
            {"value": "request", "label": _("Request for data")},
            {"value": "feedback", "label": _("Feedback")},
        ],
    }
    return render(request, "portal/letters.html", context, status=error.status if error else 200)


def _send(request: HttpRequest, dataset: str) -> None:
    if wait("letters", request, _LETTERS_AN_HOUR):
        raise TooManyLetters
    given = request.POST
    letters.send(given.get("kind", ""), given.get("title", ""), given.get("text", ""), dataset)


@requires("portal.answer")
def desk(request: HttpRequest) -> HttpResponse:
    """Letters that wait: let through with an answer, or refuse."""
    actor = current(request)
    error: BadAnswer | None = None
    number, written = request.POST.get("letter", ""), request.POST.get("answer", "")
    if request.method == "POST":
        try:
            letters.answer(
                actor,
                int(number) if number.isdecimal() and len(number) < 12 else 0,
                written,
                show=request.POST.get("verdict") == "show",
            )
        except BadAnswer as refused:
            error = refused  # what was written stays in the form
        else:
            shown = request.POST.get("verdict") == "show"
            messages.success(request, _("Answered and shown.") if shown else _("Letter refused."))
            return HttpResponseRedirect("/open/desk")
    may(actor, "portal.answer", _own(actor.organisation))
    waiting = [letter(each) for each in letters.waiting(actor)]
    for each in waiting:
        if error and str(each["id"]) == number:
            each |= {"fault": str(error.said), "written": written}
    context = {
        "crumbs": [Crumb(_("Open data"), "/open"), Crumb(_("Letters that wait"))],
        "letters": waiting,
    }
    return render(request, "portal/desk.html", context, status=error.status if error else 200)


@requires("portal.view")
def sitemap(request: HttpRequest) -> HttpResponse:
    """All that is open, for search engines; in parts of 50,000 addresses as the protocol asks."""
    base = f"{request.scheme}://{request.get_host()}"
    index.follow()
    rows = Package.objects.filter(listed=True).order_by("pk").values_list("name", "modified_at")[:50_000]
    lines = [
        f"<url><loc>{escape(f'{base}/open/{name}')}</loc><lastmod>{at.date().isoformat()}</lastmod></url>"
        for name, at in rows
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    first = f"<url><loc>{escape(base)}/open</loc></url>\n"
    return HttpResponse(f"{head}{first}{chr(10).join(lines)}\n</urlset>\n", content_type="application/xml")


@requires("site.open")
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the open portal alone."""
    base = f"{request.scheme}://{request.get_host()}"
    text = f"User-agent: *\nAllow: /open\nAllow: /dcat/\nDisallow: /\nSitemap: {base}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def page_number(request: HttpRequest) -> int:
    """Which page is asked for; raises ``BadSearch``."""
    text = request.GET.get("page", "1")
    if not text.isdecimal() or len(text) > 6 or int(text) < 1:
        raise BadSearch(key="page", reason=text[:20])
    return int(text)


def _own(name: str) -> Any:
    from hutong.accounts.api import Target  # noqa: PLC0415 - here alone

    return Target(name, kind="letter")


def _select(facet: str, value: str, counts: Any) -> dict[str, Any]:
    choices = [{"value": "", "label": _("All")}]
    choices += [
        {"value": each, "label": f"{_label(facet, each)} ({count})"} for each, count in counts.items()
    ]
    return {"name": facet, "label": str(_TITLES[facet]), "value": value, "choices": choices}


def _label(facet: str, value: str) -> str:
    if facet == "organisation":
        found = organisation(value)
        return str(found.title) if found else value
    if facet == "theme":
        return str(themes.title(value))
    if facet == "quality":
        return str(mqa.BANDS[value][1])
    if facet == "origin":
        return str(_ORIGINS[value]) if value in _ORIGINS else value
    return rhythm(value) if facet == "update" else value


def _shown(row: Package) -> dict[str, Any]:
    import orjson  # noqa: PLC0415 - here alone

    body = orjson.loads(row.body)
    return {
        "title": said(body, "title"),
        "url": f"/open/{row.name}",
        "notes": said(body, "notes")[:200],
        "organisation": _label("organisation", row.organisation),
        "formats": row.formats,
        "themes": listed(str(themes.title(each)) for each in row.themes),
        "update": rhythm(row.update),
        "quality": row.quality,
        "band": str(mqa.BANDS[mqa.band(row.quality)][1]),
        "modified": when(row.modified_at),
    }


def _step(each: Any) -> dict[str, Any]:
    states = {
        "planned": (_("Planned"), "none"),
        "preparing": (_("Being prepared"), "running"),
        "done": (_("Opened"), "good"),
    }
    overdue = {"planned": _("Planned, overdue"), "preparing": _("Being prepared, overdue")}
    there = each.dataset and Package.objects.filter(name=each.dataset, listed=True).exists()
    late = each.state != "done" and not there and each.by < clock.today()
    text, state = (overdue[each.state], "watch") if late else states[each.state]
    title = str(each.title.text)
    return {
        "title": {"text": title, "url": f"/open/{each.dataset}"} if there else title,
        "organisation": _label("organisation", each.organisation),
        "by": each.by,
        "state": {"text": text, "state": state},
        "note": str(each.note.text) if each.note else "",
    }


urlpatterns = [
    path("open", home, name="open"),
    path("open/plan", plan, name="open-plan"),
    path("open/terms", terms_page, name="open-terms"),
    path("open/letters", box, name="open-letters"),
    path("open/desk", desk, name="open-desk"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    *dataset_pages.urlpatterns,
]
