"""The plan section of a pack: what a published plan promised, in figures and in tasks.

One file a plan, ``plans/<id>.yaml``. Facts only, each with the place in the plan it came from; titles of tasks
are our own short wording, never the plan's sentences.
"""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Op = Literal["eq", "ge", "gt", "le", "lt", "about", "between", "rank", "text"]
Per = Literal["year", "month", "day", "period"]
Identifier = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)


class Spec(BaseModel):
    """A block of a pack: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Spec):
    """A title in Chinese and, where there is one, English."""

    zh: str = Field(min_length=1)
    en: str = ""


class PeriodSpec(BaseModel):
    """The years a plan covers, both included."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    from_: int = Field(alias="from", ge=1950, le=2100)
    to: int = Field(ge=1950, le=2100)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.to < self.from_:
            raise ValueError("the period ends before it starts")
        return self


class TargetSpec(Spec):
    """A target: the words of the plan and what they say.

    ``op`` compares the figure with ``low``/``high``; with ``relative_to`` the numbers are the difference to that
    reference (in the unit of the plan, percentage points for rates) and may be absent ("above the city's mean").
    """

    text: str = Field(min_length=1)
    op: Op
    low: float | None = None
    high: float | None = None
    per: Per | None = None
    relative_to: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high")
        return self


class BaselineSpec(Spec):
    """Where the indicator stood before the plan."""

    year: int = Field(ge=1950, le=2100)
    value: float | None = None
    text: str = ""


class PlanIndicatorSpec(Spec):
    """One promised figure."""

    id: str = Identifier
    title: Title
    unit: str = ""
    target: TargetSpec
    nature: Literal["expected", "binding"] | None = None
    baseline: BaselineSpec | None = None
    reference: str = Field(min_length=1)
    group: str = ""
    computed_by: str | None = None


class PlanTaskSpec(Spec):
    """One task: who does it by when, and the systems it needs."""

    id: str = Identifier
    title: Title
    reference: str = Field(min_length=1)
    owner: str | None = None
    deadline: date | None = None
    systems: tuple[str, ...] = ()


class PlanSpec(Spec):
    """A published plan."""

    id: str = Identifier
    title: Title
    period: PeriodSpec
    source: str = ""
    reference: str = ""
    indicators: tuple[PlanIndicatorSpec, ...] = ()
    tasks: tuple[PlanTaskSpec, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        for what, items in (("indicator", self.indicators), ("task", self.tasks)):
            seen: set[str] = set()
            for item in items:
                if item.id in seen:
                    raise ValueError(f"the {what} id {item.id} is used twice")
                seen.add(item.id)
        return self
