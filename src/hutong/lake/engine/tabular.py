"""Rows of text into a Parquet file, a batch at a time."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

BATCH = 20_000
Row = Sequence[str | None]


def write(rows: Iterable[Row], names: Sequence[str], target: Path) -> int:
    """Write all-text rows; short ones are filled, long ones cut. Returns how many."""
    schema = pa.schema([(name, pa.string()) for name in names])
    total, batch = 0, []
    with pq.ParquetWriter(target, schema, compression="snappy") as writer:
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                writer.write_batch(_batch(batch, schema))
                total += len(batch)
                batch = []
        if batch:
            writer.write_batch(_batch(batch, schema))
    return total + len(batch)


def _batch(rows: list[Row], schema: pa.Schema) -> pa.RecordBatch:
    width = len(schema)
    padded = [tuple(row[:width]) + (None,) * (width - len(row)) for row in rows]
    columns: list[tuple[str | None, ...]] = list(zip(*padded, strict=True)) if padded else [()] * width
    return pa.record_batch([pa.array(values, pa.string()) for values in columns], schema=schema)


def text(value: Any) -> str | None:
    """A value of a spreadsheet, document or database as the text a contract reads."""
    match value:
        case None | "":
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case Decimal():
            return format(value, "f")
        case datetime():
            midnight = value.time() == time() and value.tzinfo is None
            return value.date().isoformat() if midnight else value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case _:
            return str(value)
