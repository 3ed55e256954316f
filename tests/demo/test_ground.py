"""The areas are valid, meet without gap or overlap, and nest."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import duckdb_extension_spatial
import numpy as np
import pytest

from hutong.demo.logic import places
from hutong.demo.logic.draw import Dice

LEVELS = {
    "district": places.district,
    "subdistricts": places.subdistricts,
    "communities": places.communities,
    "grids": places.grids,
}


@pytest.fixture(scope="module")
def plane() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    wheel = Path(duckdb_extension_spatial.__file__).parent
    connection.execute(f"LOAD '{next(wheel.rglob('*.duckdb_extension'))}'")
    for name, areas in LEVELS.items():
        made = areas()
        connection.execute(f"CREATE TABLE {name} (code VARCHAR, parent INTEGER, geom GEOMETRY)")
        rows = [
            (code, int(parent), "POLYGON((" + ", ".join(f"{x} {y}" for x, y in ring) + "))")
            for code, parent, ring in zip(made.codes.tolist(), made.parents, made.rings, strict=True)
        ]
        connection.executemany(f"INSERT INTO {name} VALUES (?, ?, ST_GeomFromText(?::VARCHAR))", rows)
    yield connection
    connection.close()


def _one(plane: duckdb.DuckDBPyConnection, sql: str) -> float:
    row = plane.execute(sql).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("level", LEVELS)
def test_areas_are_valid_and_do_not_overlap(plane: duckdb.DuckDBPyConnection, level: str) -> None:
    assert _one(plane, f"SELECT count(*) FROM {level} WHERE NOT ST_IsValid(geom)") == 0
    overlaps = (
        f"SELECT count(*) FROM {level} a, {level} b WHERE a.code < b.code AND ST_Overlaps(a.geom, b.geom)"
    )
    assert _one(plane, overlaps) == 0


@pytest.mark.parametrize("level", ["subdistricts", "communities", "grids"])
def test_areas_fill_the_district(plane: duckdb.DuckDBPyConnection, level: str) -> None:
    gap = f"SELECT ST_Area(ST_SymDifference((SELECT geom FROM district), (SELECT ST_Union_Agg(geom) FROM {level})))"
    assert _one(plane, gap) == 0
    ratio = f"SELECT (SELECT sum(ST_Area(geom)) FROM {level}) / (SELECT ST_Area(geom) FROM district)"
    assert _one(plane, ratio) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("inner", "outer", "digits"), [("communities", "subdistricts", 9), ("grids", "communities", 12)]
)
def test_areas_nest_as_their_codes_say(
    plane: duckdb.DuckDBPyConnection, inner: str, outer: str, digits: int
) -> None:
    inside = f"""SELECT count(*) FROM {inner} i JOIN {outer} o ON left(i.code, {digits}) = o.code
                 WHERE ST_CoveredBy(i.geom, o.geom)"""
    assert _one(plane, inside) == len(LEVELS[inner]().codes)


def test_names_and_codes() -> None:
    assert places.subdistricts().codes[[0, 16]].tolist() == ["110101001", "110101017"]
    assert len(places.subdistricts().codes) == 17
    assert len(places.communities().codes) == len(set(places.communities().names.tolist())) == 169
    assert 38 < places.district().km2[0] < 45


def test_grid_serials_run_west_to_east_and_north_to_south() -> None:
    areas = places.grids()
    assert all(len(each) == 15 for each in areas.codes.tolist())
    middle = np.array([places.middle_of(ring) for ring in areas.rings])
    for community in range(169):
        own = np.flatnonzero(areas.parents == community)
        own = own[np.argsort(areas.codes[own])]
        assert [each[12:] for each in areas.codes[own].tolist()] == [
            f"{n:03d}" for n in range(1, len(own) + 1)
        ]
        rows = -np.round(middle[own, 1] / 0.0018)
        assert np.all(np.diff(rows) >= 0)
        same = np.diff(rows) == 0
        assert np.all(np.diff(middle[own, 0])[same] >= 0)


def test_points_lie_in_their_subdistrict(plane: duckdb.DuckDBPyConnection) -> None:
    wanted = np.repeat(np.arange(17), 30)
    points = places.points_in(Dice().of("test"), wanted)
    assert points.subdistrict.tolist() == wanted.tolist()
    codes = places.grids().codes[points.grid]
    inside = sum(
        _one(
            plane, f"SELECT count(*) FROM grids WHERE code = '{c}' AND ST_Contains(geom, ST_Point({x}, {y}))"
        )
        for c, x, y in zip(codes.tolist(), points.lon, points.lat, strict=True)
    )
    assert inside == len(wanted)
