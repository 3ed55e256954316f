"""Large bodies over HTTP from a server of its own: memory stays bounded, what is broken off is told of as it was."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPResponse, IncompleteRead
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.exchange.large import ROWS, SHAPES

pytestmark = [
    pytest.mark.processes,
    pytest.mark.timeout(300),
]  # a server of its own, and bodies of tens of megabytes
CLI = [sys.executable, "-m", "hutong.project.cli"]
CHUNK = 1 << 18
MOST_GROWTH = 96 << 20
LARGE = 10 << 20


class Served:
    """A running server over a home with large tables."""

    def __init__(self, home: Path, port: int, process: subprocess.Popen[bytes], told: dict[str, Any]) -> None:
        self.home, self.process, self.told = home, process, told
        self.base = f"http://127.0.0.1:{port}"

    def open(self, which: str, form: str, limit: int = 0) -> HTTPResponse:
        of = self.told[which]
        address = f"{self.base}/api/exchange/contracts/{of['contract']}/rows?format={form}&limit={limit}"
        asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {of['key']}"})
        found = urllib.request.urlopen(asked, timeout=120)
        assert isinstance(found, HTTPResponse)
        return found

    def memory(self) -> int:
        """Resident bytes of the web server's processes."""
        web = [each for each in psutil.Process(self.process.pid).children(recursive=True) if _is_web(each)]
        return sum(each.memory_info().rss for each in web)

    def accesses(self, which: str) -> list[tuple[int, bool, bool, bool]]:
        """Rows, whole, whether it has ended and whether the log knows, of each access, newest first."""
        question = (
            "SELECT rows, whole, ended_at IS NOT NULL, log_entry IS NOT NULL FROM exchange_access"
            " WHERE contract = ? ORDER BY id DESC"
        )
        with sqlite3.connect(f"file:{self.home / 'hutong.db'}?mode=ro", uri=True, timeout=30) as store:
            found = store.execute(question, (self.told[which]["contract"],)).fetchall()
        return [(rows, bool(whole), bool(ended), bool(entry)) for rows, whole, ended, entry in found]

    def run(self, code: str) -> str:
        """A few lines in a process of their own over the same home."""
        lines = f"import django; django.setup()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", lines],
            env=_environment(self.home),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


def _is_web(process: psutil.Process) -> bool:
    try:
        return "granian" in " ".join(process.cmdline()) or process.name() == "granian"
    except psutil.NoSuchProcess:
        return False


def _environment(home: Path) -> dict[str, str]:
    path = os.pathsep.join([str(Path(__file__).parents[2]), *(each for each in sys.path if each)])
    told = {
        "HUTONG_HOME": str(home),
        "PYTHONPATH": path,
        "HUTONG_DATABASE_URL": "",
        "HUTONG_API_RATE": "none",
    }
    return {**os.environ, **told, "DJANGO_SETTINGS_MODULE": "hutong.project.settings"}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home, port = tmp_path_factory.mktemp("large"), _free_port()
    environment = _environment(home)
    subprocess.run([*CLI, "init"], env=environment, check=True, capture_output=True, timeout=120)
    made = subprocess.run(
        [sys.executable, "-m", "tests.exchange.large"],
        env=environment, check=True, stdout=subprocess.PIPE, text=True, timeout=240,
    )  # fmt: skip
    told = json.loads(made.stdout.splitlines()[-1])
    with subprocess.Popen([*CLI, "up", "--port", str(port)], env=environment) as process:
        try:
            _wait_for(lambda: _ready(port), 90, "it did not come up")
            yield Served(home, port, process, told)
        finally:
            process.terminate()


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait_for(true: Callable[[], bool], seconds: float, otherwise: str) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return
        time.sleep(0.1)
    pytest.fail(otherwise)


