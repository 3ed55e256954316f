"""Link groups: consent of every provider, keys as they are shown, and no row that a gate would not let through."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.accounts.api import Refused, Role
from hutong.exchange.api import contracts, gate, joined, links, requests
from hutong.exchange.errors import BadLink, CannotMove, GateShut
from hutong.exchange.logic import links as logic
from hutong.exchange.models import AccessRow
from hutong.exchange.types import Asked, ContractRef, Delivery, Join, LinkRef, Quota, Standing
from hutong.kernel import clock
from hutong.kernel.errors import HutongError
from hutong.kernel.models import AuditRecord
from hutong.lake import api as lake
from hutong.lake.types import BodyFormat, Condition, Mask, MaskKind, Op, Source
from hutong.ledger import api as ledger
from tests.exchange.conftest import CONSUMER, NOW, OFFICE, PROVIDER, THIRD, person, wish
from tests.exchange.test_endpoints import get
from tests.exchange.test_pages import client

SAFETY = "emergency-management-bureau"
CHECKS = """检查编号,检查日期,统一社会信用代码,所在楼宇,街道代码,检查专项,隐患数,重大隐患,整改完成日期
J1,2025-01-15,91110101MA0000015M,LY01,110101001,消防,3,1,2025-02-01
J2,2025-02-15,91110101MA0000015M,LY01,110101001,用电,2,0,2025-03-01
J3,2025-02-16,91110101MA000003X2,LY02,110101002,消防,9,4,2025-03-02
"""
REGISTRY = "market-regulation-bureau"
HEAD = "统一社会信用代码,企业名称,行业门类,街道代码,所在楼宇,住所,经度,纬度,注册资本,成立日期,登记状态"
REST = "状态变更日期,法定代表人,联系电话"
REGISTER = f"""{HEAD},{REST}
91110101MA0000015M,东华信科技有限公司,I,110101001,LY01,一号,116.4175,39.9175,100,2010-01-02,存续,,,
91110101MA000003X2,北新桥餐饮有限公司,H,110101002,LY02,二号,116.4105,39.9405,100,2010-01-02,存续,,,
"""
FIRST, SECOND = "91110101MA0000015M", "91110101MA0000023G"
pytestmark = [pytest.mark.django_db(transaction=True)]
Agrees = Callable[..., ContractRef]


@pytest.fixture
def two(agreed: Agrees, tmp_path: Path) -> tuple[ContractRef, ContractRef]:
    """Contracts of one consumer with two providers: figures of firms, and inspections of firms."""
    file = tmp_path / "checks.csv"
    file.write_text(CHECKS, "utf8")
    assert lake.load("safety-inspections", Source.file(file)).rows_loaded == 3
    checks = requests.submit(
        person(CONSUMER), wish(dataset="safety-inspections", columns=("id", "uscc", "topic", "hazards"))
    )
    requests.check(OFFICE, checks.id)
    requests.agree(person(SAFETY), checks.id)
    return agreed(), contracts.sign(person(CONSUMER), f"c-{checks.id}")


def group(two: tuple[ContractRef, ContractRef], *, only_matches: bool = True) -> LinkRef:
    found = links.propose(
        person(CONSUMER),
        "企业运行与安全",
        two[0].id,
        [Join(two[1].id, (("uscc", "uscc"),))],
        only_matches=only_matches,
    )
    links.sign(person(PROVIDER), found.id, found.sha256)
    return links.sign(person(SAFETY), found.id)


def ask(**changes: Any) -> Asked:
    fields: dict[str, Any] = {"actor": "urn:x", "organisation": CONSUMER, "purpose": "economic-analysis"}
    return Asked(**(fields | changes))


def masked(monkeypatch: pytest.MonkeyPatch, **masks: dict[str, Mask]) -> None:
    """Contracts with other masks than the rules', by table."""
    real = contracts.contract_of

    def changed(name: str) -> ContractRef:
        found = real(name)
        other = masks.get(found.table.replace("-", "_"), {})
        return replace(found, terms=replace(found.terms, columns={**found.terms.columns, **other}))

    monkeypatch.setattr(contracts, "contract_of", changed)


