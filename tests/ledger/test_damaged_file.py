"""Bits flipped in the database file itself: whatever changes what is read, `verify` reports."""

import json
import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

TABLES = (
    "ledger_entry", "ledger_tile", "ledger_checkpoint", "ledger_kept", "ledger_cosignature", "ledger_tally",
    "ledger_map_tile", "ledger_mention",
)  # fmt: skip
FLIPS = 100
_PREPARE = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from hutong.ledger import api
from hutong.ledger.types import NewEntry
call_command("migrate", verbosity=0)
for step in (3, 250, 420):
    about = [f"urn:hutong:d:dataset:air-{n}" for n in range(step)]
    api.append_many([NewEntry("test.snapshot", each, {"n": n}, "bureau") for n, each in enumerate(about)])
api.index()
api.keep("0" * 64, b"")
connection.cursor().execute("DELETE FROM ledger_kept")
connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
connection.close()
"""
# Each copy of the file is verified in one process, which opens it anew every time.
_VERIFY = """
import json, sys, django
django.setup()
from django.db import connection
from hutong.ledger import api
for line in sys.stdin:
    connection.close()
    connection.settings_dict["NAME"] = line.strip()
    print(json.dumps(api.verify().as_dict()), flush=True)
"""


def _child(code: str, home: Path, told: str = "") -> str:
    environment = {**os.environ, "HUTONG_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, input=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _content(file: Path) -> list[object] | None:
    """All rows of the log, by a reader that knows nothing of it; None where SQLite itself refuses."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as plain:
            plain.text_factory = bytes
            return [sorted(plain.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in TABLES]
    except (sqlite3.DatabaseError, OverflowError, UnicodeDecodeError):  # its messages quote what is damaged
        return None


def test_a_flipped_bit_in_the_database_file(tmp_path: Path) -> None:
    if os.environ.get("HUTONG_DATABASE_URL"):
        pytest.skip("for SQLite's file")
    _child(_PREPARE, tmp_path)
    good = (tmp_path / "hutong.db").read_bytes()
    right = _content(tmp_path / "hutong.db")
    chance = random.Random(6962)
    copies = []
    for number in range(FLIPS):
        raw = bytearray(good)
        raw[chance.randrange(100, len(raw))] ^= 1 << chance.randrange(8)
        copy = tmp_path / f"copy-{number}.db"
        copy.write_bytes(raw)
        copies.append(copy)
    changed = [_content(copy) != right for copy in copies]
    lines = _child(_VERIFY, tmp_path, "".join(f"{copy}\n" for copy in copies)).splitlines()
    reports = [json.loads(line) for line in lines]
    missed = [
        copy.name for copy, was, told in zip(copies, changed, reports, strict=True) if was and told["ok"]
    ]
    assert missed == []
    assert sum(changed) >= FLIPS // 10, "too few of the flips hit the log for this to say anything"
