"""Durable jobs survive kill -9."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = """
import os, sys, time
import django
django.setup()
from django.core.management import call_command
from hutong.kernel import jobs, worker
from hutong.kernel.text import Text

@jobs.job("test.slow")
def slow(ctx, marker):
    with open(marker, "a") as file:
        file.write("begun\\n")
    ctx.progress(1, 2, Text(zh="一半", en="half"))
    if os.environ.get("HANG"):
        time.sleep(60)
    return {"sum": 3}

@jobs.job("test.behind", background=True)
def behind(ctx, marker):
    until = time.monotonic() + 40
    while not os.path.exists(marker) and time.monotonic() < until:
        time.sleep(0.05)
    return {"seen": os.path.exists(marker)}

@jobs.job("test.meets", meets=True)
def meets(ctx, own, other):
    open(own, "w").close()
    until = time.monotonic() + 40
    while not os.path.exists(other) and time.monotonic() < until:
        time.sleep(0.05)
    return {"met": os.path.exists(other)}

@jobs.job("test.heavy")
def heavy(ctx):
    kept.append(bytearray(200 << 20))

kept = []

if sys.argv[1] == "renew":
    worker._QUIET = 1.0
    with open(sys.argv[2], "a") as file:
        file.write("begun\\n")
    worker.run()
    raise SystemExit

if sys.argv[1] in {"heavy", "again"}:
    print(jobs.enqueue(heavy) if sys.argv[1] == "heavy" else jobs.enqueue(slow, key="two", marker=sys.argv[2]))
    raise SystemExit

if sys.argv[1] == "ask":
    call_command("migrate", verbosity=0)
    if os.environ.get("BEHIND"):
        print(jobs.enqueue(behind, marker=sys.argv[2]))
    if os.environ.get("MEET"):
        jobs.enqueue(meets, key="a", own=sys.argv[2] + "a", other=sys.argv[2] + "b")
        print(jobs.enqueue(meets, key="b", own=sys.argv[2] + "b", other=sys.argv[2] + "a"))
    else:
        print(jobs.enqueue(slow, key="one", marker=sys.argv[2]))
else:
    jobs.launch()
    until = time.monotonic() + 40
    while time.monotonic() < until and not jobs.status(sys.argv[2]).over:
        worker.turn()
        time.sleep(0.1)
    print(jobs.status(sys.argv[2]))
    jobs.stop()
"""


def _run(home: Path, *arguments: str, **extra: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "HUTONG_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path), **extra}
    environment.pop("HUTONG_DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )


def test_a_killed_job_is_taken_up_again(tmp_path):
    marker = tmp_path / "marker"
    asked = _run(tmp_path, "ask", str(marker))
    job_id = asked.communicate(timeout=60)[0].split()[-1]
    first = _run(tmp_path, "work", job_id, HANG="1")
    until = time.monotonic() + 40
    while not (marker.exists() and marker.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    assert marker.read_text() == "begun\n", "the job did not begin, or said so by half before it was killed"
    first.send_signal(signal.SIGKILL)
    first.communicate()
    second = _run(tmp_path, "work", job_id)
    told = second.communicate(timeout=60)[0]
    assert "state='done'" in told, told
    assert "'sum': 3" in told
    assert marker.read_text().count("begun") == 2, "the step ran again, as the contract of a job says"


def test_work_that_nobody_waits_for_keeps_none_waiting_that_somebody_waits_for(tmp_path):
    marker = tmp_path / "marker"
    asked = _run(tmp_path, "ask", str(marker), BEHIND="1")
    behind = asked.communicate(timeout=60)[0].split()[-2]
    told = _run(tmp_path, "work", behind).communicate(timeout=60)[0]
    assert "'seen': True" in told, "the job asked for later ran while the one behind was at work"


def test_two_jobs_that_wait_for_each_other_meet(tmp_path):
    marker = tmp_path / "marker"
    last = _run(tmp_path, "ask", str(marker), MEET="1").communicate(timeout=60)[0].split()[-1]
    told = _run(tmp_path, "work", last).communicate(timeout=60)[0]
    assert "'met': True" in told, "one at a time each would wait for the other for ever"


@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="the system does not say how much memory it holds"
)
def test_a_worker_that_grew_begins_anew_when_it_has_nothing_to_do(tmp_path):
    marker = tmp_path / "marker"
    _run(tmp_path, "ask", str(tmp_path / "slow")).communicate(timeout=60)
    working = _run(tmp_path, "renew", str(marker))
    try:
        assert _until((tmp_path / "slow").exists)
        small = _resident(working.pid)
        _run(tmp_path, "heavy").communicate(timeout=60)
        assert _until(lambda: _resident(working.pid) > small + (150 << 20)), "the job ran"
        assert _until(lambda: marker.read_text().count("begun") == 2), "it begins anew, as the same process"
        assert _until(lambda: _resident(working.pid) < small + (64 << 20))
        (tmp_path / "slow").unlink()
        _run(tmp_path, "again", str(tmp_path / "slow")).communicate(timeout=60)
        assert _until((tmp_path / "slow").exists), "and works on"
    finally:
        working.terminate()
        working.communicate(timeout=30)
    assert working.returncode == 0


def _until(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 40
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.django_db
def test_the_same_key_is_asked_once():
    from hutong.kernel import jobs

    @jobs.job("test.noop")
    def noop(ctx):
        return None

    assert jobs.enqueue(noop, key="a") == jobs.enqueue(noop, key="a")
    assert jobs.enqueue(noop, key="a") != jobs.enqueue(noop, key="b")


@pytest.mark.django_db
def test_a_job_that_fails_keeps_its_error():
    from hutong.kernel import jobs
    from hutong.kernel.errors import Invalid

    @jobs.job("test.refused")
    def refused(ctx):
        raise Invalid(reason="no")

    job_id = jobs.enqueue(refused)
    jobs.perform(job_id, "test.refused@1", {})
    status = jobs.status(job_id)
    assert status.state == "failed"
    assert status.error["code"] == "hutong.invalid"
