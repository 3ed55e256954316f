"""An export of the audit trail in the hands of a third party: the log's checkers, and twenty lines of plain Python.

Nothing here asks the system that made the file: the proof is checked by ``hutong ledger check`` and by the script that
the log hands out, the records against it by ``digests_hold``, which knows only what the README in the file says.
"""

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from hutong.kernel import audit, clock
from hutong.ledger import api as ledger
from hutong.ledger.checking import ledger as command
from hutong.posture.api import seals
from tests.posture.conftest import SECURITY

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[2] / "src/hutong/ledger/static/ledger/hutong_check.py"
DAYS, PER_DAY = 5, 6


def digests_hold(folder: Path) -> list[dict[str, object]]:
    """The records of the period; raises ``ValueError`` where they are not those that the proven seals are of."""
    told = json.loads((folder / "manifest.json").read_text("utf8"))
    proof = json.loads((folder / "seals.json").read_text("utf8"))
    lines = (folder / "audit.ndjson").read_bytes().splitlines(keepends=True)
    sealed = [json.loads(each["leaf"])["payload"] for each in proof["entries"]]
    begin, end = (datetime.fromisoformat(told[each]) for each in ("since", "until"))
    touching = [
        each
        for each in sealed
        if datetime.fromisoformat(each["since"]) < end and datetime.fromisoformat(each["until"]) >= begin
    ]
    for each in touching:
        mine, lines = lines[: each["count"]], lines[each["count"] :]
        if hashlib.sha256(b"".join(mine)).hexdigest() != each["sha256"]:
            raise ValueError(f"records {each['first']}-{each['last']}")
    if lines:
        raise ValueError("records in no seal")
    records = [json.loads(each) for each in (folder / "audit.ndjson").read_bytes().splitlines()]
    return [each for each in records if begin <= datetime.fromisoformat(each["at"]) < end]


@pytest.fixture
def folder(district: None, tmp_path: Path) -> Path:
    """Five days of records, sealed day by day; the third one exported and unpacked."""
    start = clock.now()
    for day in range(DAYS):
        with clock.freeze(start + timedelta(days=day)):
            for each in range(PER_DAY):
                audit.record("test.act", f"thing-{day}-{each}")
            seals.seal()
    with clock.freeze(start + timedelta(days=DAYS)):
        day = clock.local(start + timedelta(days=2)).date()
        name, body = seals.export(SECURITY, day, day)
    file = tmp_path / name
    file.write_bytes(b"".join(body))
    with zipfile.ZipFile(file) as pack:
        pack.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


def proof_holds(folder: Path) -> tuple[bool, bool]:
    """What the command and the script say of the proof, given the log's key."""
    file, key = folder / "seals.json", ledger.verifier_key()
    said = CliRunner().invoke(command, ["check", str(file), "--key", key])
    plain = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(file), "--key", key],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return said.exit_code == 0, plain.returncode == 0


def test_the_period_holds_and_has_no_record_of_another(folder: Path):
    assert proof_holds(folder) == (True, True)
    records = digests_hold(folder)
    assert [each["subject"] for each in records] == [f"thing-2-{n}" for n in range(PER_DAY)]
    other = (folder / "audit.ndjson").read_text("utf8")
    assert not any(f"thing-{day}-" in other for day in (0, 1, 3, 4))


def removed(lines: list[bytes]) -> list[bytes]:
    return lines[:2] + lines[3:]


def changed(lines: list[bytes]) -> list[bytes]:
    return [lines[0].replace(b"thing-2-0", b"thing-2-9"), *lines[1:]]


def added(lines: list[bytes]) -> list[bytes]:
    return [*lines, lines[0]]


@pytest.mark.parametrize("change", [removed, changed, added])
def test_a_record_removed_changed_or_added_is_found(
    change: Callable[[list[bytes]], list[bytes]], folder: Path
):
    file = folder / "audit.ndjson"
    file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))
    assert proof_holds(folder) == (True, True), "the proof is untouched"
    with pytest.raises(ValueError, match="records"):
        digests_hold(folder)


def test_a_seal_made_to_fit_the_changed_records_is_found_by_both_checkers(folder: Path):
    file = folder / "audit.ndjson"
    lines = changed(file.read_bytes().splitlines(keepends=True))
    file.write_bytes(b"".join(lines))
    proof = json.loads((folder / "seals.json").read_text("utf8"))
    for each in proof["entries"]:
        leaf = json.loads(each["leaf"])
        if leaf["payload"]["count"] == len(lines):
            leaf["payload"]["sha256"] = hashlib.sha256(b"".join(lines)).hexdigest()
            each["leaf"] = json.dumps(leaf, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (folder / "seals.json").write_text(json.dumps(proof), "utf8")
    assert proof_holds(folder) == (False, False)


def test_a_seal_left_out_is_found_by_both_checkers(folder: Path):
    proof = json.loads((folder / "seals.json").read_text("utf8"))
    assert len(proof["entries"]) > 1
    del proof["entries"][1]
    (folder / "seals.json").write_text(json.dumps(proof), "utf8")
    assert proof_holds(folder) == (False, False)
