"""The machine interface as a whole: one document that says what every capability answers."""

from collections import Counter

from django.conf import settings
from django.test import Client

from hutong.project.api import api


def test_no_two_answers_share_a_name():
    """The document keeps one schema a name: of two alike the later would stand for both."""
    import ninja

    found: Counter[str] = Counter()
    waiting = [ninja.Schema]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("hutong."):
            found[kind.__name__] += 1
    assert found, "no schema was found at all"
    assert not [name for name, count in found.items() if count > 1]


def test_every_router_is_in_the_document():
    tags = {
        tag
        for path in api.get_openapi_schema()["paths"].values()
        for each in path.values()
        for tag in each["tags"]
    }
    assert {"catalog", "lake", "ledger", "exchange"} <= tags <= set(settings.CAPABILITIES)


def test_the_document_is_open_to_everyone(client: Client, db: None):
    answer = client.get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Hutong 胡同"


def test_every_operation_says_what_an_error_looks_like():
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, each in operations.items():
            assert "application/problem+json" in each["responses"]["4XX"]["content"], (method, path)


def test_what_cannot_be_read_and_a_wrong_method_are_problems_too(client: Client, db: None):
    for answer, status, code in (
        (client.post("/api/ledger/entries"), 405, "project.wrong-method"),
        (client.generic("BREW", "/api/ledger/entries"), 405, "project.wrong-method"),
    ):
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == code
        assert "GET" in answer.headers["Allow"]
