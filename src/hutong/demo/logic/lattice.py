"""The ground: a drawn map of half-kilometre squares, cut into street blocks of about a hundred metres.

Areas are sets of blocks and their outlines run along block edges through the same corner points, so subdistricts,
communities and unit grids meet without gap or overlap and nest exactly. Nothing is copied from a real map: the
drawing has about the right neighbours in about the right places.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from hutong.demo.logic.draw import Floats, Ints

_DRAWING = """
...HHHHH....
..HHHHHHH...
..HHHHHHHH..
..AAABBBZZ..
..AAABBBZZ..
..AJJBBBZZ..
..JJJJBZZ...
..SSSFFFCC..
..SSSFFFCC..
..SWWWWGGC..
..WWWWWGGG..
..WWWWWGGG..
..WWWWWGGG..
..WWQQKKUU..
....QQKKUUU.
....TTKUUULL
..TTTTPPPLL.
..TTTTPPPLLL
..TTTTPLLLL.
..TTYYYYYL..
...YYYYYY...
....YY......
"""
LETTERS = "WSJABFCGZHQKULPTY"  # in the order of the subdistrict codes 001 … 017
FINE = 5  # blocks along a side of a drawn square
WEST, NORTH = 116.3755, 39.9685  # the corner of the drawing, degrees WGS 84
DX, DY = 0.00585 / FINE, 0.0045 / FINE  # degrees a block: about 100 m both ways


@dataclass(frozen=True, slots=True)
class Ground:
    """Labels of every block (-1 outside): ``label[level][row, column]``, and the corner points of the blocks."""

    district: Ints
    subdistrict: Ints
    community: Ints
    grid: Ints
    lon: Floats  # corners, one more than blocks each way
    lat: Floats


COMMUNITIES = (10, 8, 7, 9, 10, 6, 9, 9, 10, 20, 3, 11, 8, 10, 8, 11, 20)  # per subdistrict, 169 in all
BLOCKS_A_GRID = 6


@cache
def ground() -> Ground:
    """The same ground for every seed: a district does not move."""
    subdistrict = _tidy(_drawn(), None)
    community = np.full_like(subdistrict, -1)
    done = 0
    for label, count in enumerate(COMMUNITIES):
        done = _cut(subdistrict == label, count, community, done)
    community = _tidy(community, subdistrict)
    grid = np.full_like(subdistrict, -1)
    done = 0
    for label in range(int(community.max()) + 1):
        inside = community == label
        done = _cut(inside, max(1, round(int(inside.sum()) / BLOCKS_A_GRID)), grid, done)
    grid = _tidy(grid, community)
    district = np.where(subdistrict >= 0, 0, -1)
    return Ground(district, subdistrict, community, grid, *_corners(subdistrict.shape))


def _drawn() -> Ints:
    """The drawing at block size, its straight borders bent by slow waves."""
    coarse = np.array([[LETTERS.find(each) for each in line] for line in _DRAWING.split()], dtype=np.int64)
    rows, columns = (side * FINE for side in coarse.shape)
    row, column = np.mgrid[0:rows, 0:columns].astype(np.float64)
    bent_row = row + 1.3 * np.sin(column / 6.1 + 0.7) + 0.7 * np.sin(row / 4.3 + column / 9.0)
    bent_column = column + 1.2 * np.sin(row / 7.3 + 0.4) + 0.8 * np.sin(column / 5.7 - row / 8.0)
    at = (
        np.clip(np.floor(bent_row / FINE), 0, coarse.shape[0] - 1).astype(int),
        np.clip(np.floor(bent_column / FINE), 0, coarse.shape[1] - 1).astype(int),
    )
    fine: Ints = coarse[at]
    return fine


def _corners(shape: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Corner points: a lattice turned a little and bent a little, to six decimals."""
    row, column = np.mgrid[0 : shape[0] + 1, 0 : shape[1] + 1].astype(np.float64)
    east = column + 0.28 * np.sin(row * 1.7 + column * 0.9) + 0.5 * np.sin(row / 17.0)
    south = row + 0.28 * np.sin(column * 1.3 - row * 0.6) + 0.02 * column
    return np.round(WEST + east * DX, 6), np.round(NORTH - south * DY, 6)


