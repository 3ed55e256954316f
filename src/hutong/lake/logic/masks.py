"""Lenses as SQL: every mask and condition written from checked parts.

The rows a lens leaves are cut off by a LIMIT that cuts nothing: the engine moves no condition of a query below it, so
a query's own expressions are never computed over rows or values that the lens hides, not even to fail on them. Where
it hides whole columns alone, nothing is cut off: no expression can name them.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from hutong.lake.errors import BadLens
from hutong.lake.lenses import HIDDEN, Condition, Lens, Mask, MaskKind, Op, Value
from hutong.lake.logic.parsing import stored
from hutong.lake.logic.sql import ident, literal
from hutong.lake.types import Column, ColumnType, Contract

BARRIER = "LIMIT 9223372036854775807"
MOST_VALUES, LONGEST = 1000, 1000
_T, _K = ColumnType, MaskKind
TEXTS = frozenset({_T.TEXT, _T.CODE, _T.USCC, _T.IDNUMBER, _T.PHONE, _T.JSON})
WHOLE = frozenset({_T.INT, _T.MONEY, _T.YEAR})
BROKEN = frozenset({_T.DECIMAL, _T.FLOAT, _T.PERCENT, _T.QUANTITY, _T.LONGITUDE, _T.LATITUDE})
PERSONAL = frozenset({_T.IDNUMBER, _T.PHONE})  # never in clear without a grant, marked sensitive or not
DAYS = frozenset({_T.DATE, _T.MONTH})
ALLOWED: Mapping[MaskKind, frozenset[ColumnType]] = {
    _K.KEEP: frozenset(_T),
    _K.DROP: frozenset(_T),
    _K.CONSTANT: frozenset(_T),
    _K.HASH: frozenset(_T) - {_T.GEOMETRY},
    _K.PARTIAL: TEXTS - {_T.JSON},
    _K.MONTH: DAYS | {_T.DATETIME},
    _K.YEAR: DAYS | {_T.DATETIME},
    _K.ROUND: WHOLE | BROKEN,
    _K.GRID: frozenset({_T.LONGITUDE, _T.LATITUDE}),
}
_SHOWN = {
    _K.CONSTANT: _T.TEXT,
    _K.HASH: _T.TEXT,
    _K.PARTIAL: _T.TEXT,
    _K.MONTH: _T.DATE,
    _K.YEAR: _T.DATE,
}
_COMPARED = {Op.EQ: "=", Op.NE: "<>", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}
_COUNTS = {Op.BETWEEN: (2, 2), Op.IN: (0, MOST_VALUES), Op.NULL: (0, 0), Op.NOT_NULL: (0, 0)}


@dataclass(frozen=True, slots=True)
class Written:
    """A lens as a SELECT, and the secrets it refers to by name."""

    select: str
    secrets: Mapping[str, str]


def masks_for(column: Column) -> tuple[MaskKind, ...]:
    """The masks that fit a column."""
    return tuple(kind for kind in MaskKind if column.type in ALLOWED[kind])


def for_sample(column: Column) -> Mask:
    """How rows show the column to those who may not see it in clear."""
    return Mask(MaskKind.CONSTANT, value=HIDDEN) if column.sensitive or column.type in PERSONAL else Mask()


def check(lens: Lens, contract: Contract) -> None:
    """Raise ``BadLens`` unless the lens fits the contract."""
    if not lens.columns:
        raise BadLens(reason="no column")
    names = [each.name for each in lens.columns]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadLens(reason=f"{', '.join(sorted(twice))} twice")
    for seen in lens.columns:
        check_mask(seen.mask, _column(contract, seen.name))
    for condition in lens.where:
        written_condition(condition, contract)


def check_mask(mask: Mask, column: Column) -> None:
    """Raise ``BadLens`` where the mask does not fit the column."""
    if column.type not in ALLOWED[mask.kind]:
        raise BadLens(reason=f"{mask.kind.value} × {column.name}: {column.type.value}")
    step = mask.kind in {_K.ROUND, _K.GRID}
    if step and not (mask.step.is_finite() and Decimal("0.000001") <= mask.step <= 10**12):
        raise BadLens(reason=f"{column.name}: step {mask.step}")
    if mask.kind is _K.ROUND and column.type in WHOLE and mask.step != int(mask.step):
        raise BadLens(reason=f"{column.name}: step {mask.step}")
    if not (0 <= mask.first <= 100 and 0 <= mask.last <= 100):
        raise BadLens(reason=f"{column.name}: {mask.first}, {mask.last}")
    _text(mask.value, column.name)


def written(lens: Lens, contract: Contract, source: str, present: Iterable[str], label: str) -> Written:
    """The lens over ``source``, a SELECT that yields the columns ``present``; ``label`` makes its secrets' names."""
    check(lens, contract)
    has, secrets = set(present), dict[str, str]()
    parts = []
    for seen in lens.columns:
        column = _column(contract, seen.name)
        known = ident(seen.name) if seen.name in has else f"NULL::{stored(column)}"
        parts.append(f"{masked(known, seen.mask, column, secrets, label)} AS {ident(seen.name)}")
    tests = " AND ".join(
        f"({written_condition(each, contract)})" if each.column in has else "false" for each in lens.where
    )
    if not tests and all(seen.mask.kind is MaskKind.KEEP for seen in lens.columns):
        return Written(f"SELECT {', '.join(parts)} FROM ({source})", secrets)  # it hides no row and no value
    where = f" WHERE {tests}" if tests else ""
    return Written(f"SELECT {', '.join(parts)} FROM ({source}){where} {BARRIER}", secrets)


