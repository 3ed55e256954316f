"""The machine interface: keys, filters, formats, bounds."""

import io
import json
from collections.abc import Callable

import pyarrow.parquet as pq
import pytest
from django.test import Client

from hutong.accounts.api import Role
from hutong.exchange.api import contracts, delivery
from hutong.exchange.errors import FileExpired
from hutong.exchange.types import ContractRef, Delivery
from hutong.kernel import clock
from hutong.lake.types import BodyFormat
from tests.exchange.conftest import CONSUMER, NOW, PROVIDER, person
from tests.exchange.test_pages import client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("district")]


def get(address: str, key: str = "", asking: Client | None = None, **headers: str) -> tuple[int, bytes]:
    more = {"Authorization": f"Bearer {key}"} if key else {}
    answer = (asking or Client()).get(address, headers={**more, **headers})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    return answer.status_code, body


def test_rows_by_key_in_every_format(agreed: Callable[..., ContractRef]) -> None:
    contract = agreed()
    key = contracts.issue_key(person(CONSUMER), contract.id)
    base = f"/api/exchange/contracts/{contract.id}/rows"
    status, body = get(f"{base}?columns=month,staff&filter=staff:ge:20&order=-staff&limit=1", key)
    page = json.loads(body)
    assert (status, page["rows"], page["more"], page["next_offset"]) == (200, [["2025-02-01", 33]], True, 1)
    assert json.loads(get(f"{base}?limit=1&offset=1&order=-staff&columns=staff", key)[1])["rows"] == [[22]]
    status, body = get(f"{base}?format=csv&mark=true&limit=0&columns=staff&order=staff", key)
    assert body.decode("utf-8-sig").splitlines() == ['"staff"', "11", "22", "33"]
    assert pq.read_table(io.BytesIO(get(f"{base}?format=parquet&limit=0", key)[1])).num_rows == 3
    assert len(get(f"{base}?format=ndjson&limit=2", key)[1].splitlines()) == 2
    assert get(f"{base}?format=xlsx", key)[1].startswith(b"PK")
    assert get(f"{base}?format=geojson", key)[0] == 422


def test_who_may_not_read_is_told_why(agreed: Callable[..., ContractRef]) -> None:
    contract = agreed()
    key = contracts.issue_key(person(CONSUMER), contract.id)
    base = f"/api/exchange/contracts/{contract.id}/rows"
    assert get(base)[0] == 403
    assert get(base, "hx_nothing")[0] == 401
    assert get(base, asking=client(PROVIDER))[0] == 403
    assert get(base, asking=client(CONSUMER))[0] == 200
    assert get("/api/exchange/contracts/c-2026-00099/rows", key)[0] == 404
    status, body = get(f"{base}?columns=tax&purpose=supervision", key)
    told = json.loads(body)
    assert (status, told["code"]) == (403, "exchange.gate-shut")
    assert told["facts"]["reasons"] == ["exchange.gate.other-purpose", "exchange.gate.column"]
    assert contracts.revoke_keys(person(CONSUMER), contract.id) == 1
    assert get(base, key)[0] == 401


@pytest.mark.parametrize(
    "query",
    ["limit=-1", "limit=99999999999", "offset=-1", "offset=99999999999999999999", "format=pdf", "filter=x",
     "filter=staff:eq:many", "filter=staff:in:" + "1|" * 2000, "columns=" + "a," * 3000, "columns=staff,staff",
     "order=" + "x" * 2000, "filter=month:eq:%00", "columns=%00", "purpose=%00", "filter=staff:between:1",
     "filter=uscc:prefix:%EF%BF%BF%00", "where=staff:ge:20"],
)  # fmt: skip
def test_nothing_that_is_given_breaks_it(agreed: Callable[..., ContractRef], query: str) -> None:
    contract = agreed()
    status, body = get(f"/api/exchange/contracts/{contract.id}/rows?{query}", asking=client(CONSUMER))
    assert status in ({400} if "%00" in query else {403, 422}), body
    assert json.loads(body)["code"]


