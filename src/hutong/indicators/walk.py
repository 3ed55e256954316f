"""Walking a figure back: the definition it was computed by, its query, the rows behind it, the snapshots, the entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlglot
from sqlglot import exp

from hutong.accounts.types import Actor
from hutong.indicators import guarding, masking
from hutong.indicators.compute import SEPARATOR, computation, evaluate, stored_values
from hutong.indicators.definitions import version
from hutong.indicators.errors import FewPeople, NoFigure
from hutong.indicators.logic import query
from hutong.indicators.logic.result import Value, canonical, result_hash
from hutong.indicators.models import ComputationRow
from hutong.indicators.types import Computation, Definition, Rows, Walk
from hutong.kernel import suppression
from hutong.lake import api as lake

PAGE = 50


@dataclass(frozen=True, slots=True)
class Again:
    """The outcome of computing once more from the same snapshots: whether every value is the same."""

    same: bool
    result: str
    expected: str
    values: int
    elapsed_ms: float


def walk(urn: str) -> Walk:
    """The walk of a computation; raises ``NoFigure``."""
    row = ComputationRow.objects.filter(urn=urn).first()
    if row is None:
        raise NoFigure(indicator=urn, as_of="", tables="")
    return _walk(row)


def walk_on(indicator: str, as_of: date) -> Walk:
    """The walk of the current computation of that day; raises ``NoFigure``."""
    row = ComputationRow.objects.filter(indicator=indicator, as_of=as_of, current=True).first()
    if row is None:
        raise NoFigure(indicator=indicator, as_of=as_of, tables="")
    return _walk(row)


def walk_run(indicator: str, as_of: date, run: str) -> Walk:
    """The walk of one computation of that day, by the tail of its identifier; raises ``NoFigure``."""
    row = ComputationRow.objects.filter(
        indicator=indicator, as_of=as_of, urn__endswith=f":{indicator}/{as_of.isoformat()}/{run}"
    ).first()
    if row is None:
        raise NoFigure(indicator=indicator, as_of=as_of, tables="")
    return _walk(row)


def canonical_values(run: Computation) -> str:
    """All values of a computation as the ledger's hash was taken over them: canonical JSON."""
    return canonical(stored_values(run), run.salt)


def _walk(row: ComputationRow) -> Walk:
    run = computation(row)
    definition = version(run.indicator, run.definition)
    sql = query.bind(definition.query, definition.tables, definition.period, run.as_of)
    rows_sql = query.bind(definition.rows_query, definition.tables, definition.period, run.as_of)
    return Walk(definition, run, sql, rows_sql, query.for_spark(sql))


def again(run: Computation) -> Again:
    """Compute once more from the snapshots it read, storing nothing."""
    definition = version(run.indicator, run.definition)
    values, elapsed = _evaluate_then(definition, run)
    found = result_hash(values, run.salt)
    return Again(found == run.result, found, run.result, len(values), elapsed)


def _evaluate_then(definition: Definition, run: Computation) -> tuple[list[Value], float]:
    newest = max(each.committed_at for each in run.readings)
    return evaluate(definition, run.as_of, newest)


def rows_behind(
    found: Walk,
    actor: Actor,
    dims: Mapping[str, str],
    period: date | None,
    *,
    offset: int = 0,
    limit: int = PAGE,
) -> Rows:
    """Rows the figure was made of, narrowed to its period and members where the rows tell them; masked for ``actor``.

    Raises ``Refused`` where the actor may not see rows of a table it reads. About people, who may not see them unmasked
    sees a few that stand for the others; and raises ``FewPeople`` or ``RowsOfPeople``.
    """
    masked = masking.masked_columns(found.definition, found.rows_sql, actor)
    sampled = guarding.guarded(found.definition, actor)
    if sampled:
        _check_published(found, actor, dims, period)
    sql = narrow(found.rows_sql, dims, period)
    newest = max(each.committed_at for each in found.computation.readings)
    tables = found.definition.tables
    total = lake.query(f"SELECT count(*) AS n FROM ({sql}) AS behind", tables, known_at=newest).rows[0][0]
    if sampled:
        if total < suppression.minimum():
            raise FewPeople(minimum=suppression.minimum())
        total = min(total, guarding.SAMPLE)
        limit = max(0, min(limit, total - offset))
    result = lake.query(f"{sql}\nLIMIT {int(limit)} OFFSET {int(offset)}", tables, known_at=newest)
    hidden = [name in masked for name in result.columns]
    rows = tuple(
        tuple(masking.mask(value) if hide else value for value, hide in zip(row, hidden, strict=True))
        for row in result.rows
    )
    titles = masking.titles(found.definition, result.columns)
    return Rows(
        tuple(result.columns),
        titles,
        rows,
        int(total),
        tuple(name for name in result.columns if name in masked),
        offset,
        masking.sources(found.definition, result.columns),
        sampled,
    )


def _check_published(found: Walk, actor: Actor, dims: Mapping[str, str], period: date | None) -> None:
    """Rows of people are had of values that are shown, alone: no other narrowing singles anybody out."""
    row = ComputationRow.objects.get(urn=found.computation.urn)
    guarding.check_rows(found.definition, guarding.withheld(found.definition, row, actor), period, dims)
    names = sorted(dims)
    published = row.observations.filter(
        period=period, dimension="&".join(names), member=SEPARATOR.join(dims[name] for name in names)
    )
    given = set(query.columns(found.rows_sql))
    narrows = {*names, *(["period"] if period else [])}
    if not published.exists() or not narrows <= given:
        raise FewPeople(minimum=suppression.minimum())


def narrow(rows_sql: str, dims: Mapping[str, str], period: date | None) -> str:
    """The rows query limited to one period and to members, by the columns of these names where it has them."""
    given = set(query.columns(rows_sql))
    conditions: list[Any] = [
        exp.column(name).eq(exp.Literal.string(member))
        for name, member in sorted(dims.items())
        if name in given
    ]
    if period is not None and "period" in given:
        conditions.append(exp.column("period").eq(exp.cast(exp.Literal.string(period.isoformat()), "DATE")))
    if not conditions:
        return rows_sql
    inner = sqlglot.parse_one(rows_sql, read=query.DIALECT)
    if not isinstance(inner, exp.Query):
        return rows_sql
    return exp.select("*").from_(inner.subquery("behind")).where(*conditions).sql(query.DIALECT, pretty=True)
