"""What the profile of a table about people shows to whoever may not see its rows unmasked: no value of few people."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hutong.catalog.types import EntryRef
from hutong.kernel import suppression
from hutong.lake import api as lake
from hutong.lake.types import ColumnProfile, Contract, Drift, MaskKind, Profile


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
    """Whether rows are about people: the table is not open and has personal columns."""
    return not dataset.is_open and any(_personal(contract).values())


def profile(found: Profile, contract: Contract, *, clear: bool) -> tuple[Shown, ...]:
    """The columns. Unless ``clear``, without values and counts that few people make, and without those that tell them:
    the lowest and the highest are of single people, and of columns that are personal only how many are empty is shown.
    """
    if clear:
        return tuple(
            Shown(each.column, each.nulls, each.distinct, each.low, each.high, each.top)
            for each in found.columns
        )
    personal = _personal(contract)
    return tuple(_guarded(each, found.rows, personal=personal[each.column]) for each in found.columns)


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
