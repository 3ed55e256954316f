"""Names for people of what privacy's closed lists hold."""

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Condition, Op
from hutong.privacy.types import Asking, Cell, Error, Measure, Question

MEASURES: Final = {
    Measure.PEOPLE: Text(zh="人数", en="Number of people"),
    Measure.COUNT: Text(zh="记录数", en="Number of rows"),
    Measure.SUM: Text(zh="合计", en="Sum"),
    Measure.MEAN: Text(zh="平均值", en="Mean"),
    Measure.QUANTILE: Text(zh="分位数", en="Quantile"),
    Measure.HISTOGRAM: Text(zh="分组记录数", en="Rows by group"),
}
_OPS: Final = {
    Op.EQ: "=", Op.NE: "≠", Op.LT: "<", Op.LE: "≤", Op.GT: ">", Op.GE: "≥", Op.IN: "∈", Op.BETWEEN: "∈", Op.NULL: "∅",
    Op.NOT_NULL: "≠ ∅",
}  # fmt: skip


def question(found: Question, dataset: str) -> str:
    """The question in words."""
    titles = {each.name: str(each.title) or each.name for each in lake.contract(dataset).columns}
    said = str(MEASURES[found.measure])
    if found.measure is Measure.QUANTILE:
        said += f" {found.rank}"
    if found.column:
        said = _("%(measure)s of %(column)s") % {
            "measure": said,
            "column": titles.get(found.column, found.column),
        }
    conditions = [_condition(each, titles.get(each.column, each.column)) for each in found.where]
    return f"{said} ({'; '.join(conditions)})" if conditions else said


def _condition(each: Condition, title: str) -> str:
    return (
        f"{title} {_OPS.get(each.op, each.op.value)} {', '.join(str(value) for value in each.values)}".strip()
    )


def number(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize() + 0:,f}"


def interval(cell: Cell, asked: Asking) -> str:
    if asked.rank_error is not None:
        return _("within %(rows)s rows of its rank") % {"rows": number(asked.rank_error)}
    return f"{number(cell.low)} – {number(cell.high)}"


def error(found: Error) -> str:
    """What the error will be, in words."""
    facts = {"off": number(found.plus_minus), "unit": found.unit}
    if found.of == "rank":
        return _("95%% of answers are within %(off)s rows of the rank asked for.") % facts
    if found.of == "mean":
        return (
            _(
                "With 1,000 rows, 95%% of answers are within about ±%(off)s %(unit)s; with more rows it is less."
            )
            % facts
        )
    if found.of == "cell":
        return _("95%% of the groups are within ±%(off)s %(unit)s.") % facts
    return _("95%% of answers are within ±%(off)s %(unit)s.") % facts
