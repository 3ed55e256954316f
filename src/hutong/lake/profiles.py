"""What the columns of a snapshot look like."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column of a snapshot. Quantiles are at 0, 5 … 100 %; ``top`` counts the most frequent values."""

    column: str
    type: str
    nulls: int
    distinct: int
    low: str | None
    high: str | None
    mean: float | None
    quantiles: tuple[float, ...]
    top: tuple[tuple[str, int], ...]
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile of a snapshot; quantiles and top values come from ``sampled`` of its ``rows``."""

    rows: int
    sampled: int
    columns: tuple[ColumnProfile, ...]
