"""The district's areas as a module needs them: read from the lake once a snapshot, handed over to its process."""

import threading
from typing import Any, Final

from hutong.lake import api as lake
from hutong.lake.errors import NoSuchTable
from hutong.market.types import Manifest
from hutong.packs import api as packs

TABLES: Final = ("district-boundary", "subdistricts", "communities", "unit-grids")
_NAMES: Final = ("code", "name", "lon", "lat")
_lock = threading.Lock()
_held: tuple[str, dict[str, Any]] | None = None


def tables(manifest: Manifest) -> tuple[str, ...]:
    """The tables of the lake that the module reads when it is called."""
    return TABLES if "areas" in manifest.needs else ()


def needed(manifest: Manifest) -> dict[str, tuple[str, Any]]:
    """What the manifest needs by name, each with a mark that changes when the data do."""
    return {"areas": _areas()} if "areas" in manifest.needs else {}


def _areas() -> tuple[str, dict[str, Any]]:
    global _held  # noqa: PLW0603 - one copy a process
    mark = ",".join(_mark(table) for table in TABLES)
    with _lock:
        if _held is None or _held[0] != mark:
            _held = (mark, {table: _rows(table) for table in TABLES} | _district())
        return _held


def _mark(table: str) -> str:
    try:
        found = lake.latest(table)
    except NoSuchTable:
        return f"{table}:-"
    return found.urn if found else f"{table}:-"


def _rows(table: str) -> list[dict[str, Any]]:
    """Code, name, label point and outer rings (WGS 84) of each area; none where the table is not here."""
    if _mark(table).endswith(":-"):
        return []
    name = lake.ident(table.replace("-", "_"))
    columns = {each.name for each in lake.contract(table).columns}
    asked = [lake.ident(each) for each in _NAMES if each in columns]
    sql = f"SELECT {', '.join(asked)}, ST_AsGeoJSON(ST_GeomFromWKB(geometry)) AS shape FROM {name} ORDER BY code"
    return lake.query(sql, [table], limit=50_000).dicts()


def _district() -> dict[str, Any]:
    pack = packs.installed()
    return {"district": {"code": pack.division, "name": pack.title.zh}}
