"""Areas with their outlines: which of them holds a point, and how far the point is from the edge."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Ring = list[tuple[float, float]]


@dataclass(slots=True)
class Area:
    """An area; rings in degrees, the first of each polygon is the outer one."""

    code: str
    name: str
    lon: float
    lat: float
    rings: list[Ring]
    box: tuple[float, float, float, float] = field(init=False)

    def __post_init__(self) -> None:
        xs = [x for ring in self.rings for x, _y in ring] or [self.lon]
        ys = [y for ring in self.rings for _x, y in ring] or [self.lat]
        self.box = (min(xs), min(ys), max(xs), max(ys))

    def holds(self, lon: float, lat: float) -> bool:
        """Whether the point is inside: even–odd over every ring, so that holes are left out."""
        west, south, east, north = self.box
        if not (west <= lon <= east and south <= lat <= north):
            return False
        inside = False
        for ring in self.rings:
            for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
                if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                    inside = not inside
        return inside

    def edge(self, lon: float, lat: float) -> float:
        """Metres to the nearest edge."""
        east, north = 111_320 * math.cos(math.radians(lat)), 110_574
        return min(
            (
                _distance((x1 - lon) * east, (y1 - lat) * north, (x2 - lon) * east, (y2 - lat) * north)
                for ring in self.rings
                for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)
            ),
            default=0.0,
        )


def areas_of(rows: Iterable[Mapping[str, Any]]) -> list[Area]:
    """Rows with code, name and the outline as GeoJSON."""
    found = []
    for row in rows:
        shape = json.loads(row["shape"]) if isinstance(row["shape"], str) else row["shape"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = [[(float(p[0]), float(p[1])) for p in ring] for polygon in polygons for ring in polygon]
        lon, lat = row.get("lon"), row.get("lat")
        middle = rings[0][0]
        found.append(
            Area(
                str(row["code"]), str(row.get("name") or ""), middle[0] if lon is None else float(lon),
                middle[1] if lat is None else float(lat), rings,
            )
        )  # fmt: skip
    return found


def holding(areas: Iterable[Area], lon: float, lat: float) -> Area | None:
    return next((each for each in areas if each.holds(lon, lat)), None)


def _distance(x1: float, y1: float, x2: float, y2: float) -> float:
    """From the origin to a stretch between two points."""
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    share = 0.0 if not length else max(0.0, min(1.0, -(x1 * dx + y1 * dy) / length))
    return math.hypot(x1 + share * dx, y1 + share * dy)
