"""Queries over snapshots: read-only, only the declared tables, bounded in time, rows and memory.

Two fences: the query's tree is checked before it runs, and the engine it runs in can open no file outside the lake's
data, load nothing and change no setting.
"""

import hashlib
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from hutong.kernel.errors import Place
from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text
from hutong.lake.engine import duck
from hutong.lake.errors import BadLens, BadQuery, QueryTooLong
from hutong.lake.logic import fence, masks
from hutong.lake.logic.sql import ident, literal
from hutong.lake.store import contracts, places, snapshots
from hutong.lake.store.answers import Answers
from hutong.lake.store.deadlines import Deadlines
from hutong.lake.store.idle import Idle
from hutong.lake.types import Contract, Lens, QueryResult, SnapshotRef

declare(
    Setting(
        "HUTONG_LAKE_QUERY_SECONDS",
        30,
        "int",
        Text(zh="一次查询最多运行的秒数", en="The most seconds that a query may run"),
    )
)
MOST_ROWS = 1_000_000
USUAL_ROWS = 10_000
_AT_ONCE = 4
_FAILED = "a value could not be computed"
_lock = threading.Lock()
_turn = threading.BoundedSemaphore(_AT_ONCE)
_engines: dict[tuple[int, str, bool], Any] = {}
_idle = Idle(32)
_deadlines = Deadlines()
_answers = Answers(64)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and what it may see. ``seconds`` 0 means the usual bound."""

    sql: str
    tables: tuple[str, ...]
    params: Mapping[str, Any] = field(default_factory=dict)
    known_at: datetime | None = None
    lenses: Mapping[str, Lens] = field(default_factory=dict)
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class _Seen:
    """SQL name → SELECT for every declared table, the secrets of its lens, and the snapshots these are."""

    tables: dict[str, str]
    secrets: dict[str, str]
    snapshots: tuple[SnapshotRef, ...]


def query(
    sql: str,
    tables: Sequence[str],
    *,
    params: Mapping[str, Any] | None = None,
    known_at: datetime | None = None,
    limit: int | None = None,
    lenses: Mapping[str, Lens] | None = None,
    keep: bool = False,
) -> QueryResult:
    """Run one SELECT over the snapshots of ``tables`` (ids) that were the newest, now or at ``known_at``.

    A table with a lens (by id) is to the query what the lens shows of it. Raises ``BadQuery``, ``BadLens``,
    ``QueryTooLong`` or ``NoSuchTable``. Rows beyond ``limit`` are cut and told of. ``keep``: a small answer may be
    given again to the same question through the same lenses about the same snapshots; not for queries with a function
    that gives something else each time.
    """
    most = min(limit if limit is not None else USUAL_ROWS, MOST_ROWS)
    asked = Asked(sql, tuple(tables), params or {}, known_at, lenses or {})
    seen = _sources(asked)
    question = (
        str(places.lake()),
        sql,
        most,
        *seen.tables.items(),
        *seen.secrets.items(),
        *asked.params.items(),
    )
    if keep and (known := _answers.get(question)):
        return known
    found = _answer(asked, seen, most)
    if keep:
        _answers.put(question, found)
    return found


def _answer(asked: Asked, seen: "_Seen", most: int) -> QueryResult:
    begun = time.perf_counter()
    with _turn, _run(asked, seen) as reader:
        rows: list[tuple[Any, ...]] = []
        for batch in reader:
            taken = batch.slice(0, most + 1 - len(rows))
            columns = [column.to_pylist() for column in taken.columns]
            rows.extend(zip(*columns, strict=True) if columns else ())
            if len(rows) > most:
                break
        schema = reader.schema
    return QueryResult(
        columns=tuple(schema.names),
        types=tuple(str(kind) for kind in schema.types),
        rows=tuple(rows[:most]),
        snapshots=seen.snapshots,
        sql=asked.sql,
        elapsed_ms=(time.perf_counter() - begun) * 1000,
        truncated=len(rows) > most,
    )


def to_parquet(sql: str, tables: Sequence[str], target: Path) -> tuple[str, tuple[SnapshotRef, ...]]:
    """Write a query's rows to a file; returns a digest of what decides them, and the snapshots read."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - derived tables alone need it

    with (
        _running(Asked(sql, tuple(tables))) as (reader, read),
        pq.ParquetWriter(target, reader.schema) as writer,
    ):
        for batch in reader:
            writer.write_batch(batch)
    what = "\n".join([sql, *sorted(each.urn for each in read)])
    return hashlib.sha256(what.encode()).hexdigest(), read


@contextmanager
def _running(asked: Asked) -> Iterator[tuple[Any, tuple[SnapshotRef, ...]]]:
    with _turn, running(asked) as found:
        yield found


@contextmanager
def running(asked: Asked) -> Iterator[tuple[Any, tuple[SnapshotRef, ...]]]:
    """The query at work: a reader of record batches, and the snapshots it reads."""
    seen = _sources(asked)
    with _run(asked, seen) as reader:
        yield reader, seen.snapshots


