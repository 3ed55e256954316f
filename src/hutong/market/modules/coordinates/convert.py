"""The offset of GCJ-02 as it is commonly approximated, its inverse by iteration, and BD-09 on top of it.

CGCS2000 and WGS 84 differ by centimetres to decimetres; here they are the same.
"""

import math
from typing import Final

_A: Final = 6378245.0  # Krassovsky 1940, semi-major axis in metres
_EE: Final = 0.00669342162296594323
_TURN: Final = math.pi * 3000.0 / 180.0


def outside(lon: float, lat: float) -> bool:
    """Beyond the box of mainland China, where GCJ-02 has no offset."""
    return not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271)


def to_wgs84(lon: float, lat: float, source: str) -> tuple[float, float]:
    if source == "bd-09":
        lon, lat = _from_bd09(lon, lat)
    return (lon, lat) if source in {"wgs-84", "cgcs2000"} else _from_gcj02(lon, lat)


def from_wgs84(lon: float, lat: float, target: str) -> tuple[float, float]:
    if target in {"wgs-84", "cgcs2000"}:
        return lon, lat
    lon, lat = to_gcj02(lon, lat)
    return (lon, lat) if target == "gcj-02" else _to_bd09(lon, lat)


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    if outside(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    wave = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    angle = math.radians(lat)
    magic = 1 - _EE * math.sin(angle) ** 2
    radius = math.sqrt(magic)
    lat += north * 180.0 / ((_A * (1 - _EE)) / (magic * radius) * math.pi)
    lon += east * 180.0 / (_A / radius * math.cos(angle) * math.pi)
    return lon, lat


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance on a sphere."""
    (lon1, lat1), (lon2, lat2) = one, other
    a, b = math.radians(lat1), math.radians(lat2)
    half = (
        math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371008.8 * math.asin(min(1.0, math.sqrt(half)))


def _from_gcj02(lon: float, lat: float) -> tuple[float, float]:
    if outside(lon, lat):
        return lon, lat
    x, y = lon, lat
    for _round in range(30):
        east, north = to_gcj02(x, y)
        x, y = x + lon - east, y + lat - north
        if abs(east - lon) + abs(north - lat) < 1e-11:
            break
    return x, y


def _to_bd09(lon: float, lat: float) -> tuple[float, float]:
    far = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _TURN)
    return far * math.cos(angle) + 0.0065, far * math.sin(angle) + 0.006


def _from_bd09(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 0.0065, lat - 0.006
    for _round in range(30):
        east, north = _to_bd09(x, y)
        x, y = x + lon - east, y + lat - north
        if abs(east - lon) + abs(north - lat) < 1e-11:
            break
    return x, y
