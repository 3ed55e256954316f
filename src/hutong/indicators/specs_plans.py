"""What a pack may say of a plan: facts only, each with the place in the plan it came from."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from hutong.kernel.text import Text
from hutong.packs.api import (
    Id,
    RefTo,
    RefToSource,
    Spec,
    TextSpec,
    Wrong,
)

Op = Literal["eq", "ge", "gt", "le", "lt", "about", "between", "rank", "text"]
Per = Literal["year", "month", "day", "period"]


class PeriodSpec(Spec):
    """The years a plan covers, both included."""

    model_config = ConfigDict(populate_by_name=True)
    from_: int = Field(alias="from", ge=1950, le=2100)
    to: int = Field(ge=1950, le=2100)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.to < self.from_:
            raise Wrong(
                Text(zh="不早于开始年份的结束年份", en="a period that does not end before it starts"),
                Text(zh="改正 from 和 to", en="mend from and to"),
            )
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
            raise Wrong(
                Text(zh="low 不大于 high", en="low not above high"),
                Text(zh="改正 low 和 high", en="mend low and high"),
            )
        return self


class BaselineSpec(Spec):
    """Where the indicator stood before the plan."""

    year: int = Field(ge=1950, le=2100)
    value: float | None = None
    text: str = ""


class PlanIndicatorSpec(Spec):
    """One promised figure."""

    id: Id
    title: TextSpec
    unit: str = ""
    target: TargetSpec
    nature: Literal["expected", "binding"] | None = None
    baseline: BaselineSpec | None = None
    reference: str = Field(min_length=1)
    group: str = ""
    computed_by: str | None = None


class PlanTaskSpec(Spec):
    """One task: who does it by when, and the systems it needs."""

    id: Id
    title: TextSpec
    reference: str = Field(min_length=1)
    owner: Annotated[str, RefTo("organisations")] | None = None
    deadline: date | None = None
    systems: tuple[Annotated[str, RefTo("systems")], ...] = ()


class PlanSpec(Spec):
    """A published plan."""

    id: Id
    title: TextSpec
    period: PeriodSpec
    source: Annotated[str, RefToSource()] = ""
    reference: str = ""
    indicators: tuple[PlanIndicatorSpec, ...] = ()
    tasks: tuple[PlanTaskSpec, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        for what, items in (("indicators", self.indicators), ("tasks", self.tasks)):
            seen: set[str] = set()
            for item in items:
                if item.id in seen:
                    raise Wrong(
                        Text(
                            zh=f"未用过的编号（{what} 中 {item.id} 重复）",
                            en=f"{what} no id used twice ({item.id} is)",
                        ),
                        Text(zh="改用另一个编号", en="choose another id"),
                        code="duplicate-id",
                    )
                seen.add(item.id)
        return self
