"""Appending, integrating and proving, on the database in use (SQLite, or PostgreSQL in the store suite)."""

import os
import stat
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection, transaction

from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, is_sqlite
from hutong.kernel.models import AuditRecord
from hutong.ledger import api
from hutong.ledger.errors import EntryTooLarge, KeyMissing, LogDamaged, NoEntry, NoTile
from hutong.ledger.logic import merkle, notes, tiles
from hutong.ledger.models import CheckpointRow, EntryRow, TileRow
from hutong.ledger.store import keys
from hutong.ledger.types import EntryRef, NewEntry

SUBJECT = "urn:hutong:beijing-dongcheng:dataset:air"
stored = pytest.mark.django_db(transaction=True)
pytestmark = pytest.mark.store


def _fill(count: int, kind: str = "test.fill") -> list[EntryRef]:
    return api.append_many([NewEntry(kind, SUBJECT, {"n": n}, "") for n in range(count)])


@stored
def test_an_entry_is_placed_after_its_commit() -> None:
    with atomic():
        first = api.append("test.snapshot", SUBJECT, {"rows": 3})
        second = api.append("test.snapshot", SUBJECT, {"rows": 4})
        assert (first.index, EntryRow.objects.filter(leaf_index=None).count()) == (None, 2)
    assert [api.entry(each.id).index for each in (first, second)] == [0, 1]
    assert api.checkpoint().size == 2
    assert api.entry(first.id).payload == {"rows": 3}
    assert first.urn.endswith(f":entry:{first.id}")


@stored
def test_a_change_and_its_entry_fall_together() -> None:
    with pytest.raises(RuntimeError), atomic():
        audit.record("lake.load", SUBJECT)
        api.append("test.snapshot", SUBJECT, {"rows": 3})
        raise RuntimeError
    assert (EntryRow.objects.count(), AuditRecord.objects.count(), CheckpointRow.objects.count()) == (0, 0, 0)


@stored
def test_a_rolled_back_savepoint_takes_its_entry_along() -> None:
    with atomic():
        kept = api.append("k", SUBJECT, {})
        with pytest.raises(RuntimeError), atomic():
            api.append("k", SUBJECT, {})
            raise RuntimeError
    assert list(EntryRow.objects.values_list("id", "leaf_index")) == [(kept.id, 0)]
    assert api.verify().ok


@stored
def test_one_transaction_signs_once() -> None:
    with atomic():
        for n in range(20):
            api.append("k", SUBJECT, {"n": n})
    assert list(CheckpointRow.objects.values_list("size", flat=True)) == [20]


@stored
def test_the_organisation_is_the_acting_one() -> None:
    with audit.acting(audit.Origin(actor="urn:x", organisation="urn:hutong:d:organisation:statistics")):
        ref = api.append("k", SUBJECT, {})
    assert api.entry(ref.id).organisation == "urn:hutong:d:organisation:statistics"


