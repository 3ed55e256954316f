"""Which cells of a table of counts are withheld, so that small ones neither stand there nor follow from what does.

A table has a count for each combination of values. Its margins (the same counts by fewer columns, down to the total)
are taken as known: they are answered by the same rules to whoever asks by fewer columns. A cell is withheld

- where it is small;
- where it lies within one that its margin withholds, so that no sum of shown cells gives that one;
- where a small one would follow from it and the sum of their line, as ``kernel.suppression`` has it;
- where a small one would follow from all sums together (solved as linear equations).

Bounds that follow because counts are never negative are not looked at.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hutong.kernel.suppression import suppress

Cell = tuple[Any, ...]
Columns = tuple[int, ...]
_MOST_SOLVED: Final = 600  # unknowns; a table with more is withheld whole
_EXACT: Final = 1e-7


def withheld(cells: Mapping[Cell, int], minimum: int) -> frozenset[Cell]:
    """The cells that are not shown. All are of one width, and none is zero."""
    width = len(next(iter(cells), ()))
    margins: dict[Columns, dict[Cell, int]] = {}
    hidden: dict[Columns, set[Cell]] = {}
    for size in range(width + 1):
        for columns in combinations(range(width), size):
            margins[columns] = _margin(cells, columns)
            hidden[columns] = _settled(columns, margins, hidden, minimum)
    return frozenset(hidden[tuple(range(width))])


def _margin(cells: Mapping[Cell, int], columns: Columns) -> dict[Cell, int]:
    found: dict[Cell, int] = {}
    for cell, count in cells.items():
        key = tuple(cell[each] for each in columns)
        found[key] = found.get(key, 0) + count
    return found


def _settled(
    columns: Columns,
    margins: Mapping[Columns, Mapping[Cell, int]],
    hidden: Mapping[Columns, set[Cell]],
    minimum: int,
) -> set[Cell]:
    """What is withheld of one table, given what is of those by fewer columns."""
    counts = margins[columns]
    found = {cell for cell, count in counts.items() if count < minimum}
    for place in range(len(columns)):
        above = hidden[columns[:place] + columns[place + 1 :]]
        found |= {cell for cell in counts if cell[:place] + cell[place + 1 :] in above}
    while True:
        found = _in_lines(counts, found, minimum)
        if len(columns) < 2 or not found:
            return found
        if len(found) > _MOST_SOLVED:
            return set(counts)
        more = _solvable(columns, margins, hidden, found, minimum)
        if not more:
            return found
        found |= more


def _in_lines(counts: Mapping[Cell, int], found: set[Cell], minimum: int) -> set[Cell]:
    """In every line along every column at least two are withheld, together not few."""
    width = len(next(iter(counts), ()))
    while True:
        before = len(found)
        for place in range(width):
            lines: dict[Cell, dict[Cell, int]] = {}
            for cell, count in counts.items():
                lines.setdefault(cell[:place] + cell[place + 1 :], {})[cell] = count
            for line in lines.values():
                gone = found & line.keys()
                if gone:
                    found |= {
                        cell for cell, count in suppress(line, minimum, hidden=gone).items() if count is None
                    }
        if len(found) == before:
            return found


def _solvable(
    columns: Columns,
    margins: Mapping[Columns, Mapping[Cell, int]],
    hidden: Mapping[Columns, set[Cell]],
    found: set[Cell],
    minimum: int,
) -> set[Cell]:
    """Further cells to withhold because a small count follows from all that is shown together; empty when none does."""
    unknown = sorted(found, key=repr)
    known, asked = [], [np.array([cell == each for each in unknown], float) for cell in unknown
                        if margins[columns][cell] < minimum]  # fmt: skip
    for fewer in _fewer(columns):
        places = [columns.index(each) for each in fewer]
        inside: dict[Cell, npt.NDArray[np.float64]] = {}
        for number, cell in enumerate(unknown):
            key = tuple(cell[each] for each in places)
            inside.setdefault(key, np.zeros(len(unknown)))[number] = 1
        for key, sum_of in inside.items():
            if key not in hidden[fewer]:
                known.append(sum_of)
            elif margins[fewer][key] < minimum:
                asked.append(sum_of)
    if not known or not asked:
        return set()
    equations = np.array(known)
    values, vectors = np.linalg.eigh(equations.T @ equations)
    span = vectors[:, values > _EXACT]
    targets = np.array(asked)
    left = targets - (targets @ span) @ span.T
    told = targets[np.einsum("ij,ij->i", left, left) < _EXACT]
    return (
        set().union(*(_beside(margins[columns], found, unknown, each) for each in told))
        if len(told)
        else set()
    )


def _beside(
    counts: Mapping[Cell, int], found: set[Cell], unknown: list[Cell], told: npt.NDArray[np.float64]
) -> set[Cell]:
    """The least shown cell in a line with those that were told; every other cell where no line has one."""
    mine = [unknown[each] for each in np.flatnonzero(told)]
    shown = [cell for cell in counts if cell not in found]
    near = [
        cell
        for cell in shown
        if any(sum(a != b for a, b in zip(cell, each, strict=True)) == 1 for each in mine)
    ]
    return {min(near or shown, key=lambda cell: (counts[cell], repr(cell)))} if shown else set()


def _fewer(columns: Columns) -> Iterator[Columns]:
    for size in range(len(columns)):
        yield from combinations(columns, size)
