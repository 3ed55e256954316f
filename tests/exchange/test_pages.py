"""Every page for every role that should see it, and the walk of a request through forms."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from hutong.accounts import people
from hutong.accounts.api import Role
from hutong.accounts.models import Person
from hutong.exchange.api import contracts, requests
from hutong.exchange.types import ContractRef, Standing, State
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Source
from tests.exchange.conftest import CONSUMER, FIRMS, PROVIDER, THIRD, person, wish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("district")]


def client(organisation: str, role: Role = Role.STEWARD) -> Client:
    login = f"{role.value.replace('_', '.')}.{organisation}"[:40].rstrip("-")
    if not Person.objects.filter(login=login).exists():
        people.add(login, Text(f"某{login}", login), role, organisation)
    found = Client()
    found.force_login(Person.objects.get(login=login), backend="hutong.accounts.backend.PersonBackend")
    return found


def test_a_request_walks_from_the_form_to_the_rows(tmp_path: Path) -> None:
    file = tmp_path / "more.csv"  # a sample of fewer than five rows is not shown
    more = "".join(f"91110101MA0000015M,2025-{n:02d},{n}.5,1,{20 + n},1\n" for n in range(3, 9))
    file.write_text(FIRMS + more, "utf8")
    assert lake.load("key-firm-monthly", Source.file(file)).rows_loaded == 9
    consumer, provider, office = (
        client(CONSUMER),
        client(PROVIDER),
        client("science-informatization-bureau", Role.DATA_OFFICE),
    )
    form = consumer.get("/exchange/new?dataset=key-firm-monthly")
    assert form.status_code == 200
    assert "column-uscc" in form.text
    given = {
        "dataset": "key-firm-monthly", "purpose": "economic-analysis", "purpose_text": "研究", "duty": "统计法",
        "column-uscc": "1", "column-revenue": "1", "column-staff": "1", "where-column": "staff", "where-op": "ge",
        "where-value": "20", "start": "2026-03-02",
        "end": "2026-12-31", "delivery": "api",
    }  # fmt: skip
    wrong = consumer.post("/exchange/new", given | {"where-column": "salary"})
    assert wrong.status_code == 422
    assert "没有这一列" in wrong.text
    made = consumer.post("/exchange/new", given)
    place = made.headers["Location"]
    assert requests.listed()[0].columns == ("uscc", "revenue", "staff")
    assert client(THIRD).get(place).status_code == 404
    assert "审核通过" in office.get(place).text
    assert "审核通过" not in provider.get(place).text
    office.post(place, {"do": "check"})
    page = provider.get(place).text
    assert "91110101MA0000023G" in page  # the preview shows what will be shown: staff of 20 and more
    assert "91110101MA0000015M" in page
    assert "23456700" not in page.replace(",", "")
    assert provider.post(place, {"do": "refuse", "reason": "x", "basis": ""}).status_code == 422
    assert (
        provider.post(
            place, {"do": "agree", "mask-uscc": "hash", "mask-staff": "out", "end": "2026-06-30"}
        ).status_code
        == 302
    )
    contract = contracts.listed()[0]
    assert (contract.standing, list(contract.terms.columns)) == (Standing.PROPOSED, ["uscc", "revenue"])
    where = f"/exchange/contracts/{contract.id}"
    assert provider.post(where, {"do": "sign", "terms_sha256": ""}).status_code == 409
    signed = consumer.post(where, {"do": "sign", "terms_sha256": contract.terms_sha256})
    assert signed.status_code == 302
    assert requests.listed()[0].state is State.FULFILLED
    rows = consumer.get(f"{where}/rows")
    assert rows.status_code == 200
    assert "91110101MA" not in rows.text
    assert ">查看数据<" in rows.text
    read = provider.get(where).text.split("读取记录")[-1]
    for said in (f"某steward.{CONSUMER}", "读取的列", "全部"):
        assert said in read, said
    assert provider.get(f"{where}/rows").status_code == 403
    key = consumer.post(where, {"do": "key"})
    assert ">密钥</th>" in key.text
    assert re.search(r"hx_[\w-]{40,}", key.text)
    assert key.headers["Cache-Control"] == "no-store"
    assert not re.search(r"hx_[\w-]{20,}", consumer.get(where).text)
    consumer.post(where, {"do": "revoke", "why": "不再需要"})
    assert consumer.get(f"{where}/rows").status_code == 403


@pytest.mark.parametrize(
    ("role", "organisation", "statuses"),
    [
        (Role.STEWARD, CONSUMER, (200, 403, 200, 200)),
        (Role.STEWARD, PROVIDER, (200, 403, 200, 200)),
        (Role.STEWARD, THIRD, (200, 403, 404, 404)),
        (Role.DATA_OFFICE, "science-informatization-bureau", (200, 200, 200, 200)),
        (Role.LEADER, "district-government", (200, 200, 200, 200)),
        (Role.AUDITOR, "district-government", (200, 200, 200, 200)),
        (Role.SECURITY, "science-informatization-bureau", (200, 200, 200, 200)),
        (Role.OPERATOR, "command-centre", (403, 403, 403, 403)),
    ],
)
def test_who_sees_what(
    agreed: Callable[..., ContractRef], role: Role, organisation: str, statuses: tuple[int, ...]
) -> None:
    contract = agreed()
    asking = client(organisation, role)
    places = ("", "/board", f"/requests/{contract.request}", f"/contracts/{contract.id}")
    assert tuple(asking.get(f"/exchange{place}").status_code for place in places) == statuses


def test_issues_are_raised_and_answered_on_pages() -> None:
    consumer, provider = client(CONSUMER), client(PROVIDER)
    given = {
        "matter": "correction",
        "about": "key-firm-monthly",
        "title": "2 月收入有误",
        "text": "应为 3456.87 万元",
    }
    assert consumer.post("/exchange/issues/new", given | {"about": "nothing"}).status_code == 404
    assert consumer.post("/exchange/issues/new", given | {"matter": "x"}).status_code == 422
    place = consumer.post("/exchange/issues/new", given).headers["Location"]
    assert "给出答复" not in consumer.get(place).text
    assert "给出答复" in provider.get(place).text
    assert consumer.post(place, {"do": "accepted", "text": "好"}).status_code == 403
    assert provider.post(place, {"do": "accepted", "text": "核实后更正"}).status_code == 302
    assert provider.post(place, {"do": "done", "text": "已更正", "result": "snapshot 2"}).status_code == 302
    done = consumer.get(place).text
    assert "已办结" in done
    assert done.count("日志条目</dt>") == 3  # raised, taken up, done
    assert client(THIRD).get(place).status_code == 404


def test_an_issue_is_about_something_chosen_by_its_title(agreed: Callable[..., ContractRef]) -> None:
    contract, consumer = agreed(), client(CONSUMER)
    page = consumer.get(f"/exchange/contracts/{contract.id}").text
    place = f"/exchange/issues/new?matter=dispute&amp;about={contract.urn}"
    assert place in page
    form = consumer.get(place.replace("&amp;", "&")).text
    assert f'<option value="{contract.urn}" selected>' in form
    assert f'<option value="urn:hutong:beijing-dongcheng:exchange-request:{contract.request}">' in form
    assert '<option value="urn:hutong:beijing-dongcheng:dataset:key-firm-monthly">' in form
    other = consumer.get("/exchange/issues/new?matter=correction&about=elders").text
    assert 'name="other" value="elders"' in other
    given = {"matter": "dispute", "about": contract.urn, "other": "", "title": "争议", "text": "未按约定提供"}
    made = consumer.post("/exchange/issues/new", given).headers["Location"]
    assert f"（{contract.id}）" in consumer.get(made).text
    wrong = consumer.post("/exchange/issues/new", given | {"other": "2026-99999"})
    assert wrong.status_code == 404
    assert 'id="field-other-error"' in wrong.text
    assert 'name="other" value="2026-99999"' in wrong.text
    assert contract.urn not in client(THIRD).get("/exchange/issues/new").text


def test_a_refusal_may_be_disputed_by_its_party() -> None:
    asked = requests.submit(person(CONSUMER), wish(dataset="elders", columns=("id",)))
    about = {"matter": "dispute", "about": asked.urn, "title": "异议", "text": "法定职责所需"}
    assert client(THIRD).post("/exchange/issues/new", about).status_code == 422
    place = client(CONSUMER).post("/exchange/issues/new", about).headers["Location"]
    office = client("science-informatization-bureau", Role.DATA_OFFICE)
    assert office.post(place, {"do": "rejected", "text": "维持"}).status_code == 302
    assert client("civil-affairs-bureau").post(place, {"do": "done", "text": "x"}).status_code == 404
