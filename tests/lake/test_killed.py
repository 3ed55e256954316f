"""A load that is killed in the middle, and a file ten times the memory it may use."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

SPEC = "key: [id]\ncolumns:\n  id: {type: int}\n  name: {type: text}\n  fee: {type: money}\n"
SCRIPT = """
import json, os, signal, sys, yaml
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from hutong.lake import api
from hutong.lake.engine import pour, profile, stage
from hutong.lake.store import commit, tidying
from hutong.lake.types import Source

def die(module, name, after):
    work = getattr(module, name)
    def deadly(*args, **options):
        if after:
            work(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(module, name, deadly)

at = sys.argv[2]
places = {"staged": (stage, "stage", True), "written": (pour.Pour, "run", True), "profiled": (profile, "profile", True),
          "iceberg": (commit, "_write_iceberg", True), "entry": (commit.events, "publish", False)}
if at in places:
    die(*places[at])
api.define(api.TableSpec.model_validate(yaml.safe_load(SPEC)).contract("things"))
report = api.load("things", Source.file(sys.argv[1]))
rows = api.query("SELECT count(*), sum(fee) FROM things", ["things"]).rows[0]
tidied = tidying.tidy()
from hutong.ledger import api as ledger
# ru_maxrss would start at the size of the process that forked us; VmHWM is of this program alone
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
peak = int(status["VmHWM"].split()[0]) // 1024
print(json.dumps({"rows": rows[0], "sum": int(rows[1]), "sequence": report.snapshot.sequence, "resumed": report.resumed,
  "unchanged": report.unchanged, "tidied": tidied.files, "orphans": len(tidying.orphans()),
  "snapshots": len(api.snapshots("things")), "sound": ledger.verify().ok, "peak": peak}))
""".replace("yaml.safe_load(SPEC)", f"yaml.safe_load({SPEC!r})")


def _run(home: Path, file: Path, at: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "HUTONG_HOME": str(home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        **settings,
    }
    environment.pop("HUTONG_DATABASE_URL", None)
    command = [sys.executable, "-c", SCRIPT, str(file), at]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=110, check=False)


@pytest.mark.parametrize("at", ["staged", "written", "profiled", "iceberg", "entry"])
def test_killed_anywhere_the_next_load_ends_it(tmp_path: Path, at: str) -> None:
    file, home = tmp_path / "in.csv", tmp_path / "home"
    text = "id,name,fee\n" + "".join(f"{n},东城{n % 7},1.25\n" for n in range(5000))
    file.write_bytes(text.encode("gb18030"))
    killed = _run(home, file, at)
    assert killed.returncode == -signal.SIGKILL
    ended = _run(home, file, "never")
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = json.loads(ended.stdout)
    assert (found["rows"], found["sum"], found["sequence"], found["snapshots"]) == (5000, 625_000, 1, 1)
    assert found["sound"]
    assert found["orphans"] == 0
    assert found["resumed"]
    if at != "staged":
        assert found["tidied"] > 0


def test_a_file_ten_times_the_memory_limit(tmp_path: Path) -> None:
    """The limit of DuckDB is 100 MB, the file over 1 GB; the process may take little more than the limit."""
    import duckdb

    file = tmp_path / "in.csv"
    duckdb.execute(
        "COPY (SELECT range AS id, repeat(md5(range::VARCHAR), 10) AS name, 1.25 AS fee FROM range(3300000))"
        f" TO '{file}' (HEADER)"
    )
    assert file.stat().st_size > 10 * 100 * 10**6
    ended = _run(tmp_path / "home", file, "never", HUTONG_LAKE_MEMORY="100MB")
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = json.loads(ended.stdout)
    assert found["rows"] == 3_300_000
    assert found["peak"] < 600
