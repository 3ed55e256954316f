"""Bringing a source to a local file, with the SHA-256 of its content."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hutong.kernel.errors import Place
from hutong.kernel.settings import value
from hutong.lake.engine import outside, tabular
from hutong.lake.errors import BadQuery, BadSource, SourceTooLarge, SourceUnreachable
from hutong.lake.types import Source

_TABLE = re.compile(r"[\w.]+")
_LONGEST = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Obtained:
    """A source as a local file; ``temporary`` ones are taken away after the load."""

    path: Path
    name: str
    sha256: str
    size: int
    temporary: bool = False


def obtain(source: Source, folder: Path, token: str) -> Obtained:
    """The source as a file; raises ``BadSource``, ``SourceTooLarge`` or ``SourceUnreachable``."""
    limit = int(value("HUTONG_LAKE_MAX_BYTES"))
    if source.kind == "file":
        return _file(Path(source.location), source.name, limit)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / token
    if source.kind == "url":
        outside.take(source.location, target, private=True)
        return Obtained(
            target, source.name or "download", _digest(target), target.stat().st_size, temporary=True
        )
    digest = _read_database(source, target)
    return Obtained(target, "rows.parquet", digest, target.stat().st_size, temporary=True)


def _file(path: Path, name: str, limit: int) -> Obtained:
    if not path.is_file():
        raise BadSource(place=Place(file=str(path)), reason=f"{path.name}: no such file")
    size = path.stat().st_size
    if size > limit:
        raise SourceTooLarge(what=name, limit=f"{limit} bytes")
    if not size:
        raise BadSource(place=Place(file=name), reason="0 bytes")
    return Obtained(path.resolve(), name, _digest(path), size)


def _digest(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _read_database(source: Source, target: Path) -> str:
    """Stream one SELECT into a text Parquet file; the digest is over the rows."""
    from sqlalchemy import create_engine, text  # noqa: PLC0415 - a second of imports that files do not need
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError  # noqa: PLC0415 - the same

    digest = hashlib.sha256()
    try:
        engine = create_engine(source.location)
    except (ArgumentError, ImportError) as error:
        raise BadSource(place=Place(key="database"), reason=str(error)) from error
    address = engine.url.render_as_string(hide_password=True)
    try:
        with engine.connect().execution_options(stream_results=True, yield_per=5000) as connection:
            if engine.dialect.name == "sqlite":
                connection.execute(text("PRAGMA query_only = ON"))
            elif engine.dialect.name == "postgresql":
                connection.execute(text("SET TRANSACTION READ ONLY"))
                connection.execute(text(f"SET LOCAL statement_timeout = '{_LONGEST}s'"))
            answer = connection.execute(text(_select(source.sql, engine)))
            names = list(answer.keys())
            digest.update("\x1f".join(names).encode())
            tabular.write(_texts(answer, digest), names, target)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).split("\n", 1)[0]
        raise SourceUnreachable(address=address, reason=reason) from error
    finally:
        engine.dispose()
    return digest.hexdigest()


def _select(sql: str, engine: Any) -> str:
    readable(sql)
    if _TABLE.fullmatch(sql):
        quote = engine.dialect.identifier_preparer.quote
        return f"SELECT * FROM {'.'.join(quote(part) for part in sql.split('.'))}"
    return sql


def readable(sql: str) -> None:
    """Raise ``BadQuery`` for what is neither a table's name nor one query."""
    if _TABLE.fullmatch(sql):
        return
    import sqlglot  # noqa: PLC0415 - a second of imports that files do not need
    from sqlglot import exp  # noqa: PLC0415 - the same

    try:
        parsed = sqlglot.parse(sql, dialect=None)
    except sqlglot.errors.SqlglotError as error:
        raise BadQuery(reason=str(error).split("\n", 1)[0]) from error
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Query):
        raise BadQuery(reason=sql[:200])


def _texts(rows: Any, digest: Any) -> Iterator[tuple[str | None, ...]]:
    for row in rows:
        found = tuple(tabular.text(each) for each in row)
        digest.update(repr(found).encode())
        yield found
