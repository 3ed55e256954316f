"""What samples and profiles show to whoever may not see rows unmasked: no value and no count of few people.

A table tells of people in two ways: its rows are about them (it has personal columns), or its cells count them (whole
numbers whose unit is people, cases or households). What its opening declares to be about things is neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from hutong.catalog.types import EntryRef
from hutong.kernel import suppression
from hutong.lake import api as lake
from hutong.lake.types import ColumnProfile, ColumnType, Contract, Drift, MaskKind, Profile, QueryResult

PEOPLE: Final = frozenset(
    {"人", "人次", "例", "名", "位", "户", "person", "people", "case", "cases", "household"}
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of a profile as a page shows it; None where it would tell of few people."""

    column: str
    empty: int | None
    distinct: int | None
    low: str | None
    high: str | None
    top: tuple[tuple[str, int], ...]
    withheld: bool = False


def about_people(dataset: EntryRef, contract: Contract) -> bool:
    """Whether rows are about people or count them: the table is not open and has such columns."""
    return not dataset.is_open and (any(_personal(contract).values()) or bool(counts(dataset, contract)))


def counts(dataset: EntryRef, contract: Contract) -> frozenset[str]:
    """The columns that count people, of a table that is not open nor said to be about things."""
    if dataset.is_open or (dataset.body.get("opening") or {}).get("people") is False:
        return frozenset()
    return frozenset(
        each.name for each in contract.columns if each.type is ColumnType.INT and each.unit in PEOPLE
    )


def sample(shown: QueryResult, dataset: EntryRef, contract: Contract) -> frozenset[tuple[int, str]]:
    """The cells, by row and column, that are withheld of a sample.

    In a row with a small count the others go that would tell it (``kernel.suppression``: parts and their whole stand
    beside each other), and so in a column. A running count tells by its steps, so none of it is shown.
    """
    counted = counts(dataset, contract)
    minimum = _minimum(dataset)
    running = {each.column for each in contract.rules if each.kind == "rises"} & counted
    places = {name: place for place, name in enumerate(shown.columns) if name in counted}
    cells = {
        (row, name): int(values[place])
        for row, values in enumerate(shown.rows)
        for name, place in places.items()
        if values[place] is not None
    }
    gone = {cell for cell in cells if cell[1] in running}
    while True:
        before = len(gone)
        for along in (0, 1):
            for line in {cell[along] for cell in cells}:
                inside = {cell: count for cell, count in cells.items() if cell[along] == line}
                kept = suppression.suppress(inside, minimum, hidden=gone & inside.keys())
                gone |= {cell for cell, count in kept.items() if count is None}
        if len(gone) == before:
            return frozenset(gone)


def profile(
    found: Profile, contract: Contract, *, clear: bool, counts: frozenset[str] = frozenset()
) -> tuple[Shown, ...]:
    """The columns. Unless ``clear``, without values and counts that few people make, and without those that tell them:
    the lowest and the highest are of single people, and of columns that are personal, or are themselves ``counts`` of
    people, only how many are empty is shown.
    """
    if clear:
        return tuple(
            Shown(each.column, each.nulls, each.distinct, each.low, each.high, each.top)
            for each in found.columns
        )
    personal = _personal(contract)
    return tuple(
        _guarded(each, found.rows, personal=personal[each.column] or each.column in counts)
        for each in found.columns
    )


def _minimum(dataset: EntryRef) -> int:
    stated = (dataset.body.get("opening") or {}).get("smallest_count")
    return max(suppression.minimum(), int(stated or 0))


def _guarded(each: ColumnProfile, rows: int, *, personal: bool) -> Shown:
    minimum = suppression.minimum()
    filled = rows - each.nulls
    told = suppression.suppress({"empty": each.nulls, "filled": filled}, minimum)["empty"]
    counts = dict(each.top)
    whole = sum(counts.values()) == filled  # every value is listed, so that a lone hidden one follows
    kept = suppression.suppress(counts, minimum, total=whole)
    top = tuple((value, count) for value, count in each.top if kept[value] is not None)
    few = told is None or personal or len(top) < len(each.top)
    distinct = None if few or not whole else each.distinct
    return Shown(each.column, told, distinct, None, None, () if personal else top, withheld=few)


def drift(found: Drift, *, clear: bool) -> Drift:
    """The drift. Unless ``clear``, without the values that are new: each may be of one person."""
    if clear:
        return found
    return replace(found, columns=tuple(replace(each, new_values=()) for each in found.columns))


def _personal(contract: Contract) -> Mapping[str, bool]:
    return {each.name: lake.sample_mask(each).kind is not MaskKind.KEEP for each in contract.columns}
