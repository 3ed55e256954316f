"""Geometries: the spatial extension, and moving the vertices of well-known binary to WGS 84."""

import struct
from typing import Any

import numpy as np

from hutong.lake.engine import duck
from hutong.lake.errors import BadContract
from hutong.lake.logic import coordinates
from hutong.lake.logic.sql import literal
from hutong.lake.types import Crs


def load_spatial(connection: Any) -> None:
    """Load the spatial extension unless it is there."""
    found = connection.execute(
        "SELECT loaded FROM duckdb_extensions() WHERE extension_name = 'spatial'"
    ).fetchone()
    if not found or not found[0]:
        duck.load(connection, "spatial")


def register(connection: Any) -> None:
    """Make ``wkb_to_wgs84(blob, crs)`` known to the connection."""
    load_spatial(connection)
    known = connection.execute(
        f"SELECT 1 FROM duckdb_functions() WHERE function_name = {literal('wkb_to_wgs84')}"
    ).fetchone()
    if not known:
        connection.create_function(
            "wkb_to_wgs84",
            to_wgs84,
            ["BLOB", "VARCHAR"],
            "BLOB",
            side_effects=False,
            exception_handling="default",
        )


def blob_of(connection: Any, sql: str) -> str:
    """The first geometry column of a query over a lake table; raises ``BadContract`` without one."""
    for name, kind, *_ in connection.execute(f"DESCRIBE {sql}").fetchall():
        if kind == "BLOB":
            return str(name)
    raise BadContract(reason="the table of an inside rule has no geometry column")


def to_wgs84(blob: bytes, crs: str) -> bytes:
    """Well-known binary with its vertices moved from ``crs`` to WGS 84."""
    out = bytearray(blob)
    _walk(out, 0, Crs(crs))
    return bytes(out)


def _walk(out: bytearray, at: int, crs: Crs) -> int:
    """Move one geometry that starts at ``at``; returns where it ends."""
    order = "<" if out[at] == 1 else ">"
    (kind,) = struct.unpack_from(order + "I", out, at + 1)
    at += 9 if kind & 0x20000000 else 5
    extra = (1 if kind & 0x80000000 else 0) + (1 if kind & 0x40000000 else 0)
    plain = kind & 0x0FFFFFFF
    width = 2 + (extra or (0, 1, 1, 2)[plain // 1000 % 4])
    plain %= 1000
    if plain == 1:
        return _move(out, at, 1, width, order, crs=crs)
    (count,) = struct.unpack_from(order + "I", out, at)
    at += 4
    if plain == 2:
        return _move(out, at, count, width, order, crs=crs)
    for _ in range(count):
        if plain == 3:
            (points,) = struct.unpack_from(order + "I", out, at)
            at = _move(out, at + 4, points, width, order, crs=crs)
        else:
            at = _walk(out, at, crs)
    return at


def _move(out: bytearray, at: int, points: int, width: int, order: str, *, crs: Crs) -> int:
    size = points * width * 8
    vertices = np.frombuffer(bytes(out[at : at + size]), dtype=order + "f8").reshape(points, width).copy()
    vertices[:, 0], vertices[:, 1] = coordinates.to_wgs84(vertices[:, 0], vertices[:, 1], crs)
    out[at : at + size] = vertices.tobytes()
    return at + size