@stored
@pytest.mark.parametrize("steps", [(1,), (255, 1), (256, 1), (300, 300), (3, 510, 1)])
def test_every_proof_holds(steps: tuple[int, ...]) -> None:
    refs = [ref for step in steps for ref in _fill(step)]
    latest = api.checkpoint()
    assert latest.size == len(refs)
    for ref in refs[:: max(1, len(refs) // 40)]:
        proof = api.inclusion(ref.id)
        merkle.verify_inclusion(proof.index, proof.size, ref.leaf_hash, proof.hashes, latest.root)
    sizes = list(CheckpointRow.objects.order_by("size").values_list("size", "root"))
    for size, root in sizes:
        proof = api.consistency(size, latest.size)
        merkle.verify_consistency(size, latest.size, bytes(root), latest.root, proof.hashes)
    notes.open_note(latest.text, [notes.VerifierKey.parse(api.verifier_key())])
    assert api.verify().ok


@stored
def test_a_proof_of_a_pending_entry_integrates_first() -> None:
    with atomic():
        ref = api.append("k", SUBJECT, {})
        proof = api.inclusion(ref.id)
    assert (proof.index, proof.size) == (0, 1)


@stored
def test_integrating_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hutong.ledger.store.integrating.BATCH", 100)
    _fill(250)
    assert list(CheckpointRow.objects.order_by("size").values_list("size", flat=True)) == [100, 200, 250]
    assert api.integrate() == 0
    assert api.verify().ok


@stored
def test_a_full_tile_is_never_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(256)
    written: list[tiles.TileId] = []
    extend = tiles.extend

    def watch(*given: object) -> dict[tiles.TileId, bytes]:
        changed = extend(*given)
        written.extend(changed)
        return changed

    monkeypatch.setattr(tiles, "extend", watch)
    _fill(300)
    assert (0, 0) not in written
    assert {(0, 1), (0, 2), (1, 0)} == set(written)


@stored
def test_the_empty_log_is_signed_too() -> None:
    empty = api.checkpoint()
    assert (empty.size, empty.root) == (0, merkle.EMPTY_ROOT)
    assert api.verify().ok
    _fill(1)
    assert api.checkpoint().size == 1


@stored
def test_what_is_not_there() -> None:
    _fill(3)
    with pytest.raises(NoEntry):
        api.entry(0)
    with pytest.raises(NoEntry):
        api.inclusion(10**9)
    for size1, size2 in ((0, 1), (2, 1), (1, 4)):
        with pytest.raises(NoTile):
            api.consistency(size1, size2)
    for path in ("0/000", "0/000.p/4", "0/001.p/1", "1/000.p/1", "entries/000", "63/000.p/1"):
        with pytest.raises(NoTile):
            api.tile(tiles.TilePath.parse(path))
    assert len(api.tile(tiles.TilePath.parse("0/000.p/3"))) == 96


@stored
def test_finding_entries() -> None:
    _fill(3, "test.snapshot")
    api.append("test.change", "urn:hutong:d:dataset:firms", {}, organisation="statistics")
    assert api.find(kind="test.snapshot").total == 3
    assert [each.subject for each in api.find(text="FIRMS").entries] == ["urn:hutong:d:dataset:firms"]
    assert api.find(organisation="statistics").total == 1
    assert len(api.find(limit=2, offset=1).entries) == 2
    assert api.find(text=str(api.find().entries[0].id)).total == 1
    assert len(api.entries_about(SUBJECT)) == 3
    assert api.counts() == {"ledger.key-added": 1, "test.change": 1, "test.snapshot": 3}
    assert [(kind, count) for _, kind, count in api.activity()] == [
        ("ledger.key-added", 1),
        ("test.change", 1),
        ("test.snapshot", 3),
    ]
    assert api.organisations() == ["statistics"]


@stored
def test_months_are_those_of_shanghai() -> None:
    for moment in (datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), datetime(2026, 2, 28, 16, tzinfo=UTC)):
        with clock.freeze(moment):
            api.append("k", SUBJECT, {})
    assert api.activity() == [("2026-02", "k", 1), ("2026-03", "k", 1)]


@stored
def test_an_entry_has_a_bound() -> None:
    with pytest.raises(EntryTooLarge):
        api.append("k", SUBJECT, {"x": "a" * 70_000})
    assert EntryRow.objects.count() == 0


@stored
def test_nothing_is_signed_on_top_of_damage() -> None:
    _fill(5)
    good = bytes(TileRow.objects.get().data)
    TileRow.objects.update(data=b"\0" + good[1:])
    with pytest.raises(LogDamaged), atomic():
        _fill(1)
        api.integrate()
    TileRow.objects.update(data=good)
    with atomic():
        bad = _fill(1)
        EntryRow.objects.filter(pk=bad[0].id).update(leaf_hash=bytes(32))
        with pytest.raises(LogDamaged), atomic():
            api.integrate()
        transaction.set_rollback(True)
    assert api.checkpoint().size == 5


@stored
def test_a_lost_key_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    _fill(1)
    file = tmp_path / "keys/ledger.skey"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.unlink()
    with pytest.raises(KeyMissing), atomic():
        _fill(1)
        api.integrate()
    assert not file.exists()


def test_two_processes_agree_on_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    found: list[notes.SignerKey] = []
    threads = [threading.Thread(target=lambda: found.append(keys.create())) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(found)) == 1
    assert keys.verifier() == found[0].verifier
    assert sorted(each.name for each in (tmp_path / "keys").iterdir()) == ["ledger.skey", "ledger.vkey"]


@stored
def test_writers_at_once_leave_one_log() -> None:
    def write() -> None:
        try:
            for n in range(15):
                api.append("k", SUBJECT, {"n": n})
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    api.integrate()
    assert sorted(EntryRow.objects.values_list("leaf_index", flat=True)) == list(range(60))
    assert api.verify().ok


@stored
def test_verifying_a_log_that_grows_raises_no_alarm() -> None:
    _fill(300)
    over = threading.Event()
    written: list[int] = []

    def write() -> None:
        try:
            while not over.is_set():
                written.extend(ref.id for ref in _fill(7))
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [api.verify() for _ in range(8)]
    finally:
        over.set()
        writer.join()
    assert [fault for report in reports for fault in report.faults] == []
    assert len(written) > 7
    assert reports[-1].size > 300


_CHILD = """
import sys, time, django
django.setup()
from django.core.management import call_command
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.ledger import api
mode, subject = sys.argv[1:]
if mode == "prepare":
    call_command("migrate", verbosity=0)
elif mode == "hold":
    with atomic():
        audit.record("lake.load", subject)
        api.append("test.snapshot", subject, {})
        print("held", flush=True)
        time.sleep(60)
elif mode == "write":
    for n in range(100000):
        print(api.append("test.snapshot", subject, {"n": n}).id, flush=True)
else:
    api.integrate()
    report = api.verify()
    print(report.ok, report.size, report.checked.get("pending", 0), flush=True)
"""


@pytest.fixture
def own_store(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Where processes of their own find a home and a database that nobody else uses."""
    address = os.environ.get("HUTONG_DATABASE_URL", "")
    if not address:
        yield {"HUTONG_HOME": str(tmp_path)}
        return
    name = f"killed_{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            own = urlsplit(address)._replace(path=f"/{name}").geturl()
            yield {"HUTONG_HOME": str(tmp_path), "HUTONG_DATABASE_URL": own}
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _child(mode: str, own_store: dict[str, str]) -> subprocess.Popen[str]:
    environment = {**os.environ, **own_store}
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, mode, SUBJECT], env=environment, stdout=subprocess.PIPE, text=True
    )


def test_kill_9_leaves_whole_changes_only(own_store: dict[str, str]) -> None:
    with _child("prepare", own_store) as preparing:
        assert preparing.wait(60) == 0
    with _child("hold", own_store) as holding:
        assert holding.stdout is not None
        assert holding.stdout.readline() == "held\n"
        holding.kill()
    with _child("write", own_store) as writing:
        assert writing.stdout is not None
        done = [int(writing.stdout.readline()) for _ in range(40)]
        writing.kill()
        done += [int(line) for line in writing.stdout.read().split("\n")[:-1]]
    with _child("verify", own_store) as verifying:
        assert verifying.stdout is not None
        ok, size, pending = verifying.stdout.read().split()
    first = 1 if is_sqlite() else 2  # PostgreSQL gives the number of what was undone to nobody else
    assert done == list(range(first, first + len(done)))
    assert (ok, pending) == ("True", "0")
    assert len(done) <= int(size) <= len(done) + 1
