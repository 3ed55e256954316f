"""What a reader may see of a table: a lens. Masks and row filters become part of the table inside the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

HIDDEN = "•••"  # what stands for a value that is there and not shown
Value = str | int | float | bool | Decimal | date | datetime


class MaskKind(StrEnum):
    """How a column is shown."""

    KEEP = "keep"  # as it is
    DROP = "drop"  # always empty, so not even its presence is told
    CONSTANT = "constant"  # one text instead of every value
    HASH = "hash"  # a keyed digest: equal values stay equal for holders of the same key
    PARTIAL = "partial"  # the first and last characters, stars between them
    MONTH = "month"  # the first day of its month
    YEAR = "year"  # the first day of its year
    ROUND = "round"  # the nearest multiple of a step
    GRID = "grid"  # the middle of a cell of so many degrees


@dataclass(frozen=True, slots=True)
class Mask:
    """One masking rule with its parameters. ``key`` is secret: it is never part of ``as_dict`` or a repr."""

    kind: MaskKind = MaskKind.KEEP
    first: int = 0
    last: int = 0
    step: Decimal = Decimal(0)
    value: str = HIDDEN
    key: bytes = field(default=b"", repr=False)

    def as_dict(self) -> dict[str, Any]:
        """As JSON, without its key."""
        found: dict[str, Any] = {"kind": self.kind.value}
        if self.kind is MaskKind.PARTIAL:
            found |= {"first": self.first, "last": self.last}
        if self.kind in {MaskKind.ROUND, MaskKind.GRID}:
            found["step"] = str(self.step)
        if self.kind is MaskKind.CONSTANT:
            found["value"] = self.value
        return found

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any], *, key: bytes = b"") -> "Mask":
        """Back from ``as_dict``; raises ``ValueError`` or ``ArithmeticError`` for what no mask says."""
        return cls(
            MaskKind(raw.get("kind", "keep")),
            int(raw.get("first", 0)),
            int(raw.get("last", 0)),
            Decimal(str(raw.get("step", 0))),
            str(raw.get("value", HIDDEN)),
            key if raw.get("kind") == MaskKind.HASH else b"",
        )


KEEP = Mask()


@dataclass(frozen=True, slots=True)
class Seen:
    """A column that is seen, and how."""

    name: str
    mask: Mask = KEEP


class Op(StrEnum):
    """How a condition compares."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IN = "in"
    BETWEEN = "between"  # both ends included
    PREFIX = "prefix"
    CONTAINS = "contains"
    NULL = "null"
    NOT_NULL = "not-null"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that rows must meet; values are read by the column's type. Rows with nothing there never meet it."""

    column: str
    op: Op
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Lens:
    """The columns seen of a table, in order, and the conditions that all its seen rows meet.

    A condition may name a column that is not seen. Rows are filtered by true values, then masked.
    """

    columns: tuple[Seen, ...]
    where: tuple[Condition, ...] = ()

    def mask_of(self, name: str) -> Mask | None:
        """How the column is seen; None when it is not."""
        return next((each.mask for each in self.columns if each.name == name), None)
