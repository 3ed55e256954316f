"""Lines of wrapped cells given out to the rows of a table."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from hutong.indicators.plan_import.fitting import GROUP
from hutong.indicators.plan_import.reading.pdf_words import Bit

_LONGEST_RUN = 8
_FAR = 1e6


def runs_of(
    columns: list[list[Bit]], anchors: list[Bit], rules: list[float], needed: int
) -> list[list[str]] | None:
    """The cells of each row, by rules where every row has its own, else around or below the anchors.

    Column ``needed`` has a cell in every row.
    """
    made = [[""] * len(columns) for _ in anchors]
    bands = _bands(anchors, rules)
    best: dict[str, tuple[float, list[list[int]]]] = {}
    if not bands:
        for way in ("middle", "top"):
            given = [
                _give(column, anchors, way, _FAR if index == needed else 1.5 * anchors[0].size)
                for index, column in enumerate(columns)
            ]
            best[way] = (sum(cost for cost, _ in given), [where for _, where in given])
        cost, where = min(best.values(), key=lambda each: each[0])
        if cost >= _FAR:
            return None
    else:
        where = [[_band(bit, bands) for bit in column] for column in columns]
    for index, column in enumerate(columns):
        for bit, row in zip(column, where[index], strict=True):
            made[row][index] = f"{made[row][index]}\n{bit.text}" if made[row][index] else bit.text
    return made


def _bands(anchors: list[Bit], rules: list[float]) -> list[float]:
    """The rules, when one stands between every two anchors."""
    parts = [[rule for rule in rules if a.y < rule < b.y] for a, b in pairwise(anchors)]
    return [each[0] for each in parts] if parts and all(parts) else []


def _band(bit: Bit, bands: list[float]) -> int:
    return sum(rule < bit.y for rule in bands)


def _give(column: list[Bit], anchors: list[Bit], way: str, empty: float) -> tuple[float, list[int]]:
    """The row of each line of a column, in runs that stand as near to their anchors as can be.

    ``empty`` is what a row without a cell costs.
    """
    size = len(column)
    if not size:
        return 0.0, []
    pitch = 2.2 * max(bit.size for bit in column)
    none = _FAR * (len(anchors) + size + 1)
    costs = [0.0] + [none] * size
    choices: list[list[int]] = []
    for row, anchor in enumerate(anchors):
        low = anchors[row + 1].y - 0.3 * anchor.size if way == "top" and row + 1 < len(anchors) else _FAR
        following, chosen = [cost + empty for cost in costs], [0] * (size + 1)
        for end in range(1, size + 1):
            for length in range(1, min(_LONGEST_RUN, end) + 1):
                run = column[end - length : end]
                if length > 1 and (run[1].y - run[0].y > pitch or run[-1].y > low):
                    break
                cost = costs[end - length] + _apart(run, anchor, way)
                if cost < following[end]:
                    following[end], chosen[end] = cost, length
        costs = following
        choices.append(chosen)
    rows, end = [0] * size, size
    for row in range(len(anchors) - 1, -1, -1):
        length = choices[row][end]
        rows[end - length : end] = [row] * length
        end -= length
    return (costs[size] if end == 0 else _FAR), rows


def _apart(run: list[Bit], anchor: Bit, way: str) -> float:
    middle = (run[0].y + run[-1].y) / 2 if way == "middle" else run[0].y
    return abs(middle - anchor.y)


Way = Literal["", "top", "middle"]
"""Where groups stand: at their first row, or in the middle of their rows."""


def groups_of(
    column: list[Bit], anchors: list[Bit], rules: list[float], known: Way
) -> tuple[list[str], bool, Way]:
    """The group at the row it starts on, whether that is doubtful, and the way its groups stand.

    ``known`` is the way they stand on the pages before: a page may then begin in the midst of a group.
    """
    texts = [""] * len(anchors)
    cells = _cells(column, anchors)
    if not cells:
        return texts, False, known
    parted = _by_rules(cells, anchors, rules)
    tried = [_nearest([cell[0].y for cell in cells], anchors), _nearest([_middle(c) for c in cells], anchors)]
    off, top = min(tried, key=lambda each: each[0])
    first = top[0] == 0 or known == "top"
    aligned = off < 0.4 * column[0].size and first and len(set(top)) == len(top) and known != "middle"
    cost, middle = _spans(cells, anchors)
    centred = cost < 0.4 * column[0].size * len(cells)
    starts = parted or (top if aligned else middle)
    for row, cell in zip(starts, cells, strict=True):
        texts[row] = "\n".join(bit.text for bit in cell)
    torn = aligned and centred and top != middle and not known
    doubtful = not parted and (torn or not (aligned or centred))
    way: Way = "" if torn or parted else "top" if aligned else "middle" if centred else ""
    return texts, doubtful, way


def _nearest(heights: list[float], anchors: list[Bit]) -> tuple[float, list[int]]:
    """The row nearest to each height, and how far the worst is off."""
    rows = [min(range(len(anchors)), key=lambda row: abs(anchors[row].y - y)) for y in heights]
    return max(abs(anchors[row].y - y) for row, y in zip(rows, heights, strict=True)), rows


def _middle(cell: list[Bit]) -> float:
    return (cell[0].y + cell[-1].y) / 2


def _cells(column: list[Bit], anchors: list[Bit]) -> list[list[Bit]]:
    """Lines that stand closer together than rows do are one cell."""
    if not column:
        return []
    rows = min((b.y - a.y for a, b in pairwise(anchors)), default=_FAR)
    cells = [[column[0]]]
    for before, bit in pairwise(column):
        gap = bit.y - before.y
        broken = not GROUP.fullmatch(bit.text) and GROUP.fullmatch("".join(b.text for b in [*cells[-1], bit]))
        if gap <= 1.6 * bit.size and (gap < 0.93 * rows or broken):
            cells[-1].append(bit)
        else:
            cells.append([bit])
    return cells if len(cells) <= len(anchors) else []


def _by_rules(cells: list[list[Bit]], anchors: list[Bit], rules: list[float]) -> list[int]:
    """The first row of each group where a rule stands between every two of them, and only there."""
    edges = [sum(rule < _middle(cell) for rule in rules) for cell in cells]
    if not rules or len(set(edges)) != len(cells) or len(rules) != len(cells) - 1:
        return []
    return [0, *(sum(anchor.y < rule for anchor in anchors) for rule in sorted(rules))]


def _spans(cells: Sequence[list[Bit]], anchors: list[Bit]) -> tuple[float, list[int]]:
    """The first rows of the groups so that each stands in the middle of its rows as nearly as can be."""
    rows, count = len(anchors), len(cells)
    costs = [[_FAR * (count + 1)] * (rows + 1) for _ in range(count + 1)]
    back = [[0] * (rows + 1) for _ in range(count + 1)]
    costs[0][0] = 0.0
    for order, cell in enumerate(cells, start=1):
        y = _middle(cell)
        for end in range(order, rows + 1):
            for start in range(order - 1, end):
                off = abs((anchors[start].y + anchors[end - 1].y) / 2 - y)
                if costs[order - 1][start] + off < costs[order][end]:
                    costs[order][end], back[order][end] = costs[order - 1][start] + off, start
    starts, end = [], rows
    for order in range(count, 0, -1):
        end = back[order][end]
        starts.append(end)
    return costs[count][rows], starts[::-1]
