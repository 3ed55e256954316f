"""``/datastore/dump/<resource>``: all rows of a resource as a stream, a few thousand at a time."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path

from hutong.accounts.api import requires
from hutong.portal import reading, usage
from hutong.portal.ckan import asked as read
from hutong.portal.ckan import datastore
from hutong.portal.ckan.errors import ActionError, Unfit
from hutong.portal.logic.cells import harmless
from hutong.portal.logic.query import ROW, Query
from hutong.portal.types import Edition

_BATCH: Final = 5_000
_MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}
Rows = Iterator[list[tuple[Any, ...]]]


@requires("portal.view")
def dump(request: HttpRequest, resource: str) -> HttpResponseBase:
    """Every row; ``?format=csv|tsv|json|xml``, ``?bom=true``, ``?limit=``, ``?offset=``."""
    data = {name: value for name, value in request.GET.items() if name != "limit"}
    try:
        form = read.text(data, "format", "csv").lower()
        if form not in _MEDIA:
            raise Unfit({"format": [f"Must be one of {', '.join(_MEDIA)}"]})
        most = read.number(request.GET, "limit", 2**40, 2**40)
        table, edition = datastore.table_of(resource)
        query = datastore.query_of(table, data)
        reading.one_by_one(edition)
    except ActionError as error:
        return JsonResponse({"success": False, "error": error.body}, status=error.status)
    usage.count(table.id, "download")
    rows = _batches(edition, query, most)
    parts = _WRITERS[form](query.columns, rows, [each["type"] for each in datastore.fields_of(table)])
    mark = "\ufeff" if read.flag(data, "bom", False) and form in {"csv", "tsv"} else ""
    headers = {"Content-Disposition": f'attachment; filename="{table.id}.{form}"'}
    text = (each.encode() for each in _after(mark, parts))
    return StreamingHttpResponse(text, content_type=_MEDIA[form], headers=headers)


def _after(mark: str, parts: Iterator[str]) -> Iterator[str]:
    yield mark
    yield from parts


def _batches(edition: Edition, query: Query, most: int) -> Rows:
    query = replace(query, sort=query.sort or ((ROW, False),))
    while most > 0:
        page = reading.page(edition, replace(query, limit=min(_BATCH, most)))
        if page.rows:
            yield page.rows
        if not page.more:
            return
        most -= len(page.rows)
        query = replace(query, offset=query.offset + len(page.rows))


def _separated(mark: str) -> Callable[..., Iterator[str]]:
    def write(columns: tuple[str, ...], rows: Rows, _types: list[str]) -> Iterator[str]:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=mark, lineterminator="\r\n")
        writer.writerow(columns)
        for batch in rows:
            writer.writerows([[harmless(each) for each in row] for row in batch])
            yield text.getvalue()
            text.seek(0)
            text.truncate()
        yield text.getvalue()

    return write


def _json(columns: tuple[str, ...], rows: Rows, types: list[str]) -> Iterator[str]:
    fields = [{"id": name, "type": kind} for name, kind in zip(columns, types, strict=False)]
    yield '{\n  "fields": ' + reading.as_json(fields).decode() + ',\n  "records": ['
    first = True
    for batch in rows:
        text = ",\n".join(reading.as_json(row).decode() for row in batch)
        yield ("\n" if first else ",\n") + text
        first = False
    yield "\n]}\n"


def _xml(columns: tuple[str, ...], rows: Rows, _types: list[str]) -> Iterator[str]:
    yield '<data xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    for batch in rows:
        for row in batch:
            cells = "".join(
                _cell(name, value) for name, value in zip(columns, row, strict=True) if name != ROW
            )
            yield f"<row _id={quoteattr(str(row[0]))}>{cells}</row>\n"
    yield "</data>\n"


def _cell(name: str, value: Any) -> str:
    if value is None:
        return f'<{name} xsi:nil="true"></{name}>'
    text = "".join(each for each in str(value) if each >= " " or each in "\t\n")
    return f"<{name}>{escape(text)}</{name}>"


_WRITERS: Final[dict[str, Callable[..., Iterator[str]]]] = {
    "csv": _separated(","),
    "tsv": _separated("\t"),
    "json": _json,
    "xml": _xml,
}

urlpatterns = [path("datastore/dump/<str:resource>", dump, name="ckan-dump")]
