"""Indicators as what colours the areas of the map (``hutong.onemap``)."""

from datetime import date, timedelta
from typing import Final

from hutong.accounts.api import Actor
from hutong.indicators import guarding
from hutong.indicators.definitions import definitions
from hutong.indicators.figures import address
from hutong.indicators.logic.periods import DEPTH, Period, label, shift
from hutong.indicators.models import ComputationRow, ObservationRow
from hutong.indicators.opening import about
from hutong.onemap.api import Measured, MeasureRef, provide_measures

_MONTHS: Final = DEPTH[Period.MONTH] - 1


class OnMap:
    """Stored figures, broken down. What was computed on one day holds the periods before it too."""

    def refs(self) -> tuple[MeasureRef, ...]:
        """Indicators with stored values by a single dimension."""
        stored = set(
            ObservationRow.objects.filter(computation__current=True, back=0)
            .exclude(dimension="")
            .values_list("computation__indicator", "dimension")
            .distinct()
        )
        return tuple(
            MeasureRef(each.id, each.title, dimension.id, about(each).public)
            for each in definitions().values()
            for dimension in each.dimensions
            if (each.id, dimension.id) in stored
        )

    def span(self) -> tuple[date, date] | None:
        """The three years before the newest day figures were computed for."""
        newest = ComputationRow.objects.filter(current=True).order_by("-as_of").first()
        if newest is None:
            return None
        return shift(Period.MONTH, newest.as_of.replace(day=1), 1 - _MONTHS), newest.as_of

    def measure(self, ref: MeasureRef, as_of: date, reader: Actor) -> Measured | None:
        """The newest period that had begun by ``as_of``, out of the newest computation that knows it."""
        definition = definitions().get(ref.id)
        runs = ComputationRow.objects.filter(current=True, indicator=ref.id).order_by("-as_of")
        run = runs.filter(as_of=as_of).first() or runs.first()
        if definition is None or run is None:
            return None
        found = run.observations.filter(dimension=ref.dimension)
        if definition.period is Period.NONE:
            period = None
            if as_of < run.as_of - timedelta(days=31):
                return None
        else:
            period = (
                found.filter(period__lte=as_of).order_by("-period").values_list("period", flat=True).first()
            )
            if period is None:
                return None
        kept = guarding.withheld(definition, run, reader)
        every = dict(found.filter(period=period).values_list("member", "number"))
        withheld = frozenset(each for each in every if kept.has(period, {ref.dimension: each}))
        values = {member: value for member, value in every.items() if member not in withheld}
        return Measured(
            ref=ref,
            unit=definition.unit,
            as_of=as_of,
            period=label(definition.period, period),
            values=values,
            urls={member: address(ref.id, run.as_of, {ref.dimension: member}, period) for member in values},
            url=address(ref.id, run.as_of, None, period),
            decimals=definition.decimals,
            withheld=withheld,
        )


provide_measures(OnMap())
