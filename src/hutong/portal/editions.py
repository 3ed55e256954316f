"""Published editions: for each snapshot of an open dataset one folder with its open columns and nothing else.

``rows.duckdb`` answers questions; the files to download are made beside it when they are first asked for. A folder
is made in full under another name and then renamed, so it is there whole or not at all.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from hutong.kernel.settings import home
from hutong.lake import api as lake
from hutong.lake.types import BodyFormat, ColumnType, Lens, Seen
from hutong.portal import engine, positions
from hutong.portal.errors import NoEdition
from hutong.portal.logic.query import ROW, quoted
from hutong.portal.types import Edition, OpenColumn, OpenTable, Type

ROWS: Final = "rows.duckdb"
_AT_ONCE: Final = 300_000  # rows up to which a reader waits for the edition; the job makes larger ones
_KEPT: Final = 2


def folder(dataset: str = "") -> Path:
    return home() / "portal" / "editions" / dataset


def current(table: OpenTable) -> Edition:
    """The newest edition; raises ``NoEdition`` while the first one of a large table is being made."""
    if table.snapshot is None:
        raise NoEdition(name=table.id)
    wanted = _name(table)
    place = folder(table.id) / wanted
    if (place / ROWS).is_file():
        return _edition(table, place)
    if table.snapshot.rows <= _AT_ONCE:
        return make(table)
    older = [each for each in _standing(table) if each.name.partition("-")[2] == wanted.partition("-")[2]]
    if older:
        return _edition(table, older[0], stale=True)
    raise NoEdition(name=table.id)


def make(table: OpenTable) -> Edition:
    """Make the edition of the newest snapshot unless it is there."""
    if table.snapshot is None:
        raise NoEdition(name=table.id)
    place = folder(table.id) / _name(table)
    if not (place / ROWS).is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        with _whole(place) as working:
            _fill(table, working)
        _tidy(table)
    return _edition(table, place)


def drop(dataset: str) -> None:
    """Take away every edition of a dataset that is no longer open."""
    shutil.rmtree(folder(dataset), ignore_errors=True)


def _fill(table: OpenTable, working: Path) -> None:
    """Copy what a lens of the open columns shows of the snapshot, then index it for reading."""
    assert table.snapshot is not None  # noqa: S101 - make() has asked
    staged = working / "staged.parquet"
    picked = ", ".join(f"{_published(each)} AS {quoted(each.name)}" for each in table.columns)
    body = lake.stream(
        f"SELECT {picked} FROM {quoted(table.id.replace('-', '_'))}",
        [table.id],
        form=BodyFormat.PARQUET,
        lenses={table.id: Lens(tuple(Seen(each.name) for each in table.columns))},
    )
    with staged.open("wb") as target, closing(body.parts) as parts:
        for part in parts:
            target.write(part)
    if [each.urn for each in body.snapshots] != [table.snapshot.urn]:
        raise NoEdition(name=table.id)  # another snapshot came in between; the next reader finds that one
    connection = engine.connect()
    try:
        quoted_file = str(working / ROWS).replace("'", "''")
        quoted_rows = str(staged).replace("'", "''")
        connection.execute(f"ATTACH '{quoted_file}' AS made")
        connection.execute(
            f"CREATE TABLE made.t AS SELECT row_number() OVER () AS {ROW}, * FROM read_parquet('{quoted_rows}')"
        )
        connection.execute("CHECKPOINT made")
        rows = connection.execute(f"SELECT * FROM made.t ORDER BY {ROW}").to_arrow_table()
        positions.write(working, rows)
        connection.execute("DETACH made")
    finally:
        connection.close()
    staged.unlink()
    facts = {
        "dataset": table.id,
        "snapshot": table.snapshot.urn,
        "columns": [each.name for each in table.columns],
    }
    (working / "edition.json").write_text(json.dumps(facts, ensure_ascii=False), "utf8")


def _published(column: OpenColumn) -> str:
    """How a column of the lake is written for the public."""
    name = quoted(column.name)
    match column.source.type:
        case ColumnType.MONEY:
            return f"{name}::DOUBLE / 100"
        case ColumnType.DECIMAL:
            return f"{name}::DOUBLE"
        case ColumnType.MONTH:
            return f"strftime({name}, '%Y-%m')"
        case ColumnType.YEAR:
            return f"{name}::BIGINT"
        case ColumnType.DATETIME:
            return f"timezone('UTC', {name})"
        case ColumnType.GEOMETRY:
            return f"ST_AsGeoJSON(ST_GeomFromWKB({name}))::VARCHAR"
    return f"{name}::VARCHAR" if column.type is Type.TEXT else name


def _name(table: OpenTable) -> str:
    """The folder of an edition: a change of what is open makes another one."""
    assert table.snapshot is not None  # noqa: S101 - callers have asked
    columns = json.dumps([(each.name, each.source.type) for each in table.columns])
    return f"{table.snapshot.sequence:06}-{hashlib.sha256(columns.encode()).hexdigest()[:12]}"


def _edition(table: OpenTable, place: Path, *, stale: bool = False) -> Edition:
    assert table.snapshot is not None  # noqa: S101 - callers have asked
    snapshot = table.snapshot
    if stale:
        snapshot = lake.snapshot(json.loads((place / "edition.json").read_text("utf8"))["snapshot"])
    return Edition(
        dataset=table.id,
        snapshot=snapshot.urn,
        sequence=snapshot.sequence,
        committed_at=snapshot.committed_at,
        rows=snapshot.rows,
        folder=str(place),
        tag=f"{table.id}.{place.name}"
        + (f".{int(table.people)}{table.smallest}" if table.people or table.smallest else ""),
        people=table.people,
        smallest=table.smallest,
        stale=stale,
    )


def _standing(table: OpenTable) -> list[Path]:
    """Editions that are there, the newest first."""
    found = folder(table.id).glob(f"*/{ROWS}") if folder(table.id).is_dir() else iter(())
    return sorted((each.parent for each in found), reverse=True)


def _tidy(table: OpenTable) -> None:
    for old in _standing(table)[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _whole(place: Path) -> Iterator[Path]:
    """A folder to fill that becomes ``place`` when all went well; whoever is first wins."""
    working = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
    try:
        yield working
        try:
            working.rename(place)
        except OSError:  # made by another process in the meantime
            if not (place / ROWS).is_file():
                raise
    finally:
        shutil.rmtree(working, ignore_errors=True)


def facts(edition: Edition) -> dict[str, Any]:
    """What the edition says of itself."""
    found: dict[str, Any] = json.loads((Path(edition.folder) / "edition.json").read_text("utf8"))
    return found
