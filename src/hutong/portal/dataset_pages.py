"""Pages about one open dataset: preview, metadata, interface, files, quality; and its files."""

import json
from typing import Any, Final
from urllib.parse import quote

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hutong.accounts.api import requires
from hutong.portal import (
    cards,
    dataset_facts,
    editions,
    files,
    index,
    letters,
    opened,
    reading,
    terms,
    usage,
)
from hutong.portal.errors import NoEdition, NotOpen
from hutong.portal.logic.query import Aggregate, Query
from hutong.portal.models import Package
from hutong.portal.shown import cell, heading, letter, said
from hutong.portal.types import Edition, OpenTable, Type
from hutong.ui.api import Crumb

SAMPLE: Final = 20
_ON_MAP: Final = 500
_BARS: Final = 12
SIDES: Final = (
    ("", gettext_lazy("Preview")),
    ("metadata", gettext_lazy("Metadata")),
    ("api", gettext_lazy("API")),
    ("quality", gettext_lazy("Quality")),
)


@requires("portal.view")
def dataset(request: HttpRequest, name: str, side: str = "") -> HttpResponse:
    """One side of a dataset's page."""
    index.follow()
    row = Package.objects.filter(name=name, listed=True).first()
    if row is None:
        raise NotOpen(name=name)
    usage.count(row.name, "view")
    base = f"{request.scheme}://{request.get_host()}"
    body = orjson.loads(row.body.replace(cards.SITE, base))
    table = opened.table(row.urn.rpartition(":")[2]) if row.origin == "catalog" else None
    context = {
        "row": row,
        "body": body,
        "title": said(body, "title"),
        "notes": said(body, "notes"),
        "side": side,
        "crumbs": [Crumb(_("Open data"), "/open"), Crumb(said(body, "title"))],
        "tabs": [
            {
                "label": label,
                "url": f"/open/{row.name}/{key}" if key else f"/open/{row.name}",
                "current": key == side,
            }
            for key, label in SIDES
        ],
        "organisation": dataset_facts.bureau(row, body),
        "synthetic": dataset_facts.fact(body, "synthetic") == "true",
        "linked": _linked(base, row, body),
        "files": body["resources"],
        "use": usage.of(row.name),
    }
    fill = {"": _preview, "metadata": dataset_facts.metadata, "api": _api, "quality": dataset_facts.quality}[
        side
    ]
    return render(request, f"portal/dataset_{side or 'preview'}.html", context | fill(row, body, table, base))


@requires("portal.view")
def file(request: HttpRequest, name: str, file_name: str, kind: str) -> HttpResponseBase:
    """A whole dataset as a file, or a part of it."""
    if name != file_name or request.method not in {"GET", "HEAD"}:
        raise NotOpen(name=file_name)
    table = opened.table(name)
    answer = files.send(request, table, editions.current(table), kind)
    if answer.status_code == 200 and request.method == "GET":
        usage.count(name, "download")
    return answer


def _preview(row: Package, _body: Any, table: OpenTable | None, _base: str) -> dict[str, Any]:
    if table is None or table.snapshot is None:
        return {"table": None, "letters": [letter(each) for each in letters.shown(row.name)]}
    try:
        edition = editions.current(table)
    except NoEdition:
        return {"table": None, "making": True, "letters": [letter(each) for each in letters.shown(row.name)]}
    about = {"edition": edition, "letters": [letter(each) for each in letters.shown(row.name)]}
    if edition.people:
        return about | {
            "table": None,
            "people": True,
            "smallest": edition.smallest,
            "chart": _chart(table, edition),
        }
    shown = tuple(each.name for each in table.columns if each.type is not Type.GEOMETRY)
    page = reading.page(edition, Query(columns=shown, limit=SAMPLE))
    titles = {each.name: heading(each) for each in table.columns}
    columns = [table.column(name) for name in page.columns]
    return about | {
        "table": {
            "caption": _("The first rows"),
            "columns": [
                {"key": name, "title": titles[name], "kind": _kind(table, name)} for name in page.columns
            ],
            "rows": [
                [cell(column, value) for column, value in zip(columns, line, strict=True)]
                for line in page.rows
            ],
            "dense": True,
        },
        "chart": _chart(table, edition),
        "map": _map(table, edition),
    }


