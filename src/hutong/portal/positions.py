"""Where the rows of an edition stand in the order of each column: filters and sorting without a scan.

For each column three arrays lie beside the rows, mapped into memory and shared by all processes: ``ranks`` (of a
row's value among the column's distinct values; empty ranks last), ``order`` (rows by rank, equal ones as in the
source) and ``starts`` (where each rank begins in it). ``select`` answers with row numbers, or None where the
question needs the engine.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hutong.portal.logic.query import ROW, Condition, Query

ARROW: Final = "rows.arrow"
Rows = npt.NDArray[np.uint32]
_RANGES: Final = {"eq", "lt", "lte", "gt", "gte", "null", "notnull"}
_FEW: Final = 60_000  # candidates that are sorted at once rather than met along the order of a column
_CHUNK: Final = 8_192
_MOST_OPEN: Final = 64
_lock = threading.Lock()
_open: OrderedDict[str, "Positions"] = OrderedDict()


@dataclass(slots=True)
class Ranked:
    """One column's arrays and its distinct values in order."""

    values: Any
    ranks: Rows
    order: Rows
    starts: Rows

    @property
    def distinct(self) -> int:
        return len(self.values)

    def bounds(self, asked: Condition) -> tuple[int, int]:
        """Ranks from … up to that a condition asks for; an empty value never compares."""
        if asked.operator == "null":
            return self.distinct, self.distinct + 1
        if asked.operator == "notnull":
            return 0, self.distinct
        low, high = self._around(asked.values[0])
        return {
            "eq": (low, high),
            "lt": (0, low),
            "lte": (0, high),
            "gt": (high, self.distinct),
            "gte": (low, self.distinct),
        }[asked.operator]

    def count(self, bounds: tuple[int, int]) -> int:
        return int(self.starts[bounds[1]]) - int(self.starts[bounds[0]]) if bounds[1] > bounds[0] else 0

    def rows(self, bounds: tuple[int, int]) -> Rows:
        return self.order[int(self.starts[bounds[0]]) : int(self.starts[max(bounds)])]

    def _around(self, value: Any) -> tuple[int, int]:
        """Ranks of the first distinct value not below ``value`` and of the first above it."""
        if isinstance(self.values, np.ndarray):
            if self.values.dtype.kind == "M":
                value = np.datetime64(value, "us")
            low = int(np.searchsorted(self.values, value, "left"))
            return low, low + int(low < self.distinct and self.values[low] == value)
        wanted = str(value).encode()
        low, high = 0, self.distinct
        while low < high:
            middle = (low + high) // 2
            if self.values[middle].as_buffer().to_pybytes() < wanted:
                low = middle + 1
            else:
                high = middle
        here = low < self.distinct and self.values[low].as_buffer().to_pybytes() == wanted
        return low, low + int(here)


