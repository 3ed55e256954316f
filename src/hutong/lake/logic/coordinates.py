"""GCJ-02 and BD-09 to WGS 84, in SQL for points and in numpy for geometries.

GCJ-02 is WGS 84 moved by a known wave; its inverse is found by two steps of fixed-point iteration, after which
less than a centimetre is left. Outside China nothing is moved. The constants are those of the ellipsoid
Krassovsky 1940, as all public implementations of the transformation have them.
"""

import itertools
import math
from typing import Any

from hutong.lake.logic.sql import ident
from hutong.lake.types import Crs

_A, _EE = 6378245.0, 0.00669342162296594323
_PI, _X_PI = math.pi, math.pi * 3000.0 / 180.0
Vector = Any

# `x` and `y` are longitude - 105 and latitude - 35; `w` is the latitude.
_WAVE = "(20.0*sin(6.0*x*{pi})+20.0*sin(2.0*x*{pi}))*2.0/3.0"
_LAT = (
    f"-100.0+2.0*x+3.0*y+0.2*y*y+0.1*x*y+0.2*sqrt(abs(x))+{_WAVE}"
    "+(20.0*sin(y*{pi})+40.0*sin(y/3.0*{pi}))*2.0/3.0+(160.0*sin(y/12.0*{pi})+320*sin(y*{pi}/30.0))*2.0/3.0"
)
_LON = (
    f"300.0+x+2.0*y+0.1*x*x+0.1*x*y+0.1*sqrt(abs(x))+{_WAVE}"
    "+(20.0*sin(x*{pi})+40.0*sin(x/3.0*{pi}))*2.0/3.0+(150.0*sin(x/12.0*{pi})+300.0*sin(x/30.0*{pi}))*2.0/3.0"
)


def macros() -> list[str]:
    """SQL macros ``wgs84_lon(lon, lat, crs)`` and ``wgs84_lat``."""
    lat, lon = _LAT.format(pi=_PI), _LON.format(pi=_PI)
    inside = "(lon BETWEEN 72.004 AND 137.8347 AND lat BETWEEN 0.8293 AND 55.8271)"
    magic = f"(1-{_EE}*sin(lat*{_PI / 180})*sin(lat*{_PI / 180}))"
    shift_lon = f"({_substitute(lon)})"
    shift_lat = f"({_substitute(lat)})"
    return [
        (
            f"CREATE OR REPLACE TEMP MACRO gcj_dlat(lon, lat) AS CASE WHEN {inside} THEN {shift_lat}*180.0/"
            f"(({_A * (1 - _EE)})/({magic}*sqrt({magic}))*{_PI}) ELSE 0.0 END"
        ),
        (
            f"CREATE OR REPLACE TEMP MACRO gcj_dlon(lon, lat) AS CASE WHEN {inside} THEN {shift_lon}*180.0/"
            f"({_A}/sqrt({magic})*cos(lat*{_PI / 180})*{_PI}) ELSE 0.0 END"
        ),
        (
            "CREATE OR REPLACE TEMP MACRO bd_z(x, y) AS "
            f"sqrt((x-0.0065)*(x-0.0065)+(y-0.006)*(y-0.006)) - 0.00002*sin((y-0.006)*{_X_PI})"
        ),
        f"CREATE OR REPLACE TEMP MACRO bd_t(x, y) AS atan2(y-0.006, x-0.0065) - 0.000003*cos((x-0.0065)*{_X_PI})",
    ]


def _substitute(formula: str) -> str:
    return "".join({"x": "(lon-105.0)", "y": "(lat-35.0)"}.get(sign, sign) for sign in formula)


def layers(lon: str, lat: str, crs: Crs, tag: str) -> tuple[list[str], tuple[str, str]]:
    """Projections to add one after another, and the names of the columns with the result."""
    first = (lon, lat)
    if crs is Crs.BD09:
        z, t = f"bd_z({lon}, {lat})", f"bd_t({lon}, {lat})"
        first = (f"{z}*cos({t})", f"{z}*sin({t})")
    names = [(ident(f"w{step}x:{tag}"), ident(f"w{step}y:{tag}")) for step in range(4)]
    (g_lon, g_lat), added = names[0], [f"{first[0]} AS {names[0][0]}, {first[1]} AS {names[0][1]}"]
    for (x, y), (new_x, new_y) in itertools.pairwise(names):
        added.append(f"{g_lon} - gcj_dlon({x}, {y}) AS {new_x}, {g_lat} - gcj_dlat({x}, {y}) AS {new_y}")
    return added, names[-1]


def to_wgs84(lon: Vector, lat: Vector, crs: Crs) -> tuple[Vector, Vector]:
    """Arrays of degrees in ``crs`` to WGS 84. CGCS2000 agrees with it within centimetres and passes through."""
    import numpy as np  # noqa: PLC0415 - a quarter of a process's start; geometries alone need it

    if crs in (Crs.WGS84, Crs.CGCS2000):
        return lon, lat
    if crs is Crs.BD09:
        x, y = lon - 0.0065, lat - 0.006
        z = np.sqrt(x * x + y * y) - 0.00002 * np.sin(y * _X_PI)
        theta = np.arctan2(y, x) - 0.000003 * np.cos(x * _X_PI)
        lon, lat = z * np.cos(theta), z * np.sin(theta)
    at_lon, at_lat = lon, lat
    for _ in range(3):
        d_lon, d_lat = shift(at_lon, at_lat)
        at_lon, at_lat = lon - d_lon, lat - d_lat
    return at_lon, at_lat


def shift(lon: Vector, lat: Vector) -> tuple[Vector, Vector]:
    """By how much GCJ-02 moves points of WGS 84."""
    import numpy as np  # noqa: PLC0415 - as above

    x, y = lon - 105.0, lat - 35.0
    sin = np.sin
    wave = (20.0 * sin(6.0 * x * _PI) + 20.0 * sin(2.0 * x * _PI)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + wave
    d_lat += (20.0 * sin(y * _PI) + 40.0 * sin(y / 3.0 * _PI)) * 2.0 / 3.0
    d_lat += (160.0 * sin(y / 12.0 * _PI) + 320 * sin(y * _PI / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + wave
    d_lon += (20.0 * sin(x * _PI) + 40.0 * sin(x / 3.0 * _PI)) * 2.0 / 3.0
    d_lon += (150.0 * sin(x / 12.0 * _PI) + 300.0 * sin(x / 30.0 * _PI)) * 2.0 / 3.0
    radians = lat / 180.0 * _PI
    magic = 1 - _EE * sin(radians) * sin(radians)
    d_lat = d_lat * 180.0 / ((_A * (1 - _EE)) / (magic * np.sqrt(magic)) * _PI)
    d_lon = d_lon * 180.0 / (_A / np.sqrt(magic) * np.cos(radians) * _PI)
    china = (lon > 72.004) & (lon < 137.8347) & (lat > 0.8293) & (lat < 55.8271)
    return np.where(china, d_lon, 0.0), np.where(china, d_lat, 0.0)
