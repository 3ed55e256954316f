"""DuckDB connections: bounded, offline, with extensions from their wheels only."""

import contextlib
import importlib
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hutong.kernel.settings import Setting, declare, home, value
from hutong.kernel.text import Text
from hutong.lake.logic import coordinates

declare(
    Setting(
        "HUTONG_LAKE_MEMORY",
        "768MB",
        "str",
        Text(
            zh="装载与查询可用的内存上限（DuckDB memory_limit）",
            en="Memory that loading and queries may use (DuckDB memory_limit)",
        ),
    )
)

_UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


@cache
def extension(name: str) -> Path:
    """The file of an extension inside its wheel."""
    package = importlib.import_module(f"duckdb_extension_{name}")
    return next(Path(str(package.__file__)).parent.rglob("*.duckdb_extension"))


def connect(*extensions: str, memory: str | None = None, folder: Path | None = None) -> Any:
    """A connection in memory that spills into ``folder`` (the home's temporary folder by default)."""
    import duckdb  # noqa: PLC0415 - most commands and pages start faster without the engine

    scratch = folder or home() / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    spill = tempfile.mkdtemp(prefix=f"duck-{os.getpid()}-", dir=scratch)
    connection = duckdb.connect(
        config={
            "memory_limit": memory or value("HUTONG_LAKE_MEMORY"),
            "temp_directory": spill,
            "threads": min(4, os.cpu_count() or 2),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        }
    )
    for name in ("icu", *extensions):
        load(connection, name)
    connection.execute("SET TimeZone = 'Asia/Shanghai'")
    # These two compute what the slow paths of parsing need for every row, also where no row takes them: the first
    # shares subexpressions below a CASE, the second makes a join of every longer IN list.
    connection.execute("SET disabled_optimizers = 'common_subexpressions,in_clause'")
    connection.execute("SET enable_progress_bar = false")
    for macro in coordinates.macros():
        connection.execute(macro)
    return connection


def writer() -> Any:
    """An engine of one thread that only writes what another makes: it waits without keeping a thread of the other."""
    import duckdb  # noqa: PLC0415 - as above

    connection = duckdb.connect(
        config={
            "memory_limit": value("HUTONG_LAKE_MEMORY"),
            "threads": 1,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        }
    )
    connection.execute("SET enable_progress_bar = false")
    return connection


def limit(connection: Any) -> int:
    """Bytes that the engine may use."""
    size, unit = connection.execute("SELECT current_setting('memory_limit')").fetchone()[0].split()
    return int(float(size) * _UNITS[unit])


def load(connection: Any, name: str) -> None:
    """Load an extension from its wheel; iceberg needs avro before it."""
    if name == "iceberg":
        load(connection, "avro")
    connection.execute(f"LOAD '{extension(name)}'")


def close(connection: Any) -> None:
    """Close and take the spill folder away."""
    spill = connection.execute("SELECT current_setting('temp_directory')").fetchone()[0]
    connection.close()
    with contextlib.suppress(OSError):
        Path(spill).rmdir()
