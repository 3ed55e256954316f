"""From source to data file in one stream: what must be known of the checked rows is counted as they go by.

The sound rows flow on into the data file; the others are kept in the table ``held`` with their place among the rows
of the source. Nothing is held back for the rest, so that memory does not depend on how large the source is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from hutong.kernel.errors import Place
from hutong.lake.engine import duck, write
from hutong.lake.engine.ahead import Ahead
from hutong.lake.engine.stage import Staged
from hutong.lake.errors import BadSource
from hutong.lake.logic import plan
from hutong.lake.logic.sql import ident, literal
from hutong.lake.types import Contract

FIRST = 5  # so many places of each defect are kept
_NUMBERS = 256
_SPARED = (
    96  # MiB of the limit that the rest of a load needs; of what is above it, checked rows may wait in a part
)


@dataclass(slots=True)
class Noted:
    """How often something was met, and where first: places among the rows of the source, from 0."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, places: Any, offset: int) -> None:
        self.count += len(places)
        self.first += (places[: FIRST - len(self.first)] + offset).tolist() if len(self.first) < FIRST else []


@dataclass(slots=True)
class Tally:
    """What went by; ``kinds`` by kind (1 header, 2 blank), ``faults`` by column and number, ``rules`` by bit."""

    rows: int = 0
    sound: int = 0
    bad: int = 0
    kinds: dict[int, Noted] = field(default_factory=dict)
    faults: dict[str, dict[int, Noted]] = field(default_factory=dict)
    rules: dict[int, Noted] = field(default_factory=dict)

    def add(self, batch: Any, columns: Sequence[str]) -> Any:
        """Count a batch; returns which of its rows are sound."""
        offset, self.rows = self.rows, self.rows + batch.num_rows
        kind, bad = _numbers(batch, "#k"), batch.column("#bad").to_numpy(zero_copy_only=False)
        row = kind == 0
        sound = row & ~bad
        found = int(np.count_nonzero(sound))
        self.sound, self.bad = self.sound + found, self.bad + int(np.count_nonzero(row & bad))
        whole = bool(row.all())
        if not whole:
            for number in (1, 2):
                self.kinds.setdefault(number, Noted()).add(np.flatnonzero(kind == number), offset)
        for name in columns:
            faults = _numbers(batch, "p:" + name)
            if faults.any():
                self._faults(name, faults if whole else np.where(row, faults, 0), offset)
        bits = _numbers(batch, "#q")
        if bits.any():
            self._rules(bits if whole else np.where(row, bits, 0), offset)
        return sound

    def _faults(self, name: str, faults: Any, offset: int) -> None:
        known = self.faults.setdefault(name, {})
        for number in np.flatnonzero(np.bincount(faults, minlength=_NUMBERS)[1:]) + 1:
            known.setdefault(int(number), Noted()).add(np.flatnonzero(faults == number), offset)

    def _rules(self, bits: Any, offset: int) -> None:
        for place in range(int(bits.max()).bit_length()):
            met = np.flatnonzero(bits & (1 << place))
            if len(met):
                self.rules.setdefault(place, Noted()).add(met, offset)


def _prepare(connection: Any) -> None:
    """Texts cross as they lie in memory, without being copied together."""
    connection.execute("SET produce_arrow_string_view = true; SET arrow_output_version = '1.4'")
    limit = duck.limit(connection) / 2**20
    waiting = max(limit / 24, (limit - _SPARED) / 7)
    connection.execute(f"SET streaming_buffer_size = '{waiting:.3f} MiB'")


