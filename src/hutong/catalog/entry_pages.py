"""One entry: edit it, retire it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hutong.accounts.api import allow, current, may, requires
from hutong.catalog import editing, locking, store
from hutong.catalog.errors import BadEntry, BadQuery
from hutong.catalog.identifiers import page_of
from hutong.catalog.logic.fields import FIELDS
from hutong.catalog.logic.rows import flat, merged
from hutong.catalog.shown import choice_title, organisation_title
from hutong.catalog.types import EntryRef, Kind
from hutong.catalog.workbook_pages import target
from hutong.ui.api import Crumb

_CHOICES = {"grade": "grade", "sharing.kind": "sharing", "opening.kind": "opening", "format": "format",
            "sharing.by": "by", "state": "state", "cloud": "cloud"}  # fmt: skip
_MOST_SUCCESSORS = 500
_LONG = {"summary.zh", "summary.en", "basis", "note.zh", "note.en"}


@require_http_methods(["GET", "POST"])
@requires("catalog.edit")
def edit(request: HttpRequest, urn: str) -> HttpResponse:
    """The form of one entry; what is wrong stands beside its field."""
    entry = store.entry(urn)
    allow(current(request), "catalog.edit", target(entry))
    given, faults = flat(entry.kind, entry.body), dict[str, str]()
    given |= {name: str(request.GET[name]) for name in given if name in request.GET}  # what closure proposes
    expected = entry.version
    if request.method == "POST":
        given = {field.path: request.POST.get(field.path, "") for field in FIELDS[entry.kind]}
        expected = _version(request)
        try:
            body = merged(entry.kind, entry.body, given)
            written = editing.write(
                entry.kind, urn, body, expected=expected, reason=request.POST.get("reason", "")
            )
        except BadEntry as error:
            faults[str(error.place.key) if error.place else ""] = str(error.said)
        else:
            place = (
                f"/catalog/proposals#{written.proposal}" if written.proposal else f"/catalog/versions/{urn}"
            )
            return HttpResponseRedirect(place)
    context = {
        "entry": entry,
        "expected": expected,
        "fields": [_field(field, given[field.path], faults) for field in FIELDS[entry.kind]],
        "faults": list(faults.values()),
        "lock": _lock(urn),
        "retire_url": f"/catalog/retire/{urn}",
        "sources": _sources(request, entry) if entry.kind is Kind.SYSTEM else [],
        "crumbs": _crumbs(entry, _("Edit")),
    }
    return render(request, "catalog/edit.html", context, status=422 if faults else 200)


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


def _field(field: Any, value: str, faults: dict[str, str]) -> dict[str, Any]:
    options: dict[str, Any] = {"name": field.path, "label": str(field.title), "value": value}
    if field.choices:
        none = [] if field.required else [{"value": "", "label": "—"}]
        titles = [
            {"value": each, "label": choice_title(_CHOICES[field.path], each)} for each in field.choices
        ]
        options |= {"kind": "select", "choices": none + titles}
    elif field.path in _LONG:
        options["kind"] = "textarea"
    wrong = [
        text for key, text in faults.items() if key == field.path or key.startswith(field.path.split(".")[0])
    ]
    if wrong:
        options["error"] = wrong[0]
    if field.required:
        options["required"] = True
    return options


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
