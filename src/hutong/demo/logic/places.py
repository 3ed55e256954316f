"""Names and codes of the areas, their outlines, and points inside them."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from hutong.demo.logic.draw import Floats, Ints, Texts, join, numbered
from hutong.demo.logic.lattice import COMMUNITIES, ground

DIVISION = "110101"
SUBDISTRICTS = (
    ("东华门街道", "Donghuamen Subdistrict"),
    ("景山街道", "Jingshan Subdistrict"),
    ("交道口街道", "Jiaodaokou Subdistrict"),
    ("安定门街道", "Andingmen Subdistrict"),
    ("北新桥街道", "Beixinqiao Subdistrict"),
    ("东四街道", "Dongsi Subdistrict"),
    ("朝阳门街道", "Chaoyangmen Subdistrict"),
    ("建国门街道", "Jianguomen Subdistrict"),
    ("东直门街道", "Dongzhimen Subdistrict"),
    ("和平里街道", "Hepingli Subdistrict"),
    ("前门街道", "Qianmen Subdistrict"),
    ("崇文门外街道", "Chongwenmenwai Subdistrict"),
    ("东花市街道", "Donghuashi Subdistrict"),
    ("龙潭街道", "Longtan Subdistrict"),
    ("体育馆路街道", "Tiyuguanlu Subdistrict"),
    ("天坛街道", "Tiantan Subdistrict"),
    ("永定门外街道", "Yongdingmenwai Subdistrict"),
)
_FIRST = "青云松柏槐杏桐棠荷菊竹兰枫榆柳桂"
_SECOND = "雀鹤泉井桥坊园巷溪亭廊台"
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas of one level, in the order of their labels."""

    codes: Texts
    names: Texts
    parents: Ints  # label of the area around it
    rings: tuple[Ring, ...]
    km2: Floats


@cache
def subdistricts() -> Areas:
    labels = ground().subdistrict
    count = len(SUBDISTRICTS)
    codes = numbered(DIVISION, np.arange(1, count + 1), 3)
    names = np.array([zh for zh, _ in SUBDISTRICTS])
    return Areas(codes, names, np.zeros(count, np.int64), *_outlines(labels, count))


@cache
def communities() -> Areas:
    """Synthetic names of a flower or tree and a place; codes of 12 digits, serials 001 … in each subdistrict."""
    parents = np.repeat(np.arange(len(COMMUNITIES)), COMMUNITIES)
    serial = np.concatenate([np.arange(1, count + 1) for count in COMMUNITIES])
    codes = join(subdistricts().codes[parents], numbered("", serial, 3))
    names = np.array([f"{_FIRST[i % 16]}{_SECOND[i // 16 % 12]}社区" for i in range(len(parents))])
    return Areas(codes, names, parents, *_outlines(ground().community, len(parents)))


@cache
def grids() -> Areas:
    """Unit grids: 15 digits, numbered west to east and north to south inside a community."""
    land = ground()
    count = int(land.grid.max()) + 1
    rings, km2 = _outlines(land.grid, count)
    parents = np.array([land.community[land.grid == label][0] for label in range(count)])
    middle = np.array([np.mean(ring[:-1], axis=0) for ring in rings])
    serial = np.zeros(count, np.int64)
    for community in range(len(communities().codes)):
        own = np.flatnonzero(parents == community)
        order = own[np.lexsort((middle[own, 0], -np.round(middle[own, 1] / 0.0018)))]
        serial[order] = np.arange(1, len(own) + 1)
    codes = join(communities().codes[parents], numbered("", serial, 3))
    return Areas(codes, codes.copy(), parents, rings, km2)


@cache
def district() -> Areas:
    return Areas(
        np.array([DIVISION]), np.array(["东城区"]), np.zeros(1, np.int64), *_outlines(ground().district, 1)
    )


def _outlines(labels: Ints, count: int) -> tuple[tuple[Ring, ...], Floats]:
    """The one ring of every area, counter-clockwise and closed, and its size."""
    edges = _edges(labels, count)
    rings = tuple(_ring(each) for each in edges)
    return rings, np.array([_square_km(ring) for ring in rings])


Corner = tuple[int, int]


def _edges(labels: Ints, count: int) -> list[dict[Corner, Corner]]:
    """Per area, its block edges that border on another one, each leading on with the area on its left."""
    around = np.pad(labels, 1, constant_values=-1)
    found: list[dict[Corner, Corner]] = [{} for _ in range(count)]
    for row, column in np.argwhere(labels >= 0).tolist():
        own = labels[row, column]
        north, south = around[row, column + 1], around[row + 2, column + 1]
        west, east = around[row + 1, column], around[row + 1, column + 2]
        into = found[own]
        if south != own:
            into[row + 1, column] = (row + 1, column + 1)
        if east != own:
            into[row + 1, column + 1] = (row, column + 1)
        if north != own:
            into[row, column + 1] = (row, column)
        if west != own:
            into[row, column] = (row + 1, column)
    return found


def _ring(edges: dict[Corner, Corner]) -> Ring:
    land = ground()
    start = min(edges)
    ring, here = [start], edges[start]
    while here != start:
        ring.append(here)
        here = edges[here]
    if len(ring) != len(edges):
        raise AssertionError("an area of the drawing is not one ring")
    ring.append(start)
    return tuple((float(land.lon[corner]), float(land.lat[corner])) for corner in ring)


def _square_km(ring: Ring) -> float:
    """Area on the plane that touches the ground at 39.9 degrees north."""
    points = np.array(ring) * np.array([111.32 * np.cos(np.radians(39.9)), 111.03])
    x, y = points[:, 0] - points[0, 0], points[:, 1] - points[0, 1]
    return round(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2, 4)


@dataclass(frozen=True, slots=True)
class Points:
    """Points in blocks, with the labels of the areas they lie in."""

    lon: Floats
    lat: Floats
    subdistrict: Ints
    community: Ints
    grid: Ints


def points_in(rng: np.random.Generator, subdistrict: Ints) -> Points:
    """One point, well inside a block, for every subdistrict label given."""
    land = ground()
    blocks = [np.argwhere(land.subdistrict == label) for label in range(len(SUBDISTRICTS))]
    sizes = np.array([len(each) for each in blocks])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    place = np.concatenate(blocks)[
        starts[subdistrict] + (rng.random(len(subdistrict)) * sizes[subdistrict]).astype(int)
    ]
    row, column = place[:, 0], place[:, 1]
    u, v = rng.uniform(0.12, 0.88, (2, len(subdistrict)))
    weights = ((1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v)
    corners = ((row, column), (row, column + 1), (row + 1, column), (row + 1, column + 1))
    lon = sum((w * land.lon[c] for w, c in zip(weights, corners, strict=True)), np.zeros(len(row)))
    lat = sum((w * land.lat[c] for w, c in zip(weights, corners, strict=True)), np.zeros(len(row)))
    at = (row, column)
    return Points(np.round(lon, 6), np.round(lat, 6), land.subdistrict[at], land.community[at], land.grid[at])


def middle_of(ring: Ring) -> tuple[float, float]:
    """The mean of the ring's corners: near enough for a label."""
    lon, lat = np.mean(np.array(ring[:-1]), axis=0)
    return round(float(lon), 6), round(float(lat), 6)
