"""The walk of a figure: definition → query → rows → snapshots → proof, on one page."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from hutong.accounts.api import allow, current, may, requires
from hutong.cockpit.board import figure_options, target_text, written
from hutong.indicators import api as indicators
from hutong.indicators.types import Definition, Figure, Rows, Walk
from hutong.kernel import audit
from hutong.kernel.errors import Forbidden, Invalid, NotFound
from hutong.kernel.given import counted
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.lake import api as lake
from hutong.lake.types import Column
from hutong.packs import api as packs
from hutong.ui.api import Crumb

PAGE = 10
_CSV_ROWS = 5000
_CSV_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure a request is about."""

    indicator: str
    as_of: date
    period: date | None
    dims: dict[str, str]
    run: str

    @property
    def query(self) -> dict[str, str]:
        found = dict(self.dims)
        if self.period:
            found["period"] = self.period.isoformat()
        if self.run:
            found["run"] = self.run
        return found

    @property
    def tail(self) -> str:
        return f"?{urlencode(self.query)}" if self.query else ""


@require_GET
@requires("figure.view")
def definition(request: HttpRequest, indicator: str) -> HttpResponse:
    """An indicator leads to its figure of the default day."""
    known = indicators.definition(indicator)
    allow(current(request), "figure.view", indicators.about(known))
    return HttpResponseRedirect(indicators.address(known.id, indicators.default_day()))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("figure.view")
def figure(request: HttpRequest, indicator: str, as_of: str) -> HttpResponse:
    """A figure and everything under it. POST computes it once more and says whether the same came out."""
    asked = _asked(request, indicator, as_of)
    found = _walk(request, asked)
    shown = indicators.figure(
        indicator, asked.as_of, asked.dims, period=asked.period, reader=current(request)
    )
    again = indicators.again(found.computation) if request.method == "POST" else None
    rows, refused = _rows(request, found, asked, shown)
    known = found.definition
    return render(
        request,
        "cockpit/figure.html",
        {
            "figure": shown,
            "options": figure_options(shown, large=True),
            "members": _members(known, asked),
            "walk": found,
            "steps": _steps(found, rows),
            "facts": _facts(known, shown),
            "chart": _chart(known, shown),
            "rows": rows,
            "refused": refused,
            "table": _table(rows, known) if rows else None,
            "pager": _pager(request, rows) if rows else None,
            "csv": f"/figures/{indicator}/{as_of}/rows.csv{asked.tail}",
            "snapshots": _snapshots(found),
            "readings": found.computation.readings,
            "again": again,
            "action": f"/figures/{indicator}/{as_of}{asked.tail}",
            "values_url": ""
            if indicators.keeps_small_counts(known, current(request))
            else _values_url(found),
            "crumbs": _crumbs(request, known),
        },
    )


