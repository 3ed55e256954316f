"""Layers over the lake itself: what is loaded is what the map shows."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from hutong.kernel.settings import home
from hutong.lake import api as lake
from hutong.lake.pack import TableSpec
from hutong.lake.store import queries
from hutong.lake.types import Source
from hutong.onemap import reading
from hutong.onemap.errors import NoFeature, NoRows
from hutong.onemap.types import Box, Place, Time
from tests.onemap.made import AREAS, SENSORS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
CONTRACT = """
key: [code]
columns:
  code: {type: text, required: true}
  name: {type: text, title: {zh: 名称, en: Name}}
  opened: {type: date}
  lon: {type: longitude, crs: gcj-02}
  lat: {type: latitude, crs: gcj-02}
"""
OUTLINES = """
key: [code]
columns:
  code: {type: text, required: true}
  name: {type: text}
  geometry: {type: geometry, required: true}
"""
POINTS = (
    "code,name,opened,lon,lat\np1,故宫东门,2020-05-01,116.403406,39.924091\np2,新站,2024-03-01,116.41,39.93\n"
)


@pytest.fixture(autouse=True)
def _clean_lake() -> Iterator[None]:
    shutil.rmtree(home() / "lake", ignore_errors=True)
    yield
    queries.close_all()
    for cached in (reading._extent, reading._span):
        cached.cache_clear()


def put(table: str, contract: str, file: Path, text: str) -> str:
    lake.define(TableSpec.model_validate(yaml.safe_load(contract)).contract(table))
    file.write_text(text, "utf8")
    report = lake.load(table, Source.file(file))
    assert report.snapshot is not None
    return report.snapshot.urn


def test_points_by_time_with_their_snapshot_and_the_system_they_came_in(tmp_path: Path) -> None:
    layer = replace(
        SENSORS,
        table="map-points",
        key="code",
        place=Place(lon="lon", lat="lat"),
        time=Time("opened", "since"),
    )
    with pytest.raises(NoRows):
        reading.features(layer)
    urn = put("map-points", CONTRACT, tmp_path / "points.csv", POINTS)
    found = reading.features(layer, as_of=date(2022, 1, 31))
    features = json.loads(found.geojson)["features"]
    assert [each["id"] for each in features] == ["p1"]
    assert found.snapshot == urn
    east, north = features[0]["geometry"]["coordinates"]
    assert (round(east, 3), round(north, 3)) == (
        116.397,
        39.923,
    )  # a few hundred metres from where GCJ-02 says
    one = reading.feature(layer, "p1")
    assert one.source_crs == "GCJ-02"
    assert one.snapshot == urn
    assert [each.label for each in reading.search((layer,), "东门")] == ["故宫东门"]
    assert "故宫东门" in [each.label for each in reading.search((layer,), str(layer.title)[-2:])]
    assert not reading.search((layer,), f"{layer.title}{layer.title}")
    assert reading.span((layer,)) == (date(2020, 5, 1), date(2024, 3, 1))
    with pytest.raises(NoFeature):
        reading.feature(layer, "p9")


def test_outlines_within_a_box(tmp_path: Path) -> None:
    squares = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": f"{code}街道"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[west, 39.9], [west + 0.1, 39.9], [west + 0.1, 40], [west, 40], [west, 39.9]]
                ],
            },
        }
        for code, west in (("a", 116.3), ("b", 116.4))
    ]
    put(
        "map-areas",
        OUTLINES,
        tmp_path / "areas.geojson",
        json.dumps({"type": "FeatureCollection", "features": squares}),
    )
    layer = replace(AREAS, table="map-areas")
    assert reading.extent((layer,)) == Box(116.3, 39.9, 116.5, 40)
    assert reading.features(layer).count == 2
    west = json.loads(reading.features(layer, Box(116.31, 39.91, 116.32, 39.92)).geojson)["features"]
    assert [each["id"] for each in west] == ["a"]
    assert reading.members(layer, "subdistrict") == [("a", "a街道", "a"), ("b", "b街道", "b")]
