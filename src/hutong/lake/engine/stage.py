"""A local file as rows of text that DuckDB reads: told apart by content, transcoded, header found.

What must be rewritten (gzip, GB18030, UTF-16, Excel, JSON documents) is kept in a folder named by the content's
hash until the load is over, so that a load that was killed takes up the work again; plain CSV, JSON lines and
Parquet are read where they lie.
"""

import codecs
import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from hutong.kernel.errors import Place
from hutong.kernel.settings import value
from hutong.lake.engine import documents, encodings, excel
from hutong.lake.engine.obtain import Obtained
from hutong.lake.errors import BadSource, ColumnMissing, NoHeader, SourceTooLarge, Truncated, UnknownFormat
from hutong.lake.logic import headers
from hutong.lake.logic.sql import ident, literal
from hutong.lake.types import Contract

_HEAD = 1 << 20
_MOST_COLUMNS = 2000
_VECTOR = 2048


@dataclass(frozen=True, slots=True)
class Staged:
    """Rows of text: ``sql`` is what to select from, with columns ``r:0`` …; ``first_row`` the number of the first."""

    sql: str
    header: headers.Header
    first_row: int
    format: str
    encoding: str = "utf-8"
    rejects: bool = False  # DuckDB keeps rows it cannot split in the table `rejects`
    resumed: bool = False
    geometry_blobs: tuple[str, ...] = field(default=())
    text: Path | None = None  # the CSV itself, in UTF-8
    row_bytes: int = 0  # what a row's text takes, about


def key(obtained: Obtained, contract: Contract) -> str:
    """Names the stage of this content as this contract would read it."""
    how = json.dumps(
        [asdict(contract.source), [headers.spellings(each) for each in contract.columns]], default=str
    )
    return hashlib.sha256(f"2\n{obtained.sha256}\n{how}".encode()).hexdigest()[:32]


def stage(connection: Any, obtained: Obtained, contract: Contract, folder: Path) -> Staged:
    """Make the file readable; raises the errors of bad sources, each with its place."""
    folder.mkdir(parents=True, exist_ok=True)
    path, resumed = obtained.path, False
    if _head(path)[:2] == b"\x1f\x8b":
        path, resumed = _made(folder / "content", lambda to: encodings.gunzip(obtained.path, to, _limit()))
    head = _head(path)
    kind = contract.source.format or _sniff(head, obtained.name)
    match kind:
        case "excel":
            found = _excel(path, contract, folder)
        case "parquet":
            found = _parquet(connection, path, contract)
        case "json" | "ndjson" | "geojson":
            found = _json(connection, path, head, contract, folder)
        case _:
            found = _csv(path, head, contract, folder)
    if len(found.header.names) > _MOST_COLUMNS:
        raise SourceTooLarge(what=f"{len(found.header.names)} columns", limit=str(_MOST_COLUMNS))
    width = found.row_bytes or _row_bytes(connection, found)
    return replace(found, resumed=found.resumed or resumed, row_bytes=width)


def _row_bytes(connection: Any, staged: Staged) -> int:
    """Told from the first rows."""
    read = [ident(f"r:{place}") for place in staged.header.mapping.values()]
    sizes = " + ".join(f"coalesce(strlen({each}), 0)" for each in read) or "0"
    found = connection.execute(
        f"SELECT avg({sizes}) FROM (SELECT * FROM {staged.sql} LIMIT {_VECTOR})"
    ).fetchone()
    return int(found[0] or 0)


def _limit() -> int:
    return int(value("HUTONG_LAKE_MAX_BYTES"))


def _head(path: Path) -> bytes:
    with path.open("rb") as data:
        return data.read(_HEAD)


def _made(target: Path, make: Any) -> tuple[Path, bool]:
    """``target``, made under another name first, so that it is whole when it is there; and whether it was there."""
    if target.is_file():
        return target, True
    partial = target.with_suffix(".partial")
    make(partial)
    partial.rename(target)
    return target, False


def _sniff(head: bytes, name: str) -> str:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "excel"
    if head.startswith(
        (b"\xd0\xcf\x11\xe0", b"%PDF", b"SQLite format", b"\x28\xb5\x2f\xfd", b"BZh", b"7z\xbc")
    ):
        raise UnknownFormat(place=Place(file=name), name=name, seen=head[:4].hex())
    encoding, _ = encodings.detect(head)
    start = head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")[:1]
    if start in ("{", "["):
        return "json"
    if "\x00" in head[:4096].decode(encoding, "ignore"):
        raise UnknownFormat(place=Place(file=name), name=name, seen=head[:4].hex())
    return "csv"


def _excel(path: Path, contract: Contract, folder: Path) -> Staged:
    note = folder / "header.json"
    target = folder / "rows.parquet"
    resumed = target.is_file() and note.is_file()
    if not resumed:
        made: list[headers.Header] = []
        _made(target, lambda to: made.append(excel.stage(path, contract, to, _limit())))
        note.write_text(json.dumps(asdict(made[0])), "utf8")
    raw = json.loads(note.read_text("utf8"))
    header = headers.Header(
        raw["index"], raw["height"], tuple(raw["names"]), raw["mapping"], tuple(raw["extra"])
    )
    first = header.index + header.height + 1
    return Staged(f"read_parquet({literal(str(target))})", header, first, "excel", resumed=resumed)