def _api(row: Package, body: Any, table: OpenTable | None, base: str) -> dict[str, Any]:
    if table is None:
        return {"examples": [("curl", f"curl '{base}/api/3/action/package_show?id={row.name}'")]}
    address = f"{base}/api/portal/datasets/{table.id}/rows"
    number = next((each.name for each in table.columns if each.type in {Type.INTEGER, Type.NUMBER}), "")
    group = _category(table)
    asked = f"limit=10{f'&sort=-{number}' if number else ''}"
    resource = next((each["id"] for each in body["resources"] if each.get("datastore_active")), row.name)
    examples = [
        (_("Rows, sorted"), f"curl '{address}?{asked}'"),
        (
            _("Filtered"),
            f"curl '{address}?where={table.columns[0].name}:notnull&columns={table.columns[0].name}'",
        ),
        (
            _("Python"),
            f"import httpx\nanswer = httpx.get('{address}', params={{'limit': 10}})\nprint(answer.json()['rows'])",
        ),
        (
            _("CKAN client"),
            (
                f"from ckanapi import RemoteCKAN\nsite = RemoteCKAN('{base}')\n"
                f"print(site.action.datastore_search(resource_id='{resource}', limit=5))"
            ),
        ),
        (_("A part of a file"), f"curl -r 0-1023 '{base}/open/{table.id}/files/{table.id}.csv'"),
    ]
    if table.people:
        examples = [(_("Counted"), f"curl '{address}?aggregate=count'")]
    if group:
        examples.insert(
            min(2, len(examples)),
            (_("Counted by group"), f"curl '{address}?group_by={group}&aggregate=count&sort=-count'"),
        )
    return {"examples": examples, "address": address}


def _category(table: OpenTable) -> str:
    """A column whose values sort rows into a few kinds."""
    coded = [each.name for each in table.columns if each.source.type == "code"]
    return coded[0] if coded else ""


def _chart(table: OpenTable, edition: Edition) -> dict[str, Any] | None:
    """Rows by kind, where the table has a column of kinds."""
    name = _category(table)
    if not name:
        return None
    query = Query(
        columns=(),
        group_by=(name,),
        aggregates=(Aggregate("count"),),
        sort=(("count", True), (name, False)),
        limit=_BARS,
    )
    found = reading.page(edition, query)
    column = table.column(name)
    codes = column.codes if column else {}
    return {
        "id": "chart",
        "title": _("Rows by %(column)s") % {"column": column.title if column else name},
        "kind": "hbar",
        "labels": [
            str(codes[each]) if each in codes else str(each if each is not None else "—")
            for each, _n in found.rows
        ],
        "series": [{"name": _("Rows"), "values": [number for _each, number in found.rows]}],
    }


def _map(table: OpenTable, edition: Edition) -> dict[str, Any] | None:
    """Where the first rows lie; the script asks for them by itself."""
    if not table.geometry and not table.place:
        return None
    address = f"/api/portal/datasets/{quote(table.id)}/rows?format=geojson&limit={_ON_MAP}"
    return {
        "address": address,
        "of": min(_ON_MAP, edition.rows),
        "label": {each.name: str(each.title) for each in table.columns if each.type is not Type.GEOMETRY},
        "words": {
            "zoomIn": _("Zoom in"),
            "zoomOut": _("Zoom out"),
            "map": _("Map"),
            "none": _("No row has a place."),
        },
    }


def _kind(table: OpenTable, name: str) -> str:
    column = table.column(name)
    return (
        "number"
        if column
        and column.type in {Type.NUMBER, Type.INTEGER}
        and column.source.type not in {"year", "longitude", "latitude"}
        else "text"
    )


def _linked(base: str, row: Package, body: Any) -> str:
    """schema.org's description for search engines, safe inside a script element that holds data only."""
    found = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": row.title,
        "description": body["notes"] or row.title,
        "url": f"{base}/open/{row.name}",
        "identifier": row.urn,
        "license": body.get("license_url") or terms.current().licence_url,
        "keywords": row.tags,
        "dateModified": row.modified_at.date().isoformat(),
        "isAccessibleForFree": True,
        "creator": {
            "@type": "Organization",
            "name": body["organization"]["title"] if body["organization"] else "",
        },
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": each.get("mimetype") or each["format"],
                "contentUrl": each["url"],
            }
            for each in body["resources"]
        ],
    }
    text = json.dumps(found, ensure_ascii=False)
    return text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})


urlpatterns = [
    path("open/<slug:name>", dataset, name="open-dataset"),
    *(
        path(f"open/<slug:name>/{side}", dataset, {"side": side}, name=f"open-{side}")
        for side, _t in SIDES
        if side
    ),
    path("open/<slug:name>/files/<slug:file_name>.<slug:kind>", file, name="open-file"),
]
