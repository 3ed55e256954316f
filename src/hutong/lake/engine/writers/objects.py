"""NDJSON and GeoJSON, a batch's columns at a time."""

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from hutong.lake.engine.writers import cells, columns
from hutong.lake.errors import BadQuery

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPES |= {sign: f"\\u{ord(sign):04x}" for sign in map(chr, range(0x20)) if sign not in _ESCAPES}
_LON, _LAT = ("longitude", "lon", "lng"), ("latitude", "lat")
_BETWEEN = ",\n"


def ndjson(reader: Any) -> Iterator[bytes]:
    """One JSON object a line."""
    for batch in reader:
        if batch.num_rows:
            made = cells.plain(batch)
            named = dict(zip(made.schema.names, made.columns, strict=True))
            yield columns.run(columns.joined([*_members(named), "\n"], "null"))


def geojson(reader: Any) -> Iterator[bytes]:
    """A FeatureCollection (RFC 7946, WGS 84): from a column of GeoJSON geometry or from longitude and latitude."""
    names = [name.lower() for name in reader.schema.names]
    shape = next((i for i, name in enumerate(names) if name == "geometry" or name.endswith("_geojson")), None)
    lon = next((i for i, name in enumerate(names) if name in _LON), None)
    lat = next((i for i, name in enumerate(names) if name in _LAT), None)
    place = (shape,) if shape is not None else (lon, lat)
    if None in place:
        raise BadQuery(reason="GeoJSON ∌ geometry")
    yield b'{"type":"FeatureCollection","features":['
    first = True
    for batch in reader:
        if batch.num_rows:
            text = columns.run(_features(cells.plain(batch), place))
            yield text.removeprefix(_BETWEEN.encode()) if first else text
            first = False
    yield b"]}\n"


def _features(batch: Any, place: tuple[int | None, ...]) -> Any:
    """A feature of each row, with what parts it from the one before; ``place`` is a column of shapes or two numbers."""
    told = [batch.column(at) for at in place]
    geometry = _points(*told) if len(told) > 1 else _shapes(*told)
    own = {name: batch.column(at) for at, name in enumerate(batch.schema.names) if at not in place}
    begun = _BETWEEN + '{"type":"Feature","geometry":'
    return columns.joined([begun, geometry, ',"properties":', *_members(own), "}"], "null")


def _shapes(column: Any) -> Any:
    """Geometries as they are told, each read once: what is no JSON must not break a whole body."""
    told = (_JSON.encode(json.loads(each)) if each else None for each in column.to_pylist())
    return pa.array(told, pa.string())


def _points(lon: Any, lat: Any) -> Any:
    """A point where both coordinates are numbers; a mask may have left a text."""
    if not (cells.is_number(lon.type) and cells.is_number(lat.type)):
        return pa.nulls(len(lon), pa.string())
    x, y = (columns.numbers(cells.finite(each)) for each in (lon, lat))
    return columns.joined(['{"type":"Point","coordinates":[', x, ",", y, "]}"], None)


def _members(named: dict[str, Any]) -> list[str | Any]:
    """The pieces of an object of these columns."""
    pieces: list[str | Any] = ["{"]
    for at, (name, column) in enumerate(named.items()):
        pieces += [("," if at else "") + _JSON.encode(name) + ":", *_value(column)]
    return [*pieces, "}"]


def _value(column: Any) -> list[str | Any]:
    if not pa.types.is_string(column.type):
        number = cells.is_number(column.type)
        return [columns.numbers(cells.finite(column)) if number else column.cast(pa.string())]
    text = columns.escaped(column, _ESCAPES)
    return [columns.around('"', text, '"')] if text.null_count else ['"', text, '"']