def test_a_request_is_made_and_moved_by_programs() -> None:
    consumer, provider = client(CONSUMER), client(PROVIDER)
    given = {
        "dataset": "key-firm-monthly", "purpose": "economic-analysis", "purpose_text": "研究", "duty": "统计法",
        "columns": ["uscc"], "where": [{"column": "staff", "op": "ge", "values": [20]}], "start": "2026-03-02",
        "end": "2026-12-31",
    }  # fmt: skip
    made = consumer.post("/api/exchange/requests", given, content_type="application/json")
    assert made.status_code == 200, made.text
    name = made.json()["id"]
    for wrong in (
        {"columns": []}, {"columns": ["x"] * 501}, {"dataset": "nothing"}, {"start": "soon"},
        {"where": [{"column": "staff", "op": "ge", "values": [{"a": 1}]}]},
        {"where": [{"column": "staff", "op": "ge", "values": [None]}]},
        {"where": [{"column": "staff", "op": "is"}]}, {"end": "0001-01-01"}, {"delivery": "fax"},
        {"start": "9999-12-31", "end": "9999-12-31"},
    ):  # fmt: skip
        answer = consumer.post("/api/exchange/requests", given | wrong, content_type="application/json")
        assert answer.status_code in {404, 422}, (wrong, answer.text)
    assert provider.post(f"/api/exchange/requests/{name}/agree").status_code == 409
    assert provider.get(f"/api/exchange/requests/{name}").json()["steps"][0]["event"] == "submit"
    listed = consumer.get("/api/exchange/requests?overdue=false").json()["requests"]
    assert [each["id"] for each in listed] == [name]
    assert consumer.get("/api/exchange/board").status_code == 403
    assert "mask" not in json.dumps(listed)


def test_a_file_is_marked_fetched_in_ranges_and_expires(agreed: Callable[..., ContractRef]) -> None:
    contract = agreed(delivery=Delivery.FILE)
    made = delivery.ask(person(CONSUMER), contract.id, BodyFormat.CSV)
    row = delivery.make(made.id)
    text = delivery.path_of(row).read_text("utf-8-sig")
    assert text.startswith(f"# 仅供 {CONSUMER}")
    assert contract.urn in text.splitlines()[0]
    assert len(text.splitlines()) == 5
    place, asking = f"/api/exchange/files/{made.id}/content", client(CONSUMER)
    status, whole = get(place, asking=asking)
    assert (status, len(whole)) == (200, row.size)
    assert get(place, asking=asking, Range="bytes=5-9") == (206, whole[5:10])
    assert get(place, asking=asking, Range="bytes=-4") == (206, whole[-4:])
    assert get(place, asking=asking, Range=f"bytes={row.size}-")[0] == 416
    assert get(place, asking=client(PROVIDER))[0] == 403
    with clock.freeze(NOW.replace(month=4)):
        with pytest.raises(FileExpired):
            delivery.fetch(person(CONSUMER), made.id)
        assert delivery.expire() == 1
    assert not delivery.path_of(row).exists()


def test_a_file_of_a_revoked_contract_is_not_handed_out(agreed: Callable[..., ContractRef]) -> None:
    contract = agreed(delivery=Delivery.FILE)
    made = delivery.ask(person(CONSUMER), contract.id, BodyFormat.XLSX)
    delivery.make(made.id)
    contracts.revoke(person(PROVIDER), contract.id, "终止")
    assert get(f"/api/exchange/files/{made.id}/content", asking=client(CONSUMER))[0] == 403
    assert delivery.expire() == 1


def test_a_key_of_one_contract_does_not_open_another(agreed: Callable[..., ContractRef]) -> None:
    first, second = agreed(), agreed()
    key = contracts.issue_key(person(CONSUMER), first.id)
    assert get(f"/api/exchange/contracts/{second.id}/rows", key)[0] == 404


def test_the_document_says_every_answer() -> None:
    paths = json.loads(
        client("science-informatization-bureau", Role.DATA_OFFICE).get("/api/openapi.json").text
    )
    mine = {path: each for path, each in paths["paths"].items() if path.startswith("/api/exchange/")}
    assert len(mine) > 20
    for path, verbs in mine.items():
        for verb, told in verbs.items():
            bodies = told["responses"]["200"].get("content", {})
            assert bodies, (verb, path)
            schema = bodies.get("application/json", {"schema": {"$ref": "-"}})["schema"]
            assert "$ref" in schema, (verb, path)  # a shape with named fields, never any object at all
    rows = mine["/api/exchange/contracts/{name}/rows"]["get"]["responses"]["200"]["content"]
    assert {"application/json", "text/csv", "application/vnd.apache.parquet"} <= set(rows)
