"""Totals over rows about people: small counts, and what they would follow from, are withheld.

Every answer is made from one table of counts: by all columns that the question names, whether it groups by them or
asks for values of them, over all rows. Its withheld cells count for nothing, as if nobody were there. So questions
that differ by a person are answered from the same cells, and none tells more than the table itself.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hutong.portal import engine
from hutong.portal.editions import ROWS
from hutong.portal.errors import BadQuery, TooFine
from hutong.portal.logic import query as asking
from hutong.portal.logic.query import Query, quoted
from hutong.portal.logic.small_counts import withheld
from hutong.portal.types import Edition, Page

TOTALS: Final = ("count", "sum", "avg")  # a least or a greatest value is one person's
_MOST_COLUMNS: Final = 5
_MOST_CELLS: Final = 20_000
_MOST_KEPT: Final = 64
_lock = threading.Lock()
_kept: "OrderedDict[tuple[str, ...], Counts]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class Counts:
    """Shown cells: the values of ``columns``, then for each measured column whether it is empty, then the numbers."""

    columns: tuple[str, ...]
    measures: tuple[str, ...]
    cells: Mapping[tuple[Any, ...], tuple[int, tuple[Any, ...]]]


def page(edition: Edition, query: Query) -> tuple[Page, int]:
    """The groups of which something is shown, and how many there are of them; raises ``BadQuery``, ``TooFine``."""
    counts = _counts(edition, query)
    chosen = _chosen(edition, query, counts)
    groups: dict[tuple[Any, ...], _Sum] = {}
    places = [counts.columns.index(each) for each in query.group_by]
    for cell, (number, sums) in counts.cells.items():
        if chosen is None or cell[: len(counts.columns)] in chosen:
            found = groups.setdefault(tuple(cell[each] for each in places), _Sum(len(counts.measures)))
            found.add(number, sums, cell[len(counts.columns) :])
    names = (*query.group_by, *(each.name for each in query.aggregates))
    rows = [
        (*key, *(found.value(each, counts.measures) for each in query.aggregates))
        for key, found in groups.items()
    ]
    if not query.group_by and not rows:
        rows = [(None,) * len(names)]
    for name, down in reversed(query.sort or tuple((each, False) for each in query.group_by)):
        rows = _sorted(rows, names.index(name), down=down) if name in names else rows
    end = query.offset + query.limit
    return Page(names, rows[query.offset : end], len(rows) > end, None), len(rows)


class _Sum:
    """The numbers of one group, added up over its shown cells."""

    __slots__ = ("number", "of", "sums")

    def __init__(self, measures: int) -> None:
        self.number = 0
        self.of = [0] * measures
        self.sums = [0.0] * measures

    def add(self, number: int, sums: tuple[Any, ...], empty: tuple[Any, ...]) -> None:
        self.number += number
        for place, (value, lacking) in enumerate(zip(sums, empty, strict=True)):
            if not lacking:
                self.of[place] += number
                self.sums[place] += float(value or 0)

    def value(self, asked: asking.Aggregate, measures: tuple[str, ...]) -> Any:
        if not asked.column:
            return self.number
        place = measures.index(asked.column)
        if asked.function == "count":
            return self.of[place] or None
        if not self.of[place]:
            return None
        return self.sums[place] if asked.function == "sum" else self.sums[place] / self.of[place]


def _counts(edition: Edition, query: Query) -> Counts:
    """The shown cells of the table the question is answered from."""
    searched = query.searched if query.words else ()
    named = dict.fromkeys((*query.group_by, *(each.column for each in query.where), *searched))
    measures = tuple(dict.fromkeys(each.column for each in query.aggregates if each.column))
    unfit = [each.function for each in query.aggregates if each.function not in TOTALS]
    if unfit:
        raise BadQuery(key="aggregate", reason=f"{unfit[0]} ∉ {', '.join(TOTALS)}")
    if len(named) + len(measures) > _MOST_COLUMNS:
        raise TooFine(most=_MOST_COLUMNS)
    columns = tuple(sorted(named))  # the same table however the question names them
    summed = {each.column for each in query.aggregates if each.function != "count"}
    key = (edition.tag, str(edition.smallest), *columns, "|", *measures, "|", *sorted(summed))
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    found = Counts(columns, measures, _shown(edition, columns, measures, summed))
    with _lock:
        _kept[key] = found
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _shown(
    edition: Edition, columns: tuple[str, ...], measures: tuple[str, ...], summed: set[str]
) -> dict[tuple[Any, ...], tuple[int, tuple[Any, ...]]]:
    by = [*map(quoted, columns), *(f"{quoted(each)} IS NULL" for each in measures)]
    sums = [f"sum({quoted(each)})::DOUBLE" if each in summed else "NULL" for each in measures]
    text = f"SELECT {', '.join([*by, 'count(*)', *sums])} FROM {{t}}"
    if by:
        text += f" GROUP BY {', '.join(str(place + 1) for place in range(len(by)))} LIMIT {_MOST_CELLS + 1}"
    rows = engine.rows(Path(edition.folder) / ROWS, text, [])
    if len(rows) > _MOST_CELLS:
        raise TooFine(most=_MOST_COLUMNS)
    width = len(by)
    numbers = {tuple(row[:width]): int(row[width]) for row in rows if row[width]}
    gone = withheld(numbers, edition.smallest)
    return {
        cell: (int(row[width]), tuple(row[width + 1 :]))
        for row in rows
        if (cell := tuple(row[:width])) in numbers and cell not in gone
    }


def _chosen(edition: Edition, query: Query, counts: Counts) -> set[tuple[Any, ...]] | None:
    """The combinations of values that the conditions ask for; None where there are no conditions."""
    tests, params = asking.where(query)
    if not tests:
        return None
    picked = ", ".join(map(quoted, counts.columns))
    text = f"SELECT DISTINCT {picked} FROM {{t}}{tests}"
    return {tuple(row) for row in engine.rows(Path(edition.folder) / ROWS, text, params)}


def _sorted(rows: list[tuple[Any, ...]], place: int, *, down: bool) -> list[tuple[Any, ...]]:
    full = sorted((row for row in rows if row[place] is not None), key=lambda row: row[place], reverse=down)
    return [*full, *(row for row in rows if row[place] is None)]


def forget() -> None:
    """Drop everything kept."""
    with _lock:
        _kept.clear()