def test_every_provider_consents_before_a_row_is_joined(two: tuple[ContractRef, ContractRef]) -> None:
    found = links.propose(
        person(CONSUMER), "企业运行与安全", two[0].id, [Join(two[1].id, (("uscc", "uscc"),))]
    )
    assert (found.standing, set(found.signatures)) == (Standing.PROPOSED, {CONSUMER})
    with pytest.raises(GateShut) as shut:
        joined.read(ask(), found)
    assert shut.value.facts["reasons"] == ["exchange.gate.link-not-signed"]
    for wrong in (person(THIRD), person(CONSUMER), OFFICE):
        with pytest.raises(Refused):
            links.sign(wrong, found.id)
    with pytest.raises(CannotMove):
        links.sign(person(PROVIDER), found.id, "0" * 64)
    assert links.sign(person(PROVIDER), found.id, found.sha256).standing is Standing.PROPOSED
    with pytest.raises(Refused):
        links.sign(person(PROVIDER), found.id)  # nobody signs for the other provider
    signed = links.sign(person(SAFETY), found.id)
    assert signed.standing is Standing.ACTIVE
    assert {ledger.entry(entry).organisation for entry in signed.signatures.values()} == {
        CONSUMER,
        PROVIDER,
        SAFETY,
    }
    assert "exchange.contract.link" in {each.kind for each in ledger.entries_about(two[1].urn)}
    assert [each.id for each in links.listed(organisation=SAFETY)] == [found.id]
    assert [each.id for each in links.listed(contract=two[0].id)] == [found.id]
    assert not links.listed(organisation=THIRD)
    assert not links.visible(person(THIRD), signed)


def test_joined_rows_are_those_of_the_keys_and_every_contract_has_its_record(
    two: tuple[ContractRef, ContractRef],
) -> None:
    page = joined.read(ask(order=(("id", False), ("month", False))), group(two))
    assert page.columns == ("uscc", "month", "revenue", "staff", "id", "topic", "hazards")
    assert [(row[0], str(row[1]), row[4]) for row in page.rows] == [
        (FIRST, f"2025-{month}-01", check) for check in ("J1", "J2") for month in ("01", "02")
    ]
    assert page.masked == ("revenue",)
    rows = list(AccessRow.objects.order_by("id"))
    assert [(row.contract, row.rows, row.whole) for row in rows] == [
        (two[0].id, 4, True),
        (two[1].id, 4, True),
    ]
    assert gate.used_today(two[1].id).rows == 4
    with clock.freeze(NOW.replace(hour=3)):
        gate.flush()
    for row in AccessRow.objects.all():
        assert ledger.entry(row.log_entry or 0).payload["accesses"][str(row.pk)] == gate.digest(row)


def test_rows_without_a_partner_stay_where_that_is_agreed(two: tuple[ContractRef, ContractRef]) -> None:
    found = group(two, only_matches=False)
    rows = joined.read(ask(columns=("uscc", "id"), order=(("uscc", False), ("id", False))), found).rows
    assert (SECOND, None) in rows
    assert len(rows) == 5
    narrowed = joined.read(ask(columns=("uscc", "id"), where=(Condition("id", Op.EQ, ("J2",)),)), found).rows
    assert set(narrowed) == {(FIRST, "J2")}


