"""Recorded accesses over HTTP: small pages asked for by so many clients at once, each with its own connection.

Every access is decided, recorded, audited and told to the log before its answer ends. The clients run beside the
server on the same cores.
"""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.result import Result

SECONDS, WARM = 4.0, 1.5
PAGE = 10
TARGET, TARGET_CLIENTS = 300, 8


@dataclass(frozen=True, slots=True)
class Granted:
    """A contract, a key of it and the columns asked for."""

    contract: str
    key: str
    columns: tuple[str, ...]


def over_http(base: str, granted: Granted, table: str, clients: Sequence[int]) -> Iterator[Result]:
    """The same page again and again, and another page each time."""
    for distinct in (False, True):
        for count in clients if not distinct else clients[-1:] if len(clients) == 1 else (TARGET_CLIENTS,):
            _load(base, granted, count, WARM, distinct=distinct)
            times, elapsed = _load(base, granted, count, SECONDS, distinct=distinct)
            rate, slow = len(times) / elapsed, sorted(times)[int(len(times) * 0.99)] * 1000
            held = count == TARGET_CLIENTS
            what = "another page each time" if distinct else "the same page"
            yield Result(
                f"recorded accesses, {PAGE} of {table} × {len(granted.columns)} columns, {what}, {count} at once",
                rate, "/s", f"≥ {TARGET}" if held else "", rate >= TARGET if held else None, f"p99 {slow:.0f} ms",
            )  # fmt: skip


def _load(
    base: str, granted: Granted, clients: int, seconds: float, *, distinct: bool
) -> tuple[list[float], float]:
    """How long each answer took, and how long all of them together."""
    times: list[float] = []
    wrong: list[bytes] = []
    begun = time.perf_counter()
    threads = [
        threading.Thread(
            target=_client, args=(base, granted, number if distinct else None, begun + seconds, times, wrong)
        )
        for number in range(clients)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if wrong:
        raise RuntimeError(f"an answer was {wrong[0]!r}")
    return times, time.perf_counter() - begun


def _client(
    base: str, granted: Granted, number: int | None, until: float, times: list[float], wrong: list[bytes]
) -> None:
    place = urlsplit(base)
    asked = (
        f"/api/exchange/contracts/{granted.contract}/rows?limit={PAGE}&columns={','.join(granted.columns)}"
    )
    with socket.create_connection((str(place.hostname), int(place.port or 80)), timeout=60) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        turn = 0
        while time.perf_counter() < until:
            turn += 1
            page = "" if number is None else f"&offset={(number * 599 + turn * 7) % 4700}"
            begun = time.perf_counter()
            line.sendall(
                f"GET {asked}{page} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {granted.key}\r\n\r\n".encode()
            )
            head = _answer(line)
            if not head.startswith(b"HTTP/1.1 200"):
                wrong.append(head[:300])
                return
            times.append(time.perf_counter() - begun)


def _answer(line: socket.socket) -> bytes:
    """The head of an answer that was read to its end."""
    read = b""
    while b"\r\n\r\n" not in read:
        part = line.recv(1 << 16)
        if not part:
            return read
        read += part
    head, _, body = read.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    left = length - len(body)
    while left > 0:
        left -= len(line.recv(1 << 16))
    return head
