"""Killed without warning while many register: what was acknowledged is there, whole; nothing is there by half."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

WRITER = """
import sys, threading
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from hutong.accounts import organisations
from hutong.accounts.organisations import Facts
organisations.apply("beijing-dongcheng", [Facts("data-bureau", "数据局", "Data Bureau", "bureau")])
from hutong.portal import together
from hutong.portal.ckan import writing

def work(first):
    for number in range(first, 100_000, 6):
        data = {"name": f"set-{number}", "title": f"地铁{number}", "owner_org": "data-bureau",
                "resources": [{"url": "https://example.org/a.csv"}]}
        row = together.register(*writing.draft(data, None))
        sys.stdout.write(f"{row.name}\\n")
        sys.stdout.flush()

for each in range(6):
    threading.Thread(target=work, args=(each,), daemon=True).start()
threading.Event().wait(60)
"""
READER = """
import json
import django
django.setup()
from django.db import connection
from hutong.kernel.models import AuditRecord
from hutong.ledger import api as ledger
from hutong.portal import shelf, words_index
from hutong.portal.models import Package, Resource
ledger.integrate()
with connection.cursor() as cursor:
    cursor.execute("PRAGMA synchronous")
    waits = cursor.fetchone()[0]
rows = list(Package.objects.all())
print(json.dumps({
    "waits": waits,
    "names": [row.name for row in rows],
    "entries": sum(ledger.entry(row.log_entry).subject == row.urn for row in rows),
    "logged": ledger.counts().get("portal.package"),
    "resources": Resource.objects.count(),
    "records": AuditRecord.objects.filter(action="portal.publish").count(),
    "found": len(words_index.matching("地铁")),
    "listed": len(shelf.names()),
    "faults": [str(each) for each in ledger.verify().faults],
}))
"""


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path):
    home = {**os.environ, "HUTONG_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    home.pop("HUTONG_DATABASE_URL", None)
    told = tmp_path / "told.txt"
    with (
        told.open("wb") as out,
        subprocess.Popen([sys.executable, "-c", WRITER], env=home, stdout=out) as writer,
    ):
        until = time.monotonic() + 120
        while told.read_bytes().count(b"\n") < 150 and time.monotonic() < until and writer.poll() is None:
            time.sleep(0.01)
        writer.send_signal(signal.SIGKILL)
    acknowledged = told.read_text("utf8").splitlines()
    assert len(acknowledged) >= 150
    said = subprocess.run(
        [sys.executable, "-c", READER], env=home, capture_output=True, text=True, timeout=120, check=True
    )
    found = json.loads(said.stdout.splitlines()[-1])
    assert found["waits"] == 2, "every commit waits for the disk"
    assert set(acknowledged) <= set(found["names"])
    number = len(found["names"])
    for part in ("entries", "logged", "resources", "records", "found", "listed"):
        assert found[part] == number, part
    assert found["faults"] == []
