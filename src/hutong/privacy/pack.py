"""The pack's section on questions: which datasets may be asked, whom a row is about, bounds, budgets and prices."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from hutong.kernel.text import Text
from hutong.packs.api import Item, Pack, Problem, RefTo, Section, Spec, Title, register

Epsilon = Annotated[Decimal, Field(gt=0, le=100, decimal_places=6)]


class RangeSpec(Spec):
    """Public bounds of a value, in the unit people read; nothing of them is taken from the data."""

    low: Decimal
    high: Decimal


class QuestionsSpec(Spec):
    """One dataset that may be asked. ``budget``: ε for one consumer in ``days`` days; ``total``: for all together;
    ``matches``: runs of joint computation for one consumer in as many days.
    """

    dataset: Annotated[str, RefTo("datasets")]
    person: str
    rows_per_person: int = Field(default=1, ge=1, le=1000)
    budget: Epsilon = Decimal(2)
    total: Epsilon = Decimal(6)
    days: int = Field(default=90, ge=1, le=3660)
    least: Epsilon = Decimal("0.01")
    most: Epsilon = Decimal("0.5")
    bounds: dict[str, RangeSpec] = Field(default_factory=dict)
    cells: dict[str, Annotated[list[str], Field(min_length=1, max_length=200)]] = Field(default_factory=dict)
    matches: int = Field(default=4, ge=0, le=1000)
    price: Decimal = Field(default=Decimal(0), ge=0, le=1_000_000, decimal_places=2)
    because: Title


def _check(_pack: Pack, items: Sequence[Item]) -> Iterable[Problem]:
    for item in items:
        spec: QuestionsSpec = item.value
        if not spec.least <= spec.most <= spec.budget <= spec.total:
            yield item.problem(
                "budget",
                code="bad-budget",
                expected=Text(zh="least ≤ most ≤ budget ≤ total", en="least ≤ most ≤ budget ≤ total"),
                fix=Text(zh="调整四个 ε", en="change the four ε"),
                found=str(spec.budget),
            )
        for name, each in spec.bounds.items():
            if not each.low < each.high:
                yield item.problem(
                    "bounds",
                    code="bad-bounds",
                    expected=Text(zh="下限小于上限", en="a lower bound below the upper one"),
                    fix=Text(zh=f"改正 {name}", en=f"mend {name}"),
                    found=f"{each.low}…{each.high}",
                )


QUESTIONS = register(
    Section(
        name="privacy",
        path="privacy.yaml",
        model=QuestionsSpec,
        many=True,
        title=Text(zh="可用不可见的数据集", en="Datasets that answer questions"),
        check=_check,
    )
)
