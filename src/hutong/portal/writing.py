"""Answers and whole editions as files: CSV, NDJSON, JSON, GeoJSON, Parquet, Excel."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson
from django.http import HttpResponse

from hutong.portal import reading
from hutong.portal.errors import BadQuery
from hutong.portal.logic.cells import harmless
from hutong.portal.logic.query import Query
from hutong.portal.types import Edition, OpenTable

KINDS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def answer(
    table: OpenTable, edition: Edition, query: Query, kind: str, headers: Mapping[str, str]
) -> HttpResponse:
    """One page of rows in another format than JSON."""
    found = reading.page(edition, query)
    body = WRITERS[kind](table, found.columns, found.rows)
    name = f'attachment; filename="{table.id}.{kind}"'
    return HttpResponse(body, content_type=KINDS[kind], headers={**headers, "Content-Disposition": name})


def as_csv(_table: OpenTable, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless(_plain(each)) for each in row])
    return text.getvalue().encode()


def as_ndjson(_table: OpenTable, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    return b"".join(reading.as_json(dict(zip(columns, row, strict=True))) + b"\n" for row in rows)


def as_geojson(table: OpenTable, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    listed = list(features(table, columns, rows))
    return reading.as_json({"type": "FeatureCollection", "features": listed})


def as_parquet(_table: OpenTable, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - seldom asked for, slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    arrays = [list(each) for each in zip(*rows, strict=True)] or [[] for _ in columns]
    target = io.BytesIO()
    pq.write_table(pa.table(dict(zip(columns, arrays, strict=True))), target, compression="zstd")
    return target.getvalue()


def as_xlsx(_table: OpenTable, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="hutong-xlsx-") as folder:
        file = Path(folder) / "rows.xlsx"
        write_xlsx(file, columns, iter(rows))
        return file.read_bytes()


def write_xlsx(file: Path, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    """A workbook with one sheet, written row by row."""
    from openpyxl import Workbook  # noqa: PLC0415 - seldom asked for, slow to import

    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append(list(columns))
    for row in rows:
        sheet.append([_cell(each) for each in row])
    book.save(file)


def _cell(value: Any) -> Any:
    """Excel knows no control characters and no text past 32,767 characters."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415 - see write_xlsx

    if not isinstance(value, str):
        return value
    return str(harmless(ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000]))


def features(
    table: OpenTable, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> Iterator[dict[str, Any]]:
    """One feature a row; raises ``BadQuery`` for a table that has no place."""
    place = table.place
    if not table.geometry and place is None:
        raise BadQuery(key="format", reason="geojson ∉ " + table.id)
    hidden = {table.geometry}
    for row in rows:
        record = dict(zip(columns, row, strict=True))
        geometry: Any = None
        if table.geometry and record.get(table.geometry):
            geometry = orjson.Fragment(record[table.geometry])
        elif place and record.get(place[0]) is not None and record.get(place[1]) is not None:
            geometry = {"type": "Point", "coordinates": [record[place[0]], record[place[1]]]}
        properties = {name: value for name, value in record.items() if name not in hidden}
        yield {"type": "Feature", "geometry": geometry, "properties": properties}


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        value.isoformat() + ("Z" if hasattr(value, "hour") else "") if hasattr(value, "isoformat") else value
    )


WRITERS: Final = {
    "csv": as_csv,
    "ndjson": as_ndjson,
    "geojson": as_geojson,
    "parquet": as_parquet,
    "xlsx": as_xlsx,
}
