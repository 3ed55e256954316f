"""An entry of any level as of any two days, side by side, and every version there was."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.catalog import history
from hutong.catalog.errors import BadQuery
from hutong.catalog.identifiers import page_of
from hutong.catalog.logic import readable
from hutong.catalog.logic.fields import FIELDS
from hutong.catalog.logic.rows import flat
from hutong.catalog.shown import actor_titles, choice_title, plain, titled
from hutong.catalog.types import EntryRef, Kind, VersionRef
from hutong.catalog.workbook_pages import difference_table
from hutong.kernel import clock
from hutong.ledger import api as ledger
from hutong.ui.api import Crumb, when

_STATES = {"added": "good", "changed": "watch", "removed": "bad"}


@require_GET
@requires("catalog.view")
def versions(request: HttpRequest, urn: str) -> HttpResponse:
    """Two days of one entry side by side, and every version."""
    entry = history.entry(urn)
    seen = Target(entry.organisation, entry.grade, _policed(entry.kind), public=entry.is_open)
    allow(current(request), "catalog.view", seen)
    known = history.versions(urn)
    first = clock.local(known[-1].at).date()
    left_day, right_day = _day(request, "from", first), _day(request, "to", clock.today())
    left, right = history.as_of(urn, left_day), history.as_of(urn, right_day)
    if entry.retired and right is None and "to" not in request.GET:
        right = known[1] if len(known) > 1 else None  # how it last stood
    if left is not None and left == right and "from" not in request.GET:
        left = next(
            (each for each in known if each.version == right.version - 1), left
        )  # changed on the same day
    named = actor_titles() if current(request).is_authenticated else _nobody
    context = {
        "entry": entry,
        "same": "same" in request.GET,
        "left_day": left_day.isoformat(),
        "right_day": right_day.isoformat(),
        "changed": difference_table(
            _("What differs"), left.body if left else {}, right.body if right else {}, entry.kind
        ),
        "table": _sides(entry.kind, left, right),
        "dataset_table": _columns_of(left, right) if entry.kind is Kind.DATASET else None,
        "timeline": _timeline(entry.kind, known, named),
        "retired": _retirement(known[0]) if entry.retired else None,
        "edit_url": f"/catalog/edit/{urn}"
        if not entry.retired
        and entry.kind is not Kind.TABLE
        and may(current(request), "catalog.edit", Target(entry.organisation, entry.grade, str(entry.kind)))
        else "",
        "table_url": f"/catalog/versions/{history.table_of(entry)}"
        if entry.kind is Kind.DATASET and entry.body.get("table")
        else "",
        "crumbs": _crumbs(entry),
    }
    return render(request, "catalog/versions.html", context)


def _nobody(_urn: str) -> str:
    """Who of the administration wrote what is not for the public."""
    return ""


def _policed(kind: Kind) -> str:
    """A table is seen by whoever sees its dataset."""
    return str(Kind.DATASET if kind is Kind.TABLE else kind)


def _retirement(last: VersionRef) -> dict[str, Any]:
    successor = last.note.get("successor", "")
    return {
        "at": when(last.at),
        "reason": last.note.get("reason", ""),
        "successor": history.entry(successor).title if successor else "",
        "successor_url": f"/id/{successor}",
        "proof": f"/id/{ledger.entry_urn(last.log_entry)}",
    }


def _timeline(kind: Kind, known: list[VersionRef], named: Callable[[str], str]) -> list[dict[str, Any]]:
    before = {each.version: each.body for each in known}
    return [
        {
            "when": when(each.at),
            "title": f"{side(each)} · {choice_title('change', each.change)}",
            "url": f"/id/{ledger.entry_urn(each.log_entry)}",
            "text": "；".join(
                filter(
                    None,
                    (
                        named(each.actor),
                        _told(kind, before.get(each.version - 1), each),
                        each.note.get("reason", ""),
                    ),
                )
            ),
        }
        for each in known
    ]


def _told(kind: Kind, before: Any, version: VersionRef) -> str:
    """What a version changed, in a line."""
    if before is None or version.change in {"added", "retired"}:
        return ""
    found = readable.readable(kind, before, version.body)
    names = "、".join(each.what for each in found[:4])
    more = len(found) - 4
    return f"{names} {_('and %(n)s more') % {'n': more}}" if more > 0 else names


def _sides(kind: Kind, left: VersionRef | None, right: VersionRef | None) -> dict[str, Any]:
    if kind is Kind.TABLE:
        return _columns(left.body if left else {}, right.body if right else {}, left, right)
    before = flat(kind, left.body) if left else {}
    after = flat(kind, right.body) if right else {}
    rows = [
        (
            plain(str(field.title)),
            titled(field.path, before.get(field.path, "")),
            titled(field.path, after.get(field.path, "")),
        )
        for field in (FIELDS[kind] if left or right else ())
        if field.kind != "columns"
    ]
    return _side_by_side(_("Side by side"), _("Field"), rows, left, right)


def _columns_of(left: VersionRef | None, right: VersionRef | None) -> dict[str, Any]:
    """The table of a dataset, as both days had it."""
    sides = [(each.body.get("table") or {}) if each else {} for each in (left, right)]
    return _columns(sides[0], sides[1], left, right)


def _columns(before: Any, after: Any, left: VersionRef | None, right: VersionRef | None) -> dict[str, Any]:
    old, new = readable.columns(before), readable.columns(after)
    rows = [
        (name, old.get(name, ""), new.get(name, ""))
        for name in (*new, *(each for each in old if each not in new))
    ]
    return _side_by_side(_("Columns on both days"), pgettext("catalog", "Column"), rows, left, right)


def _side_by_side(
    caption: str,
    head: str,
    rows: list[tuple[str, str, str]],
    left: VersionRef | None,
    right: VersionRef | None,
) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [
            {"key": "field", "title": head},
            {"key": "before", "title": side(left)},
            {"key": "after", "title": side(right)},
            {"key": "state", "title": _("Same or not"), "kind": "badge"},
        ],
        "rows": [
            {"field": name, "before": old or "—", "after": new or "—", "state": _state(old, new)}
            for name, old, new in rows
        ],
        "empty": _("It was not in the catalog on either day."),
    }


def _state(old: str, new: str) -> dict[str, str] | str:
    if old == new:
        return ""
    change = "changed" if old and new else ("added" if new else "removed")
    return {"text": change_title(change), "state": _STATES[change]}


def change_title(change: str) -> str:
    return {"added": _("new"), "changed": _("changed"), "removed": _("gone")}[change]


def side(version: VersionRef | None) -> str:
    return _("Version %(number)s") % {"number": version.version} if version else _("not in the catalog")


def _day(request: HttpRequest, name: str, usual: date) -> date:
    text = request.GET.get(name, "")
    if not text:
        return usual
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise BadQuery(reason=f"{name}={text[:20]}", limit=10) from None


def _crumbs(entry: EntryRef) -> list[Crumb]:
    crumbs = [Crumb(_("Catalog"), "/catalog")]
    if entry.retired:
        return [*crumbs, Crumb(entry.title)]
    return [*crumbs, Crumb(entry.title, page_of(entry.kind, entry.id)), Crumb(_("Versions"))]


urlpatterns = [path("catalog/versions/<path:urn>", versions, name="catalog-versions")]
