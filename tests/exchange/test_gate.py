"""The gate: whoever asks, whatever is asked, nothing leaves that the contract does not grant."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.exchange.api import contracts, gate
from hutong.exchange.errors import GateShut
from hutong.exchange.logic import gate as decision
from hutong.exchange.models import AccessRow
from hutong.exchange.types import Asked, ContractRef, Delivery, Quota, Standing, Terms, Used
from hutong.kernel import clock
from hutong.kernel.errors import HutongError
from hutong.kernel.models import AuditRecord
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.errors import QueryTooLong
from hutong.lake.types import BodyFormat, Condition, Mask, MaskKind, Op
from hutong.ledger import api as ledger
from tests.exchange.conftest import CONSUMER, NOW, PROVIDER, THIRD, person

NAMES = ("uscc", "month", "revenue", "staff")
COLUMNS = st.lists(st.sampled_from([*NAMES, "tax", "nothing", ""]), max_size=4, unique=True).map(tuple)
FILTERS = st.lists(
    st.builds(Condition, st.sampled_from([*NAMES, "tax"]), st.sampled_from(list(Op)), st.just(("1",))),
    max_size=3,
).map(tuple)
ASKED = st.builds(
    Asked,
    actor=st.just("urn:hutong:t:person:x"),
    organisation=st.sampled_from([CONSUMER, PROVIDER, THIRD, ""]),
    purpose=st.sampled_from(["economic-analysis", "supervision", ""]),
    columns=COLUMNS,
    where=FILTERS,
    order=st.lists(st.tuples(st.sampled_from([*NAMES, "tax"]), st.booleans()), max_size=2).map(tuple),
    channel=st.sampled_from(list(Delivery)),
)
TERMS = st.builds(
    Terms,
    columns=st.dictionaries(
        st.sampled_from(NAMES),
        st.sampled_from([Mask(), Mask(MaskKind.DROP), Mask(MaskKind.CONSTANT)]),
        max_size=4,
    ),
    where=st.sampled_from([(), (Condition("staff", Op.GE, (20,)),)]),
    start=st.dates(date(2026, 2, 1), date(2026, 4, 1)),
    end=st.dates(date(2026, 2, 1), date(2026, 4, 1)),
    purposes=st.sampled_from([("economic-analysis",), (), ("supervision", "economic-analysis")]),
    quota=st.builds(Quota, st.sampled_from([0, 10]), st.sampled_from([0, 3])),
    delivery=st.sampled_from([(Delivery.API,), (Delivery.API, Delivery.VIEW), ()]),
)
CONTRACTS = st.builds(
    ContractRef,
    id=st.just("c"),
    version=st.just(1),
    urn=st.just("urn:hutong:t:exchange-contract:c"),
    request=st.just("r"),
    table=st.just("key-firm-monthly"),
    title=st.just(Text("", "")),
    provider=st.just(PROVIDER),
    consumer=st.just(CONSUMER),
    terms=TERMS,
    standing=st.sampled_from([*Standing, Standing.ACTIVE, Standing.ACTIVE, Standing.ACTIVE]),
    signatures=st.sampled_from([{}, {PROVIDER: 1}, {PROVIDER: 1, CONSUMER: 2}, {PROVIDER: 1, CONSUMER: 2}]),
    made_at=st.just(NOW),
    ended_at=st.sampled_from([None, NOW]),
    ended_why=st.just(""),
    terms_sha256=st.just(""),
)
USED = st.builds(Used, st.sampled_from([0, 9, 10, 11]), st.sampled_from([0, 2, 3]))


@settings(max_examples=1500, deadline=None)
@given(asked=ASKED, contract=CONTRACTS, used=USED, days=st.integers(-40, 40))
def test_the_gate_opens_for_what_is_granted_and_for_nothing_else(
    asked: Asked, contract: ContractRef, used: Used, days: int
) -> None:
    at = NOW + timedelta(days=days)
    verdict = decision.decide(asked, contract, used, at)
    terms, today = contract.terms, clock.local(at).date()
    named = {*asked.columns, *(each.column for each in asked.where), *(name for name, _ in asked.order)}
    granted = (
        contract.standing is Standing.ACTIVE
        and {PROVIDER, CONSUMER} <= set(contract.signatures)
        and terms.start <= today <= terms.end
        and asked.organisation == CONSUMER
        and asked.purpose in terms.purposes
        and asked.channel in terms.delivery
        and bool(terms.columns)
        and named <= set(terms.columns)
        and not (terms.quota.calls_per_day and used.calls >= terms.quota.calls_per_day)
        and not (terms.quota.rows_per_day and used.rows >= terms.quota.rows_per_day)
    )
    assert bool(verdict) is granted
    assert bool(verdict.reasons) is not granted
    if verdict.lens is not None:
        assert {each.name for each in verdict.lens.columns} <= set(terms.columns)
        assert all(each.mask == terms.columns[each.name] for each in verdict.lens.columns)
        assert set(terms.where) <= set(verdict.lens.where)
        assert verdict.most_rows > 0
        if terms.quota.rows_per_day:
            assert verdict.most_rows <= terms.quota.rows_per_day - used.rows


def _asked(**changes: Any) -> Asked:
    fields: dict[str, Any] = {"actor": "urn:x", "organisation": CONSUMER, "purpose": "economic-analysis"}
    return Asked(**(fields | changes))


SQL = st.sampled_from(
    ["SELECT * FROM key_firm_monthly", "SELECT tax FROM key_firm_monthly", "SELECT max(revenue) FROM key_firm_monthly",
     "SELECT revenue + 0 FROM key_firm_monthly WHERE uscc LIKE '%3G'", "SELECT to_json(k) FROM key_firm_monthly k",
     "SELECT list(uscc) FROM key_firm_monthly", "SELECT stats(staff) FROM key_firm_monthly",
     "SELECT count(*) FROM key_firm_monthly WHERE CASE WHEN uscc LIKE '%23G' THEN error(uscc) ELSE true END"]
)  # fmt: skip


@pytest.mark.django_db(transaction=True)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_person_contract_column_or_row_leaks(
    agreed: Callable[..., ContractRef], data: st.DataObject
) -> None:
    """Granted: the code as a digest, month, revenue rounded, staff of rows with at most 15 or 33 and more."""
    if not contracts.listed():
        agreed(where=(Condition("staff", Op.LE, (15,)),))
    contract = contracts.contract_of("c-2026-00001")
    hashed = {**contract.terms.columns, "uscc": Mask(MaskKind.HASH, key=b"k" * 32)}
    contract = replace(contract, terms=replace(contract.terms, columns=hashed))
    asked = data.draw(ASKED)
    try:
        page = gate.read(replace(asked, limit=data.draw(st.integers(1, 5))), contract)
        text = json.dumps([page.rows, page.columns], default=str, ensure_ascii=False)
        body = b"".join(gate.stream(replace(asked, limit=0), contract, BodyFormat.NDJSON).parts).decode()
    except HutongError as error:
        text, body = json.dumps(error.as_dict(), ensure_ascii=False), ""
    lens = decision.lens_of(contract, tuple(contract.terms.columns))
    try:
        raw = lake.query(data.draw(SQL), [contract.table], lenses={contract.table: lens}).rows
        told = json.dumps(raw, default=str, ensure_ascii=False)
    except HutongError as error:
        told = json.dumps(error.as_dict(), ensure_ascii=False)
    for hidden in ("MA000001", "MA000002", "234567", "345678", "123456", "2025-02", "1000000,", "2000000"):
        for shown in (text, body, told):
            assert hidden not in shown.replace("1.0", "").replace("1000000000", ""), (hidden, asked)


@pytest.mark.django_db(transaction=True)
def test_revocation_works_at_once_and_every_access_is_told_of(agreed: Callable[..., ContractRef]) -> None:
    contract = agreed()
    page = gate.read(_asked(limit=2, order=(("staff", True),)), contract)
    assert [row[3] for row in page.rows] == [33, 22]
    assert page.more
    assert [row[2] % 1_000_000 for row in page.rows] == [0, 0]
    assert page.masked == ("revenue",)
    contracts.revoke(person(PROVIDER), contract.id, "用途变更")
    with pytest.raises(GateShut) as shut:
        gate.read(_asked(), contracts.contract_of(contract.id))
    assert shut.value.facts["reasons"] == ["exchange.gate.revoked"]
    with clock.freeze(NOW + timedelta(seconds=5)):
        gate.flush()
    rows = list(AccessRow.objects.order_by("id"))
    assert [(row.allowed, row.rows) for row in rows] == [(True, 2), (False, 0)]
    assert AuditRecord.objects.filter(action__startswith="exchange.access", subject=contract.urn).count() == 2
    for row in rows:
        entry = ledger.entry(row.log_entry)
        assert entry.subject == contract.urn
        assert entry.payload["accesses"][str(row.pk)] == gate.digest(row)


@pytest.mark.django_db(transaction=True)
def test_the_log_knows_of_each_access_before_its_answer(agreed: Callable[..., ContractRef]) -> None:
    contract = agreed()
    for number in range(1, 4):
        gate.read(_asked(limit=1, columns=("staff",)), contract)
        assert AccessRow.objects.exclude(log_entry=None).count() == number
    body = gate.stream(_asked(limit=0), contract, BodyFormat.CSV)
    assert AccessRow.objects.filter(log_entry=None).count() == 1
    assert b"".join(body.parts)
    assert AccessRow.objects.filter(log_entry=None).count() == 0
    assert gate.flush() == 0


@pytest.mark.store
@pytest.mark.django_db(transaction=True)
def test_those_who_come_at_once_are_written_together_and_none_is_lost(
    agreed: Callable[..., ContractRef],
) -> None:
    """Each with its own record, audit record and digest on the log; a bound of the day holds for all of them."""
    contract = agreed()
    bound = replace(contract, terms=replace(contract.terms, quota=Quota(25, 0)))
    shown: list[int] = []
    refused: list[str] = []

    def some() -> None:
        with clock.freeze(NOW):
            for _ in range(4):
                try:
                    shown.append(len(gate.read(_asked(limit=2, columns=("staff",)), bound).rows))
                except GateShut as shut:
                    refused.extend(shut.facts["reasons"])
        connection.close()

    threads = [threading.Thread(target=some) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert sum(shown) == 25
    assert set(refused) == {"exchange.gate.rows"}
    rows = list(AccessRow.objects.all())
    assert len(rows) == len(shown) + len(refused) == 32
    assert sum(each.rows for each in rows) == 25
    assert AuditRecord.objects.filter(action__startswith="exchange.access").count() == 32
    for row in rows:
        assert ledger.entry(row.log_entry).payload["accesses"][str(row.pk)] == gate.digest(row)


@pytest.mark.django_db(transaction=True)
def test_what_the_engine_cannot_answer_is_on_record_too(
    agreed: Callable[..., ContractRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise QueryTooLong(seconds=1)

    contract = agreed()
    monkeypatch.setattr(lake, "query", broken)
    with pytest.raises(QueryTooLong):
        gate.read(_asked(limit=2), contract)
    row = AccessRow.objects.get()
    assert (row.allowed, row.rows, row.whole, bool(row.log_entry)) == (True, 0, False, True)


@pytest.mark.django_db(transaction=True)
def test_all_accesses_by_one_to_a_dataset_are_provable(agreed: Callable[..., ContractRef]) -> None:
    """By the dataset, not only by the contract; and what another tried is told of in its own name."""
    contract = agreed()
    for _ in range(3):
        gate.read(_asked(limit=1, columns=("staff",)), contract)
    with pytest.raises(GateShut):
        gate.read(_asked(limit=1, columns=("staff",), organisation=THIRD), contract)
    gate.flush()
    dataset = f"urn:hutong:beijing-dongcheng:dataset:{contract.table}"
    told = {
        by: [payload for _, fields in _complete(dataset, by).entries if (payload := fields["payload"])]
        for by in (contract.consumer, THIRD)
    }
    assert [sum(each["count"] for each in told[by]) for by in told] == [3, 1]
    accesses = {key for payload in told[contract.consumer] for key in payload["accesses"]}
    mine = AccessRow.objects.filter(organisation=contract.consumer)
    assert accesses == {str(each) for each in mine.values_list("pk", flat=True)}


def _complete(dataset: str, by: str) -> Any:
    return ledger.check_any(json.dumps(ledger.evidence_about(dataset, by=by)), ledger.verifier_key())


@pytest.mark.django_db(transaction=True)
def test_a_filter_on_a_masked_column_compares_what_is_shown(agreed: Callable[..., ContractRef]) -> None:
    contract = agreed()
    by_truth = gate.read(_asked(where=(Condition("revenue", Op.EQ, (1234_5600,)),)), contract)
    assert by_truth.rows == ()
    shown = gate.read(_asked(columns=("revenue",)), contract).rows[0][0]
    assert gate.read(_asked(where=(Condition("revenue", Op.EQ, (shown,)),)), contract).rows


@pytest.mark.django_db(transaction=True)
def test_a_quota_holds_also_for_bodies_on_their_way(agreed: Callable[..., ContractRef]) -> None:
    contract = agreed()
    few = replace(contract, terms=replace(contract.terms, quota=Quota(2, 0)))
    body = gate.stream(_asked(limit=0), few, BodyFormat.CSV)
    with pytest.raises(GateShut):
        gate.read(_asked(), few)
    assert len(b"".join(body.parts).splitlines()) == 3
    assert gate.used_today(contract.id).rows == 2


def test_the_day_of_the_end_is_shanghais() -> None:
    terms = Terms(
        {"staff": Mask()}, start=date(2026, 3, 1), end=date(2026, 3, 2), purposes=("economic-analysis",)
    )
    contract = ContractRef(
        "c", 1, "urn:c", "r", "t", Text("", ""), PROVIDER, CONSUMER, terms, Standing.ACTIVE,
        {PROVIDER: 1, CONSUMER: 2}, NOW, None, "", "",
    )  # fmt: skip
    assert decision.decide(_asked(), contract, Used(), datetime(2026, 3, 2, 15, 59, tzinfo=UTC))
    assert not decision.decide(_asked(), contract, Used(), datetime(2026, 3, 2, 16, 1, tzinfo=UTC))