def without(
    connection: Any, file: Path, target: Path, field_ids: Mapping[str, int], *, positions: Any, rows: int
) -> int:
    """Write ``file`` again without the rows at ``positions`` (ascending), in its order, which a join would lose."""
    names = ", ".join(ident(name) for name in field_ids)
    _prepare(connection)
    stream = connection.execute(f"SELECT {names} FROM read_parquet({literal(str(file))})").to_arrow_reader(
        rows
    )
    schema = stream.schema.append(pa.field("#sound", pa.bool_()))

    def flow() -> Iterator[Any]:
        offset = 0
        for batch in stream:
            kept = np.ones(batch.num_rows, dtype=bool)
            low, high = np.searchsorted(positions, (offset, offset + batch.num_rows))
            kept[positions[low:high] - offset] = False
            offset += batch.num_rows
            yield pa.record_batch([*batch.columns, pa.array(kept)], schema=schema)

    sink = connection.cursor()
    try:
        sink.register("flow", pa.RecordBatchReader.from_batches(schema, flow()))
        return write.data(sink, f'SELECT {names} FROM flow WHERE "#sound"', target, field_ids, rows=rows)
    finally:
        sink.close()


def _numbers(batch: Any, name: str) -> Any:
    return batch.column(name).to_numpy()


class Pour:
    """One run of the checked query of ``contract`` into the file ``target``."""

    def __init__(self, connection: Any, contract: Contract, staged: Staged) -> None:
        self.connection, self.staged = connection, staged
        self.columns = [each.name for each in contract.columns]
        self.names = [each.name for each in plan.schema(contract)]
        self.tally = Tally()
        self.failure: Exception | None = None
        self._keeper = connection.cursor()

    def run(self, query: str, target: Path, field_ids: Mapping[str, int]) -> Tally:
        """Raises ``BadSource`` where the source cannot be read to its end."""
        rows = write.group(self.staged.row_bytes, duck.limit(self.connection))
        _prepare(self.connection)
        sink = duck.writer()
        try:
            stream = self.connection.execute(query).to_arrow_reader(rows)
            self._empty(stream.schema)
            kept = pa.schema([*(stream.schema.field(name) for name in self.names), ("#sound", pa.bool_())])
            names = ", ".join(ident(name) for name in self.names)
            with Ahead(stream) as batches:
                sink.register("flow", pa.RecordBatchReader.from_batches(kept, self._flow(batches, kept)))
                write.data(sink, f'SELECT {names} FROM flow WHERE "#sound"', target, field_ids, rows=rows)
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            failure = self.failure or error
            said = str(failure).split("\n", 1)[0][:400]
            raise BadSource(place=Place(file=self.staged.header.names[0]), reason=said) from failure
        finally:
            sink.close()
            self._keeper.close()
        return self.tally

    def _empty(self, schema: Any) -> None:
        self._keeper.register("piece", pa.Table.from_batches([], schema))
        self._keeper.execute('CREATE OR REPLACE TABLE held AS SELECT *, 0::BIGINT AS "#rid" FROM piece')
        self._keeper.execute("CREATE OR REPLACE TABLE dropped (rid BIGINT)")
        self._keeper.unregister("piece")

    def _flow(self, stream: Any, kept: Any) -> Iterator[Any]:
        try:
            for batch in stream:
                offset = self.tally.rows
                sound = self.tally.add(batch, self.columns)
                if not sound.all():
                    self._hold(batch, sound, offset)
                yield pa.record_batch(
                    [*(batch.column(name) for name in self.names), pa.array(sound)], schema=kept
                )
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            self.failure = error
            raise

    def _hold(self, batch: Any, sound: Any, offset: int) -> None:
        """Keep the rows that are put aside, and the places of all that is left out."""
        places = np.arange(offset, offset + batch.num_rows)
        self._keeper.register("piece", pa.table({"rid": places[~sound]}))
        self._keeper.execute("INSERT INTO dropped SELECT rid FROM piece")
        self._keeper.register("piece", pa.Table.from_batches([batch.append_column("#rid", pa.array(places))]))
        self._keeper.execute('INSERT INTO held SELECT * FROM piece WHERE "#bad" AND "#k" = 0')
        self._keeper.unregister("piece")
