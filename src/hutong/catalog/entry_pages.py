"""One entry: edit it, retire it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hutong.accounts.api import allow, current, may, requires
from hutong.catalog import editing, forms, locking, store, unfinished
from hutong.catalog.errors import BadEntry, BadQuery, VersionConflict
from hutong.catalog.identifiers import page_of
from hutong.catalog.logic.rows import flat, merged
from hutong.catalog.permitting import allow_write, target
from hutong.catalog.shown import organisation_title
from hutong.catalog.types import EntryRef, Kind
from hutong.catalog.workbook_pages import difference_table
from hutong.lake import api as lake
from hutong.ui.api import Crumb

_MOST_SUCCESSORS = 500


@require_http_methods(["GET", "POST"])
@requires("catalog.edit")
def edit(request: HttpRequest, urn: str) -> HttpResponse:
    """The form of one entry; what is wrong stands beside its field, and what was written is never lost."""
    entry = store.entry(urn)
    actor = current(request)
    allow(actor, "catalog.edit", target(entry))
    kept = unfinished.about(actor.urn, urn)
    given, expected = flat(entry.kind, entry.body), entry.version
    given |= {name: str(request.GET[name]) for name in given if name in request.GET}  # what closure proposes
    if kept is not None and "draft" in request.GET:
        given |= kept.given
    error: BadEntry | VersionConflict | None = None
    if request.method == "POST":
        given, expected = forms.given(entry.kind, request.POST), _version(request)
        if request.POST.get("do") == "keep":
            unfinished.keep(actor.urn, entry.kind, given, urn=urn)
            return HttpResponseRedirect("/catalog/new#drafts")
        try:
            return _done(_write(request, entry, given, expected), entry, actor.urn)
        except (BadEntry, VersionConflict) as refused:
            error = refused
            unfinished.keep(actor.urn, entry.kind, given, urn=urn)
    return _form(request, entry, given, error, draft=kept if "draft" not in request.GET else None)


def _write(request: HttpRequest, entry: EntryRef, given: dict[str, str], expected: int) -> editing.Written:
    body = merged(entry.kind, entry.body, given)
    allow_write(current(request), editing.draft_of(entry.kind, entry.urn, body))
    return editing.write(
        entry.kind, entry.urn, body, expected=expected, reason=request.POST.get("reason", "")
    )


def _done(written: editing.Written, entry: EntryRef, actor: str) -> HttpResponse:
    if (kept := unfinished.about(actor, entry.urn)) is not None:
        unfinished.drop(actor, kept.id)
    if written.proposal:
        return HttpResponseRedirect(f"/catalog/proposals#{written.proposal}")
    same = "?same=1" if written.version == entry.version else ""
    return HttpResponseRedirect(f"/catalog/versions/{entry.urn}{same}")


def _form(
    request: HttpRequest,
    entry: EntryRef,
    given: dict[str, str],
    error: BadEntry | VersionConflict | None,
    *,
    draft: unfinished.DraftRef | None,
) -> HttpResponse:
    kind, faults = entry.kind, error.faults if isinstance(error, BadEntry) else ()
    fixed: list[str] = []
    if kind is Kind.DATASET and lake.latest(entry.id) is not None:
        fixed = [each.name for each in lake.contract(entry.id).columns]
    context = {
        "entry": entry,
        "expected": entry.version,
        "groups": forms.groups(kind, current(request), given, faults),
        "grid": forms.grid(given["table.columns"], faults, fixed=fixed) if kind is Kind.DATASET else None,
        "loose": forms.loose(kind, faults),
        "places": forms.places(kind, faults),
        "faults": len(faults),
        "conflict": _meanwhile(request, entry) if isinstance(error, VersionConflict) else None,
        "draft": draft if error is None else None,
        "reason": forms.reason(request.POST, faults),
        "lock": _lock(entry.urn),
        "retire_url": f"/catalog/retire/{entry.urn}",
        "sources": _sources(request, entry) if kind is Kind.SYSTEM else [],
        "crumbs": _crumbs(entry, _("Edit")),
    }
    return render(request, "catalog/edit.html", context, status=error.status if error else 200)


def _meanwhile(request: HttpRequest, entry: EntryRef) -> dict[str, Any]:
    """What others changed since the form was opened."""
    opened = _version(request)
    before = next((each.body for each in store.versions(entry.urn) if each.version == opened), {})
    return {
        "version": entry.version,
        "table": difference_table(_("What others changed meanwhile"), before, entry.body, entry.kind),
    }


@require_http_methods(["GET", "POST"])
@requires("catalog.edit")
def retire(request: HttpRequest, urn: str) -> HttpResponse:
    """Take an entry out of the catalog, with the reason and what follows it."""
    entry = store.entry(urn)
    allow(current(request), "catalog.edit", target(entry))
    given, faults, expected = dict.fromkeys(("reason", "successor"), ""), dict[str, str](), entry.version
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in given}
        expected = _version(request)
        try:
            written = editing.retire(urn, expected=expected, **given)
        except BadEntry as error:
            faults[str(error.place.key) if error.place else ""] = str(error.said)
        else:
            place = (
                f"/catalog/proposals#{written.proposal}" if written.proposal else f"/catalog/versions/{urn}"
            )
            return HttpResponseRedirect(place)
    others = [each for each in store.entries(entry.kind) if each.urn != urn]
    own_first = sorted(others, key=lambda each: each.organisation != entry.organisation)
    context = {
        "entry": entry,
        "expected": expected,
        "reason": given["reason"],
        "successor": {
            "name": "successor",
            "label": _("What follows it"),
            "kind": "select",
            "value": given["successor"],
            "choices": [
                {"value": "", "label": _("nothing")},
                *(
                    {"value": each.urn, "label": f"{each.title}（{organisation_title(each.organisation)}）"}
                    for each in own_first[:_MOST_SUCCESSORS]
                ),
            ],
        },
        "hanging": [{"title": each.title, "url": page_of(each.kind, each.id)} for each in _hanging(entry)],
        "faults": list(faults.values()),
        "lock": _lock(urn),
        "crumbs": _crumbs(entry, _("Retire")),
    }
    return render(request, "catalog/retire.html", context, status=422 if faults else 200)


def _sources(request: HttpRequest, system: EntryRef) -> list[dict[str, Any]]:
    """Datasets of the owner that name no system yet: each leads to its form with this one filled in."""
    return [
        {"title": each.title, "url": f"/catalog/edit/{each.urn}?{urlencode({'system': system.id})}"}
        for each in store.entries(Kind.DATASET, organisation=system.organisation)
        if not each.body.get("system") and may(current(request), "catalog.edit", target(each))
    ]


def _hanging(entry: EntryRef) -> list[EntryRef]:
    """Datasets that name the entry: they lose their duty, their source or a relation."""
    datasets = store.entries(Kind.DATASET)
    if entry.kind is Kind.DUTY:
        return [each for each in datasets if each.parent == entry.id]
    if entry.kind is Kind.SYSTEM:
        return [each for each in datasets if each.body.get("system") == entry.id]
    return [each for each in datasets if entry.id in each.body.get("related", ())]


def _lock(urn: str) -> dict[str, Any] | None:
    rule = locking.is_locked(urn)
    if rule is None:
        return None
    return {"needed": rule.needed, "names": "、".join(map(organisation_title, _ids(rule.organisations)))}


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise BadQuery(reason="version", limit=9)
    return int(text)


def _ids(organisations: tuple[str, ...]) -> list[str]:
    return [each.rpartition(":")[2] for each in organisations]


def _crumbs(entry: EntryRef, here: str) -> list[Crumb]:
    return [Crumb(_("Catalog"), "/catalog"), Crumb(entry.title, page_of(entry.kind, entry.id)), Crumb(here)]


urlpatterns = [
    path("catalog/edit/<path:urn>", edit, name="catalog-edit"),
    path("catalog/retire/<path:urn>", retire, name="catalog-retire"),
]
