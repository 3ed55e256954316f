"""Rates hold across processes and threads, and open again with time."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hutong.accounts import calls

SCRIPT = """
import sys, time
from hutong.accounts import calls
calls.take("warm", 1, 60)
print("ready", flush=True)
sys.stdin.readline()
print(sum(calls.take("together", 50, 60) is None for _ in range(40)))
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    return tmp_path


def test_two_processes_share_one_count(home: Path) -> None:
    environment = {**os.environ, "HUTONG_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", SCRIPT]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    for each in both:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in both:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    let_through = [int(each.communicate(timeout=60)[0]) for each in both]
    assert sum(let_through) == 50


def test_threads_share_one_count() -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: calls.take("together", 30, 60), range(80)))
    assert found.count(None) == 30
    assert all(each is None or 0 < each <= 60 for each in found)


def test_a_caller_is_let_through_again_when_the_oldest_call_is_out_of_the_span() -> None:
    assert calls.take("one", 2, 0.3) is None
    assert calls.take("one", 2, 60) is None
    wait = calls.take("one", 2, 60)
    assert wait is not None
    assert 0 < wait <= 0.3
    assert calls.take("another", 2, 60) is None, "each is counted apart"
    time.sleep(wait + 0.01)
    assert calls.take("one", 2, 60) is None


def test_old_calls_are_forgotten() -> None:
    for number in range(150):
        calls.take(f"caller {number}", 5, 0.01)
    time.sleep(0.05)
    for _ in range(3):
        calls.take("last", 5, 60)
    (left,) = calls._database().execute("SELECT count(*) FROM call").fetchone()
    assert left == 3
