"""What a dataset's page tells about the dataset itself: its metadata, and how well it is described."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hutong.accounts.api import organisation
from hutong.portal import terms, themes
from hutong.portal.logic import mqa
from hutong.portal.models import Package
from hutong.portal.shown import TYPES, listed, rhythm
from hutong.portal.types import OpenColumn, OpenTable, Type
from hutong.ui.api import unit, when


def metadata(row: Package, body: Any, table: OpenTable | None, _base: str) -> dict[str, Any]:
    """The facts and the columns."""
    items = [
        (_("Organisation"), bureau(row, body)),
        (_("Themes"), listed(str(themes.title(each)) for each in row.themes)),
        (_("Keywords"), listed(_keywords(row, table))),
        (pgettext("portal", "Update"), rhythm(row.update) or fact(body, "update")),
        (_("Licence"), _licence(body)),
        (_("Contact"), body.get("maintainer_email") or body.get("maintainer") or ""),
        (pgettext("portal", "From"), fact(body, "temporal_start")),
        (pgettext("portal", "Until"), fact(body, "temporal_end")),
        (_("First listed"), when(row.created_at)),
        (pgettext("portal", "Last changed"), when(row.modified_at)),
    ]
    terms_list: list[dict[str, Any]] = [{"term": term, "text": text} for term, text in items if text]
    terms_list.append({"term": "URN", "text": row.urn, "kind": "code"})
    if fact(body, "snapshot"):
        snapshot = fact(body, "snapshot")
        terms_list.append({"term": _("Snapshot"), "text": snapshot, "url": f"/id/{snapshot}"})
    columns = [
        [each.name, str(each.title), str(TYPES[each.type]), unit(each.unit), _note(each)]
        for each in (table.columns if table else ())
    ]
    return {
        "terms_list": terms_list,
        "columns": {
            "caption": _("Columns"),
            "columns": [
                {"key": "name", "title": pgettext("portal", "Name"), "kind": "code"},
                {"key": "title", "title": _("Title")},
                {"key": "type", "title": _("Type")},
                {"key": "unit", "title": _("Unit")},
                {"key": "note", "title": _("Note")},
            ],
            "rows": columns,
        } if columns else None,
    }  # fmt: skip


def _note(column: OpenColumn) -> str:
    """What a reader has to know of a column; in which zone its times are, which the pages put into Beijing time."""
    note = str(column.source.note or "")
    if column.type is not Type.DATETIME:
        return note
    zone = _("Files and the API give UTC, which ends with Z; pages show Beijing time.")
    return f"{note} {zone}".strip()


def quality(_row: Package, body: Any, _table: OpenTable | None, _base: str) -> dict[str, Any]:
    """The points by dimension, and what to mend."""
    score = mqa.score(body)
    return {
        "score": score,
        "band": mqa.BANDS[score.band][1],
        "most": mqa.MOST,
        "dimensions": {
            "caption": _("Points by dimension"),
            "columns": [
                {"key": "title", "title": _("Dimension")},
                {"key": "points", "title": _("Points"), "kind": "number"},
                {"key": "most", "title": _("At most"), "kind": "number"},
            ],
            "rows": [[str(title), score.of(name), most] for name, (most, title) in mqa.DIMENSIONS.items()],
        },
        "to_mend": {
            "caption": _("What to mend"),
            "visible_caption": True,
            "columns": [
                {"key": "title", "title": _("Indicator")},
                {"key": "lacking", "title": _("Points lacking"), "kind": "number"},
                {"key": "mend", "title": pgettext("portal", "How")},
            ],
            "rows": [
                [str(each.indicator.title), each.indicator.points - each.points, str(each.indicator.mend)]
                for each in score.to_mend
            ],
            "empty": _("Nothing: all points are reached."),
        },
    }


def bureau(row: Package, body: Any) -> str:
    """Who opened it, as the reader calls them."""
    found = organisation(row.organisation)
    if found:
        return str(found.title)
    return str(body["organization"]["title"]) if body["organization"] else row.organisation


def _keywords(row: Package, table: OpenTable | None) -> list[str]:
    """In the reader's language where they are titles of columns."""
    titles = {each.title.zh: str(each.title) for each in (table.columns if table else ())}
    return [titles.get(each, each) for each in row.tags]


def _licence(body: Any) -> str:
    ours = terms.current()
    if body.get("license_id") == ours.licence:
        return str(ours.licence_title)
    return str(body.get("license_title") or body.get("license_id") or "")


def fact(body: Any, key: str) -> str:
    """A fact that CKAN keeps among the extras; empty where there is none."""
    return next((str(each["value"]) for each in body["extras"] if each["key"] == key), "")
