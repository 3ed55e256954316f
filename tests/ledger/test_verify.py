"""`verify` finds any single flipped bit, and says where it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.kernel.db import atomic, is_sqlite
from hutong.ledger import api
from hutong.ledger.errors import NoEntry
from hutong.ledger.logic import checkpoints, notes
from hutong.ledger.logic.entries import leaf
from hutong.ledger.logic.merkle import leaf_hash
from hutong.ledger.models import CheckpointRow, EntryRow, KeptRow, TileRow
from hutong.ledger.store import keys
from hutong.ledger.types import Entry, Fault, FileManifest, NewEntry
from hutong.ledger.verification import whole

pytestmark = [pytest.mark.django_db, pytest.mark.store]
SUBJECT = "urn:hutong:beijing-dongcheng:dataset:空气"
STEPS = (1, 2, 250, 40, 230, 7)
many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def log() -> int:
    """A log of 530 entries, six checkpoints, full and partial tiles on two levels; returns its first id."""
    first = api.add_key("统计局").added_by  # the first step
    api.integrate()
    for step in STEPS[1:]:
        api.append_many(
            [NewEntry("test.snapshot", SUBJECT, {"n": n, "step": step}, "统计局") for n in range(step)]
        )
        api.integrate()
    assert api.verify().ok
    return first


@contextmanager
def passing() -> Iterator[None]:
    """What happens inside is undone."""
    with atomic():
        yield
        transaction.set_rollback(True)


def _flip(raw: bytes, position: int) -> tuple[bytes, int, int]:
    offset, bit = position // 8 % len(raw), position % 8
    changed = bytearray(raw)
    changed[offset] ^= 1 << bit
    return bytes(changed), offset, bit


def _only() -> Fault:
    report = api.verify()
    assert not report.ok
    assert len(report.faults) == 1, report.faults
    return report.faults[0]


def _write(table: str, column: str, value: bytes, where: str, *, text: bool = False) -> None:
    shown = "CAST(%s AS TEXT)" if text else "%s"
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE {table} SET "{column}" = {shown} WHERE {where}', [value])
        assert cursor.rowcount == 1


def test_any_bit_of_an_entry(log: int) -> None:
    @many
    @given(st.integers(0, 529), st.integers(0, 1 << 12), st.sampled_from(["leaf", "leaf_hash"]))
    def flip(number: int, position: int, column: str) -> None:
        row = EntryRow.objects.get(pk=log + number)
        value, offset, bit = _flip(bytes(getattr(row, column)), position)
        with passing():
            _write("ledger_entry", column, value, f"id = {row.pk}")
            fault = _only()
        assert (fault.part, fault.name, fault.field) == ("entry", f"entry {row.pk}", column)
        assert (fault.offset, fault.length, fault.bit) == (offset, 1, bit)

    flip()


def test_any_bit_of_a_searched_column(log: int) -> None:
    if not is_sqlite():
        pytest.skip("PostgreSQL itself refuses invalid text")

    @many
    @given(
        st.integers(1, 529),
        st.integers(0, 1 << 12),
        st.sampled_from(["kind", "subject", "organisation", "at"]),
    )
    def flip(number: int, position: int, column: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT CAST({column} AS BLOB) FROM ledger_entry WHERE id = %s", [log + number])
            value, offset, bit = _flip(bytes(cursor.fetchone()[0]), position)
        with passing():
            _write("ledger_entry", column, value, f"id = {log + number}", text=True)
            fault = _only()
        assert (fault.name, fault.field) == (f"entry {log + number}", column)
        assert (fault.offset, fault.bit) == (offset, bit)

    flip()


def test_any_bit_of_a_tile(log: int) -> None:
    places = list(TileRow.objects.order_by("level", "index").values_list("level", "index"))
    assert places == [(0, 0), (0, 1), (0, 2), (1, 0)]

    @many
    @given(st.sampled_from(places), st.integers(0, 1 << 16))
    def flip(place: tuple[int, int], position: int) -> None:
        row = TileRow.objects.get(pk=place)
        value, offset, bit = _flip(bytes(row.data), position)
        with passing():
            _write("ledger_tile", "data", value, f'level = {place[0]} AND "index" = {place[1]}')
            fault = _only()
        assert (fault.part, fault.name) == ("tile", f"tile/{place[0]}/00{place[1]}")
        assert (fault.offset, fault.length, fault.bit) == (offset, 1, bit)

    flip()


def test_any_bit_of_a_checkpoint(log: int) -> None:
    sizes = list(CheckpointRow.objects.order_by("size").values_list("size", flat=True))
    assert sizes == [1, 3, 253, 293, 523, 530]

    @settings(many, max_examples=25)
    @given(st.sampled_from(sizes), st.integers(0, 1 << 12), st.sampled_from(["note", "root"]))
    def flip(size: int, position: int, column: str) -> None:
        row = CheckpointRow.objects.get(pk=size)
        value, offset, bit = _flip(bytes(getattr(row, column)), position)
        with passing():
            _write("ledger_checkpoint", column, value, f"size = {size}")
            fault = _only()
        assert (fault.part, fault.name, fault.field) == ("checkpoint", f"checkpoint {size}", column)
        assert (fault.offset, fault.bit) == (offset, bit)

    flip()


def test_any_bit_of_a_number(log: int) -> None:
    """Identifiers and places: every flip that the database's own uniqueness lets through is found."""
    flips = [("ledger_entry", "id", f"id = {log + 9}", log + 9, "entry")]
    flips += [("ledger_entry", "leaf_index", f"id = {log + 300}", 300, "entry")]
    flips += [("ledger_tile", "level", 'level = 0 AND "index" = 2', 0, "tile")]
    flips += [("ledger_tile", "index", 'level = 0 AND "index" = 2', 2, "tile")]
    flips += [("ledger_checkpoint", "size", "size = 293", 293, "checkpoint")]
    for table, column, where, number, part in flips:
        widest = 14 if column == "level" else 62
        for bit in range(widest):
            with passing():
                with connection.cursor() as cursor:
                    target = f'SELECT count(*) FROM {table} WHERE "{column}" = %s'
                    cursor.execute(target, [number ^ 1 << bit])
                    if cursor.fetchone()[0]:
                        continue
                    cursor.execute(f'UPDATE {table} SET "{column}" = %s WHERE {where}', [number ^ 1 << bit])
                report = api.verify()
                assert not report.ok, (table, column, bit)
                assert report.faults[0].part == part


