"""What crosses the border of indicators: definitions, figures, their parts and causes, and the walk to their proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hutong.indicators.logic.periods import Period
from hutong.kernel.text import Text
from hutong.lake.types import Column

NOTHING = Text(zh="", en="")


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Nature(StrEnum):
    """What a plan makes of the indicator: 预期性, 约束性, or it is only watched (监测)."""

    EXPECTED = "expected"
    BINDING = "binding"
    MONITORED = "monitored"


class State(StrEnum):
    """How a figure stands against its target, or against the pace towards it."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something a figure is broken down by: a column of the query and what it is called."""

    id: str
    title: Text
    members: Mapping[str, Text] = field(default_factory=dict)

    def name(self, member: str) -> Text:
        return self.members.get(member) or Text(zh=member, en=member)


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached by the end of ``year``: ``low`` to ``high``, one of them None when it is open."""

    year: int
    low: Decimal | None
    high: Decimal | None
    about: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where the indicator stood at the end of ``year``."""

    year: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator as its pack defines it. ``hash`` is the SHA-256 of everything that decides its values."""

    id: str
    urn: str
    hash: str
    title: Text
    summary: Text
    unit: Text
    group: str
    decimals: int
    period: Period
    compare: str
    combine: str
    direction: Direction
    nature: Nature
    reference: str
    tables: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    query: str
    rows_query: str
    targets: tuple[Target, ...]
    baseline: Baseline | None
    file: str = ""
    line: int = 0
    people: bool | None = None  # whether it counts people, where the pack says so

    def dimension(self, wanted: str) -> Dimension:
        """The dimension called ``wanted``; ``KeyError`` without one."""
        for each in self.dimensions:
            if each.id == wanted:
                return each
        raise KeyError(wanted)


@dataclass(frozen=True, slots=True)
class Reading:
    """One state of a table that a computation read."""

    table: str
    urn: str
    sequence: int
    iceberg_id: int
    rows: int
    entry_id: int
    committed_at: datetime


@dataclass(frozen=True, slots=True)
class Computation:
    """One run of an indicator's query. ``result`` is the SHA-256 of all its values, which the ledger holds.

    ``salt`` went into that hash; it is for those who may see every value.
    """

    urn: str
    indicator: str
    as_of: date
    known_at: datetime | None
    definition: str
    query: str
    result: str
    salt: str
    readings: tuple[Reading, ...]
    points: int
    entry_id: int
    computed_at: datetime
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series; ``text`` is the exact value, ``value`` the same as a number.

    ``withheld``: there is one, but it counts too few people to be shown to the reader.
    """

    period: date | None
    value: float | None
    text: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a breakdown; ``before`` is its value one period earlier. ``withheld`` as of a point."""

    member: str
    name: Text
    value: float | None
    before: float | None
    text: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """What one member contributed to the change of the total, in the unit of the indicator."""

    dimension: str
    member: str
    name: Text
    contribution: float
    value: float | None
    before: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure against its target: the state, in words, with the target and what was expected by that day."""

    state: State
    text: Text
    target: Target | None = None
    expected: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure on one day. ``change`` is relative, to the period before; ``change_year`` to a year before."""

    indicator: str
    urn: str
    title: Text
    unit: Text
    decimals: int
    as_of: date
    period: date | None
    period_text: Text
    dims: Mapping[str, str]
    value: float | None
    text: str
    previous: float | None
    change: float | None
    change_text: Text
    year_before: float | None
    change_year: float | None
    standing: Standing
    series: tuple[Point, ...]
    readings: tuple[Reading, ...]
    entry_id: int | None
    computed_at: datetime | None
    definition: str
    url: str
    withheld: bool = False

    @property
    def state(self) -> State:
        return self.standing.state

    @property
    def data_at(self) -> datetime | None:
        """When the newest of the data it stands on was committed."""
        return max((each.committed_at for each in self.readings), default=None)

    @property
    def change_absolute(self) -> float | None:
        if self.value is None or self.previous is None:
            return None
        return self.value - self.previous


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows behind a figure, masked for the reader. ``masked`` names the columns that were. ``sampled``: they are about
    people, and the reader sees some of them only.

    ``sources`` holds, for each column, the column of a contract that it is named after.
    """

    columns: tuple[str, ...]
    titles: tuple[Text, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int
    masked: tuple[str, ...] = ()
    offset: int = 0
    sources: tuple[Column | None, ...] = ()
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """A figure walked back: its definition, the query as it ran, the snapshots it read and the ledger entries."""

    definition: Definition
    computation: Computation
    sql: str
    rows_sql: str
    spark: str
