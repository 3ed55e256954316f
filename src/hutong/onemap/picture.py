"""A small still map of a measure: outlines and classes, for pages where a figure is told and nobody pans or zooms."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from hutong.accounts.api import Actor
from hutong.onemap import access, measures, reading
from hutong.onemap.colouring import legend, written
from hutong.onemap.errors import NoMeasure, NoRows
from hutong.onemap.logic.classes import classes
from hutong.onemap.types import Layer, Measured, MeasureRef

SIDE: Final = 600.0  # the longer side of a picture, in its own units
MOST: Final = 400  # areas
NAME: Final = 18.0  # the height of a name, as the style sheet has it
LETTER: Final = 0.56  # the width of a Latin letter, of a name's height
_Ring = tuple[tuple[float, float], ...]
Place = Callable[[float, float], str]


@dataclass(frozen=True, slots=True)
class Area:
    """One area: an SVG path, its name and where it stands, and its value as a reader is shown it.

    ``short`` is empty where there is no room for the name.
    """

    label: str
    short: str
    outline: str
    x: str
    y: str
    look: str
    written: str
    url: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The areas of a layer coloured by a measure, in a box of ``width`` by ``height``; north is up.

    ``map_url`` leads to the same on the map, ``url`` to where the figure comes from.
    """

    title: str
    unit: str
    period: str
    width: int
    height: int
    areas: tuple[Area, ...]
    legend: Mapping[str, Any]
    url: str
    map_url: str


@dataclass(frozen=True, slots=True)
class _Shape:
    member: str
    label: str
    short: str
    rings: tuple[_Ring, ...]
    at: tuple[float, float]


def picture(indicator: str, dimension: str, as_of: date, reader: Actor) -> Picture | None:
    """What ``reader`` is shown of an indicator by area on a day; None where no layer that is theirs has those areas."""
    visible = access.visible(reader, reading.layers())
    layer = next((each for each in visible if dimension in each.joins and each.style == "fill"), None)
    ref = next((each for each in measures.refs_for(reader, visible) if each.id == indicator), None)
    if layer is None or ref is None:
        return None
    try:
        found = measures.measured(MeasureRef(ref.id, ref.title, dimension, ref.public), as_of, reader)
        shapes = _shapes(layer, dimension, as_of)
    except (NoMeasure, NoRows):
        return None
    if not shapes or len(shapes) > MOST:
        return None
    place, width, height = _fit(shapes)
    breaks = classes(found.values.get(each.member) for each in shapes)
    looks = {each.member: breaks.of(found.values.get(each.member)) for each in shapes}
    named = _named(shapes, place)
    areas = tuple(
        _area(each, found, place, looks[each.member], named=each.member in named) for each in shapes
    )
    told = legend(found, breaks)
    if all(looks.values()):
        told["items"] = [each for each in told["items"] if each["look"] != "none"]
    asked = urlencode({"measure": indicator, "as_of": f"{as_of:%Y-%m}"})
    return Picture(
        str(found.ref.title), str(found.unit), str(found.period), width, height, areas, told,
        found.url, f"/map?{asked}",
    )  # fmt: skip


def _area(shape: _Shape, found: Measured, place: Place, look: int, *, named: bool) -> Area:
    x, _comma, y = place(*shape.at).partition(",")
    return Area(
        label=shape.label,
        short=shape.short if named else "",
        outline="".join(f"M{'L'.join(place(*point) for point in ring)}Z" for ring in shape.rings),
        x=x,
        y=y,
        look=f"class-{look}" if look else "none",
        written=written(found, shape.member),
        url=found.urls.get(shape.member, found.url),
    )


def _shapes(layer: Layer, dimension: str, as_of: date) -> tuple[_Shape, ...]:
    snapshot = reading.snapshot_of(layer)
    if snapshot is None:
        raise NoRows(layer=layer.id, table=layer.table)
    return _outlines(layer, dimension, as_of if layer.time else None, snapshot.urn, reading.language())


@lru_cache(maxsize=16)
def _outlines(
    layer: Layer, dimension: str, as_of: date | None, snapshot: str, language: str
) -> tuple[_Shape, ...]:
    """Reading and parsing the geometry takes half a second; it changes with the snapshot alone."""
    del snapshot, language  # parts of the key
    read = json.loads(reading.features(layer, as_of=as_of, limit=MOST + 1).geojson)["features"]
    return tuple(
        _Shape(
            str(each["properties"][dimension]), each["properties"]["label"], each["properties"]["short"],
            tuple(_rings(each["geometry"])), (each["properties"]["x"], each["properties"]["y"]),
        )
        for each in read
    )  # fmt: skip


def _rings(geometry: Mapping[str, Any]) -> Iterator[_Ring]:
    many = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in many:
        for ring in polygon:
            yield tuple((point[0], point[1]) for point in ring)


def _named(shapes: tuple[_Shape, ...], place: Place) -> set[str]:
    """The areas whose names have room, tried from the widest area down: no name runs over another."""
    taken: list[tuple[float, float, float, float]] = []
    named = set()
    for each in sorted(shapes, key=_width, reverse=True):
        x, y = (float(part) for part in place(*each.at).split(","))
        half = sum(LETTER if letter.isascii() else 1 for letter in each.short) * NAME / 2
        box = (x - half, y - NAME * 0.6, x + half, y + NAME * 0.6)
        if not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in taken
        ):
            taken.append(box)
            named.add(each.member)
    return named


def _width(shape: _Shape) -> float:
    across = [x for ring in shape.rings for x, _y in ring]
    return max(across) - min(across)


def _fit(shapes: tuple[_Shape, ...]) -> tuple[Place, int, int]:
    """Degrees to the picture's units, a degree of longitude being shorter by the cosine of the latitude."""
    points = [point for each in shapes for ring in each.rings for point in ring]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) * squeeze, north - south
    scale = SIDE / (max(wide, high) or 1)

    def place(x: float, y: float) -> str:
        return f"{(x - west) * squeeze * scale:.1f},{(north - y) * scale:.1f}"

    return place, math.ceil(wide * scale), math.ceil(high * scale)
