"""Any single flipped bit in any column of any table of the log is found by `verify` (WitnessRow proves nothing)."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hutong.kernel.db import is_sqlite
from hutong.ledger import api
from hutong.ledger.models import CheckpointRow, CosignatureRow, EntryRow
from hutong.ledger.store import asking, witnessing
from hutong.ledger.types import NewEntry, Rule
from tests.ledger.test_witness import three

__all__ = ["three"]
AIR = "urn:hutong:beijing-dongcheng:dataset:air"
many = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TABLES = {
    "ledger_entry",
    "ledger_tile",
    "ledger_checkpoint",
    "ledger_kept",
    "ledger_cosignature",
    "ledger_tally",
    "ledger_map_tile",
    "ledger_mention",
}


def _fill() -> None:
    """Something of everything: signed, co-signed, mentioned, private, erased, mapped, cosigned."""
    api.append_many([NewEntry("test.change", AIR, {"n": n}, "statistics-bureau") for n in range(9)])
    made = api.propose(
        "ledger.lock", AIR, api.lock_payload(Rule(("a", "b"), 2, ("test.",))), organisation="a"
    )
    api.cosign(made.urn, "b")
    api.carry_out(made.urn)
    part, gone = api.commit_private("value"), api.commit_private("other")
    said = {"about": [AIR], "by": "urn:x:firm", "who": part, "gone": gone}
    api.append("test.other", "urn:hutong:d:case:1", said, organisation="")
    api.erase([gone], subject="urn:hutong:d:case:1", basis="law", organisation="")
    api.index()
    api.gather()


def _cells() -> list[tuple[str, str, int]]:
    """(table, column, rowid) of everything that is stored."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(TABLES):
            cursor.execute(f"SELECT name FROM pragma_table_info('{table}')")
            columns = [name for (name,) in cursor.fetchall()]
            cursor.execute(f"SELECT rowid FROM {table}")
            found += [(table, column, row) for (row,) in cursor.fetchall() for column in columns]
    return found


def test_these_are_all_the_tables() -> None:
    known = {model._meta.db_table for model in apps.get_app_config("ledger").get_models()}
    assert known - {"ledger_witness"} == TABLES


@pytest.mark.django_db(transaction=True)
def test_any_bit_anywhere(three: list[object], tmp_path: Path) -> None:
    if not is_sqlite():
        pytest.skip("reaches into SQLite's own storage")
    _fill()
    report = api.verify()
    assert report.ok, report.faults
    assert all(
        report.checked[each]
        for each in ("signatures", "co-signatures", "cosignatures", "erased", "map roots")
    )
    cells = _cells()
    assert {table for table, _, _ in cells} == TABLES

    tiles = [row for table, column, row in cells if (table, column) == ("ledger_map_tile", "prefix")]

    @example(("ledger_map_tile", "prefix", tiles[1]), 5)  # a hexadecimal letter in the other case
    @many
    @given(st.sampled_from(cells), st.integers(0, 1 << 20))
    def flip(cell: tuple[str, str, int], position: int) -> None:
        table, column, row = cell
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f'SELECT typeof("{column}"), CAST("{column}" AS BLOB) FROM {table} WHERE rowid = %s', [row]
            )
            kind, stored = cursor.fetchone()
            if not stored or kind == "null":
                return
            changed = bytearray(stored)
            bit = position % (len(changed) * 8)
            if kind == "integer":  # flip a low bit of the number, as the storage holds it
                number = int(bytes(stored)) ^ (1 << position % 20)
                cursor.execute(
                    f'UPDATE OR IGNORE {table} SET "{column}" = %s WHERE rowid = %s', [number, row]
                )
            else:
                changed[bit // 8] ^= 1 << bit % 8
                shown = "CAST(%s AS TEXT)" if kind == "text" else "%s"
                cursor.execute(
                    f'UPDATE OR IGNORE {table} SET "{column}" = {shown} WHERE rowid = %s',
                    [bytes(changed), row],
                )
            hit = cursor.rowcount
            if hit:
                assert not api.verify().ok, (cell, bit)
            transaction.set_rollback(True)

    flip()
    assert api.verify().ok


@pytest.mark.django_db(transaction=True)
def test_a_witness_answers_with_nonsense(three: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not a cosignature of that very key under that very checkpoint is not kept."""
    api.append("test.change", AIR, {}, organisation="")
    (one, two, *_) = witnessing.policy().witnesses
    note = bytes(CheckpointRow.objects.latest("size").note).decode()
    good = asking.ask(one, note, 0, [], 5.0)
    assert good.line
    for text in ("", "hello\n", good.line[:-5] + "\n", good.line.replace("city", "auditor"), "\x00", note):
        monkeypatch.setattr(asking, "_post", lambda *_, said=text: (200, "text/plain", said))
        assert asking.ask(one, note, 0, [], 5.0).line == ""
    monkeypatch.setattr(asking, "_post", lambda *_: (200, "text/plain", good.line))
    assert asking.ask(two, note, 0, [], 5.0).line == ""
    assert asking.ask(one, note, 0, [], 5.0).line == good.line
    for status, kind, said in (
        (409, "text/plain", "7\n"),
        (409, "text/x.tlog.size", "seven\n"),
        (500, "", ""),
    ):
        monkeypatch.setattr(asking, "_post", lambda *_, said=(status, kind, said): said)
        assert asking.ask(one, note, 0, [], 5.0).known is None
    assert not CosignatureRow.objects.exists()
    assert EntryRow.objects.exists()
