"""Class breaks of a choropleth: few, round, and with places on either side of each."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

CLASSES: Final = 5


@dataclass(frozen=True, slots=True)
class Classes:
    """``bounds`` has one more entry than there are classes; a class takes its lower bound, the last one both."""

    bounds: tuple[float, ...]

    @property
    def count(self) -> int:
        return max(len(self.bounds) - 1, 0)

    def of(self, value: float | None) -> int:
        """The class of a value from 1, or 0 where there is none."""
        if value is None or not self.count or not math.isfinite(value):
            return 0
        above = sum(1 for bound in self.bounds[1:-1] if value >= bound)
        return above + 1


def classes(values: Iterable[float | None], count: int = CLASSES) -> Classes:
    """At most ``count`` classes with about as many places in each, their inner bounds rounded.

    Quantiles keep one extreme place from hiding the others (a district's business quarter does); rounding
    keeps the legend readable. Fewer distinct values give fewer classes.
    """
    known = sorted(value for value in values if value is not None and math.isfinite(value))
    distinct = sorted(set(known))
    if not distinct:
        return Classes(())
    if len(distinct) == 1:
        return Classes((distinct[0], distinct[0]))
    wanted = min(count, len(distinct))
    inner = [_quantile(known, index / wanted) for index in range(1, wanted)]
    rounded = _rounded(inner, distinct)
    return Classes((distinct[0], *rounded, distinct[-1]))


def _quantile(known: Sequence[float], share: float) -> float:
    place = share * (len(known) - 1)
    low = math.floor(place)
    high = min(low + 1, len(known) - 1)
    return known[low] + (known[high] - known[low]) * (place - low)


def _rounded(inner: list[float], distinct: list[float]) -> list[float]:
    """Inner bounds with as few digits as keep them apart and inside."""
    span = distinct[-1] - distinct[0]
    first = math.floor(math.log10(span)) if span > 0 else 0
    for digits in range(-first, -first + 6):
        candidate = sorted({round(each, digits) for each in inner})
        if len(candidate) == len(set(inner)) and distinct[0] < candidate[0] and candidate[-1] <= distinct[-1]:
            return candidate
    return [each for each in sorted(set(inner)) if distinct[0] < each <= distinct[-1]]
