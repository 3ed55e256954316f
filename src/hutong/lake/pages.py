"""The lake for people: tables, loading a file, and what a load found."""

import csv
from collections.abc import Iterator
from typing import Any, get_args

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from hutong.accounts.api import Actor, Target, allow, current, may, requires
from hutong.kernel import jobs as kernel_jobs
from hutong.kernel.errors import HutongError, NotFound
from hutong.kernel.given import counted
from hutong.kernel.text import Text
from hutong.lake import access, api, databases, taking
from hutong.lake import page_tables as shown
from hutong.lake.errors import BadDatabases
from hutong.lake.types import LoadRef, Mode
from hutong.ui.api import Crumb

PAGE = 50


def _lake() -> Crumb:
    return Crumb(gettext("Lake"), "/lake")


@require_safe
@requires("lake.view")
def overview(request: HttpRequest) -> HttpResponse:
    """The tables one may see, each with its newest snapshot."""
    actor = current(request)
    allow(actor, "lake.view", Target(kind="lake", public=True))
    seen = [each for each in api.tables() if may(actor, "lake.view", access.target(each.table))]
    names = {each.table: str(each.title) for each in seen}
    context = {
        "table": shown.tables(seen),
        "loads": shown.loads([each for each in api.loads(limit=60) if each.table in names][:10], names),
        "may_load": any(may(actor, "lake.load", access.target(each)) for each in names),
    }
    return render(request, "lake/overview.html", context)