@contextmanager
def _run(asked: Asked, seen: _Seen) -> Iterator["_Reader"]:
    import duckdb  # noqa: PLC0415 - most commands and pages start faster without the engine

    used, spatial = _read(asked.sql, frozenset(seen.tables))
    if missing := used - set(asked.params):
        raise BadQuery(reason=f"no value for ${', $'.join(sorted(missing))}")
    seconds = asked.seconds or int(value("HUTONG_LAKE_QUERY_SECONDS"))
    engine = _engine(spatial=spatial)
    seeing = (id(engine), *seen.tables.items(), *seen.secrets.items())
    ready = _idle.take(seeing)
    cursor = ready or engine.cursor()
    late = _deadlines.start(cursor, seconds)
    reader: _Reader | None = None
    try:
        if ready is None:
            _show(cursor, seen.tables, seen.secrets)
        given = {name: asked.params[name] for name in used}
        reader = _Reader(cursor.execute(asked.sql, given).to_arrow_reader(10_000))
        yield reader
    except (duckdb.Error, OSError) as error:
        if late.is_set():
            raise QueryTooLong(seconds=seconds) from error
        # behind a lens, what the engine says of values is not the reader's to know: it may quote them
        about_the_text = duckdb.ParserException | duckdb.BinderException | duckdb.CatalogException
        if asked.lenses and not isinstance(error, about_the_text):
            raise BadQuery(place=Place(key="sql"), reason=_FAILED) from None
        said = str(error).split("\n\n", 1)[0][:500]
        raise BadQuery(place=Place(key="sql"), reason=said) from error
    finally:
        _deadlines.end(cursor)
        if reader is not None and reader.whole and not late.is_set():
            _idle.put(seeing, cursor)
        else:
            cursor.close()


class _Reader:
    """Record batches of an answer, and whether they were read to the end."""

    def __init__(self, batches: Any) -> None:
        self._batches = batches
        self.schema = batches.schema
        self.whole = False

    def __iter__(self) -> Iterator[Any]:
        yield from self._batches
        self.whole = True


def _show(cursor: Any, sources: Mapping[str, str], secrets: Mapping[str, str]) -> None:
    """Make the tables known to a cursor, and the secrets of their lenses."""
    for name, secret in secrets.items():
        cursor.execute(f"SET VARIABLE {ident(name)} = $secret", {"secret": secret})
    for name, select in sources.items():
        cursor.execute(f"CREATE OR REPLACE TEMP VIEW {ident(name)} AS {select}")


@lru_cache(maxsize=256)
def _read(sql: str, tables: frozenset[str]) -> tuple[frozenset[str], bool]:
    """The parameters of a query that may be run, and whether it uses spatial functions; raises ``BadQuery``."""
    tree = fence.serialise(_engine(spatial=False).cursor(), sql)
    fence.check(tree, tables)
    spatial = any(name.startswith("st_") for name in fence.functions(tree))
    return frozenset(fence.parameters(tree)), spatial


def _sources(asked: Asked) -> _Seen:
    found: dict[str, str] = {}
    secrets: dict[str, str] = {}
    read = []
    if extra := set(asked.lenses) - set(asked.tables):
        raise BadLens(reason=f"{', '.join(sorted(extra))} ∉ {', '.join(asked.tables)}")
    for number, table in enumerate(asked.tables):
        snapshot = snapshots.latest_row(table, asked.known_at)
        select = snapshots.select(snapshot, table)
        if table in asked.lenses:
            contract, _ = contracts.current(table)
            present = (
                [name for name, _ in snapshot.columns]
                if snapshot and snapshot.files
                else contract_names(contract)
            )
            seen = masks.written(asked.lenses[table], contract, select, present, f"hutong_secret_{number}")
            select = seen.select
            secrets.update(seen.secrets)
        found[table.replace("-", "_")] = select
        if snapshot is not None:
            read.append(snapshots.ref(snapshot))
    return _Seen(found, secrets, tuple(read))


def contract_names(contract: Contract) -> list[str]:
    return [each.name for each in contract.columns]


def _engine(*, spatial: bool) -> Any:
    """The process's engine, made on first use; one more for queries with spatial functions."""
    key = (os.getpid(), str(places.lake()), spatial)
    with _lock:
        if key not in _engines:
            _engines[key] = _make(spatial=spatial)
        return _engines[key]


def _make(*, spatial: bool) -> Any:
    (places.lake() / "tables").mkdir(parents=True, exist_ok=True)
    connection = duck.connect(*(["spatial"] if spatial else []))
    connection.execute("RESET disabled_optimizers")
    connection.execute("SET GLOBAL TimeZone = 'Asia/Shanghai'")
    connection.execute(f"SET allowed_directories = [{literal(str(places.lake() / 'tables'))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def close_all() -> None:
    """Close the engines (end of a process or of a test's home)."""
    with _lock:
        _idle.close()
        _answers.clear()
        for connection in _engines.values():
            connection.close()
        _engines.clear()
