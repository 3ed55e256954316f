"""The pages and the API: who sees what, and asking from a form."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hutong.accounts import people
from hutong.accounts.api import Role
from hutong.exchange.types import ContractRef
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.privacy import reading
from tests.privacy.conftest import CONSUMER, PROVIDER, THIRD

Agreed = Callable[..., ContractRef]
FORM = {
    "measure": "mean",
    "column": "subsidy",
    "epsilon": "0.5",
    "where": "gender:eq:男\nability:in:完好,轻度失能",
}


def signed(role: Role, organisation: str) -> Client:
    login = f"{role.value.replace('_', '-')}.{organisation}"[:30]
    people.add(login, Text("某", "Mou"), role, organisation)
    client = Client(HTTP_ACCEPT="text/html")
    client.force_login(people.find(login), backend="hutong.accounts.backend.PersonBackend")
    return client


@pytest.fixture
def contract(agreed: Agreed) -> str:
    return agreed().id


def test_the_error_comes_first_then_the_answer(contract: str) -> None:
    client = signed(Role.STEWARD, CONSUMER)
    assert "尚未扣减预算" in client.post(f"/exchange/private/{contract}", FORM).content.decode()
    page = f"/exchange/private/{contract}"
    told = client.post(page, FORM | {"do": "estimate"}).content.decode()
    assert "预计误差" in told
    assert "还没有提问" in told
    assert client.post(page, FORM | {"do": "ask"}).status_code == 302
    text = client.get(page).content.decode()
    assert "月补贴的平均值 (能力评估为以下之一：完好、轻度失能；性别为男)" in text
    assert "1.5" in text
    assert "元 (" in text, "the answer stands beside its interval"
    assert "平均值" in client.get("/exchange/private").content.decode()


def test_conditions_may_be_written_as_people_say_them(contract: str) -> None:
    shape = lake.contract("elders")
    said = "能力评估：属于：完好、轻度失能\n独居:等于:是\n月补贴:大于:1.5 万元\nsubsidy:le:500\n性别:为空\n什么:像:这样"
    coded = [
        "ability:in:完好,轻度失能",
        "lives_alone:eq:true",
        "subsidy:gt:1500000",
        "subsidy:le:50000",
        "gender:null",
    ]
    assert reading.plain(said, shape).splitlines() == [*coded, "什么:像:这样"]
    client = signed(Role.STEWARD, CONSUMER)
    page = f"/exchange/private/{contract}"
    told = client.post(page, FORM | {"do": "estimate", "where": "什么:像:这样"})
    assert told.status_code == 422
    assert "什么:像:这样</textarea>" in told.content.decode(), "what was typed stays"
    client.post(page, FORM | {"do": "ask", "where": "月补贴:大于:500"})
    assert "月补贴大于 500 元" in client.get(page).content.decode()


def test_others_see_the_question_and_not_the_answer(contract: str) -> None:
    signed(Role.STEWARD, CONSUMER).post(f"/exchange/private/{contract}", FORM | {"do": "ask"})
    for role, where in ((Role.STEWARD, PROVIDER), (Role.DATA_OFFICE, "science-informatization-bureau"),
                        (Role.AUDITOR, PROVIDER), (Role.SECURITY, PROVIDER), (Role.LEADER, PROVIDER)):  # fmt: skip
        client = signed(role, where)
        home = client.get("/exchange/private")
        assert "月补贴的平均值" in home.content.decode(), "a provider sees what is asked of its data"
        text = client.get(f"/exchange/private/{contract}").content.decode()
        assert "月补贴的平均值" in text
        assert "置信区间" not in text
        assert client.post(f"/exchange/private/{contract}", FORM | {"do": "ask"}).status_code == 403


def test_third_parties_see_nothing(contract: str) -> None:
    assert signed(Role.STEWARD, THIRD).get(f"/exchange/private/{contract}").status_code == 404
    assert signed(Role.ADMINISTRATOR, PROVIDER).get("/exchange/private").status_code == 403
    assert Client(HTTP_ACCEPT="text/html").get("/exchange/private").status_code in {302, 403}


@pytest.mark.parametrize(
    "changes", [{"epsilon": "NaN"}, {"epsilon": ""}, {"measure": "max"}, {"where": "gender"}, {"where": "a:b:c"},
                {"low": "x"},
                {"column": "name"}, {"rank": "2", "measure": "quantile"}, {"where": "subsidy:ge:'; DROP"}]
)  # fmt: skip
def test_bad_forms_are_told_so_at_the_field(contract: str, changes: dict[str, str]) -> None:
    answer = signed(Role.STEWARD, CONSUMER).post(
        f"/exchange/private/{contract}", FORM | changes | {"do": "ask"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "notice-error" in text
    assert f'id="field-{next(iter(changes))}-error"' in text
    assert text.count('aria-invalid="true"') == 1
    assert "还没有提问" in text


def test_programs_ask_too(contract: str) -> None:
    client = signed(Role.STEWARD, CONSUMER)

    def post(verb: str, body: dict[str, Any]) -> Any:
        return client.post(f"/api/privacy/contracts/{contract}/{verb}", json.dumps(body), "application/json")

    asked = {"measure": "people", "epsilon": "0.25", "where": ["lives_alone:eq:true"]}
    assert post("estimate", asked).json()["plus_minus"] == "13"
    first, again = post("ask", asked).json(), post("ask", asked).json()
    assert first["cells"] == again["cells"]
    assert again["repeated"]
    assert not first["repeated"]
    assert client.get(f"/api/privacy/budgets/{contract}").json()["left"] == "1.75"
    assert client.get(f"/api/privacy/contracts/{contract}/questions").json()["questions"][0]["cells"]
    assert post("ask", asked | {"epsilon": "Infinity"}).json()["code"] == "privacy.bad-question"
    other = signed(Role.STEWARD, PROVIDER).get(f"/api/privacy/contracts/{contract}/questions").json()
    assert other["questions"][0]["cells"] == []