@require_safe
@requires("lake.view")
def table_page(request: HttpRequest, table: str, sequence: int | None = None) -> HttpResponse:
    """One table: columns, quality, snapshots, loads."""
    contract, about = api.contract(table), access.target(table)
    allow(current(request), "lake.view", about)
    kept = api.snapshots(table)
    chosen = next((each for each in kept if sequence is None or each.sequence == sequence), None)
    if sequence is not None and chosen is None:
        raise Http404
    found = api.quality(chosen.urn) if chosen else None
    context = {
        "contract": contract,
        "title": str(contract.title) or table,
        "snapshot": chosen,
        "columns": shown.columns_of(contract),
        "dimensions": shown.dimensions(found) if found else None,
        "findings": shown.findings(found.findings) if found else None,
        "snapshots": shown.snapshots(kept),
        "loads": shown.loads(api.loads(table, 20), {table: str(contract.title)}),
        "load_url": f"/lake/load?table={table}" if may(current(request), "lake.load", about) else "",
        "crumbs": [_lake(), Crumb(str(contract.title) or table)],
    }
    return render(request, "lake/table.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("lake.load")
def load_page(request: HttpRequest) -> HttpResponse:
    """Choose a table and a file; the file is streamed to disk and loaded as durable work."""
    wanted = request.POST.get("table") or request.GET.get("table", "")
    actor = current(request)
    mine = [each for each in api.tables() if may(actor, "lake.load", access.target(each.table))]
    if wanted:
        allow(actor, "lake.load", access.target(wanted))
    error: HutongError | None = None
    listed: list[dict[str, str]] = []
    try:
        listed = _databases(actor)
    except BadDatabases as wrong:  # files and addresses can be loaded all the same
        error = wrong
    if request.method == "POST":
        try:
            return HttpResponseRedirect(f"/lake/jobs/{_accept(request, wanted)}")
        except HutongError as refused:
            error = refused
    context = {
        "choices": [{"value": each.table, "label": str(each.title) or each.table} for each in mine],
        "wanted": wanted,
        "address": request.POST.get("address", ""),
        "databases": listed,
        "database": request.POST.get("database", ""),
        "sql": request.POST.get("sql", ""),
        "modes": _mode_choices(),
        "error": str(error.said) if error else "",
        "fix": str(error.mend) if error else "",
        "crumbs": [_lake(), Crumb(gettext("Load a file"))],
    }
    return render(request, "lake/load.html", context, status=error.status if error else 200)


def _databases(actor: Actor) -> list[dict[str, str]]:
    """Those the reader may load from, after the choice of none; nothing where there are none."""
    mine = [each for each in databases.known() if may(actor, "lake.load", each.target)]
    none = {"value": "", "label": gettext("No database")}
    return [none, *({"value": each.name, "label": each.title} for each in mine)] if mine else []


def _mode_choices() -> list[dict[str, str]]:
    labels = (
        gettext("Replace all rows"),
        gettext("Add rows"),
        gettext("Add rows and replace those of the same key"),
    )
    return [{"value": mode, "label": label} for mode, label in zip(get_args(Mode), labels, strict=True)]


def _accept(request: HttpRequest, table: str) -> str:
    contract, actor = api.contract(table), current(request)
    allow(actor, "lake.load", access.target(contract.table))
    address, database, sql = (request.POST.get(name, "").strip() for name in ("address", "database", "sql"))
    if database:
        allow(actor, "lake.load", databases.named(database).target)
    given = taking.Given(request.FILES.get("file"), address, database, sql)
    return taking.take(contract.table, given, request.POST.get("mode", "replace"), actor=actor.urn)


@require_safe
@requires("lake.load")
def job_page(request: HttpRequest, job_id: str) -> HttpResponse:
    """How far the load is; leads to its report when it is over."""
    try:
        found = kernel_jobs.status(job_id)
    except NotFound as error:
        raise Http404 from error
    allow(current(request), "lake.load", access.target(str(found.arguments.get("table", ""))))
    report = f"/lake/loads/{found.result['load']}" if found.state == "done" and found.result else ""
    if found.over and request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": report or request.path})
    if report:
        return HttpResponseRedirect(report)
    context = {
        "job": found,
        "poll": "" if found.over else request.path,
        "state": "bad" if found.state == "failed" else "running",
        "note": str(found.note),
        "error": found.error,
        "said": _said(found.error, "message"),
        "fix": _said(found.error, "fix"),
        "again_url": f"/lake/load?table={found.arguments.get('table', '')}",
        "crumbs": [_lake(), Crumb(gettext("Load a file"), "/lake/load")],
    }
    return render(request, "lake/job.html", context)


def _said(error: Any, part: str) -> str:
    return str(Text(**error[part])) if error else ""


@require_safe
@requires("lake.view")
def report_page(request: HttpRequest, load_id: str) -> HttpResponse:
    """What a load did, every defect counted, quarantined rows for those who may see them."""
    found = api.load_of(load_id)
    allow(current(request), "lake.view", access.target(found.table))
    number = request.GET.get("page", "1")
    page = counted(number, 10**6) or 1
    contract, held = api.contract(found.table), None
    if may(current(request), "lake.quarantine", access.target(found.table)):
        held = api.quarantine(load_id, offset=(page - 1) * PAGE, limit=PAGE)
    context = {
        "load": found,
        "figures": [
            {
                "title": gettext("Rows loaded"),
                "value": found.rows_loaded,
                "format": "number",
                "url": f"/lake/{found.table}",
            },
            {
                "title": gettext("Rows in quarantine"),
                "value": found.rows_quarantined,
                "format": "number",
                "url": f"/lake/loads/{load_id}#quarantine",
            },
        ],
        "state": shown.state_name(found.state),
        "findings": shown.findings(found.findings),
        "held": shown.held(held, contract) if held else None,
        "brought_by": held.load_id if held and held.load_id != found.load_id else "",
        "pager": {"page": page, "size": PAGE, "total": held.total, "query": {}} if held else None,
        "said": _said(found.error, "message"),
        "fix": _said(found.error, "fix"),
        "again_url": _again(request, found),
        "title": str(contract.title) or found.table,
        "crumbs": [
            _lake(),
            Crumb(str(contract.title) or found.table, f"/lake/{found.table}"),
            Crumb(gettext("Load")),
        ],
    }
    return render(request, "lake/report.html", context)


def _again(request: HttpRequest, found: LoadRef) -> str:
    """Where the mended file is brought in, for those who may, where something stayed out."""
    stayed = found.rows_quarantined or found.state == "failed"
    mine = may(current(request), "lake.load", access.target(found.table))
    return f"/lake/load?table={found.table}" if stayed and mine else ""


@require_safe
@requires("lake.quarantine")
def quarantine_file(request: HttpRequest, load_id: str) -> StreamingHttpResponse:
    """All quarantined rows as CSV, in UTF-8 with a mark so that spreadsheet programs read it."""
    allow(current(request), "lake.quarantine", access.target(api.load_of(load_id).table))
    answer = StreamingHttpResponse(_lines(load_id), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="quarantine-{load_id}.csv"'
    return answer


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(load_id: str) -> Iterator[str]:
    writer, offset = csv.writer(_Echo()), 0
    yield "\ufeff" + writer.writerow(["row", "column", "code", "reason", "original", "fix"])
    while rows := api.quarantine(load_id, offset=offset, limit=2000).rows:
        for each in rows:
            cells = (each.column, each.code, str(each.what), each.original, str(each.fix))
            yield writer.writerow([each.row, *(harmless(cell) for cell in cells)])
        offset += len(rows)


def harmless(text: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


urlpatterns = [
    path("lake", overview, name="lake"),
    path("lake/load", load_page),
    path("lake/jobs/<str:job_id>", job_page),
    path("lake/loads/<str:load_id>", report_page),
    path("lake/loads/<str:load_id>/quarantine.csv", quarantine_file),
    path("lake/<slug:table>", table_page),
    path("lake/<slug:table>/<int:sequence>", table_page),
]