def masked(known: str, mask: Mask, column: Column, secrets: dict[str, str], label: str) -> str:
    """The expression ``known`` as the mask shows it."""
    match mask.kind:
        case MaskKind.KEEP:
            return known
        case MaskKind.DROP:
            return f"NULL::{stored(column)}"
        case MaskKind.CONSTANT:
            return f"CASE WHEN {known} IS NOT NULL THEN {literal(mask.value)} END"
        case MaskKind.HASH:
            return _hashed(known, mask, secrets, label, column)
        case MaskKind.PARTIAL:
            return _partial(known, mask)
        case MaskKind.MONTH | MaskKind.YEAR:
            return f"date_trunc('{mask.kind.value}', {known})::DATE"
        case MaskKind.ROUND:
            nearest = f"round({known}::DOUBLE / {mask.step}) * {mask.step}"
            return f"TRY_CAST({nearest} AS {'BIGINT' if column.type in WHOLE else 'DOUBLE'})"
        case MaskKind.GRID:
            return f"round(floor({known} / {mask.step}) * {mask.step} + {mask.step} / 2, 6)::DOUBLE"


def _hashed(known: str, mask: Mask, secrets: dict[str, str], label: str, column: Column) -> str:
    """A nested keyed digest (as NMAC nests): 128 bits, without the key nobody can try out values."""
    if len(mask.key) < 32:
        raise BadLens(reason=f"{column.name}: hash without a key")
    inner = f"{label}_{len(secrets)}"
    outer = f"{label}_{len(secrets) + 1}"
    secrets[inner], secrets[outer] = mask.key.hex() + "|in|", mask.key.hex() + "|out|"
    first = f"sha256(getvariable('{inner}') || CAST({known} AS VARCHAR))"
    return f"left(sha256(getvariable('{outer}') || {first}), 32)"


def _partial(known: str, mask: Mask) -> str:
    shown = mask.first + mask.last
    return (
        f"CASE WHEN length({known}) <= {shown} THEN repeat('*', length({known}))"
        f" ELSE left({known}, {mask.first}) || repeat('*', length({known}) - {shown})"
        f" || {f'right({known}, {mask.last})' if mask.last else chr(39) * 2} END"
    )


