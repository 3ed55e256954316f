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