def test_what_was_moved_is_told_from_what_is_missing(log: int) -> None:
    with passing():
        EntryRow.objects.filter(leaf_index=300).update(leaf_index=10_000)
        fault = _only()
        assert (fault.name, fault.field, fault.what.en) == (
            f"entry {log + 300}",
            "leaf_index",
            "it is out of its place, which is 300",
        )
    with passing():
        EntryRow.objects.filter(leaf_index=300).delete()
        assert _only().place == "leaf 300"
    with passing():
        TileRow.objects.filter(level=0, index=1).delete()
        assert _only().place == "tile/0/001"


def test_a_rewritten_entry_is_named_though_its_hash_fits(log: int) -> None:
    row = EntryRow.objects.get(leaf_index=100)
    other = leaf(
        entry_id=row.pk, kind=row.kind, subject=SUBJECT, organisation="统计局", at=row.at, payload={"n": -1}
    )
    with passing():
        EntryRow.objects.filter(pk=row.pk).update(leaf=other, leaf_hash=leaf_hash(other))
        faults = api.verify().faults
        assert {fault.name for fault in faults} == {f"entry {row.pk}"}
        assert faults[0].what.en == "the entry was rewritten together with its hash"
    last = EntryRow.objects.get(leaf_index=529)
    with passing():
        EntryRow.objects.filter(pk=last.pk).update(leaf=other, leaf_hash=leaf_hash(other))
        assert api.verify().faults[0].name == f"entry {last.pk}"


def test_a_rewritten_history_is_named_by_its_checkpoint(log: int) -> None:
    """Even who holds the key cannot make two checkpoints agree on different pasts."""
    key = keys.signer()
    body = checkpoints.body(key.name, 293, bytes(32))
    with passing():
        CheckpointRow.objects.filter(pk=293).update(root=bytes(32), note=str(notes.sign(body, key)).encode())
        fault = _only()
        assert (fault.part, fault.name) == ("checkpoint", "checkpoint 293")


