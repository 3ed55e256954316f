"""What was verified before need not be judged again, and nothing hides behind that; processes judge as we do."""

import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import transaction

from hutong.ledger import api
from hutong.ledger.commands import ledger
from hutong.ledger.errors import BadSignature
from hutong.ledger.logic import checkpoints, entries, notes, tiles
from hutong.ledger.logic.merkle import leaf_hash
from hutong.ledger.models import CheckpointRow, EntryRow, TileRow
from hutong.ledger.store import keys
from hutong.ledger.types import NewEntry
from hutong.ledger.verification import judges
from hutong.ledger.verification.judges import Judges

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
AIR = "urn:hutong:beijing-dongcheng:dataset:air"


def _fill(count: int) -> None:
    api.append_many([NewEntry("test.change", AIR, {"n": n}, "statistics-bureau") for n in range(count)])


def test_the_rest_is_judged_and_the_beginning_is_held_to_its_root() -> None:
    _fill(600)
    api.index()
    before = api.checkpoint()
    _fill(300)
    api.index()
    whole, rest = api.verify(), api.verify(since=before)
    assert (whole.ok, rest.ok, rest.size, rest.root) == (True, True, whole.size, whole.root)
    assert whole.checked["signatures"] == 900
    assert rest.checked["signatures"] == 900 - 600
    assert (rest.checked["entries"], rest.checked["verified before"]) == (whole.size, before.size)
    for row in (EntryRow.objects.get(leaf_index=7), EntryRow.objects.get(leaf_index=700)):
        with transaction.atomic():
            raw = bytearray(row.leaf)
            raw[20] ^= 1
            EntryRow.objects.filter(pk=row.pk).update(leaf=bytes(raw))
            assert not api.verify(since=before).ok
            transaction.set_rollback(True)
    assert api.verify(since=before).ok


def _some(grown: dict[tiles.TileId, bytes], wanted: Sequence[tiles.TileId]) -> dict[tiles.TileId, bytes]:
    return {each: grown[each] for each in wanted}


def _rewrite(place: int) -> None:
    """What the operator could do with the log's own key: another leaf, and every hash and signature above it anew."""
    row = EntryRow.objects.get(leaf_index=place)
    fields = entries.read(bytes(row.leaf))
    leaf = bytes(row.leaf).replace(f'"n":{fields["payload"]["n"]}'.encode(), b'"n":"x"')
    EntryRow.objects.filter(pk=row.pk).update(leaf=leaf, leaf_hash=leaf_hash(leaf))
    hashes = [
        bytes(each) for each in EntryRow.objects.order_by("leaf_index").values_list("leaf_hash", flat=True)
    ]
    grown: dict[tiles.TileId, bytes] = {}
    for size, each in enumerate(hashes):
        grown |= tiles.extend(size, grown, each)
        for checkpoint in CheckpointRow.objects.filter(size=size + 1):
            root = tiles.root_at(size + 1, partial(_some, grown))
            note = str(notes.sign(checkpoints.body(keys.origin(), size + 1, root), keys.signer()))
            CheckpointRow.objects.filter(pk=checkpoint.pk).update(root=root, note=note.encode())
    for (level, index), data in grown.items():
        TileRow.objects.filter(level=level, index=index).update(data=data)


def test_a_history_rewritten_with_the_logs_own_key_is_found() -> None:
    _fill(300)
    before = api.checkpoint()
    _fill(20)
    _rewrite(11)
    assert [fault.field for fault in api.verify().faults] == [
        "signature"
    ]  # its organisation did not sign that
    assert any("two were signed" in fault.what.en for fault in api.verify(since=before).faults)
    CheckpointRow.objects.filter(size=before.size).delete()
    assert any("history was rewritten" in fault.what.en for fault in api.verify(since=before).faults)


def test_a_log_that_was_set_back_is_found() -> None:
    _fill(10)
    before = api.checkpoint()
    note = str(notes.sign(checkpoints.body(keys.origin(), before.size + 5, b"r" * 32), keys.signer()))
    (fault,) = api.verify(since=api.read_checkpoint(note.encode())).faults
    assert "set back" in fault.what.en
    stranger = notes.SignerKey.generate(keys.origin())
    with pytest.raises(BadSignature):
        api.read_checkpoint(str(notes.sign(checkpoints.body(keys.origin(), 5, b"r" * 32), stranger)).encode())


def test_by_command(tmp_path: Path) -> None:
    _fill(5)
    file = tmp_path / "verified"
    assert CliRunner().invoke(ledger, ["verify", "--keep-checkpoint", str(file)]).exit_code == 0
    assert file.read_text() == api.checkpoint().text
    _fill(3)
    told = CliRunner().invoke(ledger, ["verify", "--from-checkpoint", str(file), "--json"])
    assert '"signatures": 3' in told.stdout, told.output
    assert '"verified before": 6' in told.stdout


@pytest.mark.parametrize("kill", [False, True])
def test_processes_find_every_wrong_signature(monkeypatch: pytest.MonkeyPatch, kill: bool) -> None:
    """Also when one of them dies in the middle."""
    monkeypatch.setattr(judges, "_cores", lambda: 2)
    chance = random.Random(8032)
    signers = [notes.SignerKey.generate(f"s{n}") for n in range(3)]
    bad: set[int] = set()
    crew = Judges[int]()
    for n in range(6_000):
        signer, text = signers[n % 3], f"text {n} 胡同".encode()
        value = bytearray(signer.sign_bytes(text))
        if chance.random() < 0.01:
            bad.add(n)
            value[chance.randrange(64)] ^= 1 << chance.randrange(8)
        crew.ask(signer.verifier, bytes(value), text, n)
        if kill and n == 3_000:
            assert crew.processes
            crew.processes[0].kill()
    crew.ask(signers[0].verifier, b"short", b"", -1)
    assert sorted(crew.wrong()) == sorted({*bad, -1})
    assert len(crew.processes) == 2
    crew.close()
    assert all(each.poll() is not None for each in crew.processes)


def test_a_wrong_signature_far_inside_is_named() -> None:
    _fill(2_600)
    rows = EntryRow.objects.order_by("leaf_index")
    _rewrite(1_300)
    (fault,) = api.verify().faults
    assert (fault.name, fault.field) == (f"entry {rows[1_300].pk}", "signature")
