"""The machine interface as a whole: one document that says what every capability answers."""

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver
from ninja.openapi.schema import OpenAPISchema

from hutong.project.api import Readable, api


def test_no_two_answers_share_a_name(monkeypatch: pytest.MonkeyPatch):
    """The document keeps one schema a name: of two that differ the later would stand for both."""
    kept = OpenAPISchema.add_schema_definitions
    twice = []

    def adding(self: OpenAPISchema, definitions: dict[str, Any]) -> None:
        twice.extend(name for name, each in definitions.items() if self.schemas.get(name, each) != each)
        kept(self, definitions)

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", adding)
    document = api.get_openapi_schema()
    assert len(document["components"]["schemas"]) > 50
    assert not twice


def test_every_router_is_in_the_document():
    tags = {
        tag
        for path in api.get_openapi_schema()["paths"].values()
        for each in path.values()
        for tag in each["tags"]
    }
    assert {"catalog", "lake", "ledger", "exchange"} <= tags <= set(settings.CAPABILITIES)
    told = {each["name"]: each["description"] for each in api.get_openapi_schema()["tags"]}
    assert set(told) == tags
    assert all(re.fullmatch(r"[\u4e00-\u9fff：、]+ · [A-Z].+", each) for each in told.values())


def test_the_document_is_open_to_everyone(client: Client, db: None):
    answer = client.get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Hutong 胡同"


def test_what_is_tried_on_the_page_bears_the_token(client: Client, db: None):
    page = client.get("/api/docs").content.decode()
    token = re.findall('data-csrf-token="([^"]{64})"', page)
    assert len(token) == 1
    assert 'data-api-csrf="true"' in page
    assert "width=device-width" in page


def test_chinese_is_written_as_it_is_read(client: Client, db: None):
    refused = client.get("/api/market/modules/nothing").content.decode()
    assert "超市里没有模块" in refused
    assert Readable().render(RequestFactory().get("/"), {"half": "\ud800"}, response_status=200) == (
        b'{"half": "\\ud800"}'
    )


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


def test_every_operation_says_what_its_answer_looks_like():
    """So that generated calls judge each body, and whoever writes a client knows what comes."""
    silent = []
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, each in operations.items():
            good = {int(status): told for status, told in each["responses"].items() if str(status)[0] == "2"}
            bodies = [
                kind for status, told in good.items() if status != 204 for kind in [told.get("content")]
            ]
            if not good or any(not kinds or not all(map(_says, kinds.values())) for kinds in bodies):
                silent.append(f"{method} {path}")
    assert silent == []


def _says(media: Mapping[str, Any]) -> bool:
    """Whether more is said of a body than that it is one."""
    schema = media.get("schema") or {}
    return bool(schema.get("$ref") or schema.get("type") or schema.get("anyOf") or schema.get("oneOf"))


def test_what_programs_meet_outside_the_document_is_listed_on_purpose():
    """Addresses whose answer is no page: by their ending, or because no page makes them."""
    listed = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text("utf8")
    found = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", f"/{route}")
        for route, view in _addresses(get_resolver().url_patterns)
        if (re.search(r"\.[a-z<>:]+$", route) or view.endswith(MACHINE) or "proof" in route)
    }
    assert len(found) > 20
    assert sorted(each for each in found if f"`{each}`" not in listed) == []


MACHINE = (".endpoints", ".health", ".ckan.views", ".ckan.dump", ".dcat")


def _addresses(patterns: Sequence[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Every address outside the API and the administration, and the module that answers it."""
    for each in patterns:
        if not isinstance(each, URLResolver):
            yield f"{before}{each.pattern}", inspect.unwrap(each.callback).__module__
        elif str(each.pattern) not in {"api/", "admin/"}:
            yield from _addresses(each.url_patterns, f"{before}{each.pattern}")
