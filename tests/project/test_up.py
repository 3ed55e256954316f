"""`hutong up` serves, and Ctrl-C leaves nothing behind."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hutong.project import server

pytestmark = pytest.mark.processes

CLI = [sys.executable, "-m", "hutong.project.cli"]


def _environment(home: Path) -> dict[str, str]:
    path = os.pathsep.join(each for each in sys.path if each)
    return {**os.environ, "HUTONG_HOME": str(home), "PYTHONPATH": path, "HUTONG_DATABASE_URL": ""}


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def running(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    subprocess.run([*CLI, "init"], env=_environment(tmp_path), check=True, capture_output=True)
    with subprocess.Popen([*CLI, "up", "--port", str(port)], env=_environment(tmp_path)) as process:
        try:
            yield process
        finally:
            process.terminate()


def _answer(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return int(answer.status)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if _answer(port, "/readyz") == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("it did not come up")


def test_it_serves_and_ends_cleanly(running: subprocess.Popen[bytes], port: int):
    _wait_for(port)
    assert _answer(port, "/healthz") == 200
    family = psutil.Process(running.pid).children(recursive=True)
    assert len(family) >= 3, "web supervisor, web worker, worker"
    supervisor = psutil.Process(running.pid).memory_info().rss
    assert supervisor < 60 * 2**20, "it stays as long as the others and imports no application"
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=30) == 0
    assert psutil.wait_procs(family, timeout=10)[1] == [], "a child is left"


def test_when_a_part_dies_all_of_it_ends_loudly(running: subprocess.Popen[bytes], port: int):
    _wait_for(port)
    worker = next(each for each in psutil.Process(running.pid).children() if "work" in each.cmdline())
    worker.kill()
    assert running.wait(timeout=30) == 1


def test_a_part_that_does_not_end_is_ended_with_what_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(server, "_GRACE", 0.2)
    monkeypatch.setattr(server, "_environment", lambda: dict(os.environ))
    told = tmp_path / "pid"
    stubborn = (
        "import pathlib, signal, subprocess; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"below = subprocess.Popen(['sleep', '60']); pathlib.Path({str(told)!r}).write_text(f'{{below.pid}}.'); "
        "below.wait()"
    )
    child = server._begin([sys.executable, "-c", stubborn])
    until = time.monotonic() + 30
    while not (told.exists() and told.read_text().endswith(".")) and time.monotonic() < until:
        time.sleep(0.02)
    below = psutil.Process(int(told.read_text().rstrip(".")))
    server._end([child])
    assert child.returncode == -signal.SIGKILL
    assert psutil.wait_procs([below], timeout=5)[1] == [], "what it started is left"


def test_demo_mode_keeps_to_this_machine(tmp_path: Path, port: int):
    done = subprocess.run(
        [*CLI, "up", "--host", "0.0.0.0", "--port", str(port)],
        env={**_environment(tmp_path), "HUTONG_DEMO": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "accounts." in done.stderr


def test_tables_of_another_version_are_refused_with_the_fix(tmp_path: Path, port: int):
    subprocess.run([*CLI, "init"], env=_environment(tmp_path), check=True, capture_output=True)
    with sqlite3.connect(tmp_path / "hutong.db") as base:
        base.execute("DELETE FROM django_migrations WHERE app = 'ledger'")
    ended = subprocess.run(
        [*CLI, "up", "--port", str(port)],
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "project.not-ready" in ended.stderr
    assert "hutong init" in ended.stderr


def test_a_verb_in_a_home_that_was_not_prepared_says_what_to_do(tmp_path: Path):
    ended = subprocess.run(
        [*CLI, "lake", "tables"], env=_environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "project.not-ready" in ended.stderr
    assert "hutong init" in ended.stderr
    assert "Traceback" not in ended.stderr
