"""Who may see a figure: it is opened to everyone where every table it reads is."""

from collections.abc import Iterable
from dataclasses import replace

from hutong.accounts.api import Actor, Target, may
from hutong.indicators import masking
from hutong.indicators.definitions import definitions
from hutong.indicators.plans.registry import counted
from hutong.indicators.plans.types import IndicatorView, Pace, PlanView
from hutong.indicators.types import Definition


def about(definition: Definition) -> Target:
    """A figure as the policy sees it."""
    opened = bool(definition.tables) and all(masking.target(each).public for each in definition.tables)
    return Target(kind="figure", public=opened)


def shown_to(actor: Actor, found: Iterable[Definition]) -> list[Definition]:
    """The indicators whose figures ``actor`` may see."""
    if may(actor, "figure.view", Target(kind="figure")):
        return list(found)
    return [each for each in found if may(actor, "figure.view", about(each))]


def plan_for(actor: Actor, found: PlanView) -> PlanView:
    """A plan without the values that ``actor`` may not see; how these stand is not told either."""
    if may(actor, "figure.view", Target(kind="figure")):
        return found
    seen = {each.id for each in shown_to(actor, definitions().values())}
    indicators = tuple(_closed(each) if _hidden(each, seen) else each for each in found.indicators)
    return replace(found, indicators=indicators, counts=counted(indicators, found.tasks))


def _hidden(each: IndicatorView, seen: set[str]) -> bool:
    return each.measured is not None and each.computed_by not in seen


def _closed(each: IndicatorView) -> IndicatorView:
    return replace(each, measured=None, progress=replace(each.progress, pace=Pace.CLOSED))
