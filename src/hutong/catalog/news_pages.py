"""The page of what is new in the catalog and what waits."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.catalog import news
from hutong.catalog.identifiers import page_of
from hutong.catalog.nav import tabs
from hutong.catalog.shown import actor_titles, choice_title, organisation_title
from hutong.ledger import api as ledger
from hutong.ui.api import Crumb, when


@require_GET
@requires("catalog.view")
def latest(request: HttpRequest) -> HttpResponse:
    """What people added in the last thirty days, what waits for co-signatures, and what nobody has catalogued."""
    actor = current(request)
    allow(actor, "catalog.view", Target(kind="closure"))
    chosen = request.GET.get("organisation", "")[:100]
    found = news.report(chosen)
    writes, signs = bool(may(actor, "catalog.edit")), bool(may(actor, "catalog.cosign"))
    context = {
        "tabs": tabs(request, "/catalog/news"),
        "chosen": organisation_title(chosen),
        "days": news.DAYS,
        "figures": [
            _figure(_("Added by people"), len(found.added), "#added"),
            _figure(
                _("Wait for co-signatures"), len(found.awaited), "/catalog/proposals" if signs else "#awaited"
            ),
            _figure(
                _("Tables nobody catalogued"), len(found.tables), "/catalog/new" if writes else "#tables"
            ),
            _figure(
                _("Suggested grades to decide"),
                found.suggestions,
                "/catalog/grading" if may(actor, "catalog.grade") else "/catalog/closure",
            ),
        ],
        "added": _added(found.added, actor_titles()),
        "awaited": _awaited(found.awaited, signs=signs),
        "tables": _tables(found.tables, writes=writes),
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(_("What is new"))],
    }
    return render(request, "catalog/news.html", context)


def _figure(title: str, value: int, url: str) -> dict[str, Any]:
    return {"title": title, "value": value, "format": "number", "url": url}


def _by(organisation: str) -> dict[str, str]:
    return {"text": organisation_title(organisation), "url": "?" + urlencode({"organisation": organisation})}


def _added(found: tuple[news.Added, ...], named: Callable[[str], str]) -> dict[str, Any]:
    rows = [
        {
            "title": {
                "text": str(each.title),
                "url": f"/catalog/versions/{each.urn}" if each.retired else page_of(each.kind, each.id),
            },
            "kind": str(each.kind.shown),
            "organisation": _by(each.organisation) if each.organisation else "",
            "at": when(each.at),
            "by": named(each.actor),
            "proof": {"text": _("log entry"), "url": f"/id/{ledger.entry_urn(each.log_entry)}"},
        }
        for each in found
    ]
    heads = (("title", _("Entry")), ("kind", _("Level")), ("organisation", _("Organisation")), ("at", _("Time")),
             ("by", _("By")), ("proof", _("Proof")))  # fmt: skip
    return _table(_("Added by people"), heads, rows, _("Nobody added anything."))


def _awaited(found: tuple[news.Awaited, ...], *, signs: bool) -> dict[str, Any]:
    rows = [
        {
            "title": {"text": str(each.title), "url": f"/catalog/proposals#{each.proposal}"}
            if signs
            else str(each.title),
            "change": choice_title("change", each.change),
            "organisation": _by(each.organisation),
            "at": when(each.at),
            "awaited": "、".join(map(organisation_title, each.awaited)),
        }
        for each in found
    ]
    heads = (("title", _("Entry")), ("change", _("Change")), ("organisation", _("Organisation")), ("at", _("Time")),
             ("awaited", _("Have not answered")))  # fmt: skip
    return _table(_("Wait for co-signatures"), heads, rows, _("Nothing waits"))


def _tables(found: tuple[Any, ...], *, writes: bool) -> dict[str, Any]:
    rows = [
        {
            "title": {"text": str(each.title) or each.table, "url": "/catalog/new#tables"}
            if writes
            else str(each.title) or each.table,
            "rows": each.rows,
            "organisation": organisation_title(each.organisation) or _("nobody yet"),
        }
        for each in found
    ]
    heads = (("title", _("Table")), ("rows", _("Rows")), ("organisation", _("Handed to")))
    made = _table(_("Tables nobody catalogued"), heads, rows, _("Every table has its dataset."))
    made["columns"][1]["kind"] = "number"
    return made


def _table(
    caption: str, heads: tuple[tuple[str, str], ...], rows: list[dict[str, Any]], empty: str
) -> dict[str, Any]:
    columns = [{"key": key, "title": title} for key, title in heads]
    return {"caption": caption, "columns": columns, "rows": rows, "empty": empty}


urlpatterns = [path("catalog/news", latest, name="catalog-news")]
