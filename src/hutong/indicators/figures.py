"""Reading stored figures: a sheet holds what one page needs of one day, in five queries or so however many figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.db import connection

from hutong.accounts.api import Actor
from hutong.indicators import guarding
from hutong.indicators.compute import SEPARATOR, computation
from hutong.indicators.definitions import definitions
from hutong.indicators.errors import UnknownIndicator
from hutong.indicators.guarding import Withheld
from hutong.indicators.logic import judge
from hutong.indicators.logic.periods import (
    PREVIOUS,
    YEAR_BEFORE,
    Period,
    label,
    shift,
    steps,
    year_before,
)
from hutong.indicators.models import ComputationRow, ObservationRow
from hutong.indicators.types import Cause, Computation, Definition, Figure, Part, Point
from hutong.kernel.text import Text

# What each member was, is, and added to the change of the total. A sum changes by the changes of its parts. A mean
# R = Σ wᵢvᵢ / W changes by Σ (wᵢ¹(vᵢ¹ − R⁰)/W¹ − wᵢ⁰(vᵢ⁰ − R⁰)/W⁰), which adds up exactly.
_PARTS = """
SELECT o.computation_id, o.dimension, o.member,
       MAX(CASE WHEN o.back = 0 THEN o.number END) AS now,
       MAX(CASE WHEN o.back = %s THEN o.number END) AS before,
       MAX(CASE WHEN o.back = 0 THEN o.value END) AS text,
       SUM(CASE WHEN o.weight IS NULL THEN CASE WHEN o.back = 0 THEN o.number ELSE -o.number END
                WHEN o.back = 0 THEN o.weight * (o.number - t0.number) / NULLIF(t1.weight, 0)
                ELSE -o.weight * (o.number - t0.number) / NULLIF(t0.weight, 0) END) AS contribution
FROM indicators_observationrow o
LEFT JOIN indicators_observationrow t1 ON t1.computation_id = o.computation_id AND t1.dimension = '' AND t1.back = 0
LEFT JOIN indicators_observationrow t0 ON t0.computation_id = o.computation_id AND t0.dimension = '' AND t0.back = %s
WHERE o.computation_id IN ({marks}) AND o.dimension <> '' AND o.back IN (0, %s)
GROUP BY o.computation_id, o.dimension, o.member
ORDER BY o.computation_id, o.dimension, contribution DESC, o.member
"""


@dataclass(frozen=True, slots=True)
class _Member:
    member: str
    now: float | None
    before: float | None
    text: str
    contribution: float | None
    withheld: bool = False


@dataclass(slots=True)
class Sheet:
    """Figures of one day. What was not computed for that day has no value."""

    as_of: date
    known: Mapping[str, Definition]
    computations: Mapping[str, Computation]
    totals: Mapping[str, Sequence[Point]]
    members: Mapping[tuple[str, str], Sequence[_Member]] = field(default_factory=dict)

    def figure(self, indicator: str, *, period: date | None = None) -> Figure:
        """The total, of its newest period or of ``period``; raises ``UnknownIndicator``."""
        definition = self._definition(indicator)
        points = self.totals.get(indicator, ())
        if period is not None:
            points = [each for each in points if each.period is None or each.period <= period]
        return _figure(definition, self.as_of, points, self.computations.get(indicator), {})

    def breakdown(self, indicator: str, dimension: str) -> list[Part]:
        """Every member's newest value and the one before, the largest first."""
        named = self._definition(indicator).dimension(dimension)
        found = [
            Part(each.member, named.name(each.member), each.now, each.before, each.text, each.withheld)
            for each in self.members.get((indicator, dimension), ())
        ]
        return sorted(found, key=lambda part: (part.value is None, -(part.value or 0), part.member))

    def causes(self, indicator: str, dimension: str, limit: int = 3) -> list[Cause]:
        """The members that moved the total most in the direction it moved."""
        definition = self._definition(indicator)
        if definition.combine == "none" or definition.period is Period.NONE:
            return []
        change = self.figure(indicator).change_absolute
        if not change:
            return []
        named = definition.dimension(dimension)
        found = [
            Cause(dimension, each.member, named.name(each.member), each.contribution, each.now, each.before)
            for each in self.members.get((indicator, dimension), ())
            if each.contribution is not None and each.contribution * change > 0
        ]
        return sorted(found, key=lambda cause: -abs(cause.contribution))[:limit]

    def _definition(self, indicator: str) -> Definition:
        if indicator not in self.known:
            raise UnknownIndicator(indicator=indicator)
        return self.known[indicator]


def sheet(as_of: date, indicators: Iterable[str], *, reader: Actor | None) -> Sheet:
    """What is stored about these indicators on that day, without what ``reader`` is not shown (None: everything)."""
    wanted = list(dict.fromkeys(indicators))
    known = definitions()
    rows = {
        row.indicator: row
        for row in ComputationRow.objects.filter(as_of=as_of, current=True, indicator__in=wanted)
        if row.indicator in known
    }
    kept = {name: guarding.withheld(known[name], row, reader) for name, row in rows.items()}
    names = {row.pk: name for name, row in rows.items()}
    by_step: dict[int, dict[int, str]] = {}
    for pk, name in names.items():
        by_step.setdefault(_step(known[name]), {})[pk] = name
    totals: dict[str, list[Point]] = {}
    values = ObservationRow.objects.filter(computation__in=names, dimension="").order_by("period")
    for pk, period, number, text in values.values_list("computation_id", "period", "number", "value"):
        totals.setdefault(names[pk], []).append(_point(kept[names[pk]], {}, period, number, text))
    members: dict[tuple[str, str], list[_Member]] = {}
    for step, some in by_step.items():
        for (name, dimension), found in _members(some, step).items():
            shown = _shown(known[name], kept[name], dimension, found)
            members[name, dimension] = shown
    return Sheet(as_of, known, {name: computation(row) for name, row in rows.items()}, totals, members)


