"""What crosses the border of privacy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from hutong.kernel.text import Text
from hutong.lake.types import Condition

MICRO = 1_000_000  # ε is counted in millionths, so that budgets are added exactly


class Measure(StrEnum):
    """What may be asked. There is no other form."""

    PEOPLE = "people"  # how many people
    COUNT = "count"  # how many rows
    SUM = "sum"
    MEAN = "mean"
    QUANTILE = "quantile"
    HISTOGRAM = "histogram"  # rows by a public list of codes


class Stage(StrEnum):
    """How far one side of a joint run is."""

    READY = "ready"  # written down; nobody has started it
    ASKED = "asked"  # the worker has not begun yet
    PREPARING = "preparing"  # own rows are taken
    WAITING = "waiting"  # for the other side
    COMPUTING = "computing"  # both are there
    DONE = "done"
    FAILED = "failed"

    @property
    def active(self) -> bool:
        return self in {Stage.ASKED, Stage.PREPARING, Stage.WAITING, Stage.COMPUTING}


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``low`` and ``high`` clamp a value, within the dataset's own bounds; ``rank`` is of a quantile."""

    measure: Measure
    epsilon: Decimal
    column: str = ""
    where: tuple[Condition, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    rank: Decimal = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A value's clamp on an exact grid: ``low`` and ``high`` count steps; ``scale`` steps of the lake's value."""

    low: int
    high: int
    step: Decimal  # what one step is worth, in the unit people read
    stored: Decimal  # what one step is worth, as the lake stores it
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a dataset may be asked, from the pack."""

    dataset: str
    person: str
    rows_per_person: int
    budget: int  # millionths of ε for one consumer in one period
    total: int  # and for all consumers together
    days: int
    least: int
    most: int
    bounds: Mapping[str, tuple[Decimal, Decimal]]
    cells: Mapping[str, tuple[str, ...]]
    price: Decimal
    because: Text
    matches: int = 4  # runs of joint computation for one consumer in one period


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of an answer with its confidence interval (95 %); of a quantile, bounds are of its rank in rows."""

    label: Text
    value: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Error:
    """What may be said of the error before asking: 95 % of answers lie within ``plus_minus``."""

    plus_minus: Decimal
    of: str  # value, sum, cell, rank
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of the budget of a dataset and consumer in this period."""

    dataset: str
    title: Text
    consumer: str
    granted: Decimal
    spent: Decimal
    left: Decimal
    ever: Decimal  # spent by this consumer since the beginning
    renews: date
    price: Decimal
    matches: int
    matched: int  # runs of joint computation in this period


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as the history shows it; ``cells`` only for its consumer."""

    id: int
    urn: str
    dataset: str
    title: Text
    contract: str
    consumer: str
    actor: str
    at: datetime
    question: Question
    digest: str
    epsilon: Decimal
    state: str
    log_entry: int
    snapshot: str
    cells: tuple[Cell, ...] = ()
    repeated: bool = False
    rank_error: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class MatchRef:
    """One side of a run of joint computation; what came out only for that side. With 95 % the chosen rows are within
    ``chosen_off`` and their sum within ``total_off``.
    """

    run: str
    contract: str
    organisation: str
    dataset: str
    consumer: str
    at: datetime
    purpose: str
    column: str
    epsilon: Decimal
    state: str
    why: str
    log_entry: int
    mine: int
    match_ms: int
    sum_ms: int
    common: int | None
    chosen: int | None
    total: int | None
    chosen_off: int
    total_off: int
    visible: bool = False  # whether the reader may see what came out


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a joint run as a person writes it down. Its keys are of a ``table`` of the lake or of a file.

    ``where``: of the provider, and of an intersection alone, the rows that take part; of a sum's consumer those chosen.
    """

    contract: str
    organisation: str
    run: str
    key: str
    table: str = ""
    where: tuple[str, ...] = ()
    column: str = ""  # the dataset's column that is summed
    value: str = ""  # of a file: the column of values, or of 0 and 1 for the choice
    epsilon: Decimal = Decimal("0.1")
    purpose: str = ""
    own: str = ""  # where this side listens, of those that are allowed
    peer: str = ""  # where the other side is, of those that are allowed
    seconds: int = 600
    wait: int = 120


@dataclass(frozen=True, slots=True)
class StartRef:
    """One side of a joint run and how far it is; ``result`` once there is one, for those who may see it."""

    id: str
    side: Side
    dataset: str
    provider: bool
    file: str  # name of the file that was handed over; empty: a table of the lake
    actor: str
    at: datetime
    begun: datetime | None
    attempt: int
    stage: Stage
    own: str
    peer: str
    here: bool  # the other side meets this one on the same machine
    stopping: bool
    result: MatchRef | None
    error: Mapping[str, object] | None = None
