"""The portal's own query engine: published editions attached read-only, one DuckDB a process.

No text of a caller ever becomes SQL here: ``logic/query.py`` writes it from checked names and hands values over.
"""

import importlib
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from hutong.kernel.settings import Setting, declare, home, value
from hutong.kernel.text import Text
from hutong.portal.errors import BadQuery, TooLong

declare(
    Setting(
        "HUTONG_PORTAL_MEMORY",
        "512MB",
        "str",
        Text(
            zh="开放门户查询可用的内存上限（DuckDB memory_limit）",
            en="Memory that queries of the open portal may use (DuckDB memory_limit)",
        ),
    )
)
_SECONDS = 20
_lock = threading.Lock()
_local = threading.local()
_state: dict[str, Any] = {}
_running: dict[int, tuple[float, Any]] = {}
_MOST_ATTACHED = 500


def connect(*extensions: str) -> Any:
    """A bounded connection in memory."""
    import duckdb  # noqa: PLC0415 - pages that show no rows need no engine

    scratch = home() / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        config={
            "memory_limit": str(value("HUTONG_PORTAL_MEMORY")),
            "temp_directory": str(scratch / f"portal-{os.getpid()}"),
            "threads": min(4, os.cpu_count() or 2),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        }
    )
    for name in extensions:
        connection.execute(f"LOAD '{_extension(name)}'")
    connection.execute("SET enable_progress_bar = false")
    return connection


@cache
def _extension(name: str) -> Path:
    package = importlib.import_module(f"duckdb_extension_{name}")
    return next(Path(str(package.__file__)).parent.rglob("*.duckdb_extension"))


def rows(file: Path, sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows of ``sql``, in which ``{t}`` stands for the edition's table. Raises ``TooLong`` past its time."""
    import duckdb  # noqa: PLC0415 - as above

    cursor = _cursor()
    sql = sql.replace("{t}", f"{_attached(cursor, file)}.t")
    with _watched(cursor):
        try:
            found: list[tuple[Any, ...]] = cursor.execute(sql, params).fetchall()
        except duckdb.InterruptException as error:
            raise TooLong(seconds=_SECONDS) from error
        except duckdb.Error as error:
            raise BadQuery(key="query", reason=str(error).splitlines()[0][:200]) from error
    return found


@contextmanager
def _watched(cursor: Any) -> Iterator[None]:
    """Interrupt the cursor once its time is over: one thread watches all of them."""
    if not _state.get("watch"):
        with _lock:
            if not _state.get("watch"):
                _state["watch"] = threading.Thread(target=_watch, args=(_running,), daemon=True)
                _state["watch"].start()
    key = threading.get_ident()
    _running[key] = (time.monotonic() + _SECONDS, cursor)
    try:
        yield
    finally:
        _running.pop(key, None)


def _watch(running: dict[int, tuple[float, Any]]) -> None:
    while True:
        time.sleep(1)
        now = time.monotonic()
        for until, cursor in list(running.values()):
            if until < now:
                cursor.interrupt()


def _cursor() -> Any:
    """The thread's cursor on the process's engine."""
    generation = _state.get("generation")
    key = (os.getpid(), str(home()))
    if generation is None or _state.get("key") != key or len(_state["names"]) >= _MOST_ATTACHED:
        with _lock:
            if _state.get("generation") is generation:
                _state.update(key=key, base=connect(), names={}, generation=object())
            generation = _state["generation"]
    if getattr(_local, "generation", None) is not generation:
        _local.cursor = _state["base"].cursor()
        _local.generation = generation
    return _local.cursor


def _attached(cursor: Any, file: Path) -> str:
    names: dict[str, str] = _state["names"]
    found = names.get(str(file))
    if found is None:
        with _lock:
            found = names.get(str(file))
            if found is None:
                found = f"e{len(names)}"
                quoted = str(file).replace("'", "''")
                cursor.execute(f"ATTACH '{quoted}' AS {found} (READ_ONLY)")
                names[str(file)] = found
    return found


def close() -> None:
    """Let go of every edition (end of a test's home, or before files are taken away)."""
    with _lock:
        for key in ("base", "names", "generation", "key"):
            _state.pop(key, None)