def written_condition(condition: Condition, contract: Contract) -> str:
    """The condition as SQL; raises ``BadLens``."""
    column = _column(contract, condition.column)
    low, high = _COUNTS.get(condition.op, (1, 1))
    if not low <= len(condition.values) <= high:
        raise BadLens(reason=f"{column.name} {condition.op.value}: {len(condition.values)} values")
    name = ident(column.name)
    if condition.op is Op.NULL:
        return f"{name} IS NULL"
    if condition.op is Op.NOT_NULL:
        return f"{name} IS NOT NULL"
    if column.type is ColumnType.GEOMETRY:
        raise BadLens(reason=f"{column.name} {condition.op.value}: geometry")
    if condition.op in {Op.PREFIX, Op.CONTAINS} and column.type not in TEXTS:
        raise BadLens(reason=f"{column.name} {condition.op.value}: {column.type.value}")
    values = [typed(each, column) for each in condition.values]
    match condition.op:
        case Op.IN:
            return f"{name} IN ({', '.join(values)})" if values else "false"
        case Op.BETWEEN:
            return f"{name} BETWEEN {values[0]} AND {values[1]}"
        case Op.PREFIX:
            return f"starts_with({name}, {values[0]})"
        case Op.CONTAINS:
            return f"contains({name}, {values[0]})"
        case _:
            return f"{name} {_COMPARED[condition.op]} {values[0]}"


def shown_conditions(conditions: Iterable[Condition], lens: Lens, contract: Contract) -> str:
    """Conditions on what the lens shows, as SQL over its columns; raises ``BadLens``."""
    columns = []
    for seen in lens.columns:
        column = _column(contract, seen.name)
        columns.append(replace(column, type=_SHOWN.get(seen.mask.kind, column.type)))
    shown = Contract(contract.table, tuple(columns))
    return " AND ".join(f"({written_condition(each, shown)})" for each in conditions)


def typed(value: Value, column: Column) -> str:
    """A value as a literal of the column's type; raises ``BadLens``."""
    kind = column.type
    try:
        if kind in TEXTS:
            return literal(_text(value, column.name))
        if kind in WHOLE:
            return _whole(value)
        if kind in BROKEN:
            return _number(value)
        if kind is ColumnType.BOOL:
            return _truth(value)
        if kind in DAYS:
            return f"DATE '{_day(value).isoformat()}'"
        if kind is ColumnType.DATETIME:
            return f"TIMESTAMPTZ '{_moment(value).isoformat()}'"
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        pass
    raise BadLens(reason=f"{column.name}: {str(value)[:60]!r} ∉ {kind.value}")


def _text(value: Value, name: str) -> str:
    if not isinstance(value, str) or "\0" in value or len(value) > LONGEST:
        raise BadLens(reason=f"{name}: {str(value)[:60]!r}")
    return value


def _whole(value: Value) -> str:
    if isinstance(value, bool | float):
        raise TypeError
    found = int(value)  # type: ignore[arg-type]  # what is no number raises
    if not -(2**63) < found < 2**63:
        raise OverflowError
    return f"({found})"


def _number(value: Value) -> str:
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        raise TypeError
    found = Decimal(str(value))
    if not found.is_finite() or abs(found.adjusted()) > 300:
        raise OverflowError
    return f"({float(found)!r}::DOUBLE)"


def _truth(value: Value) -> str:
    if value in (True, "true", "1"):
        return "true"
    if value in (False, "false", "0"):
        return "false"
    raise ValueError


def _day(value: Value) -> date:
    if isinstance(value, datetime):
        raise TypeError
    if isinstance(value, date):
        return value
    text = str(value)
    return date.fromisoformat(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else text)


def _moment(value: Value) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        raise ValueError
    return found


def _column(contract: Contract, name: str) -> Column:
    try:
        return contract.column(name)
    except KeyError:
        raise BadLens(reason=f"{name[:120]} ∉ {contract.table}") from None
