"""Suggested grades of columns: look at the evidence, confirm or reject."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.catalog import store, suggesting
from hutong.catalog.errors import BadDecision
from hutong.catalog.logic.grades import GRADES
from hutong.catalog.logic.kinds import BY_ID
from hutong.catalog.models import ColumnGrade
from hutong.catalog.nav import tabs
from hutong.catalog.shown import actor_titles, choice_title, organisation_title
from hutong.catalog.types import EntryRef, Kind
from hutong.kernel.errors import HutongError
from hutong.lake import api as lake
from hutong.ui.api import Crumb, percent

STATES = ("open", "confirmed", "rejected")


@require_GET
@requires("catalog.grade")
def grading(request: HttpRequest) -> HttpResponse:
    """Tables with suggestions; one table's columns when it is chosen."""
    return _page(request, request.GET.get("table", ""))


def _page(request: HttpRequest, table: str, refused: HutongError | None = None) -> HttpResponse:
    """The page; a decision that was ``refused`` stands where it was made, as it was made."""
    mine = _mine(request)
    crumbs = [Crumb(_("Catalog"), "/catalog"), Crumb(_("Grading"), "/catalog/grading")]
    if table not in mine:
        rows = list(ColumnGrade.objects.filter(table__in=mine))
        context: dict[str, Any] = {"overview": _overview(mine, rows), "counts": _counts(rows)}
    else:
        found = ColumnGrade.objects.filter(table=table)
        titles = {each.name: str(each.title) for each in lake.contract(table).columns}
        crumbs.append(Crumb(mine[table].title))
        named = actor_titles()
        context = {
            "dataset": mine[table],
            "url": f"/catalog/datasets/{table}",
            "columns": [_column(row, titles.get(row.column, ""), named) for row in found],
            "grades": [{"value": each, "label": choice_title("grade", each)} for each in GRADES],
        }
    context |= {
        "tabs": tabs(request, "/catalog/grading"),
        "crumbs": crumbs,
        "refused": refused,
        "given": request.POST,
    }
    return render(request, "catalog/grading.html", context, status=refused.status if refused else 200)


@require_POST
@requires("catalog.grade")
def decide(request: HttpRequest) -> HttpResponse:
    """One decision about one column."""
    table = request.POST.get("table", "")
    dataset = store.find(Kind.DATASET, table)
    allow(current(request), "catalog.grade", Target(dataset.organisation, dataset.grade, "dataset"))
    try:
        suggesting.decide(
            table,
            request.POST.get("column", ""),
            verdict=request.POST.get("verdict", ""),
            grade=request.POST.get("grade", ""),
            reason=request.POST.get("reason", ""),
        )
    except BadDecision as refused:
        return _page(request, dataset.id, refused)
    return HttpResponseRedirect(f"/catalog/grading?table={dataset.id}")


def _mine(request: HttpRequest) -> dict[str, EntryRef]:
    """Datasets whose columns the reader may grade, by id."""
    actor = current(request)
    return {
        each.id: each
        for each in store.entries(Kind.DATASET)
        if may(actor, "catalog.grade", Target(each.organisation, each.grade, "dataset"))
    }


def _counts(rows: list[ColumnGrade]) -> list[dict[str, Any]]:
    return [
        {
            "title": choice_title("graded", state),
            "value": sum(row.state == state for row in rows),
            "format": "number",
            "url": "/catalog/grading",
        }
        for state in STATES
    ]


def _overview(mine: dict[str, EntryRef], rows: list[ColumnGrade]) -> dict[str, Any]:
    by_table: dict[str, list[ColumnGrade]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(row)
    lines = [
        {
            "title": {"text": str(mine[table].title), "url": f"?table={table}"},
            "organisation": organisation_title(mine[table].organisation),
            "grade": choice_title("grade", mine[table].grade),
            "found": "、".join(sorted({str(BY_ID[row.found].title) for row in found if row.found in BY_ID})),
            **{state: sum(row.state == state for row in found) for state in STATES},
        }
        for table, found in by_table.items()
    ]
    lines.sort(key=lambda line: -int(str(line["open"])))
    heads = [("title", _("Dataset"), ""), ("organisation", _("Organisation"), ""), ("grade", _("Grade"), "")]
    heads += [("found", _("What it holds"), "")]
    heads += [(state, choice_title("graded", state), "number") for state in STATES]
    return {
        "caption": _("Tables with graded columns"),
        "columns": [
            {"key": key, "title": title, **({"kind": kind} if kind else {})} for key, title, kind in heads
        ],
        "rows": lines,
        "empty": _("Nothing was found yet; new snapshots are looked at as they come."),
    }


def _column(row: ColumnGrade, title: str, named: Callable[[str], str]) -> dict[str, Any]:
    kind, seen = BY_ID[row.found], row.evidence
    return {
        "row": row,
        "by": named(row.actor),
        "title": title,
        "kind": kind.title,
        "basis": kind.basis,
        "grade": choice_title("grade", row.decided or row.grade),
        "state": choice_title("graded", row.state),
        "confidence": percent(row.confidence),
        "evidence": _("%(matched)s of %(values)s values fit, in a sample of %(rows)s rows")
        % {name: seen.get(name, 0) for name in ("matched", "values", "rows")},
        "by_name": seen.get("by_name", False),
    }


urlpatterns = [
    path("catalog/grading", grading, name="catalog-grading"),
    path("catalog/grading/decide", decide, name="catalog-grading-decide"),
]
