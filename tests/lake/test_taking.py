"""Rows from an address that somebody typed on a page."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from hutong.lake import taking
from hutong.lake.engine import outside
from hutong.lake.errors import BadAddress, BadSource, SourceTooLarge, SourceUnreachable
from hutong.lake.taking import Given

ROWS = b"id,name\n1,a\n2,b\n"


class Elsewhere:
    """A stranger's server that answers what it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                waiting = outer.answers[self.path]
                status, headers, body = waiting[0] if len(waiting) == 1 else waiting.pop(0)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_said: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    monkeypatch.setenv("HUTONG_LAKE_FETCH_PRIVATE", "1")
    found = Elsewhere()
    serving = threading.Thread(target=found.server.serve_forever)
    serving.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    serving.join(5)


@pytest.fixture
def take(tmp_path: Path) -> Callable[[str], bytes]:
    def taken(address: str) -> bytes:
        outside.take(address, tmp_path / "rows", private=outside.inner(), pause=0)
        return (tmp_path / "rows").read_bytes()

    return taken


def test_rows_come_and_redirects_are_followed(elsewhere: Elsewhere, take: Callable[[str], bytes]) -> None:
    elsewhere.answers = {
        "/old": [(302, {"Location": "/rows.csv?x=1"}, b"")],
        "/rows.csv?x=1": [(200, {}, ROWS)],
    }
    assert take(f"{elsewhere.base}/old") == ROWS
    assert elsewhere.asked == ["/old", "/rows.csv?x=1"]


def test_a_weak_moment_is_waited_out_and_a_refusal_is_not(
    elsewhere: Elsewhere, take: Callable[[str], bytes]
) -> None:
    elsewhere.answers = {"/weak": [(503, {}, b""), (200, {}, ROWS)], "/none?token=secret": [(404, {}, b"")]}
    assert take(f"{elsewhere.base}/weak") == ROWS
    with pytest.raises(SourceUnreachable, match="HTTP 404") as refused:
        take(f"{elsewhere.base}/none?token=secret")
    assert "secret" not in str(refused.value)
    assert "secret" not in str(refused.value.as_dict())
    assert elsewhere.asked == ["/weak", "/weak", "/none?token=secret"]


def test_half_an_answer_is_none(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.answers = {"/half": [(200, {"Content-Length": "100"}, ROWS)]}
    with pytest.raises(SourceUnreachable):
        outside.take(f"{elsewhere.base}/half", tmp_path / "rows", private=True, pause=0)
    assert not (tmp_path / "rows").exists()


def test_more_than_is_allowed_is_refused(
    elsewhere: Elsewhere, take: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUTONG_LAKE_MAX_BYTES", "10")
    elsewhere.answers = {"/much": [(200, {}, ROWS)]}
    with pytest.raises(SourceTooLarge):
        take(f"{elsewhere.base}/much")


def test_an_answer_that_takes_for_ever_is_given_up(
    elsewhere: Elsewhere, take: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "_LONGEST", -1.0)
    elsewhere.answers = {"/slow": [(200, {}, ROWS)]}
    with pytest.raises(SourceUnreachable):
        take(f"{elsewhere.base}/slow")
    assert elsewhere.asked == ["/slow"], "and not asked again"


def test_round_and_round_ends(elsewhere: Elsewhere, take: Callable[[str], bytes]) -> None:
    elsewhere.answers = {"/round": [(302, {"Location": "/round"}, b"")]}
    with pytest.raises(BadAddress):
        take(f"{elsewhere.base}/round")
    assert len(elsewhere.asked) == 6


def test_inner_addresses_are_refused_also_behind_a_redirect(
    elsewhere: Elsewhere, take: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.answers = {"/away": [(302, {"Location": "ftp://127.0.0.1/x"}, b"")]}
    with pytest.raises(BadAddress):
        take(f"{elsewhere.base}/away")
    elsewhere.answers = {"/away": [(302, {"Location": "http://169.254.169.254/latest"}, b"")]}
    with pytest.raises(BadAddress):
        take(f"{elsewhere.base}/away")
    monkeypatch.setenv("HUTONG_LAKE_FETCH_PRIVATE", "0")
    for address in (
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        f"{elsewhere.base}/away",
    ):
        with pytest.raises(BadAddress):
            take(address)


@pytest.mark.parametrize(
    "address", ["http://a.example/x", "file:///etc/passwd", "https://" + "a" * 3000, "例"]
)
def test_what_is_no_address_is_refused_on_the_page(address: str) -> None:
    with pytest.raises(BadSource):
        taking.take("t", Given(address=address), "replace", actor="urn:x")


def test_one_of_the_two_is_asked_for() -> None:
    with pytest.raises(BadSource):
        taking.take("t", Given(), "replace", actor="urn:x")
    with pytest.raises(BadSource):
        taking.take("t", Given(address="https://a.example/x"), "sideways", actor="urn:x")
