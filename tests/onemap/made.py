"""A small town: two areas side by side and some points, as tables of an engine with spatial functions."""

import importlib
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import duckdb

from hutong.kernel.text import Text
from hutong.onemap.types import Layer, Place, Time

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
    suffix="街道",
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
    suffix="",
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