@contextmanager
def _peak(served: Served) -> Iterator[Callable[[], int]]:
    """How far memory grew above what it was, by looks taken while the body is read."""
    before, found = served.memory(), [0]

    def look() -> int:
        found[0] = max(found[0], served.memory() - before)
        return found[0]

    yield look


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet", "arrow", "xlsx", "geojson"])
def test_a_large_body_of_every_format_in_bounded_memory(served: Served, form: str) -> None:
    which = "shapes" if form == "geojson" else "checks"
    with served.open(
        which, form, limit=2000
    ) as warm:  # what the first of a kind takes once, engine and libraries
        warm.read()
    size = 0
    with _peak(served) as look, served.open(which, form) as answer:
        while part := answer.read(CHUNK):
            size += len(part)
            look()
        assert look() < MOST_GROWTH, f"{look() >> 20} MB for a body of {size >> 20} MB"
    assert size > LARGE
    rows = SHAPES if which == "shapes" else ROWS
    _wait_for(lambda: served.accesses(which)[0] == (rows, True, True, True), 20, "the log was not told")


def test_downloads_that_are_dropped_leave_nothing_and_are_told_of(served: Served) -> None:
    known = len(served.accesses("checks"))
    for _ in range(9):  # one more than there are turns
        answer = served.open("checks", "csv")
        assert len(answer.read(CHUNK)) == CHUNK
        answer.close()

    def all_ended() -> bool:
        new = served.accesses("checks")[: -known or None]
        return len(new) == 9 and all(ended and told for _rows, _whole, ended, told in new)

    _wait_for(all_ended, 30, f"open still: {served.accesses('checks')[:9]}")
    for rows, whole, _ended, _told in served.accesses("checks")[:9]:
        assert not whole
        assert 0 < rows < ROWS
    answer = served.open("checks", "xlsx")
    answer.close()
    _wait_for(all_ended_now(served, "checks"), 60, "the workbook is still being made")
    left = [each for each in (served.home / "tmp").rglob("*") if not each.name.startswith("duck-")]
    assert not left, "something half made lies about"
    assert not list(served.home.rglob("*.draft"))
    with served.open("checks", "csv") as again:
        assert len(again.read()) > LARGE


def all_ended_now(served: Served, which: str) -> Callable[[], bool]:
    return lambda: all(ended for _rows, _whole, ended, _told in served.accesses(which))


_REVOKE = """
from hutong.exchange.api import contracts
from tests.exchange.conftest import person
{verb}
"""


def test_a_renewal_lets_a_running_download_end_and_a_revocation_breaks_it_off(served: Served) -> None:
    of = served.told["checks"]
    renew = (
        f"old = contracts.contract_of('{of['contract']}')\n"
        "from datetime import timedelta\n"
        f"contracts.renew(person('{of['provider']}'), old.id, old.terms.end + timedelta(days=5))\n"
        "contracts.sign(person(old.consumer), old.id)\n"
    )
    with served.open("checks", "csv") as running:
        first = running.read(CHUNK)
        served.run(_REVOKE.format(verb=renew))
        time.sleep(1.2)
        assert len(first) + len(running.read()) > 2 * LARGE
    revoke = f"contracts.revoke(person('{of['provider']}'), '{of['contract']}', '用途变更')"
    broken = 0
    with served.open("checks", "csv") as running:
        broken += len(running.read(CHUNK))
        served.run(_REVOKE.format(verb=revoke))
        time.sleep(1.2)
        with pytest.raises((IncompleteRead, ConnectionError, TimeoutError)):
            while part := running.read(CHUNK):
                broken += len(part)
            raise IncompleteRead(b"") if broken < LARGE else AssertionError(broken)
    _wait_for(all_ended_now(served, "checks"), 30, "the broken-off access is still open")
    rows, whole, _ended, _told = served.accesses("checks")[0]
    assert not whole
    assert 0 < rows < ROWS
    with pytest.raises(urllib.error.HTTPError) as refused:
        served.open("checks", "csv")
    assert refused.value.code == 401  # its keys ended with it
    refused.value.close()
