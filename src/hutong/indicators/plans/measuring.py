"""Values that indicators gave, with what they stand on."""

from collections.abc import Sequence
from datetime import date

from hutong.indicators.figures import address
from hutong.indicators.models import ComputationRow, ObservationRow
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


def _measured(row: ComputationRow, value: float, text: str) -> Measured:
    snapshots = tuple(Snapshot(each["table"], each["urn"], each["entry_id"]) for each in row.inputs)
    return Measured(value, text, row.as_of, address(row.indicator, row.as_of), row.entry_id, snapshots)
