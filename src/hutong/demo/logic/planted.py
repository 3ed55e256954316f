"""What is documented about the demo before anything of it is made. Imports nothing heavy: every start reads it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

DEMO_DAY = date(2024, 1, 31)  # "today" of the demo: three of the plan's five years are over and counted


@dataclass(frozen=True, slots=True)
class Planted:
    """One documented defect: what to do to how many rows.

    ``extra``: spoil copies with a new ``column`` key beside the true rows instead of the true rows, so that
    counts which the plan names stay whole.
    """

    kind: str
    rows: int
    column: str = ""
    value: Any = None
    of: str = ""  # the column that ``column`` is set from
    by: float = 0
    least: float | None = None  # only rows whose ``column`` is at least this
    where: dict[str, str] = field(default_factory=dict)
    fresh: str = ""  # the key column that a copy gets a new value in
    per: tuple[str, ...] = ()
