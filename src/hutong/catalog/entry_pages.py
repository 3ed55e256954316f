"""One entry: edit it, and see it as of any day beside another."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hutong.accounts.api import Target, allow, current, requires
from hutong.catalog import editing, locking, store
from hutong.catalog.errors import BadEntry, BadQuery
from hutong.catalog.identifiers import page_of
from hutong.catalog.logic.bodies import differences
from hutong.catalog.logic.rows import FIELDS, flat, merged
from hutong.catalog.shown import choice_title, organisation_title
from hutong.catalog.types import EntryRef, Kind, VersionRef
from hutong.catalog.workbook_pages import difference_table, target
from hutong.kernel import clock
from hutong.ledger import api as ledger
from hutong.ui.api import Crumb, when

_CHOICES = {"grade": "grade", "sharing.kind": "sharing", "opening.kind": "opening", "format": "format",
            "sharing.by": "by", "state": "state", "cloud": "cloud"}  # fmt: skip
_LONG = {"summary.zh", "summary.en", "basis", "note.zh", "note.en"}


@require_http_methods(["GET", "POST"])
@requires("catalog.edit")
def edit(request: HttpRequest, urn: str) -> HttpResponse:
    """The form of one entry; what is wrong stands beside its field."""
    entry = store.entry(urn)
    allow(current(request), "catalog.edit", target(entry))
    given, faults = flat(entry.kind, entry.body), dict[str, str]()
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
    rule = locking.is_locked(urn)
    context = {
        "entry": entry,
        "expected": expected,
        "fields": [_field(field, given[field.path], faults) for field in FIELDS[entry.kind]],
        "faults": list(faults.values()),
        "lock": rule
        and {"needed": rule.needed, "names": "、".join(map(organisation_title, _ids(rule.organisations)))},
        "crumbs": _crumbs(entry, _("Edit")),
    }
    return render(request, "catalog/edit.html", context, status=422 if faults else 200)


@require_GET
@requires("catalog.view")
def versions(request: HttpRequest, urn: str) -> HttpResponse:
    """Two days of one entry side by side, and every version."""
    entry = store.entry(urn)
    seen = Target(entry.organisation, entry.grade, str(entry.kind), public=entry.is_open)
    allow(current(request), "catalog.view", seen)
    known = store.versions(urn)
    left_day, right_day = (
        _day(request, "from", clock.local(known[-1].at).date()),
        _day(request, "to", clock.today()),
    )
    left, right = store.as_of(urn, left_day), store.as_of(urn, right_day)
    found = differences(left.body if left else {}, right.body if right else {})
    context = {
        "entry": entry,
        "left_day": left_day.isoformat(),
        "right_day": right_day.isoformat(),
        "table": _sides(entry.kind, left, right),
        "changed": difference_table(_("What differs"), found, entry.kind),
        "timeline": [
            {
                "when": when(each.at),
                "title": f"{_side(each)} · {choice_title('change', each.change)}",
                "url": f"/id/{ledger.entry_urn(each.log_entry)}",
                "text": each.actor,
            }
            for each in known
        ],
        "edit_url": f"/catalog/edit/{urn}",
        "crumbs": _crumbs(entry, _("Versions")),
    }
    return render(request, "catalog/versions.html", context)


def _sides(kind: Kind, left: VersionRef | None, right: VersionRef | None) -> dict[str, Any]:
    before = flat(kind, left.body) if left else {}
    after = flat(kind, right.body) if right else {}
    heads = [
        ("field", _("Field")),
        ("before", _side(left)),
        ("after", _side(right)),
        ("state", _("Same or not")),
    ]
    return {
        "caption": _("Side by side"),
        "columns": [{"key": key, "title": title} for key, title in heads],
        "rows": [
            {
                "field": str(field.title),
                "before": before.get(field.path, "") or "—",
                "after": after.get(field.path, "") or "—",
                "state": _("changed") if before.get(field.path) != after.get(field.path) else "",
            }
            for field in (FIELDS[kind] if left or right else ())
        ],
        "empty": _("It was not in the catalog on either day."),
    }


def _side(version: VersionRef | None) -> str:
    return _("Version %(number)s") % {"number": version.version} if version else _("not in the catalog")


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


def _day(request: HttpRequest, name: str, usual: date) -> date:
    text = request.GET.get(name, "")
    if not text:
        return usual
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise BadQuery(reason=f"{name}={text[:20]}", limit=10) from None


def _ids(organisations: tuple[str, ...]) -> list[str]:
    return [each.rpartition(":")[2] for each in organisations]


def _crumbs(entry: EntryRef, here: str) -> list[Crumb]:
    return [Crumb(_("Catalog"), "/catalog"), Crumb(entry.title, page_of(entry.kind, entry.id)), Crumb(here)]


urlpatterns = [
    path("catalog/edit/<path:urn>", edit, name="catalog-edit"),
    path("catalog/versions/<path:urn>", versions, name="catalog-versions"),
]
