"""Whether a question may be asked, and its one canonical form. Nothing here has seen a row."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from hutong.kernel.errors import Place
from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType, Condition, Contract, MaskKind, Op
from hutong.lake.types import Mask as LakeMask
from hutong.privacy.errors import BadQuestion
from hutong.privacy.types import MICRO, Bounds, Measure, Question, Rule

VALUED: Final = frozenset({Measure.SUM, Measure.MEAN, Measure.QUANTILE})
_NUMBERS: Final = frozenset(
    {
        ColumnType.INT,
        ColumnType.MONEY,
        ColumnType.DECIMAL,
        ColumnType.FLOAT,
        ColumnType.PERCENT,
        ColumnType.QUANTITY,
    }
)
_UNFILTERED: Final = frozenset({ColumnType.IDNUMBER, ColumnType.PHONE, ColumnType.GEOMETRY, ColumnType.JSON})
OPS: Final = frozenset({Op.EQ, Op.NE, Op.IN, Op.LT, Op.LE, Op.GT, Op.GE, Op.BETWEEN, Op.NULL, Op.NOT_NULL})
MOST_CONDITIONS: Final = 5
MOST_CELLS: Final = 200
_FINEST: Final = 1_000_000  # steps between the bounds of a broken number
_WIDEST: Final = 2**40


def micro(epsilon: Decimal) -> int:
    """ε in millionths; raises ``BadQuestion`` for what is none."""
    if not epsilon.is_finite() or not 0 < epsilon <= 100:
        raise _bad("epsilon", "ε 须大于 0 且不超过 100", "ε is above 0 and at most 100")
    found = epsilon * MICRO
    if found != found.to_integral_value():
        raise _bad("epsilon", "ε 最多 6 位小数", "ε has six decimals at most")
    return int(found)


def check(question: Question, rule: Rule, shape: Contract, granted: Mapping[str, LakeMask]) -> Bounds | None:
    """Raise ``BadQuestion`` unless the question may be asked; the bounds of its value, where it has one."""
    cost = micro(question.epsilon)
    if not rule.least <= cost <= rule.most:
        low, high = Decimal(rule.least) / MICRO, Decimal(rule.most) / MICRO
        raise _bad(
            "epsilon", f"每次 ε 须在 {low} 与 {high} 之间", f"ε of a question is between {low} and {high}"
        )
    _filters(question, rule, shape, granted)
    needs = question.measure in VALUED or question.measure is Measure.HISTOGRAM
    if needs != bool(question.column):
        raise _bad("column", "此统计方式的列填写有误", "this measure has a column too many or too few")
    if question.column and (question.column not in granted or question.column == rule.person):
        raise _bad("column", "合同未授予该列", "the contract does not grant the column")
    if question.column and granted[question.column].kind is not MaskKind.KEEP:
        raise _bad("column", "该列在合同中已脱敏，不能统计", "the contract masks the column")
    if question.measure is Measure.HISTOGRAM:
        cells(question, rule, shape)
    if question.measure is Measure.QUANTILE:
        _rank(question.rank)
    if question.measure not in VALUED:
        if question.low is not None or question.high is not None:
            raise _bad("low", "此统计方式没有取值范围", "this measure has no bounds")
        return None
    return bounds(question, rule, shape.column(question.column))


def _rank(rank: Decimal) -> None:
    if not rank.is_finite() or not Decimal("0.01") <= rank <= Decimal("0.99") or rank * 100 % 1:
        raise _bad(
            "rank", "分位须在 0.01 至 0.99 之间，两位小数", "a rank is between 0.01 and 0.99, two decimals"
        )


def _filters(question: Question, rule: Rule, shape: Contract, granted: Mapping[str, LakeMask]) -> None:
    if len(question.where) > MOST_CONDITIONS:
        raise _bad("where", f"条件最多 {MOST_CONDITIONS} 个", f"{MOST_CONDITIONS} conditions at most")
    for each in question.where:
        if each.column not in granted or granted[each.column].kind is not MaskKind.KEEP:
            raise _bad("where", "条件须用合同明文授予的列", "a condition names a column granted as it is")
        if each.column == rule.person or shape.column(each.column).type in _UNFILTERED:
            raise _bad("where", "不能按个人标识筛选", "people may not be picked by their identifier")
        if each.op not in OPS:
            raise _bad("where", "不支持这种比较", "there is no such comparison")


def cells(question: Question, rule: Rule, shape: Contract) -> tuple[tuple[str, Text], ...]:
    """The public list that a histogram counts by: of the pack, else the codes of the contract, else yes and no."""
    column = shape.column(question.column)
    if column.name in rule.cells:
        found = tuple(
            (each, column.codes.get(each, Text(zh=each, en=each))) for each in rule.cells[column.name]
        )
    elif column.type is ColumnType.BOOL:
        found = (("true", Text(zh="是", en="yes")), ("false", Text(zh="否", en="no")))
    else:
        found = tuple((code, title or Text(zh=code, en=code)) for code, title in column.codes.items())
    if not found or len(found) > MOST_CELLS:
        raise _bad("column", "该列没有公开的代码表", "the column has no public list of codes")
    return found


def bounds(question: Question, rule: Rule, column: Column) -> Bounds:
    """The clamp: the dataset's own bounds, narrowed by what was asked, never widened; on a grid of exact steps."""
    widest = rule.bounds.get(column.name) or _declared(column)
    if column.type not in _NUMBERS or widest is None:
        raise _bad(
            "column", "该列没有公开的取值范围，不能求和", "the column has no public bounds to sum within"
        )
    low, high = _narrowed(question, *widest)
    step, stored = _grid(column, low, high)
    found = Bounds(
        int((low / step).to_integral_value()),
        int((high / step).to_integral_value()),
        step,
        stored,
        column.unit,
    )
    if found.low >= found.high or max(abs(found.low), abs(found.high)) * rule.rows_per_person > _WIDEST:
        raise _bad("low", "取值范围过窄或过宽", "the bounds are too narrow or too wide")
    return found


