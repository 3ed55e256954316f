"""Names for people of what privacy's closed lists hold."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from hutong.exchange.api import rules as exchange
from hutong.exchange.api import said as _in_words
from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Column, ColumnType, Condition, Contract
from hutong.privacy.types import MICRO, Asking, Cell, Error, Measure, Question
from hutong.ui.api import unit

MEASURES: Final = {
    Measure.PEOPLE: Text(zh="人数", en="Number of people"),
    Measure.COUNT: Text(zh="记录数", en="Number of rows"),
    Measure.SUM: Text(zh="合计", en="Sum"),
    Measure.MEAN: Text(zh="平均值", en="Mean"),
    Measure.QUANTILE: Text(zh="分位数", en="Quantile"),
    Measure.HISTOGRAM: Text(zh="分组记录数", en="Rows by group"),
}
_EQUAL: Final = Text(zh="等于", en="equals")
_FILLED: Final = Text(zh="不为空", en="is not empty")
_YES: Final = Text(zh="是", en="yes")


def question(found: Question, dataset: str) -> str:
    """The question in words."""
    shape = lake.contract(dataset)
    titles = {each.name: str(each.title) or each.name for each in shape.columns}
    said = str(MEASURES[found.measure])
    if found.measure is Measure.QUANTILE:
        said += f" {found.rank}"
    if found.column:
        said = _("%(measure)s of %(column)s") % {
            "measure": said,
            "column": titles.get(found.column, found.column),
        }
    return f"{said} ({conditions(found.where, shape)})" if found.where else said


def conditions(where: Sequence[Condition], shape: Contract) -> str:
    """Conditions on the rows of a table, in words."""
    return _in_words(where, shape)


def purpose(name: str) -> str:
    """A purpose as the exchange's pack calls it."""
    return str(exchange.purposes().get(name, Text(zh=name, en=name)))


def number(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize() + 0:,f}"


def epsilon(micro: int) -> Decimal:
    return Decimal(micro) / MICRO


def example(shape: Contract, names: Sequence[str]) -> str:
    """A condition that can be written on one of the columns, for those who have seen none."""
    for name in names:
        column = shape.column(name)
        equal = f"{called(column)}:{_EQUAL}:"
        if column.codes:
            code, title = next(iter(column.codes.items()))
            return f"{equal}{title or code}"
        if column.type is ColumnType.BOOL:
            return f"{equal}{_YES}"
        if column.type is ColumnType.MONTH:
            return f"{equal}{clock.today():%Y-%m}"
    return f"{called(shape.column(names[0]))}:{_FILLED}" if names else ""


def called(column: Column) -> str:
    """A column as people call it."""
    return str(column.title) or column.name


def amount(value: Decimal | None) -> str:
    """A number of an answer: two decimals say more than its noise leaves true, of a small one four digits."""
    if value is None or not value:
        return number(value)
    places = 2 if abs(value) >= 1 else 3 - value.adjusted()
    return number(round(value, places))


def answer(asked: Asking) -> str:
    """The answer with the interval it is true within, group by group."""
    measured = unit(asked.unit)
    return "; ".join(
        f"{f'{cell.label} {amount(cell.value)} {measured}'.strip()} ({interval(cell, asked)})"
        for cell in asked.cells
    )


def interval(cell: Cell, asked: Asking) -> str:
    if asked.rank_error is not None:
        return _("within %(rows)s rows of its rank") % {"rows": number(asked.rank_error)}
    return f"{amount(cell.low)} – {amount(cell.high)}"


def error(found: Error) -> str:
    """What the error will be, in words."""
    facts = {"off": amount(found.plus_minus), "unit": unit(found.unit)}
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
        return _closed(_("95%% of the groups are within ±%(off)s %(unit)s.") % facts)
    return _closed(_("95%% of answers are within ±%(off)s %(unit)s.") % facts)


def _closed(said: str) -> str:
    """Without the gap that a missing unit leaves before the full stop."""
    return said.replace(" .", ".").replace(" 。", "。")
