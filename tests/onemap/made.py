"""A small town: two areas side by side and some points, as tables of an engine with spatial functions."""

import importlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

import duckdb
import pytest

from hutong.accounts.api import Actor
from hutong.accounts.types import Target
from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType, Contract, Crs, QueryResult, SnapshotRef
from hutong.onemap import access, measures, reading
from hutong.onemap.types import Layer, Measured, MeasureRef, Place, Time

TOWN: Final = """
CREATE TABLE areas (code VARCHAR, name VARCHAR, opened DATE, geometry BLOB);
INSERT INTO areas SELECT code, name, CAST(opened AS DATE), ST_AsWKB(ST_GeomFromText(wkt)) FROM (VALUES
  ('a', '东门街道', '2024-01-01', 'POLYGON((116 39, 117 39, 117 40, 116 40, 116 39))'),
  ('b', '西"门''街道', '2025-01-01', 'POLYGON((115 39, 116 39, 116 40, 115 40, 115 39))')
) AS t (code, name, opened, wkt);
CREATE TABLE sensors (id VARCHAR, name VARCHAR, lon DOUBLE, lat DOUBLE, month DATE, kind VARCHAR);
INSERT INTO sensors VALUES
  ('s1', 'Gate 1', 116.5, 39.5, '2025-01-01', 'air'), ('s1', 'Gate 1 moved', 116.6, 39.5, '2025-03-01', 'air'),
  ('s2', '河道站', 115.5, 39.5, '2025-02-01', 'water'), ('s3', 'nowhere', NULL, NULL, '2025-02-01', 'air');
"""

AREAS: Final = Layer(
    id="areas",
    urn="urn:hutong:town:layer:areas",
    title=Text("街道", "Subdistricts"),
    group=Text("行政区划", "Divisions"),
    table="areas",
    key="code",
    label="name",
    label_en="",
    suffix=Text("街道"),
    place=Place(geometry="geometry"),
    style="fill",
    symbol="circle",
    fields=(),
    where="",
    time=None,
    joins={"subdistrict": "code"},
    min_zoom=0,
    max_zoom=24,
    shown=True,
    order=1,
    reference="",
    links={},
)
SENSORS: Final = replace(
    AREAS,
    id="sensors",
    urn="urn:hutong:town:layer:sensors",
    table="sensors",
    key="id",
    suffix=Text(""),
    place=Place(lon="lon", lat="lat"),
    style="point",
    time=Time("month", "latest"),
    joins={},
    order=2,
)


def town() -> Any:
    """A connection with the town in it."""
    wheel = Path(str(importlib.import_module("duckdb_extension_spatial").__file__)).parent
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    connection.execute(f"LOAD '{next(wheel.rglob('*.duckdb_extension'))}'")
    connection.execute(TOWN)
    return connection


class TownLake:
    """The part of the lake's door that the map uses, over the town."""

    def __init__(self) -> None:
        self.engine = town()
        self.lock = Lock()

    def latest(self, table: str) -> SnapshotRef:
        rows = self.engine.cursor().execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        urn = f"urn:hutong:town:snapshot:{table}/1"
        return SnapshotRef(table, 1, 1, datetime(2025, 6, 1, tzinfo=UTC), rows, urn, 17)

    def contract(self, table: str) -> Contract:
        columns = {
            "areas": (
                Column("code", ColumnType.TEXT, Text("代码", "Code")),
                Column("name", ColumnType.TEXT, Text("名称", "Name")),
                Column("opened", ColumnType.DATE, Text("设立日期", "Since")),
                Column("geometry", ColumnType.GEOMETRY),
            ),
            "sensors": (
                Column("name", ColumnType.TEXT, Text("名称", "Name"), sensitive=True),
                Column("kind", ColumnType.CODE, Text("类型", "Kind"), codes={"air": Text("空气", "Air")}),
                Column("lon", ColumnType.LONGITUDE, Text("经度", "Longitude"), crs=Crs.GCJ02),
            ),
        }
        return Contract(table, columns[table])

    def query(self, sql: str, tables: tuple[str, ...], *, params: dict[str, Any]) -> QueryResult:
        with self.lock:
            cursor = self.engine.execute(sql, params)
            rows = tuple(cursor.fetchall())
        return QueryResult(tuple(each[0] for each in cursor.description), (), rows, (), sql, 0.0)


class Firms:
    """An indicator of the town's two areas."""

    ref = MeasureRef("firms", Text("企业数", "Firms"), "subdistrict", public=True)

    def refs(self) -> tuple[MeasureRef, ...]:
        return (self.ref,)

    def span(self) -> tuple[date, date] | None:
        return date(2025, 1, 1), date(2025, 3, 31)

    def measure(self, ref: MeasureRef, as_of: date, reader: Actor) -> Measured | None:
        del reader
        if ref.id != self.ref.id or as_of.year < 2025:
            return None
        values = {"a": 1234.0 + as_of.month, "b": None}
        period = Text(f"{as_of.year}年{as_of.month}月", f"{as_of:%b %Y}")
        walks = {"a": "/figures/firms?a"}
        return Measured(ref, Text("家", "firms"), as_of, period, values, walks, "/figures/firms", 0)


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the town under the map: its lake, its layers open to everyone, its indicator."""
    lake = TownLake()
    monkeypatch.setattr(reading, "lake", lake)
    monkeypatch.setattr(reading, "layers", lambda: (AREAS, SENSORS))
    monkeypatch.setattr(access, "target", lambda _layer: Target(grade="general-1", public=True))
    monkeypatch.setattr(measures, "_provider", Firms())
    for cached in (reading._extent, reading._span):
        cached.cache_clear()