def _cut(inside: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]", count: int, into: Ints, done: int) -> int:
    """Halve an area along its longer side until there are ``count`` parts of about one size."""
    stack = [(np.argwhere(inside), count)]
    while stack:
        blocks, parts = stack.pop()
        if parts == 1:
            into[blocks[:, 0], blocks[:, 1]] = done
            done += 1
            continue
        spread = blocks.max(axis=0) - blocks.min(axis=0)
        main = int(spread[1] > spread[0])
        order = np.lexsort((blocks[:, 1 - main], blocks[:, main]))
        at = round(len(blocks) * (parts // 2) / parts)
        stack.append((blocks[order[at:]], parts - parts // 2))
        stack.append((blocks[order[:at]], parts // 2))
    return done


def _tidy(labels: Ints, parent: Ints | None) -> Ints:
    """Give strays and corner-only contacts to a neighbour, so that every area is one ring without a pinch."""
    labels = labels.copy()
    for _ in range(40):
        moved = _join_strays(labels, parent) + _open_pinches(labels, parent)
        if not moved:
            return labels
    raise AssertionError("the drawing does not settle")


_AROUND = ((0, 1), (1, 0), (0, -1), (-1, 0))


def _join_strays(labels: Ints, parent: Ints | None) -> int:
    moved = 0
    for label in np.unique(labels):
        pieces = _pieces(labels == label)
        if label < 0:
            pieces = [each for each in pieces if not _touches_edge(each, labels.shape)]
            pieces = [[], *pieces]
        for piece in sorted(pieces, key=len, reverse=bool(label >= 0))[1:]:
            target = _neighbour(labels, piece, parent)
            if target is not None:
                moved += 1
                for place in piece:
                    labels[place] = target
    return moved


def _touches_edge(piece: list[tuple[int, int]], shape: tuple[int, ...]) -> bool:
    return any(r in (0, shape[0] - 1) or c in (0, shape[1] - 1) for r, c in piece)


def _pieces(mask: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]") -> list[list[tuple[int, int]]]:
    """Parts connected over sides."""
    left = {(int(r), int(c)) for r, c in np.argwhere(mask)}
    found = []
    for start in sorted(left):
        if start not in left:
            continue
        left.discard(start)
        piece, todo = [], [start]
        while todo:
            row, column = todo.pop()
            piece.append((row, column))
            for down, right in _AROUND:
                beside = (row + down, column + right)
                if beside in left:
                    left.discard(beside)
                    todo.append(beside)
        found.append(piece)
    return found


def _neighbour(labels: Ints, piece: list[tuple[int, int]], parent: Ints | None) -> int | None:
    """The label most seen around a piece, of the same parent."""
    own = int(labels[piece[0]])
    seen: dict[int, int] = {}
    for row, column in piece:
        for down, right in _AROUND:
            r, c = row + down, column + right
            inside = 0 <= r < labels.shape[0] and 0 <= c < labels.shape[1]
            if not inside or labels[r, c] in (own, -1):
                continue
            if parent is None or parent[r, c] == parent[row, column]:
                seen[int(labels[r, c])] = seen.get(int(labels[r, c]), 0) + 1
    return max(sorted(seen), key=lambda each: seen[each]) if seen else None


def _open_pinches(labels: Ints, parent: Ints | None) -> int:
    """Where an area meets itself over a corner only, hand one of the two blocks between them over."""
    moved = 0
    for row in range(labels.shape[0] - 1):
        for column in range(labels.shape[1] - 1):
            for one, two, a, b in (
                ((0, 0), (1, 1), (0, 1), (1, 0)),
                ((0, 1), (1, 0), (0, 0), (1, 1)),
            ):
                here, beside, below = (
                    labels[row + one[0], column + one[1]],
                    (row + a[0], column + a[1]),
                    (row + b[0], column + b[1]),
                )
                if here != labels[row + two[0], column + two[1]] or here in (labels[beside], labels[below]):
                    continue
                if here >= 0:
                    moved += _give(labels, parent, int(here), beside, below)
                elif parent is None:
                    labels[row + one[0], column + one[1]] = labels[beside]
                    moved += 1
    return moved


def _give(labels: Ints, parent: Ints | None, label: int, a: tuple[int, int], b: tuple[int, int]) -> int:
    owner = None if parent is None else parent[labels == label][0]
    for donor in (a, b):
        if parent is None or parent[donor] == owner:
            labels[donor] = label
            return 1
    return 0
