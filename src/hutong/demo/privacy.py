"""Contracts of the demo that grant answers, what was asked under them, and a joint run that two bureaus have written
down: each starts its side with one click where the engine is installed. All of it is synthetic; no result is made up.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from hutong.demo import exchange
from hutong.exchange.api import Wish, contracts, requests
from hutong.exchange.types import Delivery
from hutong.kernel import clock
from hutong.lake import api as lake
from hutong.lake.types import Condition, Op
from hutong.privacy import api as privacy
from hutong.privacy.types import Measure, Question, Side

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
_GIVES, _CHOOSES, _JOINT = "statistics-bureau", "culture-tourism-bureau", "key-firm-monthly"
_RUN, _KEY, _CHOSEN = "文旅企业营收测算", "统一社会信用代码", "在营"


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
    _joint()
    return asked


def _joint() -> None:
    """The revenue of culture and lodging firms in the newest month: one bureau has the figures, the other the list."""
    columns = ("uscc", "month", "revenue", "staff")
    contract = _contract(_CHOOSES, _JOINT, "economic-analysis", "测算文旅企业营业收入，不取明细", columns)
    if lake.latest(_JOINT) is None or lake.latest("enterprises") is None:
        return
    month = lake.query("SELECT max(month) FROM key_firm_monthly", [_JOINT]).rows[0][0]
    given = replace(_side(contract, _GIVES), table=_JOINT, key="uscc", where=(f"month:eq:{month:%Y-%m}",))
    privacy.prepare(exchange.steward(_GIVES), given)
    chosen = replace(_side(contract, _CHOOSES), key=_KEY, value=_CHOSEN)
    listed = SimpleUploadedFile("文旅企业名单.csv", _firms().encode())
    privacy.prepare(exchange.steward(_CHOOSES), chosen, listed)


def _side(contract: str, organisation: str) -> Side:
    """What both mean alike; there is time to sign in as the other bureau meanwhile."""
    return Side(
        contract, organisation, _RUN, key="", column="revenue", epsilon=Decimal(2), wait=900, seconds=1800
    )


def _firms() -> str:
    """A list as the bureau would keep it: firms of culture and lodging, and whether they still operate."""
    operates = "CASE WHEN status = '存续' THEN 1 ELSE 0 END"
    firms = f"SELECT uscc, {operates} FROM enterprises WHERE industry IN ('R', 'H') ORDER BY 1"
    found = lake.query(firms, ["enterprises"])
    return f"{_KEY},{_CHOSEN}\n" + "".join(f"{uscc},{still}\n" for uscc, still in found.rows)


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
