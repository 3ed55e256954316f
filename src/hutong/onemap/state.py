"""What a reader has chosen on the map, as the address of the page tells it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict

from hutong.kernel.clock import today
from hutong.onemap.errors import BadBox, BadMonth
from hutong.onemap.types import Box, Layer, MeasureRef

_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Layers shown, the measure that colours areas (empty: none), the day, and the feature looked at."""

    layers: tuple[str, ...]
    measure: str
    as_of: date
    month: str
    feature: tuple[str, str] | None

    def address(self, **changes: str) -> str:
        """The page's query with some of it changed."""
        parts = {"layers": ",".join(self.layers), "measure": self.measure, "as_of": self.month, **changes}
        return "?" + urlencode({key: value for key, value in parts.items() if value})


def chosen(
    query: QueryDict, layers: tuple[Layer, ...], measures: tuple[MeasureRef, ...], months: Sequence[str]
) -> Chosen:
    """What the query says, else the layers shown at first and the newest month."""
    known = {each.id for each in layers}
    if "layers" in query:
        wanted = tuple(each for part in query.getlist("layers") for each in part.split(",") if each in known)
    else:
        wanted = tuple(each.id for each in layers if each.shown)
    measure = query.get("measure", measures[0].id if measures and "layers" not in query else "")
    as_of = day(query.get("as_of", "")) if query.get("as_of") else _last(months)
    layer, _, key = query.get("feature", "").partition("/")
    return Chosen(
        layers=wanted,
        measure=measure if measure in {each.id for each in measures} else "",
        as_of=as_of,
        month=f"{as_of:%Y-%m}",
        feature=(layer, key) if key and layer in known else None,
    )


def day(text: str) -> date:
    """A day, or the last day of a month; raises ``BadMonth``."""
    found = _MONTH.match(text)
    try:
        if not found:
            raise ValueError(text)
        year, month = int(found[1]), int(found[2])
        return date(year, month, int(found[3])) if found[3] else month_end(year, month)
    except ValueError as error:
        raise BadMonth(text=text[:40]) from error


def month_end(year: int, month: int) -> date:
    """The last day of a month; raises ``ValueError``."""
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_between(first: date, last: date) -> list[str]:
    """``2023-07`` … ``2026-06``, at most ten years of them, the newest kept."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1 + max(0, count - 120)
    end = last.year * 12 + last.month - 1
    return [f"{index // 12:04d}-{index % 12 + 1:02d}" for index in range(start, end + 1)]


def box(text: str | None) -> Box | None:
    """``west,south,east,north`` in degrees; raises ``BadBox``."""
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadBox(text=text[:80]) from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadBox(text=text[:80])
    return Box(west, south, east, north)


def _last(months: Sequence[str]) -> date:
    return day(months[-1]) if months else today()
