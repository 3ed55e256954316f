"""Which datasets may be asked and how, as the installed pack says; and the windows of time that budgets count in."""

from datetime import date, timedelta

from hutong.packs import api as packs
from hutong.privacy.errors import NotAsked
from hutong.privacy.logic.questions import micro
from hutong.privacy.pack import QuestionsSpec
from hutong.privacy.types import Rule

_BEGIN = date(2024, 1, 1)


def all_of() -> list[Rule]:
    return [_rule(each) for each in packs.installed().values("privacy")]


def of(dataset: str) -> Rule:
    """The dataset's rule; raises ``NotAsked``."""
    for each in all_of():
        if each.dataset == dataset:
            return each
    raise NotAsked(name=dataset[:80])


def window(rule: Rule, day: date) -> tuple[date, date]:
    """The first day of the budget's present period, and the day on which it is renewed."""
    start = _BEGIN + timedelta(days=(day - _BEGIN).days // rule.days * rule.days)
    return start, start + timedelta(days=rule.days)


def _rule(spec: QuestionsSpec) -> Rule:
    return Rule(
        dataset=spec.dataset,
        person=spec.person,
        rows_per_person=spec.rows_per_person,
        budget=micro(spec.budget),
        total=micro(spec.total),
        days=spec.days,
        least=micro(spec.least),
        most=micro(spec.most),
        bounds={name: (each.low, each.high) for name, each in spec.bounds.items()},
        cells={name: tuple(each) for name, each in spec.cells.items()},
        price=spec.price,
        because=spec.because.text,
        matches=spec.matches,
    )
