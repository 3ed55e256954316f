"""CSV, NDJSON and GeoJSON."""

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from hutong.lake.engine.writers import cells
from hutong.lake.engine.writers.harmless import harmless, harmless_column
from hutong.lake.errors import BadQuery

MARK = b"\xef\xbb\xbf"
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)
_LON, _LAT = ("longitude", "lon", "lng"), ("latitude", "lat")


def csv(reader: Any, *, mark: bool = False) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, with a byte-order mark on demand; formulas neutralised, numbers untouched."""
    if mark:
        yield MARK
    yield _header(reader.schema.names)
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in reader:
        made = cells.plain(batch)
        columns = [harmless_column(each) if pa.types.is_string(each.type) else each for each in made.columns]
        sink = pa.BufferOutputStream()
        pa_csv.write_csv(pa.record_batch(columns, names=batch.schema.names), sink, options)
        yield sink.getvalue().to_pybytes()


def _header(names: list[str]) -> bytes:
    quoted = ('"' + harmless(name).replace('"', '""') + '"' for name in names)
    return (",".join(quoted) + "\n").encode()


def ndjson(reader: Any) -> Iterator[bytes]:
    """One JSON object a line."""
    for batch in reader:
        rows = _rows(batch)
        if rows:
            yield ("\n".join(_JSON.encode(row) for row in rows) + "\n").encode()


def geojson(reader: Any) -> Iterator[bytes]:
    """A FeatureCollection (RFC 7946, WGS 84): from a column of GeoJSON geometry or from longitude and latitude."""
    names = [name.lower() for name in reader.schema.names]
    shape = next((i for i, name in enumerate(names) if name == "geometry" or name.endswith("_geojson")), None)
    lon = next((i for i, name in enumerate(names) if name in _LON), None)
    lat = next((i for i, name in enumerate(names) if name in _LAT), None)
    if shape is None and (lon is None or lat is None):
        raise BadQuery(reason="GeoJSON ∌ geometry")
    yield b'{"type":"FeatureCollection","features":['
    first = True
    for batch in reader:
        features = [_feature(row, shape, lon, lat) for row in _rows(batch)]
        if features:
            yield (("" if first else ",\n") + ",\n".join(features)).encode()
            first = False
    yield b"]}\n"


def _feature(row: dict[str, Any], shape: int | None, lon: int | None, lat: int | None) -> str:
    values = list(row.values())
    geometry: Any = None
    if shape is not None:
        geometry = json.loads(values[shape]) if values[shape] else None
    elif lon is not None and lat is not None and None not in (values[lon], values[lat]):
        geometry = {"type": "Point", "coordinates": [values[lon], values[lat]]}
    taken = {shape} if shape is not None else {lon, lat}
    properties = {name: value for index, (name, value) in enumerate(row.items()) if index not in taken}
    return _JSON.encode({"type": "Feature", "geometry": geometry, "properties": properties})


def _rows(batch: Any) -> list[dict[str, Any]]:
    made = cells.plain(batch)
    columns = [cells.finite(each).to_pylist() for each in made.columns]
    return [dict(zip(batch.schema.names, row, strict=True)) for row in zip(*columns, strict=True)]
