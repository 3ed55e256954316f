"""Parquet and Arrow."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hutong.lake.engine.writers.drain import Drain

GROUP_ROWS = 50_000
GROUP_BYTES = 16 << 20


def parquet(reader: Any) -> Iterator[bytes]:
    """Parquet with zstd, a row group at a time."""
    drain = Drain()
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
    drain = Drain()
    with pa.ipc.new_stream(pa.PythonFile(drain, mode="w"), reader.schema) as writer:
        yield drain.taken()
        for batch in reader:
            writer.write_batch(batch)
            yield drain.taken()
    yield drain.taken()
