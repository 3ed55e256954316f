"""Addresses that somebody else names."""

import socket
import threading

import pytest

from hutong.kernel import outward
from hutong.kernel.errors import Invalid
from hutong.kernel.text import Text


class Refused(Invalid):
    code = "test.refused"
    message = Text(zh="{reason}", en="{reason}")


@pytest.mark.parametrize(
    "url",
    ["http://example.org/x", "ftp://example.org", "https://", "https://user:pw@example.org/", "https://a b/",
     "https://example.org:99999/", "https://example.org/\r\nX: y", "javascript:alert(1)", "https://例.org/", "",
     "https://example.org/#x", "https://[::1"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        outward.address(url, Refused, private=False)


def test_the_parts_of_an_address() -> None:
    assert outward.address("https://a.example/in?x=1", Refused, private=False) == outward.Address(
        "https", "a.example", 443, "/in?x=1"
    )
    assert outward.address("http://10.0.0.1:8080", Refused, private=True) == outward.Address(
        "http", "10.0.0.1", 8080, "/"
    )


@pytest.mark.parametrize(
    ("number", "public", "private"),
    [
        ("93.184.216.34", True, True), ("127.0.0.1", False, True), ("10.1.2.3", False, True),
        ("169.254.169.254", False, False), ("192.168.1.1", False, True), ("::1", False, True),
        ("fe80::1%eth0", False, False), ("::ffff:127.0.0.1", False, True), ("::ffff:169.254.169.254", False, False),
        ("0.0.0.0", False, False), ("224.0.0.1", False, False), ("100.64.0.1", False, False),
        ("2606:4700::1111", True, True), ("fd00::1", False, True), ("2002:7f00:1::", False, True),
    ],
)  # fmt: skip
def test_only_public_numbers_are_connected_to(number: str, public: bool, private: bool) -> None:
    assert outward.allowed(number, private=False) is public
    assert outward.allowed(number, private=True) is private


def test_a_name_with_one_inner_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("93.184.216.34", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_named: numbers)
    to = outward.Address("http", "two.example", 80, "/")
    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        outward.connect(to, Refused, private=False, seconds=1)


def test_it_connects_where_inner_numbers_are_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with server.accept()[0] as caller:
                caller.sendall(b"here")

        taken = threading.Thread(target=answer)
        taken.start()
        to = outward.Address("http", "127.0.0.1", server.getsockname()[1], "/")
        with outward.connect(to, Refused, private=True, seconds=5) as wire:
            assert wire.recv(4) == b"here"
        taken.join(5)
        with pytest.raises(Refused):
            outward.connect(to, Refused, private=False, seconds=1)
