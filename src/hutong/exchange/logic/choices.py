"""The mask that a deciding person chose for a column, out of what a form says; and what it may be chosen from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from hutong.exchange.errors import BadRequest
from hutong.lake.types import Column, ColumnType, Mask, MaskKind

RULE, OUT = "rule", "out"
YUAN: Final = 100  # fen in a yuan: people write money in yuan
_MOST_DIGITS = 24
_USUAL: Final[Mapping[MaskKind, Mask]] = {
    MaskKind.PARTIAL: Mask(MaskKind.PARTIAL, first=3, last=2),
    MaskKind.ROUND: Mask(MaskKind.ROUND, step=Decimal(10)),
    MaskKind.GRID: Mask(MaskKind.GRID, step=Decimal("0.01")),
    MaskKind.CONSTANT: Mask(MaskKind.CONSTANT),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number or text of a mask: its name in the form, and what stands there."""

    kind: MaskKind
    name: str
    field: str
    value: str


def chosen(column: Column, usual: Mask, given: Mapping[str, str]) -> Mask | None:
    """The mask for ``column``; None: it is left out. Raises ``BadRequest``. Whether it fits is for the lake to say."""
    name = given.get(f"mask-{column.name}", RULE)
    if name == RULE:
        return usual
    if name == OUT:
        return None
    try:
        kind = MaskKind(name)
    except ValueError:
        raise BadRequest(
            reason_zh=f"没有脱敏方式 {name[:20]}", reason_en=f"there is no mask {name[:20]}"
        ) from None
    match kind:
        case MaskKind.PARTIAL:
            first, last = (_count(column, given, each) for each in ("first", "last"))
            return Mask(kind, first=first, last=last)
        case MaskKind.ROUND:
            step = _step(column, given, "round")
            return Mask(kind, step=step * YUAN if column.type is ColumnType.MONEY else step)
        case MaskKind.GRID:
            return Mask(kind, step=_step(column, given, "grid"))
        case MaskKind.CONSTANT:
            text = given.get(_field(column, "value"), "").strip()
            return Mask(kind, value=text[:100]) if text else Mask(kind)
        case _:
            return Mask(kind)


def parameters(column: Column, usual: Mask, given: Mapping[str, str]) -> list[Parameter]:
    """What may be set of each mask that has something to set, as it was given, by the rule, or as usual."""
    found = []
    for kind, fresh in _USUAL.items():
        mask = usual if usual.kind is kind else fresh
        for name, value in _told(mask, column):
            field = _field(column, name)
            found.append(Parameter(kind, name, field, given.get(field, value)[:100]))
    return found


def _told(mask: Mask, column: Column) -> list[tuple[str, str]]:
    match mask.kind:
        case MaskKind.PARTIAL:
            return [("first", str(mask.first)), ("last", str(mask.last))]
        case MaskKind.ROUND:
            step = mask.step / YUAN if column.type is ColumnType.MONEY and mask.step > YUAN else mask.step
            return [("round", f"{step:f}")]
        case MaskKind.GRID:
            return [("grid", f"{mask.step:f}")]
        case _:
            return [("value", mask.value)]


def _field(column: Column, name: str) -> str:
    return f"mask-{column.name}-{name}"


def _count(column: Column, given: Mapping[str, str], name: str) -> int:
    text = given.get(_field(column, name), "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise BadRequest(
            reason_zh=f"{column.name}：保留位数应为 0 至 100 的整数",
            reason_en=f"{column.name}: how many characters are kept is a whole number from 0 to 100",
        )
    return int(text)


def _step(column: Column, given: Mapping[str, str], name: str) -> Decimal:
    text = given.get(_field(column, name), "").strip()
    try:
        step = Decimal(text) if len(text) <= _MOST_DIGITS else Decimal("NaN")
    except InvalidOperation:
        step = Decimal("NaN")
    if not step.is_finite() or step <= 0:
        raise BadRequest(
            reason_zh=f"{column.name}：步长应为大于 0 的数",
            reason_en=f"{column.name}: a step is a number above 0",
        )
    return step