@require_GET
@requires("figure.view")
def rows_csv(request: HttpRequest, indicator: str, as_of: str) -> StreamingHttpResponse:
    """The rows behind a figure as CSV, masked like on the page; at most 200,000."""
    asked = _asked(request, indicator, as_of)
    found = _walk(request, asked)
    actor = current(request)
    first = indicators.rows_behind(found, actor, asked.dims, asked.period, limit=_CSV_ROWS)
    audit.record("figures.rows", found.computation.urn, actor=actor.urn, rows=min(first.total, _CSV_MOST))

    def pages() -> Iterator[Rows]:
        yield first
        for offset in range(_CSV_ROWS, min(first.total, _CSV_MOST), _CSV_ROWS):
            yield indicators.rows_behind(
                found, actor, asked.dims, asked.period, offset=offset, limit=_CSV_ROWS
            )

    name = f"{indicator}-{as_of}-rows.csv"
    return StreamingHttpResponse(
        _csv(pages()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv(pages: Iterator[Rows]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"  # spreadsheets take a file without the mark for a local encoding
    for number, page in enumerate(pages):
        out = io.StringIO()
        writer = csv.writer(out)
        if number == 0:
            writer.writerow([_heading(page, index) for index in range(len(page.columns))])
        writer.writerows([[_harmless(cell) for cell in row] for row in page.rows])
        yield out.getvalue().encode()


def _heading(page: Rows, index: int) -> str:
    """A column of the file: money stays in fen, exactly as it is kept, and says so."""
    name = page.titles[index].zh or page.columns[index]
    return f"{name}（分）" if lake.is_fen(page.sources[index], [row[index] for row in page.rows]) else name


def _harmless(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is marked as text."""
    if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{cell}"
    return cell


def _asked(request: HttpRequest, indicator: str, as_of: str) -> Asked:
    definition = indicators.definition(indicator)
    allow(current(request), "figure.view", indicators.about(definition))
    known = {each.id for each in definition.dimensions}
    try:
        day = date.fromisoformat(as_of)
        period = date.fromisoformat(request.GET["period"]) if request.GET.get("period") else None
    except ValueError as error:
        raise Invalid(reason="YYYY-MM-DD") from error
    if not 1990 <= day.year <= 2200:
        raise Invalid(reason=f"as_of={day}")
    dims = {name: request.GET[name][:120] for name in sorted(known) if request.GET.get(name)}
    return Asked(indicator, day, period, dims, request.GET.get("run", "")[:40])


def _walk(request: HttpRequest, asked: Asked) -> Walk:
    """The walk of a figure; a day nobody asked for yet is computed, for people who are signed in."""
    if asked.run:
        return indicators.walk_run(asked.indicator, asked.as_of, asked.run)
    try:
        return indicators.walk_on(asked.indicator, asked.as_of)
    except NotFound:
        if asked.as_of > indicators.default_day() or not current(request).is_authenticated:
            raise
    indicators.compute(asked.indicator, asked.as_of)
    return indicators.walk_on(asked.indicator, asked.as_of)


def _rows(request: HttpRequest, found: Walk, asked: Asked, shown: Figure) -> tuple[Rows | None, str]:
    number = request.GET.get("page", "1")
    page = counted(number, 10**6) or 1
    period = asked.period or shown.period
    try:
        rows = indicators.rows_behind(
            found, current(request), asked.dims, period, offset=(page - 1) * PAGE, limit=PAGE
        )
    except Forbidden as error:
        return None, str(error)
    return rows, ""


def _crumbs(request: HttpRequest, known: Definition) -> list[Crumb]:
    above = [Crumb(gettext("Cockpit"), "/")] if may(current(request), "cockpit.view") else []
    return [*above, Crumb(str(known.title))]


def _members(known: Definition, asked: Asked) -> str:
    return " · ".join(str(known.dimension(name).name(member)) for name, member in asked.dims.items())


def _steps(found: Walk, rows: Rows | None) -> list[dict[str, Any]]:
    tables, version = len(found.definition.tables), found.definition.hash[:8]
    read = len(found.computation.readings)
    return [
        {
            "title": gettext("Definition"),
            "text": gettext("Version %(hash)s") % {"hash": version},
            "url": "#definition",
        },
        {
            "title": gettext("Query"),
            "text": ngettext("%(count)s table", "%(count)s tables", tables) % {"count": tables},
            "url": "#query",
        },
        {
            "title": pgettext("cockpit", "Rows"),
            "text": ngettext("%(count)s row", "%(count)s rows", rows.total) % {"count": f"{rows.total:,}"}
            if rows
            else "—",
            "url": "#rows",
        },
        {
            "title": gettext("Snapshots"),
            "text": ngettext("%(count)s snapshot", "%(count)s snapshots", read) % {"count": read},
            "url": "#snapshots",
        },
        {
            "title": pgettext("cockpit", "Proof"),
            "text": gettext("Entry %(id)s") % {"id": found.computation.entry_id},
            "url": "#proof",
        },
    ]


def _facts(known: Definition, shown: Figure) -> list[dict[str, Any]]:
    directions = {
        "up": gettext("More is better"),
        "down": gettext("Less is better"),
        "none": gettext("Neither way is better"),
    }
    natures = {
        "expected": gettext("Expected"),
        "binding": gettext("Binding"),
        "monitored": gettext("Monitored"),
    }
    facts: list[dict[str, Any]] = [
        *([{"term": gettext("What it counts"), "text": str(known.summary)}] if str(known.summary) else []),
        {"term": gettext("Unit"), "text": str(known.unit) or "—"},
        {"term": gettext("Which way is better"), "text": directions[known.direction]},
        {"term": pgettext("cockpit", "Nature"), "text": natures[known.nature]},
        {
            "term": pgettext("cockpit", "Reference"),
            "text": str(packs.cite(packs.installed(), known.reference)),
        },
        {"term": gettext("Written in"), "text": f"{known.file}:{known.line}", "kind": "code"},
        {"term": gettext("SHA-256 of the definition"), "text": known.hash, "kind": "code"},
    ]
    if shown.standing.target:
        facts.insert(-3, {"term": gettext("Target"), "text": target_text(shown.standing.target, shown)})
    if known.baseline:
        text = f"{written(float(known.baseline.value), known.decimals)} {known.unit} ({known.baseline.year})"
        facts.insert(-3, {"term": gettext("Baseline"), "text": text})
    return facts


def _chart(known: Definition, shown: Figure) -> dict[str, Any] | None:
    points = shown.series[-37:]
    if len(points) < 2:
        return None
    return {
        "id": "series",
        "title": gettext("Over time"),
        "unit": str(known.unit),
        "labels": [str(indicators.period_label(known.period, point.period)) for point in points],
        "series": [{"name": str(known.title), "values": [point.value for point in points]}],
    }


def _table(rows: Rows, known: Definition) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    columns: list[dict[str, Any]] = [{"key": "number", "title": "#", "kind": "number"}]
    shown: list[dict[str, Any]] = [{"number": rows.offset + place} for place in range(1, len(rows.rows) + 1)]
    for index, (name, title, source) in enumerate(zip(rows.columns, rows.titles, rows.sources, strict=True)):
        masked = name in rows.masked
        written = lake.write(None if masked else source, [row[index] for row in rows.rows], language)
        note = pgettext("cockpit", "masked") if masked else written.unit
        columns.append(
            {
                "key": str(index),
                "title": f"{title} ({note})" if note else str(title),
                "kind": "number" if written.numeric else "text",
            }
        )
        names = {} if masked else _names(known, name, source)
        for cells, text in zip(shown, written.texts, strict=True):
            said = str(names.get(text or "") or "")
            cells[str(index)] = f"{said} · {text}" if said and said != text else text
    return {"caption": gettext("Rows behind the figure"), "columns": columns, "rows": shown, "dense": True}


def _names(known: Definition, name: str, source: Column | None) -> Mapping[str, Text]:
    """What the codes of a column are called: as members of the dimension of its name, or by its contract."""
    members = next((each.members for each in known.dimensions if each.id == name), {})
    return members or (source.codes if source else {})


def _pager(request: HttpRequest, rows: Rows) -> dict[str, Any]:
    number = request.GET.get("page", "1")
    page = counted(number, 10**6) or 1
    query = {key: value for key, value in request.GET.items() if key != "page"}
    return {"page": page, "size": PAGE, "total": rows.total, "query": query}


def _snapshots(found: Walk) -> dict[str, Any]:
    columns = [
        {"key": "table", "title": gettext("Table")},
        {"key": "snapshot", "title": gettext("Snapshot"), "kind": "urn"},
        {"key": "rows", "title": pgettext("cockpit", "Rows"), "kind": "number"},
        {"key": "committed", "title": gettext("Committed"), "kind": "when"},
        {"key": "entry", "title": gettext("Ledger entry")},
    ]
    rows = [
        {
            "table": _table_link(each.table),
            "snapshot": each.urn,
            "rows": each.rows,
            "committed": each.committed_at,
            "entry": {"text": str(each.entry_id), "url": f"/ledger/entries/{each.entry_id}"},
        }
        for each in found.computation.readings
    ]
    return {"caption": gettext("Snapshots read"), "columns": columns, "rows": rows}


def _table_link(table: str) -> dict[str, str]:
    return {"text": str(lake.contract(table).title) or table, "url": Urn.parse(lake.table_urn(table)).path}


def _values_url(found: Walk) -> str:
    run = found.computation
    tail = run.urn.rpartition("/")[2]
    return (
        f"/api/indicators/{run.indicator}/values?{urlencode({'as_of': run.as_of.isoformat(), 'run': tail})}"
    )
