"""Whole editions as files: made once for each snapshot, sent in any part."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase

from hutong.portal import cards, engine, writing
from hutong.portal.editions import ROWS
from hutong.portal.errors import NoEdition, NotOpen
from hutong.portal.logic.cells import harmless_sql
from hutong.portal.logic.query import ROW, quoted
from hutong.portal.reading import as_json
from hutong.portal.types import Edition, OpenTable, Type

_AT_ONCE: Final = 300_000  # rows up to which a reader waits for a file; the job makes larger ones
_MOST_XLSX: Final = 1_000_000
_PART: Final = 2**18
_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z")


def send(request: HttpRequest, table: OpenTable, edition: Edition, kind: str) -> HttpResponseBase:
    """A file of the edition, whole or the part that is asked for (RFC 9110, section 14)."""
    file = _file(table, edition, kind, wait=edition.rows <= _AT_ONCE)
    size = file.stat().st_size
    tag = f'"{edition.tag}.{kind}"'
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, no-cache",
        "Hutong-Snapshot": edition.snapshot,
        "Content-Disposition": f'attachment; filename="{table.id}.{kind}"',
        "Access-Control-Allow-Origin": "*",
    }
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    begin, end, status = _asked(request, size, tag)
    if status == 416:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    if status == 206:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - begin)
    parts = iter(()) if request.method == "HEAD" else _parts(file, begin, end)
    return StreamingHttpResponse(parts, status=status, content_type=writing.KINDS[kind], headers=headers)


def make_all(table: OpenTable, edition: Edition) -> int:
    """Every file the dataset is offered in; returns how many."""
    wanted = [each for each in cards.kinds(table) if each != "xlsx" or edition.rows <= _MOST_XLSX]
    for kind in wanted:
        _file(table, edition, kind, wait=True)
    return len(wanted)


def _asked(request: HttpRequest, size: int, tag: str) -> tuple[int, int, int]:
    """From, up to, and the status: 200 whole, 206 a part, 416 none."""
    found = _RANGE.match(request.headers.get("Range", ""))
    if not found or not (found[1] or found[2]) or request.headers.get("If-Range", tag) != tag:
        return 0, size, 200
    if not found[1]:
        begin, end = max(0, size - int(found[2])), size
    else:
        begin, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
    return (begin, end, 206) if begin < end else (0, 0, 416)


def _parts(file: Path, begin: int, end: int) -> Iterator[bytes]:
    with file.open("rb") as source:
        source.seek(begin)
        while begin < end:
            part = source.read(min(_PART, end - begin))
            if not part:
                return
            begin += len(part)
            yield part


def _file(table: OpenTable, edition: Edition, kind: str, *, wait: bool) -> Path:
    """The file, made now where it is not there and may be waited for."""
    if kind not in cards.kinds(table) or (kind == "xlsx" and edition.rows > _MOST_XLSX):
        raise NotOpen(name=f"{table.id}.{kind}")
    file = Path(edition.folder) / f"{table.id}.{kind}"
    if file.is_file():
        return file
    if not wait:
        raise NoEdition(name=f"{table.id}.{kind}")
    handle, working = tempfile.mkstemp(prefix=".making-", suffix=f".{kind}", dir=edition.folder)
    os.close(handle)
    try:
        _write(table, edition, kind, Path(working))
        Path(working).replace(file)
    finally:
        Path(working).unlink(missing_ok=True)
    return file


def _write(table: OpenTable, edition: Edition, kind: str, target: Path) -> None:
    connection = engine.connect()
    try:
        connection.execute(f"ATTACH {_literal(Path(edition.folder) / ROWS)} AS e (READ_ONLY)")
        picked = ", ".join(f"{_plain(each, kind)} AS {quoted(each.name)}" for each in table.columns)
        select = f"SELECT {picked} FROM e.t ORDER BY {ROW}"
        options = {
            "csv": "FORMAT csv, HEADER true",
            "json": "FORMAT json, ARRAY true",
            "parquet": "FORMAT parquet, COMPRESSION zstd",
        }.get(kind)
        if options:
            connection.execute(f"COPY ({select}) TO {_literal(target)} ({options})")
            return
        names = tuple(each.name for each in table.columns)
        rows = _rows(connection.execute(select))
        if kind == "xlsx":
            writing.write_xlsx(target, names, rows)
        else:
            _write_geojson(target, table, names, rows)
    finally:
        connection.close()


def _write_geojson(
    target: Path, table: OpenTable, names: tuple[str, ...], rows: Iterator[tuple[Any, ...]]
) -> None:
    with target.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for number, feature in enumerate(writing.features(table, names, rows)):
            file.write((b"," if number else b"") + b"\n" + as_json(feature))
        file.write(b"\n]}\n")


def _rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany(5_000):
        yield from batch


def _plain(column: Any, kind: str) -> str:
    """How a column is written to a text file."""
    name = quoted(column.name)
    if column.type is Type.DATETIME and kind in {"csv", "json", "xlsx"}:
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%SZ')"
    if column.type is Type.TEXT and kind == "csv":
        return harmless_sql(name)
    if column.type is Type.GEOMETRY and kind == "json":
        return f"{name}::JSON"
    return name


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
