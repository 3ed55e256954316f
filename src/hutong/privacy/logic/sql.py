"""A question as SQL over the lens: only aggregates leave the engine, and no expression can fail on a value.

First rows are chosen by the question's conditions, each by itself; then at most k rows of a person are kept, so that
one person moves the result by a known amount; then it is counted or summed in whole steps.
"""

from hutong.lake.api import ident
from hutong.lake.types import ColumnType, Contract
from hutong.privacy.logic.noise import MOST
from hutong.privacy.types import Bounds, Measure, Question, Rule

CANDIDATES = 200


def select(question: Question, rule: Rule, shape: Contract, bounds: Bounds | None) -> str:
    """The SELECT: one row of numbers, or (cell, rows) for a histogram and a quantile."""
    if question.measure is Measure.PEOPLE:
        person = ident(rule.person)
        return f"SELECT count(DISTINCT {person}) FROM {ident(shape.sql_name)} WHERE {person} IS NOT NULL"
    kept = _kept(rule, shape, _value(question, shape, bounds))
    if question.measure is Measure.COUNT:
        return f"SELECT count(*) FROM {kept}"
    if question.measure is Measure.HISTOGRAM:
        return f"SELECT v, count(*) FROM {kept} GROUP BY v"
    if bounds is None:
        raise ValueError("a value without bounds")
    if question.measure is Measure.QUANTILE:
        width = bounds.high - bounds.low
        return f"SELECT (v - ({bounds.low})) * {CANDIDATES} // {width} AS cell, count(*) FROM {kept} GROUP BY cell"
    centre = (bounds.low + bounds.high) // 2 if question.measure is Measure.MEAN else 0
    total = f"coalesce(sum((v - ({centre}))::HUGEINT), 0)"
    return f"SELECT greatest(least({total}, {MOST}), -{MOST})::BIGINT, count(*) FROM {kept}"


def _value(question: Question, shape: Contract, bounds: Bounds | None) -> str:
    if not question.column:
        return "0"
    name = ident(question.column)
    if question.measure is Measure.HISTOGRAM:
        return f"CAST({name} AS VARCHAR)"
    if bounds is None:
        raise ValueError("a value without bounds")
    number = f"try_cast({name} AS DOUBLE)"
    steps = (
        number
        if shape.column(question.column).type in {ColumnType.INT, ColumnType.MONEY}
        else f"({number} / {bounds.stored})"
    )
    held = f"greatest(least(round({steps}), {bounds.high}::DOUBLE), {bounds.low}::DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN CAST({held} AS BIGINT) END"


def _kept(rule: Rule, shape: Contract, value: str) -> str:
    person = ident(rule.person)
    rows = f"SELECT {person} AS p, {value} AS v FROM {ident(shape.sql_name)}"
    order = "row_number() OVER (PARTITION BY p ORDER BY hash(p, v), v)"
    numbered = f"SELECT v, {order} AS n FROM ({rows}) AS picked WHERE p IS NOT NULL AND v IS NOT NULL"
    return f"(SELECT v FROM ({numbered}) AS numbered WHERE n <= {rule.rows_per_person}) AS kept"
