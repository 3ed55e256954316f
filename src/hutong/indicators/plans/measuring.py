"""Values that indicators gave, with what they stand on."""

from collections.abc import Iterable, Sequence
from datetime import date

from hutong.indicators.definitions import definitions
from hutong.indicators.figures import address
from hutong.indicators.models import ComputationRow, ObservationRow, PlanIndicator
from hutong.indicators.plans.types import Measured, Snapshot


def measure(indicators: Sequence[str], day: date) -> dict[str, Measured]:
    """The newest computed total of each indicator on or before ``day``; those without one are left out."""
    rows: dict[str, ComputationRow] = {}
    found = ComputationRow.objects.filter(indicator__in=set(indicators), as_of__lte=day, current=True)
    for row in found.order_by("as_of", "computed_at"):
        rows[row.indicator] = row
    names = {row.pk: row for row in rows.values()}
    totals = ObservationRow.objects.filter(computation__in=names, dimension="", member="", back=0)
    return {
        names[each.computation_id].indicator: _measured(names[each.computation_id], each.number, each.value)
        for each in totals
        if each.number is not None
    }


def references(named: Iterable[str], promised: Sequence[PlanIndicator]) -> dict[str, str]:
    """What targets are relative to, and the indicator of that name: one of this installation or of the same plan."""
    wanted = {name for name in named if name}
    if not wanted:
        return {}
    titles = {each.title.zh: each.id for each in definitions().values()}
    titles |= {each.title.get("zh", ""): each.computed_by for each in promised if each.computed_by}
    return {
        name: titles[title]
        for name in wanted
        for title in (name, name.removeprefix("全区"))
        if title in titles
    }


def _measured(row: ComputationRow, value: float, text: str) -> Measured:
    snapshots = tuple(Snapshot(each["table"], each["urn"], each["entry_id"]) for each in row.inputs)
    return Measured(value, text, row.as_of, address(row.indicator, row.as_of), row.entry_id, snapshots)