def _point(
    kept: Withheld, dims: Mapping[str, str], period: date | None, number: float | None, text: str
) -> Point:
    return Point(period, None, "", withheld=True) if kept.has(period, dims) else Point(period, number, text)


def _shown(definition: Definition, kept: Withheld, dimension: str, found: list[_Member]) -> list[_Member]:
    """Members without what is withheld of them: now, before, and so what they added to the change."""
    if not kept.cells:
        return found
    newest = kept.newest
    before = shift(definition.period, newest, -_step(definition)) if newest else None
    shown = []
    for each in found:
        now_hid = kept.has_cell(newest, dimension, each.member)
        then_hid = kept.has_cell(before, dimension, each.member)
        shown.append(
            _Member(
                each.member,
                None if now_hid else each.now,
                None if then_hid else each.before,
                "" if now_hid else each.text,
                None if now_hid or then_hid else each.contribution,
                withheld=now_hid,
            )
        )
    return shown


def _step(definition: Definition) -> int:
    return steps(definition.period, definition.compare)


def _members(names: Mapping[int, str], step: int) -> dict[tuple[str, str], list[_Member]]:
    found: dict[tuple[str, str], list[_Member]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PARTS.format(marks=", ".join(["%s"] * len(names))), [step, step, *names, step])
        for pk, dimension, member, now, before, text, contribution in cursor.fetchall():
            found.setdefault((names[pk], dimension), []).append(
                _Member(member, now, before, text or "", contribution)
            )
    return found


def figure(
    indicator: str,
    as_of: date,
    dims: Mapping[str, str] | None = None,
    *,
    period: date | None = None,
    reader: Actor | None,
) -> Figure:
    """One figure: the total or that of the members in ``dims``, as ``reader`` is shown it (None: everything).

    Raises ``UnknownIndicator``.
    """
    known = definitions()
    if indicator not in known:
        raise UnknownIndicator(indicator=indicator)
    row = ComputationRow.objects.filter(as_of=as_of, current=True, indicator=indicator).first()
    points = _series(row, dims or {}, guarding.withheld(known[indicator], row, reader)) if row else []
    if period is not None:
        points = [each for each in points if each.period is None or each.period <= period]
    return _figure(known[indicator], as_of, points, computation(row) if row else None, dims or {})


def breakdown(indicator: str, dimension: str, as_of: date, *, reader: Actor | None) -> list[Part]:
    """Every member's newest value and the one before, the largest first, as ``reader`` is shown them."""
    return sheet(as_of, [indicator], reader=reader).breakdown(indicator, dimension)


def _series(row: ComputationRow, dims: Mapping[str, str], kept: Withheld) -> list[Point]:
    """The values of one computation for these members, oldest first."""
    members = sorted(dims.items())
    found = row.observations.filter(
        dimension="&".join(name for name, _member in members),
        member=SEPARATOR.join(each for _name, each in members),
    )
    return [
        _point(kept, dims, *each)
        for each in found.order_by("period").values_list("period", "number", "value")
    ]


def address(
    indicator: str, as_of: date, dims: Mapping[str, str] | None = None, period: date | None = None
) -> str:
    """Where a figure is walked back to its proof."""
    query = {**({"period": period.isoformat()} if period else {}), **(dims or {})}
    return f"/figures/{indicator}/{as_of.isoformat()}" + (f"?{urlencode(query)}" if query else "")


def _figure(
    definition: Definition,
    as_of: date,
    points: Sequence[Point],
    run: Computation | None,
    dims: Mapping[str, str],
) -> Figure:
    newest = points[-1] if points else None
    by_period = {each.period: each.value for each in points}
    starts = newest.period if newest else None
    before = shift(definition.period, starts, -_step(definition)) if starts else None
    year = year_before(definition.period, starts) if starts else None
    value = newest.value if newest else None
    previous = by_period.get(before) if before else None
    last_year = by_period.get(year) if year else None
    measured = Decimal(newest.text) if newest and newest.text else None
    whole = not dims
    return Figure(
        indicator=definition.id,
        urn=run.urn if run else definition.urn,
        title=definition.title,
        unit=definition.unit,
        decimals=definition.decimals,
        as_of=as_of,
        period=starts,
        period_text=label(definition.period, starts),
        dims=dims,
        value=value,
        text=newest.text if newest else "",
        previous=previous,
        change=_change(definition, value, previous),
        change_text=_since(definition),
        year_before=last_year,
        change_year=_change(definition, value, last_year),
        standing=judge.stand(
            measured,
            _measured_on(definition.period, starts, as_of),
            definition.targets if whole else (),
            definition.baseline,
            definition.direction,
        ),
        series=tuple(points),
        readings=run.readings if run else (),
        entry_id=run.entry_id if run else None,
        computed_at=run.computed_at if run else None,
        definition=definition.hash,
        url=address(definition.id, as_of, dims, starts),
        withheld=newest.withheld if newest else False,
    )


def _measured_on(period: Period, starts: date | None, as_of: date) -> date:
    """The last day the value speaks of."""
    if starts is None or period is Period.NONE:
        return as_of
    return min(shift(period, starts, 1) - timedelta(days=1), as_of)


def _change(definition: Definition, value: float | None, before: float | None) -> float | None:
    """Relative change; for a percentage the difference in points, as a share of one."""
    if value is None or before is None:
        return None
    if definition.unit.zh == "%":
        return (value - before) / 100
    return (value - before) / abs(before) if before else None


def _since(definition: Definition) -> Text:
    return YEAR_BEFORE if definition.compare == "year" else PREVIOUS[definition.period]
