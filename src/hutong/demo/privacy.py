"""Contracts of the demo that grant answers, and what was asked under them. All of it is synthetic."""

from datetime import timedelta
from decimal import Decimal

from hutong.demo import exchange
from hutong.exchange.api import Wish, contracts, requests
from hutong.exchange.types import Delivery
from hutong.kernel import clock
from hutong.lake.types import Condition, Op
from hutong.privacy import api as privacy
from hutong.privacy.types import Measure, Question

_ALONE = Condition("lives_alone", Op.EQ, ("true",))
_UNSOLVED = Condition("solved", Op.EQ, ("false",))
_CASES = (
    (
        "statistics-bureau", "elders", "policy-making", "测算养老服务需求，只需统计结果",
        ("gender", "ability", "lives_alone", "subsidy", "subdistrict"),
        (
            Question(Measure.PEOPLE, Decimal("0.2"), where=(_ALONE,)),
            Question(Measure.HISTOGRAM, Decimal("0.4"), "ability"),
            Question(Measure.MEAN, Decimal("0.5"), "subsidy"),
            Question(Measure.QUANTILE, Decimal("0.3"), "subsidy", rank=Decimal("0.9")),
        ),
    ),
    (
        "culture-tourism-bureau", "hotline-cases", "public-service", "掌握文旅服务诉求的规模",
        ("category", "kind", "urgent", "solved", "satisfied"),
        (
            Question(Measure.HISTOGRAM, Decimal(1), "category"),
            Question(Measure.PEOPLE, Decimal("0.5"), where=(_UNSOLVED,)),
        ),
    ),
)  # fmt: skip


def seed() -> int:
    """Make the contracts and questions where there are none; returns how many questions."""
    if privacy.listed(limit=1):
        return 0
    asked, now = 0, clock.now()
    for number, (consumer, dataset, purpose, text, columns, questions) in enumerate(_CASES):
        asked_at = now - timedelta(days=4 + number)
        contract = _contract(consumer, dataset, purpose, text, columns)
        for step, question in enumerate(questions):
            with clock.freeze(asked_at + timedelta(hours=step)):
                privacy.ask(exchange.steward(consumer), contract, question)
                asked += 1
    return asked


def _contract(consumer: str, dataset: str, purpose: str, text: str, columns: tuple[str, ...]) -> str:
    with clock.freeze(clock.now() - timedelta(days=9)):
        today = clock.today()
        wish = Wish(
            dataset,
            purpose,
            text,
            "《政务数据共享条例》",
            columns,
            (),
            today,
            today + timedelta(days=330),
            Delivery.ANSWERS,
        )
        made = requests.submit(exchange.steward(consumer), wish)
        requests.check(exchange.office(), made.id)
        agreed = requests.agree(exchange.steward(made.provider), made.id)
        return contracts.sign(exchange.steward(consumer), agreed.contract).id
