"""Tiles of C2SP tlog-tiles: the tree cut into runs of at most 256 hashes, eight levels of it a tile.

A tile is named (level, index); its bytes are ``width`` slots of 32 bytes. Proofs are planned first (which
ranges, so which tiles), read in one go, then folded: O(log n) tiles whatever the size of the log.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hutong.ledger.errors import BadTilePath
from hutong.ledger.logic.merkle import HASH, Bytes, complete_root, fold_edge, largest_power_below

WIDTH = 256
HEIGHT = 8

TileId: TypeAlias = tuple[int, int]
Range: TypeAlias = tuple[int, int]
TileReader: TypeAlias = Callable[[Sequence[TileId]], Mapping[TileId, Bytes]]

_PATH = re.compile(
    r"(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?"
)


@dataclass(frozen=True)
class TilePath:
    """A tile as the URL names it; ``level`` is None for an entry bundle."""

    level: int | None
    index: int
    width: int = WIDTH

    def __str__(self) -> str:
        head = "entries" if self.level is None else str(self.level)
        tail = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{head}/{encode_index(self.index)}{tail}"

    @classmethod
    def parse(cls, path: str) -> "TilePath":
        """From what follows ``tile/``; BadTilePath unless it is the one right spelling."""
        found = _PATH.fullmatch(path)
        if not found:
            raise BadTilePath(path=path)
        level = None if found["level"] == "entries" else int(found["level"])
        index = int(found["index"].replace("x", "").replace("/", ""))
        tile = cls(level, index, int(found["width"] or WIDTH))
        if str(tile) != f"tile/{path}" or tile.width == 0:
            raise BadTilePath(path=path)
        return tile


def encode_index(index: int) -> str:
    """1234067 becomes x001/x234/067."""
    parts = [f"{index % 1000:03d}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03d}")
    return "/".join(reversed(parts))


def width_at(size: int, level: int, index: int) -> int:
    """How many slots the tile has in a tree of ``size`` leaves; 0 when it is not there."""
    return max(0, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def right_edge(size: int) -> list[TileId]:
    """The tile of each level that the next leaf may touch and that already has slots."""
    tiles = []
    level = 0
    while count := size >> HEIGHT * level:
        if count % WIDTH:
            tiles.append((level, count // WIDTH))
        level += 1
    return tiles


def extend(size: int, edge: Mapping[TileId, Bytes], leaves: Bytes) -> dict[TileId, bytes]:
    """Every tile that ``leaves`` (a run of slots) changes or creates in a tree of ``size`` leaves."""
    changed: dict[TileId, bytes] = {}
    run, level = bytes(leaves), 0
    while run:
        count = size >> HEIGHT * level
        index, taken = count // WIDTH, count % WIDTH
        if taken:
            run = bytes(edge[level, index]) + run
        carried = []
        for at in range(0, len(run), WIDTH * HASH):
            tile = run[at : at + WIDTH * HASH]
            changed[level, index] = tile
            if len(tile) == WIDTH * HASH:
                carried.append(complete_root(tile))
            index += 1
        run, level = b"".join(carried), level + 1
    return changed


def proof_ranges(start: int, end: int, size: int) -> list[Range]:
    """Leaf ranges whose roots make the proof of subtree [start, end) in a tree of ``size`` leaves.

    [i, i+1) gives the inclusion proof of leaf i; [0, m) gives the consistency proof from size m.
    """
    low, high, known = 0, size, True
    ranges: list[Range] = []
    while (start, end) != (low, high):
        middle = low + largest_power_below(high - low)
        if end <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            known = known and start >= middle
            start, low = max(start, middle), middle
    if not known:
        ranges.append((low, high))
    ranges.reverse()
    return ranges


def read_ranges(ranges: Sequence[Range], read: TileReader) -> list[bytes]:
    """Root of each leaf range, out of as few tiles as hold them."""
    nodes = [_complete_nodes(low, high) for low, high in ranges]
    wanted = sorted({_tile_of(level, index) for run in nodes for level, index in run})
    tiles = read(wanted) if wanted else {}
    return [fold_edge([_node(tiles, level, index) for level, index in run]) for run in nodes]


def root_at(size: int, read: TileReader) -> bytes:
    return read_ranges([(0, size)], read)[0]


def _complete_nodes(low: int, high: int) -> list[tuple[int, int]]:
    """(height, index) of the complete subtrees that make [low, high), left to right."""
    nodes = []
    while low < high:
        height = (high - low).bit_length() - 1
        nodes.append((height, low >> height))
        low += 1 << height
    return nodes


def _tile_of(height: int, index: int) -> TileId:
    return height // HEIGHT, (index << height % HEIGHT) // WIDTH


def _node(tiles: Mapping[TileId, Bytes], height: int, index: int) -> bytes:
    slots = 1 << height % HEIGHT
    first = index * slots % WIDTH
    tile = memoryview(tiles[_tile_of(height, index)])
    return complete_root(tile[first * HASH : (first + slots) * HASH])