def test_a_pending_entry_is_checked_too(log: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = api.append("k", SUBJECT, {"n": 1})
    row = EntryRow.objects.get(pk=ref.id)
    assert api.verify().checked["pending"] == 1
    for column in ("leaf", "leaf_hash"):
        value, offset, bit = _flip(bytes(getattr(row, column)), 77)
        with passing():
            _write("ledger_entry", column, value, f"id = {ref.id}")
            fault = _only()
        assert (fault.field, fault.offset, fault.bit) == (column, offset, bit)


def test_the_key_files(log: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    secret, public = keys.signer_file().read_text(), keys.verifier_file().read_text()
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    (folder / "ledger.skey").write_text(secret)
    (folder / "ledger.vkey").write_text(public.replace("+", "-"))
    assert _only().part == "key"
    (folder / "ledger.vkey").write_text(str(notes.SignerKey.generate("x").verifier))
    assert api.verify().faults[0].part == "key"
    (folder / "ledger.vkey").write_text(public)
    assert api.verify().ok
    (folder / "ledger.skey").unlink()
    assert api.verify().ok, "a copy without the signing key can be verified"


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that an entry commits to, and its owner's way to check it."""
    monkeypatch.setattr(whole, "_evidence", {})
    file = tmp_path / "data.parquet"
    file.write_bytes(bytes(range(251)) * 200)
    made = api.commit_file(api.measure_file(file, "air/data.parquet"))
    api.append("test.snapshot", SUBJECT, {"files": [made.as_dict()]})
    api.integrate()

    def check(entry: Entry) -> Iterator[Fault]:
        for each in entry.payload.get("files", ()):
            yield from api.check_file(FileManifest.from_dict(each), file)

    api.register_evidence("test.snapshot", check)
    report = api.verify()
    assert report.ok
    assert (report.checked["evidence"], report.checked["kept"]) == (1, 1)
    return file


@settings(many, max_examples=10)
@given(st.integers(0, 251 * 200 * 8 - 1))
def test_any_bit_of_a_committed_file(lake: Path, position: int) -> None:
    good = lake.read_bytes()
    value, offset, bit = _flip(good, position)
    lake.write_bytes(value)
    fault = _only()
    lake.write_bytes(good)
    assert (fault.part, fault.name) == ("file", "air/data.parquet")
    assert (fault.offset, fault.length, fault.bit) == (offset, 1, bit)


def test_any_bit_of_the_kept_block_hashes(lake: Path) -> None:
    row = KeptRow.objects.get()

    @settings(many, max_examples=20)
    @given(st.integers(0, len(bytes(row.data)) * 8 - 1))
    def flip(position: int) -> None:
        value, offset, bit = _flip(bytes(row.data), position)
        with passing():
            KeptRow.objects.update(data=value)
            fault = _only()
        assert (fault.part, fault.name, fault.offset, fault.bit) == ("blocks", row.sha256, offset, bit)

    flip()
    with passing():
        api.keep("0" * 64, b"not what the digest says")
        assert _only().part == "blocks"


def test_evidence_of_a_damaged_entry_does_not_stop_the_check(
    log: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(entry: Entry) -> Iterator[Fault]:
        if entry.payload["n"] == 1:
            raise NoEntry(what=entry.payload["n"])
        yield from entry.payload["files"]

    monkeypatch.setattr(whole, "_evidence", {})
    api.register_evidence("test.change", refuse)
    ref = api.append("test.change", SUBJECT, {"n": 1})
    api.integrate()
    fault = _only()
    assert (fault.part, fault.name, fault.what.en) == ("file", f"entry {ref.id}", "The log has no entry 1")
    with passing():
        other = api.append("test.change", SUBJECT, {"n": 2})
        faults = [each for each in api.verify().faults if each.name == f"entry {other.id}"]
        assert [each.what.en for each in faults] == ["its owner cannot read what the entry commits to"]
    with passing():
        EntryRow.objects.filter(pk=ref.id).update(leaf=b"{}", leaf_hash=leaf_hash(b"{}"))
        fault = api.verify().faults[0]
        assert (fault.part, fault.field) == ("entry", "leaf")


def test_a_log_that_is_lost_altogether_is_told_in_bounded_time(log: int) -> None:
    """Places are searched for a few faults only: where everything is wrong they would not help."""
    for step in range(12):
        api.append("k", SUBJECT, {"step": step})
        api.integrate()
    with passing():
        CheckpointRow.objects.update(note=b"lost\n")
        assert len([each for each in api.verify().faults if each.part == "checkpoint"]) == 18
    with passing():
        EntryRow.objects.update(leaf=b"{}" * 4000)
        faults = [each for each in api.verify().faults if each.field == "leaf"]
        assert len(faults) == 542
        assert {(each.offset, each.length) for each in faults} == {(0, 8000)}


def test_a_flipped_bit_of_the_longest_leaf_is_named(log: int) -> None:
    ref = api.append("k", SUBJECT, {"text": "长" * 21_000})
    api.integrate()
    value, offset, bit = _flip(bytes(EntryRow.objects.get(pk=ref.id).leaf), 8 * 1500 + 3)
    with passing():
        _write("ledger_entry", "leaf", value, f"id = {ref.id}")
        fault = _only()
    assert (fault.field, fault.offset, fault.bit) == ("leaf", offset, bit)
