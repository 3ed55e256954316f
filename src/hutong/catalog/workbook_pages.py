"""The workbook: download, hand in, look at the differences, commit."""

import hashlib
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hutong.accounts.api import current, may, requires
from hutong.catalog import editing, store, workbook
from hutong.catalog.errors import BadEntry, BadWorkbook, NoSuchEntry
from hutong.catalog.logic.fields import FIELDS
from hutong.catalog.logic.readable import readable
from hutong.catalog.models import Sheet
from hutong.catalog.nav import tabs
from hutong.catalog.permitting import allow_write, target
from hutong.catalog.shown import plain, titled
from hutong.catalog.types import EntryRef, Kind
from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.ui.api import Crumb

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WAITING = ("open", "faulty")
_LEVELS = (Kind.DUTY, Kind.DATASET, Kind.SYSTEM)


@require_GET
@requires("catalog.edit")
def export(request: HttpRequest) -> HttpResponse:
    """The entries that the reader may edit, as xlsx."""
    mine = [each for kind in _LEVELS for each in store.entries(kind) if _editable(request, each)]
    answer = HttpResponse(workbook.write(mine), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="catalog.xlsx"'
    audit.record("catalog.export", "catalog", entries=len(mine))
    return answer


@require_http_methods(["GET", "POST"])
@requires("catalog.edit")
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in a workbook; leads to the page of its differences."""
    if request.method == "POST":
        given = request.FILES.get("workbook")
        if given is None or (given.size or 0) > workbook.MAX_BYTES:
            raise BadWorkbook(reason=f"≤ {workbook.MAX_BYTES >> 20} MB")
        data = given.read()
        found = workbook.read(data, lambda draft: allow_write(current(request), draft))
        kept = Sheet.objects.create(
            id=uuid.uuid4().hex,
            name=(given.name or "")[:200],
            sha256=hashlib.sha256(data).hexdigest(),
            actor=current(request).urn,
            state="faulty" if found.faults else "open",
            changes=[
                {"kind": str(each.kind), "urn": each.urn, "expected": each.expected, "body": each.body}
                for each in found.changes
            ],
        )
        return _review(request, kept, found)
    may_edit = any(_editable(request, each) for kind in _LEVELS for each in store.entries(kind))
    context = {
        "tabs": tabs(request, "/catalog/import"),
        "may_edit": may_edit,
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(_("Workbook"))],
    }
    return render(request, "catalog/workbook.html", context)


@require_POST
@requires("catalog.edit")
def commit(request: HttpRequest, name: str) -> HttpResponse:
    """Write the chosen changes of a workbook in one transaction, or none of them."""
    kept = Sheet.objects.filter(pk=name, actor=current(request).urn).first()
    if kept is None or kept.state not in _WAITING:
        raise NoSuchEntry(name=name)
    changes = _chosen(request, kept)
    if not changes and "choosing" in request.POST:
        return _again(request, kept, {"entry": _("Tick what is to be written.")})
    try:
        written = _write(request, kept, changes)
    except BadEntry as error:
        if error.place is None or error.place.key != "reason":
            raise
        return _again(request, kept, {"reason": str(error.faults[0].what)})
    proposed = [each for each in written if each.proposal]
    outcomes = [
        {
            "entry": {"text": each.urn, "url": f"/id/{each.urn}"},
            "outcome": _("proposed, waits for co-signatures")
            if each.proposal
            else _("version %(n)s") % {"n": each.version},
        }
        for each in written
    ]
    context = {
        "tabs": tabs(request, "/catalog/import"),
        "proposed": len(proposed),
        "left": len(kept.changes) - len(changes),
        "table": {
            "caption": _("What was written"),
            "columns": [{"key": "entry", "title": _("Entry")}, {"key": "outcome", "title": _("Outcome")}],
            "rows": outcomes,
        },
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(_("Workbook"), "/catalog/import")],
    }
    return render(request, "catalog/workbook_done.html", context)


def _again(request: HttpRequest, kept: Sheet, told: dict[str, str]) -> HttpResponse:
    _allow(request, kept.changes)
    return _review(request, kept, workbook.again(kept.changes), told)


def _allow(request: HttpRequest, changes: list[dict[str, Any]]) -> None:
    for each in changes:
        allow_write(current(request), editing.draft_of(Kind(each["kind"]), each["urn"], each["body"]))


def _write(request: HttpRequest, kept: Sheet, changes: list[dict[str, Any]]) -> list[editing.Written]:
    with atomic():
        taken = Sheet.objects.filter(pk=kept.pk, state__in=_WAITING).update(state="committed")
        if not taken or not changes:
            raise NoSuchEntry(name=kept.pk)
        _allow(request, changes)
        written = workbook.commit(changes, request.POST.get("reason", ""))
        audit.record("catalog.import", f"sheet {kept.sha256}", entries=len(written))
    return written


def _chosen(request: HttpRequest, kept: Sheet) -> list[dict[str, Any]]:
    """The changes to be written: those that were ticked. A workbook with faults gives none unasked."""
    changes: list[dict[str, Any]] = kept.changes
    if kept.state == "open" and "choosing" not in request.POST:
        return changes
    ticked = set(request.POST.getlist("entry"))
    return [each for each in changes if each["urn"] in ticked]


def _review(
    request: HttpRequest, kept: Sheet, found: workbook.Reading, told: dict[str, str] | None = None
) -> HttpResponse:
    """The differences of a workbook; once more with what is wrong (``told``) where it could not be written."""
    ticked = {each.urn for each in found.changes} if told is None else set(request.POST.getlist("entry"))
    context = {
        "told": told or {},
        "reason": request.POST.get("reason", ""),
        "tabs": tabs(request, "/catalog/import"),
        "sheet": kept,
        "found": found,
        "changes": [
            {
                "title": each.title,
                "url": f"/id/{each.urn}",
                "urn": each.urn,
                "ticked": each.urn in ticked and not found.faults,
                "table": difference_table(each.title, each.before, each.body, each.kind),
            }
            for each in found.changes
        ],
        "faults": {
            "caption": _("Cells that cannot be taken"),
            "columns": [
                {"key": "sheet", "title": _("Sheet")},
                {"key": "row", "title": pgettext("workbook", "Row"), "kind": "number"},
                {"key": "column", "title": pgettext("workbook", "Column")},
                {"key": "what", "title": _("What is wrong")},
            ],
            "rows": [
                {
                    "sheet": each.place.file,
                    "row": each.place.row,
                    "column": _column(str(each.place.file), str(each.place.column or "")),
                    "what": str(each.what),
                }
                for each in found.faults
            ],
        },
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(_("Workbook"), "/catalog/import")],
    }
    return render(request, "catalog/workbook_review.html", context, status=422 if told else 200)


def _column(sheet: str, key: str) -> str:
    """A column by both of its heads in the sheet: the key, and the title below it."""
    fields = FIELDS[workbook.SHEETS[sheet]] if sheet in workbook.SHEETS else ()
    title = next((plain(str(each.title)) for each in fields if each.path == key), "")
    return f"{title} · {key}" if title else key


def difference_table(caption: str, before: Any, after: Any, kind: Kind) -> dict[str, Any]:
    """What differs between two bodies, by the names people know."""
    return {
        "caption": caption,
        "columns": [
            {"key": "key", "title": _("Field")},
            {"key": "before", "title": _("Before")},
            {"key": "after", "title": _("After")},
        ],
        "rows": [
            {
                "key": each.what,
                "before": titled(each.key, each.before) or "—",
                "after": titled(each.key, each.after) or "—",
            }
            for each in readable(kind, before, after)
        ],
        "empty": _("Nothing differs."),
    }


def _editable(request: HttpRequest, entry: EntryRef) -> bool:
    return bool(may(current(request), "catalog.edit", target(entry)))


urlpatterns = [
    path("catalog/export.xlsx", export, name="catalog-export"),
    path("catalog/import", hand_in, name="catalog-import"),
    path("catalog/import/<slug:name>", commit, name="catalog-import-commit"),
]
