"""Parquet, Arrow and xlsx."""

import io
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hutong.kernel.settings import home
from hutong.lake.engine.writers import cells
from hutong.lake.engine.writers.harmless import harmless

GROUP_ROWS = 50_000
GROUP_BYTES = 16 << 20
SHEET_ROWS = 1_048_575  # of a sheet, without its header
LONGEST_CELL = 32_767


class _Drain(io.RawIOBase):
    """A file whose bytes are taken away as they are written."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._at = 0

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._at += len(part)
        return len(part)

    def taken(self) -> bytes:
        part = b"".join(self._parts)
        self._parts.clear()
        return part

    def tell(self) -> int:
        return self._at

    def writable(self) -> bool:
        return True


def parquet(reader: Any) -> Iterator[bytes]:
    """Parquet with zstd, a row group at a time."""
    drain = _Drain()
    with pq.ParquetWriter(pa.PythonFile(drain, mode="w"), reader.schema, compression="zstd") as writer:
        held: list[Any] = []
        count = size = 0
        for batch in reader:
            held.append(batch)
            count += batch.num_rows
            size += batch.nbytes
            if count >= GROUP_ROWS or size >= GROUP_BYTES:
                writer.write_table(pa.Table.from_batches(held, reader.schema))
                held, count, size = [], 0, 0
                yield drain.taken()
        if held:
            writer.write_table(pa.Table.from_batches(held, reader.schema))
    yield drain.taken()


def arrow(reader: Any) -> Iterator[bytes]:
    """The Arrow IPC streaming format."""
    drain = _Drain()
    with pa.ipc.new_stream(pa.PythonFile(drain, mode="w"), reader.schema) as writer:
        yield drain.taken()
        for batch in reader:
            writer.write_batch(batch)
            yield drain.taken()
    yield drain.taken()


def xlsx(reader: Any, note: str = "") -> Iterator[bytes]:
    """A workbook, written row by row to a temporary file; more rows than a sheet holds go on in the next one."""
    folder = home() / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xlsx-", dir=folder) as inside:
        path = Path(inside) / "book.xlsx"
        _fill(path, reader, note, inside)
        with path.open("rb") as made:
            while part := made.read(1 << 18):
                yield part


def _fill(path: Path, reader: Any, note: str, inside: str) -> None:
    import xlsxwriter  # noqa: PLC0415 - a workbook is asked for rarely

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": inside,
    }
    with xlsxwriter.Workbook(path, options) as book:
        sheet, row, number = None, SHEET_ROWS, 0
        for batch in reader:
            made = cells.plain(batch)
            numbers = [cells.is_number(each) for each in batch.schema.types]
            for values in zip(*(each.to_pylist() for each in made.columns), strict=True):
                if row >= SHEET_ROWS:
                    number += 1
                    sheet, row = _sheet(book, number, reader.schema.names, note), 0
                row += 1
                _write(sheet, row, values, numbers)
        if sheet is None:
            _sheet(book, 1, reader.schema.names, note)


def _sheet(book: Any, number: int, names: list[str], note: str) -> Any:
    sheet = book.add_worksheet(f"data{number if number > 1 else ''}")
    if note:
        sheet.set_footer(f"&L{note[:200].replace('&', '&&')}")
    for at, name in enumerate(names):
        sheet.write_string(0, at, harmless(name))
    return sheet


def _write(sheet: Any, row: int, values: tuple[Any, ...], numbers: list[bool]) -> None:
    for at, value in enumerate(values):
        if value is None:
            continue
        if isinstance(value, bool):
            sheet.write_boolean(row, at, value)
        elif numbers[at] and _exact(value):
            sheet.write_number(row, at, float(value))
        else:
            sheet.write_string(row, at, harmless(str(value))[:LONGEST_CELL])


def _exact(value: Any) -> bool:
    """Whether a spreadsheet's floating numbers hold it: finite, and fifteen digits where it is exact."""
    if isinstance(value, float):
        return math.isfinite(value)
    return len(str(value).lstrip("-").replace(".", "").lstrip("0")) <= 15
