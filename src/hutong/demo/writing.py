"""Files as bureaus hand them in: text in several encodings, spreadsheets, JSON, GeoJSON, Parquet, a database.

The same columns give the same bytes: nothing in a file tells when it was written.
"""

import gzip
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from pyarrow import csv, parquet

from hutong.demo.logic.made import Columns
from hutong.demo.pack import FileSpec, SourceSpec

Array = Any  # of Arrow, whose element type depends on the column
_FIXED = (2024, 1, 31, 0, 0, 0)


def write(path: Path, columns: Columns, headers: Sequence[str], source: SourceSpec, file: FileSpec) -> None:
    """Write ``columns`` under ``headers`` (same order) in the form of ``file``; the file appears whole or not."""
    content = _WRITERS[file.format](columns, list(headers), source, file)
    if file.gzip:
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0, compresslevel=1) as stream:
            stream.write(content)
        content = packed.getvalue()
    beside = path.with_suffix(path.suffix + ".part")
    beside.write_bytes(content)
    beside.replace(path)


def arrow(values: Any) -> Array:
    """A column for Arrow: empty texts, NaT and None are nulls; mixed columns become text."""
    kind = values.dtype.kind
    if kind == "U":
        return pa.array(np.where(values == "", None, values.astype(object)), type=pa.string())
    if kind == "M":
        unit = pa.date32() if values.dtype == np.dtype("datetime64[D]") else pa.timestamp("s")
        return pa.array(values, type=unit)
    if kind != "O":
        return pa.array(values)
    clean = [None if each in (None, "") else each for each in values]
    kinds = {type(each) for each in clean if each is not None}
    if len(kinds) > 1:
        clean = [None if each is None else str(each) for each in clean]
    return pa.array(clean)


def plain(values: Any) -> list[Any]:
    """A column as Python values: None where there is nothing, whole floats as they are."""
    return list(arrow(values).to_pylist())


def _csv(columns: Columns, headers: list[str], _source: SourceSpec, file: FileSpec) -> bytes:
    arrays = [_shown(arrow(values)) for values in columns.values()]
    sink = io.BytesIO()
    csv.write_csv(pa.table(arrays, names=headers), sink, csv.WriteOptions(quoting_style="needed"))
    content = sink.getvalue()
    return content if file.encoding == "utf-8" else content.decode("utf-8").encode(file.encoding)


def _shown(array: Array) -> Array:
    """Moments as departments write them: ``2023-07-03 08:15:00``."""
    return array.cast(pa.string()) if pa.types.is_timestamp(array.type) else array


def _json(columns: Columns, headers: list[str], source: SourceSpec, _file: FileSpec) -> bytes:
    document: Any = _records(columns, headers)
    for part in reversed(source.records.split(".") if source.records else []):
        document = {part: document}
    if source.records:
        document = {"code": 200, "message": "ok", **document}
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8")


def _ndjson(columns: Columns, headers: list[str], _source: SourceSpec, file: FileSpec) -> bytes:
    lines = (json.dumps(each, ensure_ascii=False) for each in _records(columns, headers))
    return ("\n".join(lines) + "\n").encode(file.encoding)


def _records(columns: Columns, headers: list[str]) -> list[dict[str, Any]]:
    lists = [_texts_of_days(values) for values in columns.values()]
    return [dict(zip(headers, row, strict=True)) for row in zip(*lists, strict=True)]


def _texts_of_days(values: Any) -> list[Any]:
    array = arrow(values)
    if pa.types.is_date32(array.type) or pa.types.is_timestamp(array.type):
        array = array.cast(pa.string())
    return list(array.to_pylist())


def _geojson(columns: Columns, headers: list[str], _source: SourceSpec, _file: FileSpec) -> bytes:
    """Outlines as polygons; without them ``lon`` and ``lat`` become points, and stay as properties."""
    titles = dict(zip(columns, headers, strict=True))
    properties = {name: values for name, values in columns.items() if name != "geometry"}
    rows = _records(properties, [titles[name] for name in properties])
    if "geometry" in columns:
        shapes = [{"type": "Polygon", "coordinates": [ring]} for ring in columns["geometry"]]
    else:
        shapes = [
            {"type": "Point", "coordinates": [lon, lat]}
            for lon, lat in zip(plain(columns["lon"]), plain(columns["lat"]), strict=True)
        ]
    features = [
        {"type": "Feature", "properties": row, "geometry": shape}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode("utf-8")


def _parquet(columns: Columns, headers: list[str], _source: SourceSpec, _file: FileSpec) -> bytes:
    sink = io.BytesIO()
    table = pa.table([arrow(values) for values in columns.values()], names=headers)
    parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _sqlite(columns: Columns, headers: list[str], source: SourceSpec, _file: FileSpec) -> bytes:
    table = source.dataset.replace("-", "_")
    names = ", ".join(f'"{each}"' for each in headers)
    rows = zip(*(_texts_of_days(values) for values in columns.values()), strict=True)
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f'CREATE TABLE "{table}" ({names})')
        connection.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(headers))})', rows)
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _xlsx(columns: Columns, headers: list[str], source: SourceSpec, _file: FileSpec) -> bytes:
    """A title row, a header whose groups are merged cells, and the rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = "数据"
    top = 1
    if source.title_row:
        sheet.cell(1, 1, source.title_row.zh).font = Font(bold=True, size=14)
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headers))
        top = 2
    top += _header(sheet, list(columns), headers, source, top)
    for row in zip(*(_texts_of_days(values) for values in columns.values()), strict=True):
        sheet.append(row)
    sheet.freeze_panes = sheet.cell(top, 1)
    sink = io.BytesIO()
    book.save(sink)
    return _timeless(sink.getvalue())


def _header(sheet: Any, names: list[str], headers: list[str], source: SourceSpec, top: int) -> int:
    """Write the header; returns its height."""
    grouped = {name: group for group, members in source.groups.items() for name in members}
    height = 2 if grouped else 1
    start = 0
    for place, (name, header) in enumerate(zip(names, headers, strict=True), 1):
        group = grouped.get(name)
        if group is None:
            sheet.cell(top, place, header)
            if height == 2:
                sheet.merge_cells(start_row=top, start_column=place, end_row=top + 1, end_column=place)
            continue
        sheet.cell(top + 1, place, header)
        if place == 1 or grouped.get(names[place - 2]) != group:
            start = place
            sheet.cell(top, place, group).alignment = Alignment(horizontal="center")
        if place == len(names) or grouped.get(names[place]) != group:
            sheet.merge_cells(start_row=top, start_column=start, end_row=top, end_column=place)
    return height


def _timeless(content: bytes) -> bytes:
    """The workbook again with one fixed time everywhere."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2024-01-31T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, _FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, part)
    return sink.getvalue()


_WRITERS: dict[str, Callable[[Columns, list[str], SourceSpec, FileSpec], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": _json,
    "ndjson": _ndjson,
    "geojson": _geojson,
    "parquet": _parquet,
    "sqlite": _sqlite,
}
