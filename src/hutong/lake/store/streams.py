"""Bodies of any size: a query's rows as bytes in a format, read and written a batch at a time."""

import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text
from hutong.lake.errors import TooManyStreams
from hutong.lake.logic.sql import ident
from hutong.lake.store import contracts, queries
from hutong.lake.types import Body, BodyFormat, ColumnType, Lens, SnapshotRef

declare(
    Setting(
        "HUTONG_LAKE_STREAM_SECONDS",
        3600,
        "int",
        Text(zh="一次流式下载最多持续的秒数", en="The most seconds that a streamed body may take"),
    )
)
AT_ONCE = 8
_PATIENCE = 5.0
_BATCH_BYTES = 1 << 20
_PIECE = 1 << 18
_turn = threading.BoundedSemaphore(AT_ONCE)
MEDIA: Mapping[BodyFormat, str] = {
    BodyFormat.CSV: "text/csv; charset=utf-8",
    BodyFormat.NDJSON: "application/x-ndjson",
    BodyFormat.GEOJSON: "application/geo+json",
    BodyFormat.PARQUET: "application/vnd.apache.parquet",
    BodyFormat.ARROW: "application/vnd.apache.arrow.stream",
    BodyFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WITH_SHAPES = {BodyFormat.PARQUET, BodyFormat.ARROW}
Told = Callable[[int, bool], None]


def media_type(form: BodyFormat) -> str:
    return MEDIA[form]


class _Counted:
    """A reader that hands on few bytes at a time, however wide its rows are, and knows how many rows went by."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.schema = reader.schema
        self.rows = 0

    def __iter__(self) -> Iterator[Any]:
        for batch in self._reader:
            step = max(1, batch.num_rows * _BATCH_BYTES // max(1, batch.nbytes))
            for start in range(0, batch.num_rows, step):
                part = batch.slice(start, step)
                self.rows += part.num_rows
                yield part


def stream(
    sql: str,
    tables: Sequence[str],
    *,
    form: BodyFormat = BodyFormat.CSV,
    params: Mapping[str, Any] | None = None,
    known_at: datetime | None = None,
    lenses: Mapping[str, Lens] | None = None,
    mark: bool = False,
    note: str = "",
    told: Told | None = None,
) -> Body:
    """The rows of one SELECT as a body in ``form``; memory does not grow with it.

    Geometry is WKB in Parquet and Arrow, WKT in the text formats. ``mark`` begins CSV with a byte-order mark;
    ``note`` is a footer of xlsx. ``told(rows, whole)`` is called once at the end, however it ends. Raises what
    ``query`` raises, and ``TooManyStreams``, before the first byte.
    """
    seconds = int(value("HUTONG_LAKE_STREAM_SECONDS"))
    asked = queries.Asked(sql, tuple(tables), params or {}, known_at, lenses or {}, seconds)
    asked = replace(asked, sql=_with_texts(asked, form))
    read: list[tuple[SnapshotRef, ...]] = []
    parts = _parts(asked, _writer(form, mark=mark, note=note), read, told)
    first = next(parts, b"")
    return Body(MEDIA[form], form, read[0], _Parts(first, parts))


class _Parts:
    """The first part, which has been made, then the others; closing it stops the query."""

    def __init__(self, first: bytes, others: Generator[bytes, None, None]) -> None:
        self._first, self._others = first, others

    def __iter__(self) -> Iterator[bytes]:
        yield self._first
        yield from self._others

    def close(self) -> None:
        self._others.close()


def _parts(
    asked: queries.Asked,
    writer: Callable[[Any], Iterator[bytes]],
    read: list[tuple[SnapshotRef, ...]],
    told: Told | None,
) -> Generator[bytes, None, None]:
    if not _turn.acquire(timeout=_PATIENCE):
        raise TooManyStreams(limit=AT_ONCE)
    rows, whole = 0, False
    try:
        with queries.running(asked) as (reader, snapshots):
            read.append(snapshots)
            counted = _Counted(reader)
            try:
                for made in writer(counted):
                    yield from _pieces(made)
                whole = True
            finally:
                rows = counted.rows
    finally:
        _turn.release()
        if told is not None and read:
            told(rows, whole)


def _pieces(made: bytes) -> Iterator[bytes]:
    """What was made, in pieces that a server can hold one by one while a slow reader takes them."""
    if len(made) <= _PIECE:
        yield made
        return
    for start in range(0, len(made), _PIECE):
        yield made[start : start + _PIECE]


def _writer(form: BodyFormat, *, mark: bool, note: str) -> Callable[[Any], Iterator[bytes]]:
    from hutong.lake.engine.writers import files, objects, texts, workbook  # noqa: PLC0415 - Arrow's writers, for bodies alone

    match form:
        case BodyFormat.CSV:
            return lambda reader: texts.csv(reader, mark=mark)
        case BodyFormat.XLSX:
            return lambda reader: workbook.xlsx(reader, note)
        case BodyFormat.NDJSON:
            return objects.ndjson
        case BodyFormat.GEOJSON:
            return objects.geojson
        case BodyFormat.PARQUET:
            return files.parquet
        case BodyFormat.ARROW:
            return files.arrow


def _with_texts(asked: queries.Asked, form: BodyFormat) -> str:
    """The query with its geometry as text where the format has no bytes."""
    if form in _WITH_SHAPES or not any(_has_shapes(table) for table in asked.tables):
        return asked.sql
    plain = asked.sql.strip().rstrip(";")
    empty = replace(asked, sql=f"SELECT * FROM (\n{plain}\n) AS looked LIMIT 0")
    with queries.running(empty) as (reader, _):
        shapes = [each.name for each in reader.schema if "binary" in str(each.type)]
    if not shapes:
        return plain
    if form is BodyFormat.GEOJSON:
        kept = ", ".join(ident(each) for each in shapes)
        shape = f"ST_AsGeoJSON(ST_GeomFromWKB({ident(shapes[0])}))::VARCHAR AS geometry"
        return f"SELECT * EXCLUDE ({kept}), {shape} FROM (\n{plain}\n) AS shaped"
    told = ", ".join(f"ST_AsText(ST_GeomFromWKB({ident(each)})) AS {ident(each)}" for each in shapes)
    return f"SELECT * REPLACE ({told}) FROM (\n{plain}\n) AS shaped"


def _has_shapes(table: str) -> bool:
    return any(each.type is ColumnType.GEOMETRY for each in contracts.current(table)[0].columns)
