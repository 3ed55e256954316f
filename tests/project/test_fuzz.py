"""The interfaces against their own description: generated calls, right and wrong ones, as three kinds of caller.

No answer is a server's error, every status and body is one that the description has, and every error is a problem
with a stable code. The seed is fixed, so that a run that fails fails again.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hutong.accounts import api as accounts
from hutong.accounts import people
from hutong.demo import market
from hutong.exchange.api import requests
from hutong.exchange.types import ContractRef
from hutong.kernel import clock
from hutong.lake import api as lake
from hutong.lake.types import Source
from hutong.ledger import api as ledger
from hutong.market import api as shelf
from hutong.packs import api as packs
from hutong.posture.api import findings, scoring
from hutong.privacy.models import StartRow
from tests.exchange.conftest import _clean, agreed, district

__all__ = ["_clean", "agreed", "district"]
pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
EXAMPLES = 4
"""Of each operation and caller."""


@pytest.fixture(autouse=True)
def _same_connection() -> Iterator[None]:
    """The end of a request closes no connection: all of them are inside the test's transaction."""
    for each in (request_started, request_finished):
        each.disconnect(close_old_connections)
    yield
    for each in (request_started, request_finished):
        each.connect(close_old_connections)


@pytest.fixture
def headers(district: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, str]]:
    """What a person's browser would send, in a district with a contract and a shelf; nothing for the public."""
    monkeypatch.setenv("HUTONG_API_RATE", "none")
    monkeypatch.setenv("HUTONG_DEMO", "1")
    accounts.install_demo_people()
    market.seed()

    def of(login: str) -> dict[str, str]:
        if not login:
            return {}
        client = Client()
        client.force_login(people.find(login), backend="hutong.accounts.backend.PersonBackend")
        token = _get_new_csrf_string()
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
        return {"HTTP_COOKIE": cookies, "HTTP_X_CSRFTOKEN": token}

    return of


STATIONS = """站点编号,站点名称,街道代码,经度,纬度,类型,启用日期
1001,东四,110101005,116.417,39.929,city,2013-01-01
1002,天坛,110101014,116.407,39.886,city,2013-01-01
"""


@pytest.fixture
def known(
    headers: object, agreed: Callable[..., ContractRef], tmp_path: Path
) -> dict[str, dict[str, object]]:
    """Things there are, by the beginning of the paths that take their identifiers; the first counts."""
    del headers
    contract = agreed()
    file = tmp_path / "stations.csv"
    file.write_text(STATIONS, "utf8")
    lake.load("air-stations", Source.file(file))
    held = shelf.of_modules(["name-match"])[0]
    firms = "urn:hutong:beijing-dongcheng:dataset:key-firm-monthly"
    scoring.renew()
    return {
        "/api/indicators": {"indicator": packs.installed().items("indicators")[0].value.id},
        "/api/posture/datasets": {"name": "key-firm-monthly"},
        "/api/posture/findings": {"number": findings.listed()[0].id},
        "/api/portal/datasets": {"name": "air-stations"},
        "/api/market/modules": {"name": "uscc-check"},
        "/api/market/subscriptions": {"name": held.id},
        "/api/privacy/sides": {"side": _side(contract)},
        "/api/privacy": {"contract": contract.id},
        "/api/exchange/requests": {"name": requests.listed()[0].id},
        "/api/exchange/contracts": {"name": contract.id},
        "/api/catalog/entries": {"urn": firms},
        "/api/lake/tables": {"table": "key-firm-monthly"},
        "/api/lake/snapshots": {"urn": lake.snapshots("key-firm-monthly")[0].urn},
        "/api/ledger/entries": {"entry_id": ledger.entries_about(firms)[0].id},
    }


def _side(contract: ContractRef) -> str:
    """A side of a joint run that the worker has not begun."""
    asked = {
        "contract": contract.id, "organisation": "statistics-bureau", "run": "one", "key": "uscc",
        "table": "key-firm-monthly", "where": [], "epsilon": "0.1",
    }  # fmt: skip
    StartRow.objects.create(
        id="0" * 32, contract=contract.id, run="one", organisation="statistics-bureau", dataset=contract.table,
        provider=contract.provider == "statistics-bureau", actor="nobody", at=clock.now(), asked=asked, file="",
        state="ready",
    )  # fmt: skip
    return "0" * 32


@pytest.mark.parametrize("login", ["", "gao.yang", "zhou.min"], ids=["public", "steward", "data office"])
def test_every_answer_is_one_that_the_description_has(
    login: str, headers: Callable[[str], dict[str, str]], known: dict[str, dict[str, object]]
) -> None:
    sent, application = headers(login), WSGIHandler()

    def here(environ: dict[str, Any], start: Any) -> Any:
        """The application as it answers this machine, which is all a demo does, and this person's browser."""
        return application({**environ, "REMOTE_ADDR": "127.0.0.1", **sent}, start)

    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", here)
    found, answers = [], Counter[int]()
    for result in schema.get_all_operations():
        operation = result.ok()
        there = next((known[each] for each in known if operation.path.startswith(each)), {})
        if operation.path.startswith(
            "/api/ledger"
        ):  # what was written meanwhile is placed within half a minute
            ledger.integrate()
            ledger.index()
        try:
            _call(operation, there, answers)
        except FailureGroup as failures:
            found += [f"{operation.label}: {each}" for each in failures.exceptions]
    assert not found, "\n\n".join(found)
    assert answers[200] > (60 if login else 30), answers
    assert sum(answers.values()) > 400, answers


def _call(operation: Any, there: dict[str, object], answers: Counter[int]) -> None:
    """Right calls and wrong ones; each once with what was thought up and once about a thing there is."""
    cases = operation.as_strategy()
    if operation.path_parameters or operation.query or operation.body:
        cases = st.one_of(cases, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))

    @hypothesis.seed(20260301)
    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(case=cases)
    def call(case: Any) -> None:
        answers[case.call_and_validate(checks=CHECKS).status_code] += 1
        given = case.path_parameters or {}
        if there and set(there) & set(given):
            case.path_parameters.update({name: each for name, each in there.items() if name in given})
            answers[case.call_and_validate(checks=CHECKS).status_code] += 1

    call()
