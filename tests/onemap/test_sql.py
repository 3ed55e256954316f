import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hutong.onemap.logic import sql
from hutong.onemap.types import Box, Layer, Time
from tests.onemap.made import AREAS, SENSORS, town


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    connection = town()
    yield connection
    connection.close()


def collect(
    engine: Any, layer: Layer, box: Box | None = None, as_of: date | None = None, limit: int = 100
) -> Any:
    query = sql.features(layer, box, as_of, limit)
    text, returned, more = engine.execute(query.sql, query.parameters).fetchone()
    return json.loads(text), returned, more


def test_features_are_geojson_with_key_label_and_a_point_inside(engine: Any) -> None:
    features, returned, more = collect(engine, AREAS)
    assert (returned, more) == (2, False)
    east = features[0]
    assert east["type"] == "Feature"
    assert east["id"] == "a"
    assert east["geometry"]["type"] == "Polygon"
    assert east["geometry"]["coordinates"][0][0] == [116, 39]
    assert east["properties"]["label"] == "东门街道"
    assert east["properties"]["short"] == "东门"
    assert east["properties"]["subdistrict"] == "a"
    assert 116 < east["properties"]["x"] < 117


def test_quotes_in_names_stay_json(engine: Any) -> None:
    features, _, _ = collect(engine, AREAS)
    assert features[1]["properties"]["label"] == "西\"门'街道"


def test_a_box_keeps_what_meets_it(engine: Any) -> None:
    features, returned, _ = collect(engine, AREAS, Box(116.2, 39.2, 116.4, 39.4))
    assert [each["id"] for each in features] == ["a"]
    assert returned == 1
    points, _, _ = collect(engine, SENSORS, Box(115, 39, 116, 40))
    assert [each["id"] for each in points] == ["s2"]


def test_the_limit_holds_and_says_that_there_is_more(engine: Any) -> None:
    features, returned, more = collect(engine, AREAS, limit=1)
    assert (len(features), returned, more) == (1, 1, True)


def test_nothing_is_an_empty_collection(engine: Any) -> None:
    assert collect(engine, AREAS, Box(0, 0, 1, 1)) == ([], 0, False)


def test_rows_without_a_place_are_left_out(engine: Any) -> None:
    features, _, _ = collect(engine, replace(SENSORS, time=None))
    assert "s3" not in {each["id"] for each in features}


@pytest.mark.parametrize(
    ("shows", "day", "expected"),
    [
        ("latest", date(2025, 1, 31), {"s1": "Gate 1"}),
        ("latest", date(2025, 3, 31), {"s1": "Gate 1 moved", "s2": "河道站"}),
        ("month", date(2025, 2, 28), {"s2": "河道站"}),
        ("since", date(2025, 2, 28), {"s1": "Gate 1", "s2": "河道站"}),
        ("latest", None, {"s1": "Gate 1 moved", "s2": "河道站"}),
    ],
)
def test_time_decides_which_rows_belong_to_a_day(
    engine: Any, shows: Any, day: date | None, expected: dict[str, str]
) -> None:
    features, _, _ = collect(engine, replace(SENSORS, time=Time("month", shows)), as_of=day)
    assert {each["id"]: each["properties"]["label"] for each in features} == expected


def test_a_condition_of_the_layer_holds_everywhere(engine: Any) -> None:
    air = replace(SENSORS, where="\"kind\" IN ('air')")
    assert {each["id"] for each in collect(engine, air)[0]} == {"s1"}
    query = sql.search(air, "站", 5)
    assert engine.execute(query.sql, query.parameters).fetchall() == []


def test_search_finds_one_and_two_characters_and_puts_beginnings_first(engine: Any) -> None:
    for words, found in (("东", ["a"]), ("东门", ["a"]), ("门", ["a", "b"]), ("%", []), ("gate", [])):
        query = sql.search(AREAS, words, 5)
        assert sorted(row[0] for row in engine.execute(query.sql, query.parameters).fetchall()) == found
    query = sql.search(SENSORS, "gate 1", 5)
    assert engine.execute(query.sql, query.parameters).fetchall()[0][0] == "s1"


def test_one_feature_with_its_columns(engine: Any) -> None:
    query = sql.one(AREAS, "b", ("opened",), None)
    label, x, y, opened = engine.execute(query.sql, query.parameters).fetchone()
    assert label.startswith("西")
    assert 115 < x < 116
    assert 39 < y < 40
    assert opened == date(2025, 1, 1)


def test_a_key_is_a_parameter_and_never_sql(engine: Any) -> None:
    query = sql.one(AREAS, "a' OR '1'='1", (), None)
    assert engine.execute(query.sql, query.parameters).fetchone() is None
    assert sql.shown_row(AREAS, "a' OR '1'='1").endswith("code = 'a'' OR ''1''=''1'")


def test_extent_span_and_members(engine: Any) -> None:
    assert engine.execute(sql.extent(AREAS).sql).fetchone() == (115, 39, 117, 40)
    assert engine.execute(sql.span(SENSORS).sql).fetchone() == (date(2025, 1, 1), date(2025, 3, 1))
    assert [row[2] for row in engine.execute(sql.members(AREAS, "subdistrict", None).sql).fetchall()] == [
        "a",
        "b",
    ]
    with pytest.raises(ValueError, match="areas"):
        sql.span(AREAS)
