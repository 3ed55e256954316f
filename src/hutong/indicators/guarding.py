"""Small counts about people: what a reader who may not see the rows unmasked is not shown, nor can derive.

One place for pages, the map and machines. A breakdown is guarded period by period against its total (``kernel.
suppression``); periods that are not over are not broken down at all, since yesterday's page and today's would differ by
a day's few people; crossed breakdowns and values that no count of people stands beside are withheld whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from hutong.accounts.api import Actor, may
from hutong.indicators import masking
from hutong.indicators.compute import SEPARATOR
from hutong.indicators.errors import FewPeople, RowsOfPeople, ValuesOfPeople
from hutong.indicators.logic.periods import Period, shift
from hutong.indicators.models import ComputationRow
from hutong.indicators.types import Definition
from hutong.kernel import suppression
from hutong.kernel.errors import NotFound
from hutong.lake import api as lake

SAMPLE = 20  # rows about people that stand for the others
_Value = tuple[date | None, str, str, float, float | None]
_Cell = tuple[date | None, str, str]


@dataclass(frozen=True, slots=True)
class Withheld:
    """The values of a computation that a reader is not shown, by period, dimension and member."""

    cells: frozenset[_Cell] = frozenset()
    newest: date | None = None  # period

    def has(self, period: date | None, dims: Mapping[str, str]) -> bool:
        names = sorted(dims)
        return self.has_cell(period, "&".join(names), SEPARATOR.join(dims[name] for name in names))

    def has_cell(self, period: date | None, dimension: str, member: str) -> bool:
        return (period, dimension, member) in self.cells


NOTHING = Withheld()


def guarded(definition: Definition, reader: Actor | None) -> bool:
    """Whether small counts are kept from ``reader``; None is whoever runs the machine."""
    if reader is None or not counts_people(definition):
        return False
    return not all(may(reader, "lake.sample_clear", masking.target(each)) for each in definition.tables)


def counts_people(definition: Definition) -> bool:
    """As the pack says, else where a table that is not open has personal columns."""
    if definition.people is not None:
        return definition.people
    return any(_personal(each) for each in definition.tables)


def _personal(table: str) -> bool:
    """Whether rows are about people; a table that nobody describes counts as one."""
    if masking.target(table).public:
        return False
    try:
        columns = lake.contract(table).columns
    except NotFound:
        return True
    return any(masking.sensitive(each) for each in columns)


def withheld(definition: Definition, row: ComputationRow | None, reader: Actor | None) -> Withheld:
    """What ``reader`` is not shown of a computation."""
    if row is None or not guarded(definition, reader):
        return NOTHING
    values = tuple(
        row.observations.order_by("period", "dimension", "member").values_list(
            "period", "dimension", "member", "number", "weight"
        )
    )
    kind = (definition.combine, definition.decimals == 0, definition.period)
    newest = max((day for day, *_rest in values if day), default=None)
    return Withheld(_cells(kind, row.as_of, values, suppression.minimum()), newest)


@lru_cache(maxsize=64)
def _cells(
    kind: tuple[str, bool, Period], as_of: date, values: tuple[_Value, ...], minimum: int
) -> frozenset[_Cell]:
    combine, whole, period = kind
    tables: dict[tuple[date | None, str], dict[str, int | None]] = defaultdict(dict)
    for day, dimension, member, number, weight in values:
        tables[day, dimension][member] = _people(combine, number, weight, whole=whole)
    hidden: set[_Cell] = set()
    for (day, dimension), counts in tables.items():
        broken = "&" not in dimension and _over(period, day, as_of)
        found = _hidden(counts, minimum, total=bool(dimension), broken=broken)
        hidden |= {(day, dimension, member) for member in found}
    return frozenset(hidden)


def _hidden(counts: Mapping[str, int | None], minimum: int, *, total: bool, broken: bool) -> Iterable[str]:
    known = {member: count for member, count in counts.items() if count is not None}
    if total and (not broken or len(known) < len(counts)):
        return tuple(counts)
    kept = suppression.suppress(known, minimum, total=total)
    return [member for member, shown in kept.items() if shown is None]


def _people(combine: str, number: float, weight: float | None, *, whole: bool) -> int | None:
    """How many people a value is about; None where that is not told."""
    if weight is not None:
        return int(weight)
    return int(number) if combine == "sum" and whole and number == int(number) else None


def _over(period: Period, day: date | None, as_of: date) -> bool:
    """Whether the period had ended; a figure without periods is broken down at the ends of months alone."""
    if period is Period.NONE or day is None:
        return (as_of + timedelta(days=1)).day == 1
    return shift(period, day, 1) - timedelta(days=1) <= as_of


def check_rows(definition: Definition, found: Withheld, period: date | None, dims: Mapping[str, str]) -> None:
    """Raise for rows that are themselves small counts, and for those of a value that is withheld."""
    if not any(_personal(each) for each in definition.tables):
        raise RowsOfPeople(indicator=definition.title.zh)
    if found.has(period, dims):
        raise FewPeople(minimum=suppression.minimum())


def check_values(definition: Definition, reader: Actor) -> None:
    """Raise ``ValuesOfPeople`` for a reader from whom small counts are kept."""
    if guarded(definition, reader):
        raise ValuesOfPeople(indicator=definition.title.zh)
