"""From a request to a contract: states, clocks, reasons, signatures."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from hutong.accounts.api import Refused
from hutong.exchange.api import contracts, escalation, requests
from hutong.exchange.errors import BadRequest, CannotMove, NoBasis
from hutong.exchange.types import ContractRef, Delivery, Standing, State
from hutong.kernel import clock
from hutong.kernel.models import AuditRecord
from hutong.lake.errors import BadLens
from hutong.lake.types import Condition, Op
from hutong.ledger import api as ledger
from tests.exchange.conftest import CONSUMER, OFFICE, PROVIDER, THIRD, person, wish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("district")]


def at(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 2, tzinfo=UTC)


def test_conditional_sharing_is_checked_decided_signed_and_then_in_force() -> None:
    asked = requests.submit(person(CONSUMER), wish())
    assert (asked.state, asked.due, asked.provider) == (State.CHECKING, date(2026, 3, 4), PROVIDER)
    checked = requests.check(OFFICE, asked.id)
    assert (checked.state, checked.due) == (State.DECIDING, date(2026, 3, 9))
    granted = requests.agree(person(PROVIDER), asked.id)
    assert (granted.state, granted.due) == (State.AGREED, date(2026, 3, 16))
    contract = contracts.newest(granted.contract)
    assert (contract.standing, set(contract.signatures)) == (Standing.PROPOSED, {PROVIDER})
    signed = contracts.sign(person(CONSUMER), contract.id, contract.terms_sha256)
    assert (signed.standing, signed.signed) == (Standing.ACTIVE, True)
    assert requests.request(asked.id).state is State.FULFILLED
    kinds = [each.event for each in requests.steps(asked.id)]
    assert kinds == ["submit", "pass", "agree", "fulfil"]
    for step in requests.steps(asked.id):
        assert ledger.entry(step.log_entry).subject == asked.urn
    assert {ledger.entry(entry).organisation for entry in signed.signatures.values()} == {PROVIDER, CONSUMER}
    assert AuditRecord.objects.filter(subject=asked.urn).count() == 4


def test_unconditional_sharing_asks_nobody_and_no_sharing_is_refused_with_its_basis() -> None:
    taken = requests.submit(person(CONSUMER), wish(dataset="air-stations", columns=("code", "name")))
    assert taken.state is State.FULFILLED
    assert contracts.contract_of(taken.contract).signed
    refused = requests.submit(person(CONSUMER), wish(dataset="elders", columns=("id",)))
    assert (refused.state, refused.contract) == (State.REFUSED, "")
    assert "敏感" in refused.basis


def test_a_returned_request_stops_the_clock_and_goes_on_with_what_was_left() -> None:
    asked = requests.submit(person(CONSUMER), wish())
    requests.check(OFFICE, asked.id)  # due on the 9th
    with clock.freeze(at(5)):
        assert requests.send_back(person(PROVIDER), asked.id, "请说明用途").due is None
    with clock.freeze(at(20)):
        assert escalation.escalate() == 0
        back = requests.complete(person(CONSUMER), asked.id, "已补充")
        assert (back.state, back.due) == (State.DECIDING, date(2026, 3, 24))  # two working days were left


def test_a_clock_that_runs_out_is_told_once_and_stays_visible() -> None:
    asked = requests.submit(person(CONSUMER), wish())
    with clock.freeze(at(5)):
        assert requests.request(asked.id).overdue
        assert (escalation.escalate(), escalation.escalate()) == (1, 0)
        assert requests.listed(overdue=True)[0].escalated
        assert ledger.entries_about(asked.urn)
        assert not requests.check(OFFICE, asked.id).overdue


def test_a_refusal_is_reasoned_and_names_the_law() -> None:
    asked = requests.submit(person(CONSUMER), wish())
    requests.check(OFFICE, asked.id)
    with pytest.raises(NoBasis):
        requests.refuse(person(PROVIDER), asked.id, "不便提供", " ")
    found = requests.refuse(person(PROVIDER), asked.id, "与履职无关", "《统计法》第二十八条")
    assert (found.state, found.basis) == (State.REFUSED, "《统计法》第二十八条")
    with pytest.raises(CannotMove):
        requests.agree(person(PROVIDER), asked.id)


def test_each_step_belongs_to_its_organisation() -> None:
    asked = requests.submit(person(CONSUMER), wish())
    for attempt in (
        lambda: requests.check(person(PROVIDER), asked.id),
        lambda: requests.submit(person(THIRD), wish(), organisation=CONSUMER),
        lambda: requests.withdraw(person(THIRD), asked.id),
        lambda: requests.send_back(person(PROVIDER), asked.id, "…"),
    ):
        with pytest.raises(Refused):
            attempt()
    requests.check(OFFICE, asked.id)
    for attempt in (
        lambda: requests.agree(OFFICE, asked.id),
        lambda: requests.agree(person(CONSUMER), asked.id),
        lambda: requests.refuse(person(THIRD), asked.id, "x", "y"),
    ):
        with pytest.raises(Refused):
            attempt()
    made = requests.agree(person(PROVIDER), asked.id)
    with pytest.raises(Refused):
        contracts.sign(person(THIRD), made.contract)
    with pytest.raises(CannotMove):
        contracts.sign(person(CONSUMER), made.contract, "0" * 64)
    assert not requests.visible(person(THIRD), PROVIDER, CONSUMER)
    assert requests.visible(OFFICE, PROVIDER, CONSUMER)


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "fun"},
        {"purpose_text": " "},
        {"purpose_text": "x" * 5000},
        {"duty": "a\0b"},
        {"columns": ()},
        {"columns": ("uscc", "uscc")},
        {"columns": ("salary",)},
        {"end": date(2026, 2, 1)},
        {"end": date(2036, 1, 1)},
        {"delivery": Delivery.PUSH},
        {"push_url": "https://example.org/"},
        {"where": (Condition("salary", Op.EQ, (1,)),)},
        {"where": (Condition("staff", Op.EQ, ("many",)),)},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises((BadRequest, BadLens)):
        requests.submit(person(CONSUMER), wish(**changes))
    assert requests.listed() == []
    with pytest.raises(BadRequest):
        requests.submit(person(PROVIDER), wish())


def test_renewal_keeps_the_old_version_in_force_until_both_have_signed(
    agreed: Callable[..., ContractRef],
) -> None:
    first = agreed()
    second = contracts.renew(person(PROVIDER), first.id, date(2027, 2, 1))
    assert (second.version, second.standing) == (2, Standing.PROPOSED)
    assert contracts.contract_of(first.id).version == 1
    assert contracts.sign(person(CONSUMER), first.id).version == 2
    assert contracts.contract_of(first.id).version == 2
    assert [each.standing for each in contracts.versions(first.id)] == [Standing.ACTIVE, Standing.SUPERSEDED]