def _parquet(connection: Any, path: Path, contract: Contract) -> Staged:
    reader = f"read_parquet({literal(str(path))})"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()
    except duckdb.Error as error:
        said = str(error).split("\n", 1)[0]
        kind: type[BadSource] = Truncated if "too small" in said or "magic" in said else BadSource
        raise kind(place=Place(file=path.name), at="EOF", reason=said) from error
    names = [row[0] for row in described]
    header = headers.find([names], contract)
    columns = ", ".join(
        _as_text(row[0], row[1]) + f" AS {ident(f'r:{i}')}" for i, row in enumerate(described)
    )
    blobs = tuple(f"r:{i}" for i, row in enumerate(described) if row[1] in ("BLOB", "GEOMETRY"))
    return Staged(f"(SELECT {columns} FROM {reader})", header, 1, "parquet", geometry_blobs=blobs)


def _as_text(name: str, kind: str) -> str:
    if kind.startswith(("STRUCT", "MAP")) or kind.endswith("]"):
        return f"to_json({ident(name)})::VARCHAR"
    if kind == "BLOB":
        return f"coalesce(TRY(ST_AsText(ST_GeomFromWKB({ident(name)}))), hex({ident(name)}))"
    return f"{ident(name)}::VARCHAR"


def _json(connection: Any, path: Path, head: bytes, contract: Contract, folder: Path) -> Staged:
    encoding = contract.source.encoding or encodings.detect(head)[0]
    if encoding != "utf-8":
        path, _ = _made(folder / "utf8", lambda to: encodings.transcode(path, to, encoding))
    form = "document" if contract.source.records else documents.form(_head(path))
    if form == "document":
        header: list[headers.Header] = []
        target = folder / "records.parquet"
        partial = target.with_suffix(".partial")
        header.append(documents.staged(path, contract, partial))
        partial.rename(target)
        return Staged(f"read_parquet({literal(str(target))})", header[0], 1, "json", encoding)
    sql, found = documents.streamed(connection, path, contract, form)
    return Staged(sql, found, 1, "json", encoding)


def _csv(path: Path, head: bytes, contract: Contract, folder: Path) -> Staged:
    encoding, proven = encodings.detect(head)
    encoding = contract.source.encoding or encoding
    if not proven and not contract.source.encoding and not _is_utf8(path):
        encoding = "gb18030"
    resumed = False
    if encoding.lower().replace("_", "-") not in ("utf-8", "utf8", "ascii"):
        path, resumed = _made(folder / "utf8", lambda to: encodings.transcode(path, to, encoding))
    text = _head(path).decode("utf-8", "replace").removeprefix("\ufeff")
    if not text.strip():
        raise BadSource(place=Place(file=path.name), reason="no text")
    delimiter, header, lines, width = _dialect(text, contract)
    row_bytes = len(text.encode()) // max(text.count("\n"), 1)
    columns = ", ".join(f"'r:{place}': 'VARCHAR'" for place in range(width[0]))
    padding = ", null_padding=true" if width[1] else ""
    sql = (
        f"read_csv({literal(str(path))}, header=false, skip={lines}, delim={literal(delimiter)}, quote='\"',"
        f" escape='\"', auto_detect=false, columns={{{columns}}}, max_line_size=4194304, buffer_size=8388608,"
        f" store_rejects=true, rejects_table='rejects', rejects_scan='reject_scans'{padding})"
    )
    first = header.index + header.height + 1
    return Staged(
        sql, header, first, "csv", encoding, rejects=True, resumed=resumed, text=path, row_bytes=row_bytes
    )


def _is_utf8(path: Path) -> bool:
    """Whether the whole file is UTF-8; asked only where its beginning is plain ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as data:
        try:
            for chunk in iter(lambda: data.read(_HEAD), b""):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
    return True


def _dialect(text: str, contract: Contract) -> tuple[str, headers.Header, int, tuple[int, bool]]:
    """Delimiter, header, physical lines to skip, and the width of the rows (with whether they fall short)."""
    best: tuple[str, headers.Header, list[list[str]]] | None = None
    failure: BadSource | None = None
    for delimiter in [contract.source.delimiter] if contract.source.delimiter else (",", "\t", ";", "|"):
        rows = _parse(text, delimiter, headers.LOOK + 60)
        try:
            found = headers.find(rows, contract, contract.source.header_row)
        except (NoHeader, ColumnMissing) as error:
            failure = error if failure is None or isinstance(failure, NoHeader) else failure
            continue
        if best is None or len(found.mapping) > len(best[1].mapping):
            best = delimiter, found, rows
    if best is None:
        raise failure or BadSource(reason="no rows")
    delimiter, header, rows = best
    below = header.index + header.height
    lines = _physical_lines(text, delimiter, below)
    widths = Counter(len(row) for row in rows[below:-1] or rows[below:])
    usual = widths.most_common(1)[0][0] if widths else len(header.names)
    return delimiter, header, lines, (max(usual, len(header.names)), usual < len(header.names))


def _parse(text: str, delimiter: str, count: int) -> list[list[str]]:
    """The first rows as DuckDB will count them: blank lines are no rows."""
    csv.field_size_limit(_HEAD)
    try:
        return list(islice((row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row), count))
    except csv.Error as error:
        raise BadSource(place=Place(line=1), reason=str(error)) from error


def _physical_lines(text: str, delimiter: str, records: int) -> int:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    seen = 0
    for row in reader:
        seen += bool(row)
        if seen == records:
            return reader.line_num
    return reader.line_num


def again(header: headers.Header, mapping: Sequence[int]) -> list[tuple[str, str]]:
    """What betrays the header row among the data: up to five of its cells."""
    named = [place for place in mapping if header.names[place]]
    return [(ident(f"r:{place}"), header.names[place]) for place in named[:5]] if header.height == 1 else []
