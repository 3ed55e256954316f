"""Plans as pages and reports see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from hutong.indicators.plan_import.types import Target
from hutong.kernel.text import Text

NO_REASON = Text(zh="", en="")


class Pace(StrEnum):
    """How an indicator stands against its target."""

    MET = "met"
    ON_TRACK = "on-track"
    BEHIND = "behind"
    SHORT = "short"
    WORDS = "words"
    NO_DATA = "no-data"
    CLOSED = "closed"


class TaskState(StrEnum):
    """How far a task is."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where an indicator stood at the end of ``year``."""

    year: int
    value: float | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """State of an indicator on a day; ``expected`` is the value due by then, or ``reason`` why there is none."""

    pace: Pace
    expected: float | None = None
    reason: Text = NO_REASON


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of a table that a value was computed from, and its entry in the log."""

    table: str
    urn: str
    entry_id: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A computed value, the day it is of, where it is walked back to, and what it stands on."""

    value: float
    text: str
    as_of: date
    url: str
    entry_id: int
    snapshots: tuple[Snapshot, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator of a plan on a day."""

    code: str
    title: Text
    unit: str
    group: str
    nature: str
    target: Target
    reference: str
    baseline: Baseline | None
    measured: Measured | None
    progress: Progress
    computed_by: str = ""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task of a plan. ``unproven``: said to be done, without evidence."""

    code: str
    urn: str
    title: Text
    reference: str
    owner: str
    owner_title: Text
    deadline: date | None
    state: TaskState
    note: str
    evidence: tuple[Mapping[str, str], ...]
    systems: tuple[str, ...]
    overdue: bool
    changed_at: datetime | None = None
    changed_by: str = ""
    entry_id: int | None = None

    @property
    def unproven(self) -> bool:
        return self.state is TaskState.DONE and not self.evidence


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan in a list."""

    id: str
    urn: str
    title: Text
    period: tuple[int, int]
    indicators: int
    tasks: int
    done: int
    unproven: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan on a day."""

    id: str
    urn: str
    title: Text
    period: tuple[int, int]
    as_of: date
    source: str
    indicators: tuple[IndicatorView, ...] = ()
    tasks: tuple[TaskView, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def as_target(data: Mapping[str, Any]) -> Target:
    """A target as it is stored."""
    return Target(
        str(data.get("text", "")),
        data.get("op", "text"),
        data.get("low"),
        data.get("high"),
        data.get("per"),
        data.get("relative_to"),
    )


def as_text(data: Mapping[str, str]) -> Text:
    return Text(zh=data.get("zh", ""), en=data.get("en", ""))
