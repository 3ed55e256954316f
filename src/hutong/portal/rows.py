"""Rows of open tables for programs: ``/api/portal/datasets/<id>/rows``."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import urlencode
from ninja import Field, Query, Router, Schema

from hutong.accounts.api import requires
from hutong.portal import editions, opened, reading, usage, writing
from hutong.portal.logic import query as asking
from hutong.portal.types import Edition, OpenTable

router = Router()


class RowsAsked(Schema):
    """A question about the rows of a table."""

    where: list[str] = Field(
        [],
        description="`column:operator:value`, several are joined by and; operators: "
        + ", ".join(asking.OPERATORS)
        + ". `column:value` asks for equality, `in` takes values separated by commas.",
    )
    q: str = Field("", max_length=200, description="Words that must all occur in some text column")
    columns: str = Field("", description="Columns of the answer, separated by commas; all when left out")
    sort: str = Field("", description="Columns to sort by, `-` before a name for descending")
    group_by: str = Field("", description="Columns to group by")
    aggregate: str = Field("", description="`count`, or `sum:column`; " + ", ".join(asking.FUNCTIONS))
    distinct: bool = False
    limit: int = Field(asking.USUAL_ROWS, ge=0, le=asking.MOST_ROWS)
    offset: int = Field(0, ge=0, le=asking.MOST_OFFSET)
    count: bool = Field(False, description="Also count all rows of the answer")
    shape: str = Field("objects", pattern="^(objects|arrays)$")
    format: str = Field("json", pattern="^(json|ndjson|csv|geojson|parquet|xlsx)$")


class ColumnOut(Schema):
    name: str
    type: str
    title: dict[str, str]
    unit: str


class RowsOut(Schema):
    """A page of rows. ``next`` is the address of the next page; ``total`` is there when it was asked for."""

    dataset: str
    snapshot: str
    committed_at: str
    rows: list[Any]
    columns: list[str] = Field(default_factory=list)
    next: str | None = None
    total: int | None = None
    smallest_count: int | None = Field(
        None,
        description="Totals over rows about people: counts below this, and what they would follow from, are withheld;"
        " the others are of what is shown",
    )


@router.get("/datasets/{name}/rows", response=RowsOut, summary="Rows of an open table")
@requires("portal.view")
def rows(request: HttpRequest, name: str, asked: Query[RowsAsked]) -> HttpResponse:
    """Filters, sorting, paging and aggregates over the newest published edition of a dataset."""
    table = opened.table(name)
    edition = editions.current(table)
    key = request.META.get("QUERY_STRING", "")
    tag = f'"{hashlib.sha256(f"{edition.tag}?{key}".encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    headers = {"ETag": tag, "Cache-Control": "public, no-cache", "Hutong-Snapshot": edition.snapshot}
    if asked.format != "json":
        return writing.answer(table, edition, query_of(table, asked), asked.format, headers)
    body = reading.kept(edition.tag, key)
    usage.count(name, "call")
    if body is None:
        body = _page(request, table, edition, asked)
        reading.keep(edition.tag, key, body)
    return HttpResponse(body, content_type="application/json", headers=headers)


def query_of(table: OpenTable, asked: RowsAsked) -> asking.Query:
    """The question, checked against the columns; raises ``BadQuery``."""
    aggregates = asking.aggregates(table, asked.aggregate)
    group_by = asking.names(table, asked.group_by, "group_by")
    if group_by and not aggregates:
        aggregates = (asking.Aggregate("count"),)
    outputs = [each.name for each in aggregates]
    every = tuple(each.name for each in table.columns)
    return asking.check(
        asking.Query(
            columns=asking.names(table, asked.columns, "columns") or every,
            where=tuple(asking.condition(table, each) for each in asked.where),
            words=tuple(asked.q.split()),
            searched=asking.texts(table),
            sort=asking.sorting(table, asked.sort, outputs),
            group_by=group_by,
            aggregates=aggregates,
            distinct=asked.distinct,
            limit=asked.limit,
            offset=asked.offset,
        )
    )


def _page(request: HttpRequest, table: OpenTable, edition: Edition, asked: RowsAsked) -> bytes:
    query = query_of(table, asked)
    found = reading.page(edition, query, count=asked.count)
    answer: dict[str, Any] = {
        "dataset": table.id,
        "snapshot": edition.snapshot,
        "committed_at": edition.committed_at,
    }
    if asked.shape == "arrays":
        answer |= {"columns": found.columns, "rows": found.rows}
    else:
        answer["rows"] = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    answer["next"] = _next(request, asked) if found.more else None
    if found.total is not None:
        answer["total"] = found.total
    if edition.smallest and query.grouped:
        answer["smallest_count"] = edition.smallest
    return reading.as_json(answer)


def _next(request: HttpRequest, asked: RowsAsked) -> str:
    kept = [(name, each) for name, values in request.GET.lists() for each in values if name != "offset"]
    return f"{request.path}?{urlencode([*kept, ('offset', asked.offset + asked.limit)])}"
