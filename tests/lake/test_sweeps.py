"""Uploads that nobody will load go; those a job is going to read, and fresh ones, stay."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from hutong.kernel import clock
from hutong.kernel.models import JobRun
from hutong.lake import jobs, sweeps
from hutong.lake.store import places

pytestmark = [pytest.mark.store, pytest.mark.django_db]


def _upload(name: str, days: int) -> Path:
    places.uploads().mkdir(parents=True, exist_ok=True)
    file = places.uploads() / name
    file.write_bytes(b"12345")
    moment = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(file, (moment, moment))
    return file


def test_uploads_that_no_job_reads_go() -> None:
    fresh, waiting, failed, left = (_upload(name, days) for name, days in
        (("fresh", 1), ("waiting", 30), ("failed", 30), ("left", 30)))  # fmt: skip
    asked = {
        file: jobs.ask("things", str(file), "a.csv", mode="append", actor="") for file in (waiting, failed)
    }
    JobRun.objects.filter(pk=asked[failed]).update(state="failed")
    dry = sweeps.uploads(True)
    assert (dry.count, dry.bytes) == (2, 10)
    assert failed.exists()
    assert left.exists()
    assert sweeps.uploads(False) == dry
    assert [each.exists() for each in (fresh, waiting, failed, left)] == [True, True, False, False]


def test_how_long_uploads_are_kept_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    file = _upload("left", 3)
    assert sweeps.uploads(False).count == 0
    monkeypatch.setenv("HUTONG_KEEP_UPLOADS_DAYS", "2")
    assert sweeps.uploads(False).count == 1
    assert not file.exists()
