"""CSV."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from hutong.lake.engine.writers import cells
from hutong.lake.engine.writers.harmless import harmless, harmless_column

MARK = b"\xef\xbb\xbf"


def csv(reader: Any, *, mark: bool = False) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, with a byte-order mark on demand; formulas neutralised, numbers untouched."""
    if mark:
        yield MARK
    yield _header(reader.schema.names)
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in reader:
        made = cells.plain(batch)
        columns = [harmless_column(each) if pa.types.is_string(each.type) else each for each in made.columns]
        sink = pa.BufferOutputStream()
        pa_csv.write_csv(pa.record_batch(columns, names=batch.schema.names), sink, options)
        yield sink.getvalue().to_pybytes()


def _header(names: list[str]) -> bytes:
    quoted = ('"' + harmless(name).replace('"', '""') + '"' for name in names)
    return (",".join(quoted) + "\n").encode()
