"""What no database could keep is refused in words, wherever it comes in."""

import json
import logging

import pytest
from django.conf import settings
from django.db import DataError, OperationalError
from django.test import Client, RequestFactory

from hutong.kernel.given import counted
from hutong.project.logs import Refused
from hutong.project.middleware import errors

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/catalog?q=a%00b",
        "/catalog/datasets/a%00b",
        "/api/lake/tables/a%00b/snapshots",
        "/api/lake/loads/a%00b",
        "/api/catalog/entries/a%00b/versions",
        "/open?q=%00",
        "/datastore/dump/a%00b",
        "/map/search?q=%00",
        "/ledger/about?subject=%00",
        "/api/3/action/package_search?%00=1",
        "/id/urn%00",
    ],
)
def test_a_nul_in_an_address(client: Client, path: str):
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code in {400, 404}
    assert answer.status_code == 404 or answer.json()["code"] == "hutong.not-text"


def test_a_nul_in_a_form(client: Client):
    answer = client.post("/account/login", {"username": "a\x00b", "password": "c"})
    assert answer.status_code == 400
    assert "U+0000" in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"inputs": "a\\u0000b"}', "hutong.not-text"),
        (b'{"inputs": ["\\ud800"]}', "hutong.not-text"),
        (b'{"a\\u0000": 1}', "hutong.not-text"),
        (b'{"inputs": {"a": [NaN]}}', "hutong.not-json"),
        (b'{"inputs": 1e999}', "hutong.not-json"),
        (b"[" * 100_000, "project.unreadable"),
        (b"9" * 5000, "project.unreadable"),
    ],
)
def test_a_body_that_cannot_be_kept(client: Client, body: bytes, code: str):
    answer = client.post("/api/exchange/requests", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_the_place_is_told(client: Client):
    sent = json.dumps({"columns": ["a", {"b": "\x00"}]})
    answer = client.post("/api/exchange/requests", sent, content_type="application/json")
    assert answer.json()["place"]["key"] == "columns.1.b"
    answer = client.get("/open?q=%00", headers={"Accept": "application/json"})
    assert answer.json()["place"]["key"] == "q"


def test_what_a_client_of_ckan_sends(client: Client):
    for sent in ({"id": "a\x00b"}, {"extras": [{"key": "\x00"}]}):
        answer = client.post("/api/3/action/package_show", json.dumps(sent), content_type="application/json")
        assert (answer.status_code, answer.json()["success"]) == (409, False)
    deep = client.get("/api/3/action/package_search", {"facet.field": "[" * 9000})
    assert deep.status_code == 409


def test_what_the_database_does_not_keep_is_an_answer(rf: RequestFactory, caplog: pytest.LogCaptureFixture):
    caught = errors(lambda _request: None).process_exception(
        rf.get("/api/lake/tables"), DataError("value too long for type character varying(40)")
    )
    assert caught.status_code == 422
    assert json.loads(caught.content)["code"] == "hutong.out-of-bounds"
    assert "character varying(40)" in caplog.text


@pytest.mark.parametrize(("state", "status"), [("54000", 422), ("57P01", None), ("", None)])
def test_a_limit_of_postgresql_is_an_answer_and_its_absence_is_none(
    rf: RequestFactory, state: str, status: int | None
):
    said, cause = OperationalError("word is too long (3000 bytes, max 2047 bytes)"), Exception()
    said.__cause__, cause.sqlstate = cause, state
    caught = errors(lambda _request: None).process_exception(rf.get("/api/lake/tables"), said)
    assert getattr(caught, "status_code", None) == status


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("007", 7), ("100", 100)])
def test_a_number_in_an_address(text: str, number: int):
    assert counted(text, 100) == number


@pytest.mark.parametrize("text", ["", "0", "101", "-1", "+1", " 1", "²", "１２", "1e1", "9" * 5000])
def test_no_number_in_an_address(text: str):
    assert counted(text, 100) is None


@pytest.mark.parametrize("path", ["/open", "/catalog", "/ledger", "/dcat/catalog.ttl", "/map"])
def test_a_page_with_a_number_longer_than_any(client: Client, path: str):
    assert client.get(f"{path}?page={'9' * 5000}").status_code < 500


@pytest.mark.parametrize(
    "sent", [{"HTTP_HOST": "a b"}, {"CONTENT_TYPE": "multipart/form-data"}], ids=["host", "body"]
)
def test_a_refused_request_is_one_line_of_the_log(
    client: Client, caplog: pytest.LogCaptureFixture, sent: dict[str, str]
):
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["refused"]
    assert client.post("/account/login", "x", **({"content_type": "text/plain"} | sent)).status_code == 400
    told = [each for each in caplog.records if each.name.startswith("django.")]
    assert told
    for each in told:
        assert each.levelno <= logging.WARNING
        assert logging.Formatter("%(message)s").format(each).count("\n") == 0


def test_a_fault_of_ours_keeps_its_traceback():
    record = logging.makeLogRecord(
        {
            "name": "django.request",
            "levelno": logging.ERROR,
            "status_code": 500,
            "exc_info": (ValueError, ValueError("x"), None),
        }
    )
    assert Refused().filter(record)
    assert record.exc_info
    assert record.levelno == logging.ERROR
