"""A body on its way ends with its contract, and goes on under a renewed one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hutong.exchange import watching
from hutong.exchange.api import contracts, delivery, gate
from hutong.exchange.errors import GateShut
from hutong.exchange.models import AccessRow
from hutong.exchange.types import Asked, ContractRef, Delivery
from hutong.kernel import clock
from hutong.kernel.models import AuditRecord
from hutong.lake.types import BodyFormat
from tests.exchange.conftest import CONSUMER, NOW, PROVIDER, person
from tests.exchange.test_pages import client

pytestmark = pytest.mark.django_db(transaction=True)
Agrees = Callable[..., ContractRef]


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.0)


def begun(contract: ContractRef) -> Iterator[bytes]:
    """A body of which the first part has been taken."""
    asked = Asked("urn:x", CONSUMER, "economic-analysis", limit=0)
    parts = iter(gate.stream(asked, contract, BodyFormat.CSV).parts)
    assert next(parts) == b'"uscc","month","revenue","staff"\n'
    return parts


def shut(parts: Iterator[bytes]) -> list[str]:
    with pytest.raises(GateShut) as found:
        list(parts)
    return [code.rpartition(".")[2] for code in found.value.facts["reasons"]]


def test_a_revocation_breaks_it_off_and_both_records_say_so(agreed: Agrees) -> None:
    contract = agreed()
    parts = begun(contract)
    contracts.revoke(person(PROVIDER), contract.id, "用途变更")
    assert shut(parts) == ["revoked"]
    row = AccessRow.objects.get()
    assert (row.whole, row.ended_at is not None) == (False, True)
    assert AuditRecord.objects.filter(action="exchange.broken-off", subject=contract.urn).count() == 1


def test_the_last_day_breaks_it_off_at_midnight(agreed: Agrees) -> None:
    parts = begun(agreed(end=date(2026, 3, 2)))
    with clock.freeze(NOW + timedelta(days=1)):
        assert shut(parts) == ["expired"]


def test_a_renewal_that_grants_the_same_lets_it_end(agreed: Agrees) -> None:
    contract = agreed()
    parts = begun(contract)
    contracts.renew(person(PROVIDER), contract.id, date(2027, 1, 31))
    contracts.sign(person(CONSUMER), contract.id)
    assert len(b"".join(parts).splitlines()) == 3
    assert AccessRow.objects.get().whole


def test_a_renewal_that_grants_less_breaks_it_off(agreed: Agrees) -> None:
    contract = agreed()
    parts = begun(contract)
    fewer = {name: mask for name, mask in contract.terms.columns.items() if name != "revenue"}
    terms = replace(contract.terms, columns=fewer)
    contracts.renew(person(PROVIDER), contract.id, contract.terms.end, terms)
    contracts.sign(person(CONSUMER), contract.id)
    assert shut(parts) == ["superseded"]


def test_a_file_is_broken_off_too(agreed: Agrees) -> None:
    contract = agreed(delivery=Delivery.FILE)
    made = delivery.ask(person(CONSUMER), contract.id, BodyFormat.CSV)
    delivery.make(made.id)
    answer = client(CONSUMER).get(f"/exchange/files/{made.id}")
    assert len(b"".join(answer.streaming_content)) == int(answer.headers["Content-Length"])  # type: ignore[arg-type]
    answer = client(CONSUMER).get(f"/exchange/files/{made.id}")
    contracts.revoke(person(PROVIDER), contract.id, "用途变更")
    with pytest.raises(GateShut):
        b"".join(answer.streaming_content)  # type: ignore[arg-type]