def _declared(column: Column) -> tuple[Decimal, Decimal] | None:
    low, high = column.range
    return (Decimal(low), Decimal(high)) if low is not None and high is not None else None


def _narrowed(question: Question, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    for each in (question.low, question.high):
        if each is not None and (not each.is_finite() or abs(each.adjusted()) > 15):
            raise _bad("low", "取值范围须为有限数", "bounds are finite numbers")
    asked = (low if question.low is None else question.low, high if question.high is None else question.high)
    if not low <= asked[0] < asked[1] <= high:
        raise _bad("low", f"取值范围须在 {low} 与 {high} 之内", f"bounds lie within {low} and {high}")
    return asked


def _grid(column: Column, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    if column.type is ColumnType.INT:
        return Decimal(1), Decimal(1)
    if column.type is ColumnType.MONEY:
        unit = _FEN.get(column.unit, Decimal(100))
        return 1 / unit, Decimal(1)
    step = Decimal(1).scaleb(((high - low) / _FINEST).adjusted())
    return step, step


_FEN: Final = {
    "分": Decimal(1), "元": Decimal(10**2), "千元": Decimal(10**5), "万元": Decimal(10**6),
    "百万元": Decimal(10**8), "亿元": Decimal(10**10),
}  # fmt: skip


def plain(question: Question) -> dict[str, Any]:
    """As JSON, in one canonical form: what means the same in the same words is the same question."""
    conditions = [
        {"column": each.column, "op": each.op.value, "values": _values(each)} for each in question.where
    ]
    unique = {json.dumps(each, sort_keys=True, ensure_ascii=False): each for each in conditions}
    return {
        "measure": question.measure.value,
        "epsilon": _number(question.epsilon),
        "column": question.column,
        "where": [unique[key] for key in sorted(unique)],
        "low": None if question.low is None else _number(question.low),
        "high": None if question.high is None else _number(question.high),
        "rank": _number(question.rank) if question.measure is Measure.QUANTILE else "",
    }


def read(raw: Mapping[str, Any]) -> Question:
    """Back from ``plain``."""
    return Question(
        Measure(raw["measure"]),
        Decimal(raw["epsilon"]),
        raw["column"],
        tuple(Condition(each["column"], Op(each["op"]), tuple(each["values"])) for each in raw["where"]),
        None if raw["low"] is None else Decimal(raw["low"]),
        None if raw["high"] is None else Decimal(raw["high"]),
        Decimal(raw["rank"] or "0.5"),
    )


def digest(question: Question, *more: str) -> str:
    """SHA-256 of the canonical form and what else decides the answer."""
    text = json.dumps([plain(question), *more], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _values(condition: Condition) -> list[str]:
    found = [str(each) for each in condition.values]
    return sorted(set(found)) if condition.op is Op.IN else found


def _number(value: Decimal) -> str:
    return format(value.normalize() + 0, "f")


def _bad(key: str, zh: str, en: str) -> BadQuestion:
    return BadQuestion(place=Place(key=key), reason_zh=zh, reason_en=en)
