"""What can be wrong with an indicator.

Forbidden
├── FewPeople          it would tell of fewer people than are shown
├── RowsOfPeople       its rows are counts of people themselves
└── ValuesOfPeople     its values can only be had whole, with the small counts in them
Invalid
├── UnsafeQuery        its SQL does more than read the tables it declares
└── BadResult          its SQL gives something that is not a figure
NotFound
├── UnknownIndicator
└── NoFigure           nothing has been computed for that day
"""

from hutong.kernel.errors import Forbidden, Invalid, NotFound
from hutong.kernel.text import Text


class UnsafeQuery(Invalid):
    """The SQL of an indicator does more than read the tables it declares."""

    code = "indicators.unsafe-query"
    message = Text(
        zh="指标的查询不被允许：{reason}", en="The query of the indicator is not allowed: {reason}"
    )
    fix = Text(
        zh="只写一条 SELECT，只读 tables 中列出的表，参数只用 $as_of",
        en="write one SELECT, read only what tables lists, use $as_of as the only parameter",
    )


class BadResult(Invalid):
    """The SQL of an indicator gives something that is not a figure."""

    code = "indicators.bad-result"
    message = Text(
        zh="指标 {indicator} 的结果有误：{reason}", en="The result of {indicator} is wrong: {reason}"
    )
    fix = Text(
        zh="结果要有 value 列、各维度列，可有 period（日期）与 weight；每组维度和期间只出现一行",
        en="give a column value, the dimension columns, and if wanted period (a date) and weight; "
        "one row for each period and dimension",
    )


class UnknownIndicator(NotFound):
    """No installed pack defines the indicator."""

    code = "indicators.unknown"
    message = Text(zh="没有名为 {indicator} 的指标", en="There is no indicator called {indicator}")
    fix = Text(zh="hutong indicators list 列出全部指标", en="hutong indicators list names them all")


class NoFigure(NotFound):
    """Nothing has been computed for that day."""

    code = "indicators.no-figure"
    message = Text(
        zh="指标 {indicator} 在 {as_of} 没有数值", en="There is no figure of {indicator} as of {as_of}"
    )
    fix = Text(
        zh="检查所用数据表是否已装载：{tables}", en="see whether the tables it reads are loaded: {tables}"
    )


_CLEAR = Text(
    zh="由可查看未脱敏数据的单位查询，或按合同申请",
    en="ask who may see the rows unmasked, or request the data under a contract",
)


class FewPeople(Forbidden):
    """It would tell of fewer people than are shown."""

    code = "indicators.few-people"
    message = Text(
        zh="涉及的人数少于 {minimum}，或与其他数相减可得，不予显示",
        en="it is about fewer than {minimum} people, or would tell of so few beside other figures",
    )
    fix = _CLEAR


class RowsOfPeople(Forbidden):
    """Its rows are counts of people themselves."""

    code = "indicators.rows-of-people"
    message = Text(
        zh="“{indicator}”的明细行本身就是人数，可能很小，不予显示",
        en="the rows of “{indicator}” are counts of people themselves and may be small",
    )
    fix = _CLEAR


class ValuesOfPeople(Forbidden):
    """Its values can only be had whole, with the small counts in them."""

    code = "indicators.values-of-people"
    message = Text(
        zh="“{indicator}”的全部数值含有人数很少的分组，不能整体下载",
        en="the values of “{indicator}” hold groups of few people and cannot be had as a whole",
    )
    fix = _CLEAR
