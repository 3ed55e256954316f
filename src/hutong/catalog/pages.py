"""Pages of the catalog: search, duties. Pages about one dataset are in ``dataset_pages``."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from hutong.accounts.api import Target, allow, current, may, organisations, requires
from hutong.catalog import (
    beside,
    browse,
    closure_pages,
    dataset_pages,
    entry_pages,
    foreign,
    grading_pages,
    new_pages,
    news_pages,
    proposal_pages,
    store,
    system_pages,
    version_pages,
    workbook_pages,
)
from hutong.catalog.identifiers import page_of
from hutong.catalog.nav import tabs
from hutong.catalog.shown import FACET_TITLES, actor_titles, choice_title, organisation_title, update_title
from hutong.catalog.types import EntryRef, Hit, Kind
from hutong.kernel import given
from hutong.kernel.errors import Invalid
from hutong.kernel.text import Text
from hutong.ledger import api as ledger
from hutong.ui.api import Crumb, when

PAGE = 20
_FIRST = ("kind", "organisation", "grade", "opening", "origin")


@requires("catalog.view")
def home(request: HttpRequest) -> HttpResponse:
    """Search and browse; without a word the three levels as a tree."""
    query = request.GET.get("q", "").strip()
    chosen = {facet: request.GET.get(facet, "") for facet in browse.FACETS}
    number = _page_number(request)
    only_open = not may(current(request), "catalog.view", Target())
    retired = request.GET.get("retired", "") == "1"
    found = browse.find(
        query, chosen, offset=(number - 1) * PAGE, limit=PAGE, only_open=only_open, retired=retired
    )
    searching = bool(query or retired or any(chosen.values()))
    context = {
        "tabs": tabs(request, "/catalog"),
        "may_add": bool(may(current(request), "catalog.edit")),
        "query": query,
        "searching": searching,
        "found": found,
        "selects": [
            _select(facet, chosen[facet], found.facets[facet])
            for facet in browse.FACETS
            if (searching or facet in _FIRST) and (facet != "origin" or len(found.facets[facet]) > 1)
        ]
        + [_standing(retired=retired)],
        "hits": [_shown(hit) for hit in found.hits],
        "beside": [] if retired else [_beside(each) for each in beside.found(query, chosen)],
        "page": number,
        "size": PAGE,
        "kept": {
            name: value
            for name, value in {"q": query, **chosen, "retired": "1" if retired else ""}.items()
            if value
        },
        "tree": [] if searching else _tree(only_open=only_open),
        "counts": {str(kind): len(store.entries(kind)) for kind in (Kind.DUTY, Kind.DATASET, Kind.SYSTEM)},
    }
    return render(request, "catalog/home.html", context)


@requires("catalog.view")
def duty(request: HttpRequest, local: str) -> HttpResponse:
    """One duty: who, by which law, and the data it yields."""
    found = store.find(Kind.DUTY, local)
    allow(current(request), "catalog.view", Target(found.organisation, kind="duty", public=True))
    seen = [
        each
        for each in store.entries(Kind.DATASET, parent=local)
        if may(current(request), "catalog.view", dataset_pages.target(each))
    ]
    named, known = actor_titles(), current(request).is_authenticated
    context = {
        "duty": found,
        "organisation": organisation_title(found.organisation),
        "basis": [
            {"title": str(Text(**each["title"])), "article": each.get("article", "")}
            for each in found.body.get("basis", ())
        ],
        "table": {
            "caption": _("Datasets"),
            "columns": [
                {"key": "title", "title": _("Dataset")},
                {"key": "grade", "title": _("Grade")},
                {"key": "sharing", "title": _("Sharing")},
                {"key": "opening", "title": _("Opening")},
                {"key": "update", "title": _("Update")},
            ],
            "rows": [_row(each) for each in seen],
            "empty": _("No data is catalogued under this duty yet."),
        },
        "timeline": [
            {
                "when": when(each.at),
                "title": choice_title("change", each.change),
                "url": f"/id/{ledger.entry_urn(each.log_entry)}",
                "text": named(each.actor) if known else "",
            }
            for each in store.versions(found.urn)
        ],
        "versions_url": f"/catalog/versions/{found.urn}",
        "edit_url": f"/catalog/edit/{found.urn}",
        "may_edit": may(current(request), "catalog.edit", Target(found.organisation, kind="duty")),
        "lock": ledger.lock_of(found.urn),
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(found.title)],
    }
    return render(request, "catalog/duty.html", context)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    found = given.counted(text, 10_000)
    if found is None:
        raise Invalid(reason=f"page={text[:20]}")
    return found


def _select(facet: str, value: str, counts: Any) -> dict[str, Any]:
    choices = [{"value": "", "label": _("All")}]
    choices += [
        {"value": each, "label": f"{choice_title(facet, each)} ({count})"} for each, count in counts.items()
    ]
    return {"name": facet, "label": str(FACET_TITLES[facet]), "value": value, "choices": choices}


def _standing(*, retired: bool) -> dict[str, Any]:
    choices = [{"value": "", "label": _("standing")}, {"value": "1", "label": _("retired")}]
    return {
        "name": "retired",
        "label": _("Standing or retired"),
        "value": "1" if retired else "",
        "choices": choices,
    }


def _url(entry: EntryRef) -> str:
    if entry.origin:
        return foreign.page_of(entry.origin, entry.urn) or f"/id/{entry.urn}"
    return f"/catalog/versions/{entry.urn}" if entry.retired else page_of(entry.kind, entry.id)


def _shown(hit: Hit) -> dict[str, Any]:
    entry = hit.entry
    return {
        "title": entry.title,
        "url": _url(entry),
        "kind": entry.kind.shown,
        "origin": foreign.title_of(entry.origin) if entry.origin else "",
        "retired": choice_title("change", "retired") if entry.retired else "",
        "organisation": "" if entry.origin else organisation_title(entry.organisation),
        "grade": choice_title("grade", entry.grade) if entry.grade else "",
        "update": update_title(entry.update),
        "fragment": hit.fragment,
        "open": entry.kind is Kind.DATASET and entry.is_open,
    }


def _beside(found: beside.Beside) -> dict[str, Any]:
    return {
        "title": found.title,
        "url": found.url,
        "total": found.total,
        "items": [
            {"title": each.title, "url": each.url, "organisation": organisation_title(each.organisation)}
            for each in found.items
        ],
    }


def _row(entry: EntryRef) -> dict[str, Any]:
    return {
        "title": {"text": str(entry.title), "url": page_of(entry.kind, entry.id)},
        "grade": choice_title("grade", entry.grade),
        "sharing": choice_title("sharing", entry.sharing),
        "opening": choice_title("opening", entry.opening),
        "update": update_title(entry.update),
    }


def _tree(*, only_open: bool) -> list[dict[str, Any]]:
    datasets: dict[str, list[EntryRef]] = {}
    for each in store.entries(Kind.DATASET):
        if each.is_open or not only_open:
            datasets.setdefault(each.parent, []).append(each)
    duties: dict[str, list[EntryRef]] = {}
    for each in store.entries(Kind.DUTY):
        duties.setdefault(each.organisation, []).append(each)
    return [
        {
            "label": str(organisation.title),
            "url": "?" + urlencode({"organisation": organisation.id}),
            "count": sum(len(datasets.get(each.id, ())) for each in duties[organisation.id]),
            "open": True,
            "children": [_branch(each, datasets.get(each.id, [])) for each in duties[organisation.id]],
        }
        for organisation in organisations()
        if organisation.id in duties
    ]


def _branch(duty: EntryRef, datasets: list[EntryRef]) -> dict[str, Any]:
    leaves = [{"label": str(each.title), "url": page_of(each.kind, each.id)} for each in datasets]
    return {"label": str(duty.title), "url": page_of(duty.kind, duty.id), "open": True, "children": leaves}


urlpatterns = [
    path("catalog", home, name="catalog"),
    path("catalog/duties/<path:local>", duty, name="catalog-duty"),
    *closure_pages.urlpatterns,
    *dataset_pages.urlpatterns,
    *entry_pages.urlpatterns,
    *grading_pages.urlpatterns,
    *new_pages.urlpatterns,
    *news_pages.urlpatterns,
    *proposal_pages.urlpatterns,
    *version_pages.urlpatterns,
    *system_pages.urlpatterns,
    *workbook_pages.urlpatterns,
]
