"""Pushes: signed, retried, and only where they may go."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from hutong.exchange import pushing
from hutong.exchange.api import contracts, delivery, requests
from hutong.exchange.errors import BadAddress, PushFailed
from hutong.exchange.types import Delivery
from hutong.kernel import outward
from hutong.lake.types import BodyFormat
from tests.exchange.conftest import CONSUMER, OFFICE, person, wish


class Receiver:
    """A consumer's system that answers what it is told to."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.got: list[tuple[dict[str, str], bytes]] = []
        got, answers = self.got, self.answers

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((dict(self.headers), body))
                self.send_response(answers.pop(0) if answers else 200)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("HUTONG_EXCHANGE_PUSH_PRIVATE", "1")
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "rows.ndjson"
    made.write_bytes(b'{"a":1}\n' * 1000)
    return made


def push(url: str, file: Path) -> int:
    return pushing.push(
        url, file, media_type="application/x-ndjson", contract="urn:c", delivery="d", pause=0.01
    )


def test_a_push_is_signed_and_tried_again(receiver: Receiver, file: Path) -> None:
    receiver.answers += [503, 429]
    assert push(receiver.url, file) == 200
    assert len(receiver.got) == 3
    headers, body = receiver.got[-1]
    assert body == file.read_bytes()
    parts = dict(each.split("=", 1) for each in headers["X-Hutong-Signature"].split(","))
    assert parts["sha256"] == hashlib.sha256(body).hexdigest()
    told = f"{parts['t']}.{parts['sha256']}".encode()
    assert parts["v1"] == hmac.new(pushing.secret_of("urn:c").encode(), told, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(("answers", "tries"), [([404], 1), ([302], 1), ([500] * 9, 4)])
def test_a_push_that_is_not_taken_fails(
    receiver: Receiver, file: Path, answers: list[int], tries: int
) -> None:
    receiver.answers += answers
    with pytest.raises(PushFailed):
        push(receiver.url, file)
    assert len(receiver.got) == tries


def test_inner_addresses_are_refused_unless_allowed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in (
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
    ):
        with pytest.raises(BadAddress):
            push(url, file)
    monkeypatch.setattr(
        outward.socket,
        "getaddrinfo",
        lambda *_, **__: [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", ("10.0.0.1", 443))],
    )
    with pytest.raises(BadAddress):
        push("https://rebinding.example/x", file)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("district")
def test_a_contract_is_pushed_as_it_grants(receiver: Receiver) -> None:
    asked = requests.submit(
        person(CONSUMER),
        wish(dataset="credit-records", columns=_columns(), delivery=Delivery.PUSH, push_url=receiver.url),
    )
    requests.check(OFFICE, asked.id)
    requests.agree(person("development-reform-commission"), asked.id)
    made = contracts.sign(person(CONSUMER), f"c-{asked.id}")
    wanted = delivery.ask(person(CONSUMER), made.id, BodyFormat.NDJSON, channel=Delivery.PUSH)
    assert delivery.push(wanted.id) == 200
    assert [json.loads(line) for line in receiver.got[0][1].splitlines()] == []
    assert delivery.files(made.id)[0].state == "pushed"


def _columns() -> tuple[str, ...]:
    from hutong.lake import api as lake

    return tuple(each.name for each in lake.contract("credit-records").columns[:3])