@dataclass(slots=True)
class Positions:
    """The rows of an edition, mapped, and the positions of each of its columns."""

    folder: Path
    table: Any
    size: int
    columns: dict[str, Ranked] = field(default_factory=dict)

    def column(self, name: str) -> Ranked:
        found = self.columns.get(name)
        if found is None:
            found = self.columns[name] = _load(self.folder, self.table.schema.names.index(name))
        return found

    def can(self, query: Query) -> bool:
        """Whether positions alone answer the question."""
        plain = not (query.words or query.distinct or query.grouped)
        return plain and len(query.sort) <= 1 and all(each.operator in _RANGES for each in query.where)

    def count(self, query: Query) -> int:
        """How many rows there are in all."""
        asked = self._asked(query)
        if not asked:
            return self.size
        if len(asked) == 1:
            return asked[0][0].count(asked[0][1])
        best = min(asked, key=lambda each: each[0].count(each[1]))
        rows = best[0].rows(best[1])
        return int(np.count_nonzero(self._kept(rows, [each for each in asked if each is not best])))

    def select(self, query: Query) -> Rows:
        """Numbers of the rows of the page, and of one more where there is one."""
        asked = self._asked(query)
        wanted = query.offset + query.limit + 1
        by, down = query.sort[0] if query.sort else (ROW, False)
        best = min(asked, key=lambda each: each[0].count(each[1]), default=None)
        if best is not None and best[0].count(best[1]) <= _FEW:
            rows = best[0].rows(best[1])
            rows = rows[self._kept(rows, [each for each in asked if each is not best])]
            return self._first(rows, by, wanted, down=down)[query.offset :]
        return self._walked(by, asked, wanted, down=down)[query.offset :]

    def take(self, rows: Rows, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """The values of some rows."""
        import pyarrow as pa  # noqa: PLC0415 - loaded with the edition

        indices = pa.array(rows)
        columns = []
        for name in names:
            taken = self.table.column(name).chunk(0).take(indices) if self.size else self.table.column(name)
            plain = taken.null_count == 0 and (
                pa.types.is_floating(taken.type) or pa.types.is_integer(taken.type)
            )
            columns.append(taken.to_numpy().tolist() if plain else taken.to_pylist())
        return list(zip(*columns, strict=True))

    def _asked(self, query: Query) -> list[tuple[Ranked, tuple[int, int]]]:
        found = ((self.column(each.column), each) for each in query.where)
        return [(ranked, ranked.bounds(each)) for ranked, each in found]

    def _kept(self, rows: Rows, asked: Sequence[tuple[Ranked, tuple[int, int]]]) -> npt.NDArray[np.bool_]:
        """Which of ``rows`` keep all conditions."""
        tests = []
        for ranked, (low, high) in asked:
            ranks = ranked.ranks[rows]
            tests.append((ranks >= low) & (ranks < high))
        return reduce(np.logical_and, tests) if tests else np.ones(len(rows), dtype=bool)

    def _first(self, rows: Rows, by: str, wanted: int, *, down: bool) -> Rows:
        """The first ``wanted`` of ``rows`` in order."""
        if by == ROW:
            keys = rows.astype(np.int64)
        else:
            ranked = self.column(by)
            ranks = ranked.ranks[rows].astype(np.int64)
            if down:  # empty ones stay last
                ranks = np.where(ranks == ranked.distinct, -1, ranks)
            keys = ranks * (self.size + 1) + rows
        if down:
            keys = -keys
        if len(rows) > 4 * wanted:
            near = np.argpartition(keys, wanted)[: wanted + 1]
            rows, keys = rows[near], keys[near]
        return rows[np.argsort(keys)][:wanted]

    def _walked(
        self, by: str, asked: Sequence[tuple[Ranked, tuple[int, int]]], wanted: int, *, down: bool
    ) -> Rows:
        """The same along the order of the column, until enough are met."""
        met: list[Rows] = []
        found = 0
        for rows in self._along(by, asked, down=down):
            kept = rows[self._kept(rows, asked)] if asked else rows
            met.append(kept)
            found += len(kept)
            if found >= wanted:
                break
        return np.concatenate(met)[:wanted] if met else np.empty(0, np.uint32)

    def _along(
        self, by: str, asked: Sequence[tuple[Ranked, tuple[int, int]]], *, down: bool
    ) -> Iterator[Rows]:
        if by == ROW:
            parts = [np.arange(self.size, dtype=np.uint32)]
        else:
            ranked = self.column(by)
            own = [bounds for other, bounds in asked if other is ranked]
            low, high = (
                max((a for a, _ in own), default=0),
                min((b for _, b in own), default=ranked.distinct + 1),
            )
            full, empty = (low, min(high, ranked.distinct)), (max(low, ranked.distinct), high)
            parts = [ranked.rows(each) for each in (full, empty) if each[1] > each[0]]
        for part in parts:
            line = part[::-1] if down else part
            begin, step = 0, _CHUNK
            while begin < len(line):
                yield line[begin : begin + step]
                begin, step = begin + step, min(step * 2, 1 << 20)


def of(folder: str) -> Positions:
    """The positions of an edition, opened once a process."""
    with _lock:
        found = _open.get(folder)
        if found is not None:
            _open.move_to_end(folder)
            return found
    import pyarrow as pa  # noqa: PLC0415 - pages that show no rows need none of it

    place = Path(folder)
    with pa.memory_map(str(place / ARROW)) as mapped:
        table = pa.ipc.open_file(mapped).read_all()
    found = Positions(place, table, table.num_rows)
    with _lock:
        _open[folder] = found
        while len(_open) > _MOST_OPEN:
            _open.popitem(last=False)
    return found


def forget() -> None:
    """Let go of all editions."""
    with _lock:
        _open.clear()


def write(folder: Path, table: Any) -> None:
    """Write rows and positions of an edition."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    table = table.combine_chunks()
    with pa.OSFile(str(folder / ARROW), "wb") as target, pa.ipc.new_file(target, table.schema) as writer:
        writer.write_table(table, max_chunksize=max(1, table.num_rows))
    for number, column in enumerate(table.columns):
        _rank(folder, number, column.combine_chunks())


def _rank(folder: Path, number: int, column: Any) -> None:
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    encoded = column.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    words = encoded.dictionary
    by_value = pc.sort_indices(words).to_numpy()
    values = words.take(pa.array(by_value))
    rank_of = np.empty(len(words) + 1, np.uint32)
    rank_of[by_value] = np.arange(len(words), dtype=np.uint32)
    rank_of[len(words)] = len(words)
    codes = encoded.indices.fill_null(len(words)).to_numpy().astype(np.int64)
    ranks = rank_of[codes]
    counts = np.bincount(ranks, minlength=len(words) + 1)
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.uint32)
    np.save(folder / f"{number}.ranks.npy", ranks)
    np.save(folder / f"{number}.order.npy", np.argsort(ranks, kind="stable").astype(np.uint32))
    np.save(folder / f"{number}.starts.npy", starts)
    with pa.OSFile(str(folder / f"{number}.values.arrow"), "wb") as target:
        batch = pa.record_batch([values], names=["values"])
        with pa.ipc.new_file(target, batch.schema) as writer:
            writer.write_batch(batch)


def _load(folder: Path, number: int) -> Ranked:
    import pyarrow as pa  # noqa: PLC0415 - as above

    with pa.memory_map(str(folder / f"{number}.values.arrow")) as mapped:
        values = pa.ipc.open_file(mapped).get_batch(0).column(0)
    text = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    arrays = [
        np.load(folder / f"{number}.{part}.npy", mmap_mode="r") for part in ("ranks", "order", "starts")
    ]
    return Ranked(values if text else _plain(values), *arrays)


def _plain(values: Any) -> Any:
    """Distinct values that are no text, as numpy compares them."""
    found = values.to_numpy(zero_copy_only=False)
    return found.astype("datetime64[us]") if found.dtype.kind == "M" else found
