"""Actions of CKAN's datastore over published editions, and ``/datastore/dump``."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

import orjson
from django.utils.http import urlencode

from hutong.accounts.api import Actor
from hutong.portal import cards, editions, opened, reading, usage
from hutong.portal.ckan import asked as read
from hutong.portal.ckan.asked import Data
from hutong.portal.ckan.errors import Missing, Unfit
from hutong.portal.ckan.reading import READ
from hutong.portal.errors import BadQuery, NotOpen
from hutong.portal.logic import query as asking
from hutong.portal.logic.cells import harmless
from hutong.portal.logic.query import ROW, Condition, Query
from hutong.portal.models import Resource
from hutong.portal.types import Edition, OpenTable, Type

TYPES: Final[Mapping[Type, str]] = {
    Type.TEXT: "text",
    Type.INTEGER: "bigint",
    Type.NUMBER: "double precision",
    Type.BOOLEAN: "bool",
    Type.DATE: "date",
    Type.DATETIME: "timestamp",
    Type.GEOMETRY: "json",
}


def table_of(resource: str) -> tuple[OpenTable, Edition]:
    """The open table behind a resource's id (any of its files), or behind a dataset's name; raises ``Missing``."""
    kept = Resource.objects.filter(uuid=resource).select_related("package").first()
    if kept is not None and kept.package.origin != "catalog":
        raise Missing(f'Resource "{resource[:80]}" was not found.')
    name = kept.package.urn.rpartition(":")[2] if kept else resource
    try:
        table = opened.table(name)
    except NotOpen as error:
        raise Missing(f'Resource "{resource[:80]}" was not found.') from error
    return table, editions.current(table)


def datastore_search(_actor: Actor, data: Data) -> dict[str, Any]:
    """Return rows of a resource, filtered, searched, sorted and paged."""
    resource = read.text(data, "resource_id") or read.needed(data, "id")
    table, edition = table_of(resource)
    query = query_of(table, data)
    shape = read.text(data, "records_format", "objects")
    if shape not in {"objects", "lists", "csv", "tsv"}:
        raise Unfit({"records_format": ["Value must be one of ['objects', 'lists', 'csv', 'tsv']"]})
    counted = read.flag(data, "include_total", True)
    found = reading.page(edition, query, count=counted)
    usage.count(table.id, "call")
    answer: dict[str, Any] = {
        "include_total": counted,
        "limit": query.limit,
        "records_format": shape,
        "resource_id": resource,
        "total_estimation_threshold": None,
        "records": _records(found.columns, found.rows, shape),
        "fields": [each for each in fields_of(table) if each["id"] in found.columns],
        "_links": _links(data, query),
    }
    if query.offset:
        answer["offset"] = query.offset
    for key in ("filters", "q", "sort"):
        if data.get(key):
            answer[key] = data[key]
    if counted:
        answer |= {"total": found.total, "total_was_estimated": False}
    return answer


def datastore_info(_actor: Actor, data: Data) -> dict[str, Any]:
    """Return the columns of a resource and how many rows it has."""
    table, edition = table_of(read.text(data, "resource_id") or read.needed(data, "id"))
    count = None if edition.rows < edition.smallest else edition.rows
    return {
        "meta": {"id": read.text(data, "id"), "count": count, "table_type": "BASE TABLE", "aliases": []},
        "fields": [
            {
                "id": each.name, "type": TYPES[each.type],
                "info": {"label": str(each.title.zh), "notes": each.unit},
                "schema": {"notnull": each.source.required, "is_index": True},
            }
            for each in table.columns
        ],
    }  # fmt: skip


READ["datastore_search"] = datastore_search
READ["datastore_info"] = datastore_info


def query_of(table: OpenTable, data: Data) -> Query:
    """The question in our own form; what CKAN calls wrong is ``Unfit``."""
    every = (ROW, *(each.name for each in table.columns))
    wanted = tuple(str(each) for each in read.listing(data, "fields")) or every
    unknown = [each for each in wanted if each not in every]
    if unknown:
        raise Unfit({"fields": [f'field "{unknown[0][:60]}" not in table']})
    words, where = _words(table, data)
    try:
        query = Query(
            columns=tuple(dict.fromkeys(wanted)),
            where=(*_filters(table, data), *where),
            words=words,
            searched=asking.texts(table),
            sort=_sort(table, read.text(data, "sort")),
            limit=read.number(data, "limit", 100, asking.MOST_ROWS),
            offset=read.number(data, "offset", 0, asking.MOST_OFFSET),
            distinct=read.flag(data, "distinct", False),
        )
        return asking.check(query)
    except BadQuery as error:
        raise Unfit({str(error.facts["key"]): [str(error.said.en)]}) from error


def _filters(table: OpenTable, data: Data) -> list[Condition]:
    found = _map(data, "filters")
    conditions = []
    for name, value in found.items():
        if name == ROW:
            conditions.append(Condition(ROW, "in", tuple(_whole(each) for each in _several(value))))
            continue
        column = table.column(name)
        if column is None:
            raise Unfit({"filters": [f'field "{name[:60]}" not in table']})
        values = _several(value)
        try:
            typed = tuple(asking.typed(column, each) for each in values if each is not None)
        except BadQuery as error:
            raise Unfit({"filters": [f'invalid input for field "{name[:60]}"']}) from error
        if not typed:
            conditions.append(Condition(name, "null"))
        else:
            conditions.append(
                Condition(name, "eq", typed) if len(typed) == 1 else Condition(name, "in", typed)
            )
    return conditions


def _whole(value: Any) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise Unfit({"filters": ['invalid input for field "_id"']}) from error


def _words(table: OpenTable, data: Data) -> tuple[tuple[str, ...], list[Condition]]:
    """``q`` is words for all text columns, or a map of words by column."""
    found = data.get("q")
    if isinstance(found, str) and found.lstrip().startswith("{"):
        found = _map(data, "q")
    if isinstance(found, dict):
        conditions = []
        for name, text in found.items():
            if table.column(name) is None:
                raise Unfit({"q": [f'field "{str(name)[:60]}" not in table']})
            conditions += [
                Condition(name, "contains", (word.removesuffix(":*"),)) for word in str(text).split()
            ]
        return (), conditions
    if found is None:
        return (), []
    return tuple(word.removesuffix(":*") for word in str(found)[:500].split()), []


def _sort(table: OpenTable, text: str) -> tuple[tuple[str, bool], ...]:
    found = []
    for part in [each.strip() for each in text.split(",") if each.strip()][:8]:
        name, _, direction = (
            part.rpartition(" ") if part.lower().endswith((" asc", " desc")) else (part, "", "")
        )
        name = name.strip().strip('"')
        if name != ROW and table.column(name) is None:
            raise Unfit({"sort": [f'field "{name[:60]}" not in table']})
        found.append((name, direction.lower() == "desc"))
    return tuple(found)


def _map(data: Data, key: str) -> dict[str, Any]:
    found = data.get(key) or {}
    if isinstance(found, str):
        try:
            found = orjson.loads(found)
        except orjson.JSONDecodeError as error:
            raise Unfit({key: ["Cannot parse JSON"]}) from error
    if not isinstance(found, dict) or len(found) > 20:
        raise Unfit({key: ["Not a json object"]})
    return {str(name): value for name, value in found.items()}


def _several(value: Any) -> list[Any]:
    found = value if isinstance(value, list) else [value]
    if len(found) > 200 or any(isinstance(each, dict | list) for each in found):
        raise Unfit({"filters": ["Values must be texts or numbers, 200 at most"]})
    return found


def _records(columns: tuple[str, ...], rows: list[tuple[Any, ...]], shape: str) -> Any:
    if shape == "objects":
        return [dict(zip(columns, row, strict=True)) for row in rows]
    if shape == "lists":
        return rows
    text = io.StringIO()
    writer = csv.writer(text, delimiter="," if shape == "csv" else "\t", lineterminator="\n")
    writer.writerows([[harmless(each) for each in row] for row in rows])
    return text.getvalue()


def fields_of(table: OpenTable) -> list[dict[str, Any]]:
    own = [
        {"id": each.name, "type": TYPES[each.type], "info": {"label": str(each.title.zh)}}
        for each in table.columns
    ]
    return [{"id": ROW, "type": "int"}, *own]


def _links(data: Data, query: Query) -> dict[str, str]:
    kept: dict[str, str | int] = {
        key: value if isinstance(value, str) else orjson.dumps(value).decode()
        for key, value in data.items()
        if key not in {"offset", "limit"}
    }
    base = f"{cards.SITE}/api/3/action/datastore_search?"
    start = base + urlencode(kept | {"limit": query.limit})
    following = base + urlencode(kept | {"limit": query.limit, "offset": query.offset + query.limit})
    return {"start": start, "next": following}