def test_digests_of_a_group_are_its_own(
    two: tuple[ContractRef, ContractRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = {"uscc": Mask(MaskKind.HASH, key=b"k" * 32)}
    masked(monkeypatch, key_firm_monthly=hashed, safety_inspections=hashed)
    found = group(two)
    seen = {row[0] for row in joined.read(ask(), found).rows}
    assert len(seen) == 1
    assert all(len(each) == 32 and "MA" not in each for each in seen)
    alone = {row[0] for row in gate.read(ask(), contracts.contract_of(two[0].id)).rows}
    assert not seen & alone  # what was read before cannot be laid beside it
    assert joined.read(ask(where=(Condition("uscc", Op.EQ, (FIRST,)),)), found).rows == ()
    assert len(joined.read(ask(where=(Condition("uscc", Op.EQ, tuple(seen)),)), found).rows) == 4


@pytest.mark.parametrize(
    "mask", [Mask(MaskKind.DROP), Mask(MaskKind.CONSTANT), Mask(MaskKind.PARTIAL, first=17)]
)
def test_what_a_mask_hides_is_no_key(
    two: tuple[ContractRef, ContractRef], monkeypatch: pytest.MonkeyPatch, mask: Mask
) -> None:
    masked(monkeypatch, key_firm_monthly={"uscc": mask}, safety_inspections={"uscc": mask})
    with pytest.raises(BadLink):
        group(two)


def test_what_is_counted_in_different_units_is_not_offered_as_a_key(
    two: tuple[ContractRef, ContractRef],
) -> None:
    assert logic.keys_between(links.part(two[0]), links.part(two[1])) == [("uscc", "uscc")]


@pytest.mark.parametrize(
    "on", [(), (("uscc", "id"),), (("uscc", "date"),), (("month", "topic"),), (("staff", "hazards"),) * 5]
)
def test_keys_that_do_not_compare_are_refused(
    two: tuple[ContractRef, ContractRef], on: tuple[tuple[str, str], ...]
) -> None:
    with pytest.raises(BadLink):
        links.propose(person(CONSUMER), "x", two[0].id, [Join(two[1].id, on)])
    with pytest.raises(BadLink):
        links.propose(person(CONSUMER), "x", two[0].id, [Join(two[0].id, (("uscc", "uscc"),))])
    with pytest.raises(Refused):
        links.propose(person(THIRD), "x", two[0].id, [Join(two[1].id, (("uscc", "uscc"),))])
    assert links.listed() == []


def test_a_group_ends_with_any_of_its_contracts_and_rests_when_one_changes(
    two: tuple[ContractRef, ContractRef],
) -> None:
    found = group(two)
    later = contracts.renew(person(PROVIDER), two[0].id, date(2026, 11, 30))
    contracts.sign(person(CONSUMER), later.id)
    assert joined.read(ask(), found).rows  # another last day changes nothing of what is joined
    fewer = {name: mask for name, mask in two[0].terms.columns.items() if name != "staff"}
    contracts.renew(person(PROVIDER), two[0].id, two[0].terms.end, replace(two[0].terms, columns=fewer))
    contracts.sign(person(CONSUMER), two[0].id)
    with pytest.raises(GateShut) as shut:
        joined.read(ask(), found)
    assert shut.value.facts["reasons"] == ["exchange.gate.link-changed"]
    assert AuditRecord.objects.filter(action="exchange.access-refused", subject=found.urn).count() == 1
    contracts.revoke(person(SAFETY), two[1].id, "不再提供")
    again = next(each for each in links.listed() if each.id == found.id)
    with pytest.raises(GateShut):
        joined.read(ask(), again)
    ended = links.end(person(CONSUMER), found.id, "不再需要")
    with pytest.raises(GateShut) as shut:
        joined.read(ask(), ended)
    assert shut.value.facts["reasons"] == ["exchange.gate.link-ended"]


def test_one_shut_gate_shuts_them_all(two: tuple[ContractRef, ContractRef]) -> None:
    found = group(two)
    contracts.revoke(person(SAFETY), two[1].id, "不再提供")
    with pytest.raises(GateShut) as shut:
        joined.read(ask(), found)
    assert shut.value.facts["reasons"] == ["exchange.gate.revoked"]
    rows = [(row.allowed, row.rows, row.whole) for row in AccessRow.objects.order_by("id")]
    assert rows == [(True, 0, False), (False, 0, True)]
    assert gate.used_today(two[0].id).rows == 0


def test_the_smallest_quota_holds_for_the_whole(
    two: tuple[ContractRef, ContractRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = group(two)
    real = contracts.contract_of

    def few(name: str) -> ContractRef:
        contract = real(name)
        most = Quota(3, 0) if contract.id == two[1].id else contract.terms.quota
        return replace(contract, terms=replace(contract.terms, quota=most))

    monkeypatch.setattr(contracts, "contract_of", few)
    body = joined.stream(ask(limit=0), found, BodyFormat.CSV)
    with pytest.raises(GateShut):
        joined.read(ask(), found)
    assert len(b"".join(body.parts).splitlines()) == 4


@pytest.mark.parametrize("form", [each for each in BodyFormat if each is not BodyFormat.GEOJSON])
def test_the_joined_rows_in_every_format(two: tuple[ContractRef, ContractRef], form: BodyFormat) -> None:
    body = b"".join(joined.stream(ask(limit=0, order=(("id", False),)), group(two), form).parts)
    if form is BodyFormat.PARQUET:
        assert pq.read_table(io.BytesIO(body)).num_rows == 4
    assert body
    assert {row.rows for row in AccessRow.objects.all()} == {4}


def test_joined_rows_with_a_place_are_geojson(agreed: Agrees, tmp_path: Path) -> None:
    firms, file = agreed(), tmp_path / "register.csv"
    file.write_text(REGISTER, "utf8")
    assert lake.load("enterprises", Source.file(file)).rows_loaded == 2
    asked = requests.submit(
        person(CONSUMER), wish(dataset="enterprises", columns=("uscc", "name", "lon", "lat"))
    )
    requests.check(OFFICE, asked.id)
    requests.agree(person(REGISTRY), asked.id)
    places = contracts.sign(person(CONSUMER), f"c-{asked.id}")
    proposed = links.propose(
        person(CONSUMER),
        "企业运行与位置",
        firms.id,
        [Join(places.id, (("uscc", "uscc"),))],
        only_matches=False,
    )
    links.sign(person(PROVIDER), proposed.id)
    found = links.sign(person(REGISTRY), proposed.id)
    body = joined.stream(ask(limit=0, order=(("month", False), ("uscc", False))), found, BodyFormat.GEOJSON)
    told = json.loads(b"".join(body.parts))
    here = {"type": "Point", "coordinates": [116.4175, 39.9175]}
    assert [each["geometry"] for each in told["features"]] == [here, None, here]
    assert told["features"][0]["properties"]["name"] == "东华信科技有限公司"
    assert "lon" not in told["features"][0]["properties"]


def test_the_walk_on_pages(two: tuple[ContractRef, ContractRef]) -> None:
    consumer, other = client(CONSUMER), client(THIRD)
    chosen = {f"contract-{each.id}": "1" for each in two}
    assert two[0].id in consumer.get("/exchange/links/new").text
    form = consumer.get("/exchange/links/new", chosen).text
    assert 'value="uscc=uscc"' in form
    first, second = sorted(two, key=lambda each: form.index(f'name="contract-{each.id}"'))
    said = {**chosen, "title": "企业运行与安全", f"key-{second.id}": "uscc=uscc", "rows": "matches"}
    assert consumer.post("/exchange/links/new", {**said, "title": " "}).status_code == 422
    assert other.post("/exchange/links/new", said).status_code == 422
    place = consumer.post("/exchange/links/new", said).headers["Location"]
    assert other.get(place).status_code == 404
    assert consumer.get(f"{place}/rows").status_code == 403
    for provider in (client(PROVIDER), client(SAFETY)):
        assert "同意并签署" in provider.get(place).text
        digest = links.listed()[0].sha256
        assert provider.post(place, {"do": "sign", "sha256": digest}).status_code == 302
        assert provider.get(f"{place}/rows").status_code == 403  # to consent is not to read
    assert links.listed()[0].base == first.id
    assert FIRST in consumer.get(f"{place}/rows").text
    body = consumer.get(f"{place}/rows?format=csv")
    assert len(b"".join(body.streaming_content).splitlines()) == 5  # type: ignore[arg-type]
    assert consumer.get(f"{place}/rows?format=exe").status_code == 422
    assert (
        "企业运行与安全" in client("science-informatization-bureau", Role.DATA_OFFICE).get("/exchange").text
    )
    assert consumer.post(place, {"do": "end", "why": "不再需要"}).status_code == 302
    assert consumer.get(f"{place}/rows").status_code == 403


def test_the_walk_of_a_program(two: tuple[ContractRef, ContractRef]) -> None:
    consumer = client(CONSUMER)
    said = {
        "title": "企业运行与安全", "base": two[0].id, "joins": [{"contract": two[1].id, "on": [["uscc", "uscc"]]}],
    }  # fmt: skip
    base = "/api/exchange/links"
    made = consumer.post(base, said, content_type="application/json").json()
    assert (made["standing"], made["joins"][0]["on"]) == ("proposed", [["uscc", "uscc"]])
    place = f"{base}/{made['id']}"
    for provider in (client(PROVIDER), client(SAFETY)):
        signed = provider.post(
            f"{place}/sign", {"terms_sha256": made["sha256"]}, content_type="application/json"
        )
    assert signed.json()["standing"] == "active"
    assert [each["id"] for each in consumer.get(base).json()["links"]] == [made["id"]]
    assert client(THIRD).get(base).json() == {"links": []}
    assert client(THIRD).get(place).status_code == 404
    key = contracts.issue_key(person(CONSUMER), two[0].id)
    status, body = get(f"{place}/rows?columns=uscc,hazards&filter=hazards:ge:3&order=-hazards&limit=1", key)
    assert (status, json.loads(body)["rows"]) == (200, [[FIRST, 3]])
    assert get(f"{place}/rows?format=ndjson&limit=0", key)[1].count(b"\n") == 4
    other = contracts.issue_key(person(CONSUMER), two[1].id)
    assert get(f"{place}/rows", other)[0] == 404
    assert get(f"{place}/rows?columns=tax", key)[0] == 403
    assert (
        get(f"{place}/rows?where=hazards:ge:3", key)[0] == 422
    )  # and not every row, as if nothing were asked
    assert (
        consumer.post(f"{place}/end", {"note": "完"}, content_type="application/json").json()["ended_why"]
        == "完"
    )
    assert get(f"{place}/rows", key)[0] == 403


NAMES = ("uscc", "month", "revenue", "staff", "id", "topic", "hazards", "tax", "date", "building", "")
TESTS = st.builds(
    Condition,
    st.sampled_from(NAMES),
    st.sampled_from([Op.EQ, Op.GE, Op.LE, Op.PREFIX, Op.CONTAINS, Op.NULL]),
    st.sampled_from([("1",), (FIRST,), ("2025-01-01",), ()]),
)
KEYED = [Mask(), Mask(MaskKind.HASH, key=b"k" * 32)]
REVENUES = [Mask(MaskKind.DROP), Mask(MaskKind.CONSTANT), Mask(MaskKind.HASH, key=b"k" * 32)]
TOPICS = [Mask(MaskKind.DROP), Mask(MaskKind.CONSTANT), Mask(MaskKind.PARTIAL)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_join_tells_what_a_contract_does_not_grant(
    two: tuple[ContractRef, ContractRef], data: st.DataObject
) -> None:
    """Whoever asks whatever of a group with whatever masks: no hidden value, row or column leaves, in any message."""
    keyed, revenue, topic = (data.draw(st.sampled_from(each)) for each in (KEYED, REVENUES, TOPICS))
    few = Condition("staff", Op.LE, (15,))
    with pytest.MonkeyPatch.context() as patch:
        real = contracts.contract_of

        def changed(name: str) -> ContractRef:
            found = real(name)
            firms = found.table == "key-firm-monthly"
            other = {"uscc": keyed, **({"revenue": revenue} if firms else {"topic": topic})}
            granted = {**found.terms.columns, **other}
            where = (few,) if firms else ()
            return replace(found, terms=replace(found.terms, columns=granted, where=where))

        patch.setattr(contracts, "contract_of", changed)
        found = group(two, only_matches=data.draw(st.booleans()))
        asked = Asked(
            "urn:x",
            data.draw(st.sampled_from([CONSUMER, CONSUMER, CONSUMER, PROVIDER, THIRD, ""])),
            data.draw(st.sampled_from(["economic-analysis", "economic-analysis", "supervision"])),
            data.draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True).map(tuple)),
            data.draw(st.lists(TESTS, max_size=2).map(tuple)),
            data.draw(st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=1).map(tuple)),
            limit=data.draw(st.integers(1, 5)),
            channel=data.draw(st.sampled_from([Delivery.API, Delivery.API, Delivery.VIEW, Delivery.FILE])),
        )
        try:
            page = joined.read(asked, found)
            told = json.dumps([page.rows, page.columns], default=str, ensure_ascii=False)
            assert asked.organisation == CONSUMER
            assert asked.purpose == "economic-analysis"
        except HutongError as error:
            told = json.dumps(error.as_dict(), ensure_ascii=False)
    hidden = ["1234", "2345", "3456", SECOND, "2025-02-15", "LY0", "J3", "000003", "2025-02-01", "33"]
    hidden += ["消防", "用电"] + ([FIRST] if keyed.kind is MaskKind.HASH else [])
    if any(FIRST in each.values for each in asked.where):
        told = told.replace(FIRST, "")  # what one says oneself may come back in a message
    told = re.sub(r"\b[0-9a-f]{32}\b", "", told)  # a digest may have any few digits
    for value in hidden:
        assert value not in told, (value, asked)
