"""The `hutong ledger` verbs, the doctor's checks, and the worker's chore."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hutong.kernel import doctor
from hutong.kernel.errors import HutongError
from hutong.ledger import api, jobs
from hutong.ledger.commands import ledger
from hutong.ledger.models import EntryRow, TileRow
from hutong.ledger.store import appending, keys

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(ledger, arguments)

    return invoke


@pytest.fixture
def entry() -> int:
    for n in range(3):
        ref = api.append("test.snapshot", "urn:hutong:d:dataset:air", {"n": n, "名": "空气"})
    return ref.id


def test_verify(run: Run, entry: int) -> None:
    told = json.loads(run("verify", "--json").stdout)
    assert (told["ok"], told["size"], told["checked"]["entries"]) == (True, 3, 3)
    tile = TileRow.objects.get()
    tile.data = bytes(tile.data)[:40] + bytes([tile.data[40] ^ 1]) + bytes(tile.data)[41:]
    tile.save()
    broken = run("verify")
    assert broken.exit_code == 1
    assert "tile/0/000, byte 40" in broken.stdout
    told = run("verify", "--json", "--no-evidence")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["first"]["offset"] == 40


def test_checkpoint_and_show(run: Run, entry: int) -> None:
    assert run("checkpoint").stdout == api.checkpoint().text
    assert json.loads(run("checkpoint", "--json").stdout)["size"] == 3
    shown = json.loads(run("show", str(entry), "--json").stdout)
    assert shown["payload"] == {"n": 2, "名": "空气"}
    assert "空气" in run("show", shown["urn"]).stdout


def test_prove_and_check(run: Run, entry: int, tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    assert run("prove", str(entry), "--out", str(file), "--json").exit_code == 0
    assert json.loads(run("prove", str(entry)).stdout) == json.loads(file.read_text("utf8"))
    EntryRow.objects.all().delete()
    told = json.loads(run("check", str(file), "--json").stdout)
    assert (told["ok"], told["index"], told["entry"]["payload"]["n"]) == (True, 2, 2)
    assert "✓" in run("check", str(file), "--key", api.verifier_key()).stdout
    file.write_text(file.read_text("utf8").replace("空气", "空汽"), "utf8")
    failed = run("check", str(file))
    assert failed.exit_code == 1
    assert isinstance(failed.exception, HutongError)


@pytest.mark.parametrize(
    "entry_name", ["0", "x", "-1", "99999999999999999999", "urn:hutong:d:entry:7", "urn:x"]
)
def test_show_what_is_not_there(run: Run, entry: int, entry_name: str) -> None:
    EntryRow.objects.filter(pk=7).delete()
    told = run("show", "--", entry_name)
    assert told.exit_code == 1
    assert isinstance(told.exception, HutongError)


def test_the_doctor(entry: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {name: each for name, each in doctor.examine().items() if name.startswith("ledger.")}
    assert {name for name, each in found.items() if each.ok} == {
        "ledger.keys",
        "ledger.head",
        "ledger.witnesses",
    }
    secret, public = keys.signer_file().read_bytes(), keys.verifier_file().read_bytes()
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    assert not doctor.examine()["ledger.keys"].ok
    keys.signer_file().parent.mkdir()
    keys.signer_file().write_bytes(secret)
    keys.signer_file().chmod(0o644)
    assert "644" in doctor.examine()["ledger.keys"].what.en
    keys.signer_file().chmod(0o600)
    assert not doctor.examine()["ledger.keys"].ok
    keys.verifier_file().write_bytes(public)
    assert doctor.examine()["ledger.keys"].ok


def test_the_worker_places_what_is_pending(entry: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "_integrate_after_commit", lambda: None)
    api.append("test.snapshot", "urn:hutong:d:dataset:air", {})
    pending = EntryRow.objects.filter(leaf_index=None)
    assert pending.count() == 1
    jobs.integrate_pending()
    assert not pending.exists()
    assert api.checkpoint().size == 4


def test_keys_and_completeness_by_command(entry: int, tmp_path: Path) -> None:
    runner = CliRunner()
    made = runner.invoke(ledger, ["keys", "add", "finance-bureau"])
    assert made.exit_code == 0, made.output
    listed = json.loads(runner.invoke(ledger, ["keys", "list", "finance-bureau", "--json"]).output)
    assert [each["key"] for each in listed] == [made.output.strip()]
    key_id = listed[0]["key"].split("+")[1]
    assert (
        runner.invoke(ledger, ["keys", "revoke", "finance-bureau", key_id, "--reason", "lost"]).exit_code == 0
    )
    assert "revoked" in runner.invoke(ledger, ["keys", "list"]).output
    file = tmp_path / "all.json"
    subject = api.entry(entry).subject
    assert runner.invoke(ledger, ["about", subject, "--out", str(file)]).exit_code == 0
    told = runner.invoke(ledger, ["check", str(file), "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["label"] == subject
