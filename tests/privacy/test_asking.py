"""Asking under a contract: what is answered, what it costs, what it leaves behind."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from hutong.exchange.api import contracts, gate
from hutong.exchange.errors import GateShut
from hutong.exchange.types import ContractRef, Delivery
from hutong.kernel import clock
from hutong.kernel.errors import Forbidden
from hutong.kernel.models import AuditRecord
from hutong.lake.types import Condition, Op
from hutong.ledger import api as ledger
from hutong.privacy import api as privacy
from hutong.privacy.errors import BudgetSpent
from hutong.privacy.types import Measure
from tests.privacy.conftest import CONSUMER, NOW, PEOPLE, PROVIDER, THIRD, make_contract, person, question

ME = person(CONSUMER)
Agreed = Callable[..., ContractRef]


def test_every_measure_is_answered_near_the_truth(agreed: Agreed) -> None:
    contract = agreed().id
    people = privacy.ask(ME, contract, question()).cells[0]
    assert abs(people.value - PEOPLE) < 60
    assert people.low is not None
    assert people.high is not None
    assert people.low <= people.value <= people.high
    total = privacy.ask(ME, contract, question(Measure.SUM, column="subsidy")).cells[0]
    truth = sum(100 * (each % 11) for each in range(PEOPLE))
    assert abs(total.value - truth) < 3000 / 0.5 * 25
    mean = privacy.ask(ME, contract, question(Measure.MEAN, column="subsidy")).cells[0]
    assert 0 <= mean.value <= 3000
    assert mean.low is not None
    assert mean.high is not None
    assert mean.low <= mean.high
    bars = privacy.ask(ME, contract, question(Measure.HISTOGRAM, "0.49", column="ability")).cells
    assert [each.label.zh for each in bars] == ["完好", "轻度失能", "中度失能", "重度失能"]
    assert all(abs(each.value - PEOPLE // 4) < 60 for each in bars)


def test_a_median_is_answered_with_its_rank_error(agreed: Agreed) -> None:
    found = privacy.ask(ME, agreed().id, question(Measure.QUANTILE, column="subsidy"))
    assert 0 <= found.cells[0].value <= 1100
    assert found.rank_error is not None
    assert 0 < found.rank_error < 100


def test_the_estimate_is_told_for_nothing(agreed: Agreed) -> None:
    contract = agreed().id
    wide = privacy.estimate(ME, contract, question(Measure.SUM, column="subsidy"))
    narrow = privacy.estimate(ME, contract, question(Measure.SUM, column="subsidy", high=Decimal(300)))
    assert abs(wide.plus_minus / narrow.plus_minus - 10) < Decimal("0.1")
    assert privacy.budget("elders", CONSUMER).spent == 0


def test_budget_audit_and_log_follow_each_question(agreed: Agreed) -> None:
    contract = agreed()
    told = privacy.ask(ME, contract.id, question())
    left = privacy.budget("elders", CONSUMER)
    assert (left.spent, left.left) == (Decimal("0.5"), Decimal("1.5"))
    assert AuditRecord.objects.filter(action="privacy.answer", subject=contract.urn).count() == 1
    payload = ledger.entry(told.log_entry).payload
    assert payload["question"] == told.digest
    assert payload["epsilon_millionths"] == 500_000
    assert set(payload["answer"]) != {"value"}
    assert str(told.cells[0].value) not in str(payload["answer"].values())


def test_a_spent_budget_is_refused_until_renewed(agreed: Agreed) -> None:
    contract = agreed().id
    for number in range(4):
        where = (Condition("subdistrict", Op.EQ, (f"110101{number:03d}",)),)
        privacy.ask(ME, contract, question(where=where))
    with pytest.raises(BudgetSpent) as refused:
        privacy.ask(ME, contract, question(Measure.COUNT, "0.01"))
    renews = privacy.budget("elders", CONSUMER).renews
    assert renews.isoformat() in str(refused.value.as_dict())
    assert AuditRecord.objects.filter(action="privacy.refuse").count() == 1
    with clock.freeze(NOW + timedelta(days=(renews - clock.today()).days + 1)):
        assert privacy.ask(ME, contract, question(Measure.COUNT, "0.01")).cells


def test_all_consumers_together_have_a_budget(agreed: Agreed) -> None:
    agreed()
    spent = 0
    for consumer in ("tax-bureau", "culture-tourism-bureau", "market-regulation-bureau", "statistics-bureau"):
        contract = make_contract(consumer).id
        for number in range(4):
            where = (Condition("subdistrict", Op.EQ, (f"110101{number:03d}",)),)
            if consumer != "statistics-bureau":
                privacy.ask(person(consumer), contract, question(where=where))
                spent += 1
                continue
            with pytest.raises(BudgetSpent):
                privacy.ask(person(consumer), contract, question(where=where))
    assert spent == 12
    assert privacy.budget("elders", "statistics-bureau").left == 0


def test_nobody_else_asks_and_a_contract_for_answers_gives_no_row(agreed: Agreed) -> None:
    contract = agreed()
    for other in (person(THIRD), person(PROVIDER), person("", "leader"), person("", "auditor")):
        with pytest.raises(Forbidden):
            privacy.ask(other, contract.id, question())
    for channel in (Delivery.API, Delivery.VIEW, Delivery.FILE):
        with pytest.raises(GateShut):
            gate.read(gate.asked_by(ME, contract, channel=channel), contract)
    with pytest.raises(GateShut):
        privacy.ask(ME, contract.id, question(), purpose="supervision")
    contracts.revoke(person(PROVIDER), contract.id, "不再需要")
    with pytest.raises(GateShut):
        privacy.ask(ME, contract.id, question())
    assert privacy.budget("elders", CONSUMER).spent == 0


def test_a_contract_for_rows_gives_no_answer(agreed: Agreed) -> None:
    where = (Condition("subdistrict", Op.EQ, ("110101001",)),)
    contract = agreed(where=where)
    one = privacy.ask(ME, contract.id, question()).cells[0]
    assert abs(one.value - PEOPLE // 3) < 60  # the contract's own rows only


def test_history_shows_answers_to_the_consumer_alone(agreed: Agreed) -> None:
    contract = agreed().id
    privacy.ask(ME, contract, question())
    assert privacy.listed(consumer=CONSUMER, visible=True)[0].cells
    assert not privacy.listed(consumer=CONSUMER)[0].cells
