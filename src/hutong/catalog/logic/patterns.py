"""Which kind of content a column holds: counts over its values, and its name, against the kinds there are."""

import re
from dataclasses import dataclass

from hutong.catalog.logic.kinds import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Matched:
    """How many rows and distinct values fit a kind: as its name would let them, and by themselves alone."""

    rows: int
    distinct: int
    plain_rows: int
    plain_distinct: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in a sample of one column; never a value. ``matched`` by kind."""

    rows: int
    values: int
    distinct: int
    matched: dict[str, Matched]


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest kind of a column. ``by_name``: its name says so too."""

    kind: Kind
    confidence: float
    by_name: bool
    share: float


NAMED, HINTED = 0.3, 0.5  # share of values that must fit where the name says so, or may be read so


def sql(kind: Kind, value: str, digits: str = "", *, plain: bool = False) -> str:
    """The condition of ``kind`` on the SQL expression ``value``; ``digits`` is ``value`` as ``bare`` makes it."""
    condition = (kind.plain or kind.fits) if plain else kind.fits
    return condition.format(v=value, d=digits or bare(value))


def bare(value: str) -> str:
    """``value`` without what people write between the digits of a number."""
    return f"regexp_replace({value}, '[- .()（）+]', '', 'g')"


def named(kind: Kind, *names: str) -> bool:
    return _says(kind.name, names)


def guess(counted: Counted, *names: str) -> Guess | None:
    """The likeliest kind, or none. A name alone suffices only where there is no value to look at."""
    found = [each for kind in KINDS if (each := _one(kind, counted, names)) is not None]
    return max(found, key=lambda each: (each.confidence, each.share), default=None)


def _one(kind: Kind, counted: Counted, names: tuple[str, ...]) -> Guess | None:
    by_name = named(kind, *names)
    if not counted.values:
        return Guess(kind, 0.4, by_name, 0.0) if by_name else None
    seen = counted.matched.get(kind.id, Matched(0, 0, 0, 0))
    share = max(seen.rows / counted.values, seen.distinct / counted.distinct)
    alone = max(seen.plain_rows / counted.values, seen.plain_distinct / counted.distinct)
    if by_name and share >= NAMED:
        return Guess(kind, round(min(0.99, 0.6 + 0.4 * share), 2), by_name, share)
    if kind.hint and alone >= HINTED and _says(kind.hint, names):
        return Guess(kind, round(0.5 + 0.4 * alone, 2), True, alone)
    varied = counted.distinct >= (8 if kind.strict else 20)
    if alone >= kind.least and varied:
        return Guess(kind, round(kind.sure * alone, 2), by_name, alone)
    return None


def _says(pattern: str, names: tuple[str, ...]) -> bool:
    return any(re.search(pattern, re.sub(r"\s", "", each), re.IGNORECASE) for each in names if each)
