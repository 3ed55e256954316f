"""What a plan document turns into. ``as_dict`` gives the JSON of ``hutong plan import --json``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Op = Literal["eq", "ge", "gt", "le", "lt", "about", "between", "rank", "text"]
"""How a target compares the figure with its numbers.

eq      exactly ``low`` (= ``high``): a bare number, 达到5200
ge, gt  at least / more than ``low``: ≥400, 28以上 / 超过50
le, lt  at most / less than ``high``: 控制在3%以内 / 低于5
about   around ``low`` (= ``high``): 82左右, 约40
between from ``low`` to ``high``, both included: 1-3
rank    a place between ``low`` and ``high`` in an order: 全市前三
text    in words only: 在全市保持前列

With ``relative_to`` the numbers are the signed difference to that reference (percentage points where the plan
says so; 2 for "doubled" with op eq), and are absent where the plan prints none: 高于全市平均水平.
"""

Per = Literal["year", "month", "day", "period"]
"""What the numbers count over: 年均 and 每年 are per year, 累计 and a value in square brackets per period."""

Nature = Literal["expected", "binding"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: line from 1, character offset from 0 in the whole text, page from 1 if it has any."""

    line: int
    offset: int
    page: int | None = None
    length: int = 0

    def as_dict(self) -> dict[str, int | None]:
        return {"line": self.line, "page": self.page, "offset": self.offset, "length": self.length}


@dataclass(frozen=True, slots=True)
class Target:
    """A target; ``text`` is as printed in the plan."""

    text: str
    op: Op
    low: float | None = None
    high: float | None = None
    per: Per | None = None
    relative_to: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "op": self.op,
            "low": plain_number(self.low),
            "high": plain_number(self.high),
            "per": self.per,
            "relative_to": self.relative_to,
        }


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where the indicator stood before the plan."""

    year: int | None
    text: str
    value: float | None

    def as_dict(self) -> dict[str, Any]:
        return {"year": self.year, "text": self.text, "value": plain_number(self.value)}


NATURES: Mapping[Nature, str] = {"expected": "预期性", "binding": "约束性"}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of an indicator table."""

    name: str
    unit: str
    target: Target
    nature: str
    group: str
    place: Place
    number: str = ""
    baseline: Baseline | None = None
    owner: str = ""

    def as_dict(self) -> dict[str, Any]:
        known: dict[str, Any] = {
            "name": self.name,
            "unit": self.unit,
            "target": self.target.as_dict(),
            "nature": self.nature,
            "group": self.group,
            "place": self.place.as_dict(),
        }
        if self.baseline:
            known["baseline"] = self.baseline.as_dict()
        if self.owner:
            known["owner"] = self.owner
        return known


@dataclass(frozen=True, slots=True)
class Section:
    """A heading; ``number`` as printed without its last mark (四, （一）, 第一章), empty for 前言."""

    number: str
    title: str
    level: int
    place: Place
    path: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "title": self.title,
            "level": self.level,
            "place": self.place.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Measure:
    """A step inside a task: the leading sentence of a paragraph under it."""

    text: str
    place: Place

    def as_dict(self) -> dict[str, Any]:
        return {"text": self.text, "place": self.place.as_dict()}


@dataclass(frozen=True, slots=True)
class Stated:
    """Words of the text, and where they stand."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Task:
    """A leaf of a tasks chapter, or a row of a task table."""

    number: str
    title: str
    section: tuple[str, ...]
    place: Place
    measures: tuple[Measure, ...] = ()
    owned: Stated | None = None
    due: Stated | None = None
    day: date | None = None

    @property
    def owner(self) -> str:
        return self.owned.text if self.owned else ""

    @property
    def deadline(self) -> str:
        return self.due.text if self.due else ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "title": self.title,
            "section": list(self.section),
            "measures": [each.as_dict() for each in self.measures],
            "owner": self.owner or None,
            "owner_place": self.owned.place.as_dict() if self.owned else None,
            "deadline": self.deadline or None,
            "deadline_day": self.day.isoformat() if self.day else None,
            "deadline_place": self.due.place.as_dict() if self.due else None,
            "place": self.place.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class System:
    """A named system or platform, where it is named first and everywhere it is named."""

    name: str
    places: tuple[Place, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "place": self.places[0].as_dict(),
            "places": [place.as_dict() for place in self.places],
        }


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that looks like a promise or a heading and was not taken, with the reason."""

    kind: str
    text: str
    reason_zh: str
    reason_en: str
    place: Place | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "text": self.text,
            "reason": {"zh": self.reason_zh, "en": self.reason_en},
            "place": self.place.as_dict() if self.place else None,
        }


@dataclass(frozen=True, slots=True)
class PlanReading:
    """All that was read from one document. ``lines`` is the text the places point into."""

    plan: str
    period: tuple[int, int] | None
    indicators: tuple[Indicator, ...] = ()
    sections: tuple[Section, ...] = ()
    tasks: tuple[Task, ...] = ()
    systems: tuple[System, ...] = ()
    unread: tuple[Unread, ...] = ()
    lines: tuple[str, ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        return {
            "plan": self.plan,
            "period": {"from": self.period[0], "to": self.period[1]} if self.period else None,
            "indicators": [each.as_dict() for each in self.indicators],
            "sections": [each.as_dict() for each in self.sections],
            "tasks": [each.as_dict() for each in self.tasks],
            "systems": [each.as_dict() for each in self.systems],
            "unread": [each.as_dict() for each in self.unread],
        }


def plain_number(value: float | None) -> int | float | None:
    """A whole number without its ``.0``."""
    return int(value) if value is not None and value == int(value) else value
