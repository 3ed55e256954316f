"""The plan section of a pack: what a published plan promised, in figures and in tasks.

One file a plan, ``plans/<id>.yaml``. Facts only, each with the place in the plan it came from; titles of tasks
are our own short wording, never the plan's sentences.
"""

from collections.abc import Iterable

from hutong.indicators.specs_plans import PlanSpec
from hutong.kernel.text import Text
from hutong.packs.api import (
    Item,
    Pack,
    Problem,
    Section,
    register,
)


def check(pack: Pack, items: tuple[Item, ...]) -> Iterable[Problem]:
    """What an indicator is computed by must be declared where the pack declares indicators at all."""
    known = {each.id for each in pack.items("indicators")}
    for item in items:
        spec: PlanSpec = item.value
        for index, indicator in enumerate(spec.indicators):
            if known and indicator.computed_by and indicator.computed_by not in known:
                yield item.problem(
                    ("indicators", index, "computed_by"),
                    code="unknown-reference",
                    expected=Text(zh="本包声明的指标", en="an indicator that the pack declares"),
                    fix=Text(
                        zh="改正编号，或在 indicators 中声明它", en="mend the id, or declare it in indicators"
                    ),
                    found=indicator.computed_by,
                )


def apply(pack: Pack, items: tuple[Item, ...]) -> None:
    """Make the registry of plans follow the pack; progress and evidence stay."""
    from hutong.indicators.plans.packing import install  # noqa: PLC0415 - models load after the apps

    install(pack.id, items)


register(
    Section(
        name="plans",
        path="plans/*.yaml",
        model=PlanSpec,
        title=Text(zh="规划", en="Plans"),
        check=check,
        apply=apply,
        after=("organisations", "systems"),
    )
)
