"""The store on either database: one transaction, strangers' readers, snapshots. Run on SQLite and PostgreSQL."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connection as django_connection
from pyiceberg.catalog.sql import SqlCatalog

from hutong.kernel.models import AuditRecord, OutboxEvent
from hutong.kernel.settings import home
from hutong.lake import api
from hutong.lake.engine import duck
from hutong.lake.errors import LoadRunning, NoSuchSnapshot, NoSuchTable
from hutong.lake.models import IcebergTable, LoadRow, SnapshotRow
from hutong.lake.store import commit, iceberg, places, tidying
from hutong.lake.types import LoadReport
from hutong.ledger import api as ledger
from tests.lake.conftest import contract

pytestmark = pytest.mark.django_db(transaction=True)
Load = Callable[..., LoadReport]
SPEC = "key: [id]\ncolumns:\n  id: {type: int}\n  name: {type: text}\n  at: {type: datetime}\n  fee: {type: money}\n"
ROWS = "id,name,at,fee\n1,东城,2021-03-05 08:00:00,1.5\n2,西城,2021-03-06 08:00:00,2\n"


def _stranger() -> Any:
    """PyIceberg's own catalog over the same database."""
    settings = django_connection.settings_dict
    if django_connection.vendor == "sqlite":
        uri = f"sqlite:///{settings['NAME']}"
    else:
        place = f"{settings['HOST'] or 'localhost'}:{settings['PORT'] or 5432}"
        uri = f"postgresql+psycopg://{settings['USER']}:{settings['PASSWORD']}@{place}/{settings['NAME']}"
    return SqlCatalog(iceberg.NAME, uri=uri, warehouse=str(places.lake() / "tables"))


def test_a_strangers_catalog_reads_our_tables(load: Load) -> None:
    load(SPEC, ROWS)
    load(SPEC, ROWS + "3,朝阳,2021-03-07 08:00:00,3\n", mode="replace")
    catalog = _stranger()
    try:
        assert catalog.list_tables(iceberg.NAMESPACE) == [(iceberg.NAMESPACE, "things")]
        table = catalog.load_table((iceberg.NAMESPACE, "things"))
        found = table.scan().to_arrow().sort_by("id").to_pylist()
        assert [row["name"] for row in found] == ["东城", "西城", "朝阳"]
        assert [row["fee"] for row in found] == [150, 200, 300]
        assert found[0]["at"].isoformat() == "2021-03-05T00:00:00+00:00"
        first = table.snapshots()[0].snapshot_id
        assert table.scan(snapshot_id=first).to_arrow().num_rows == 2
        assert [each.iceberg_id for each in reversed(api.snapshots("things"))] == [
            each.snapshot_id for each in table.snapshots()
        ]
    finally:
        catalog.engine.dispose()


def test_duckdbs_iceberg_reader_reads_our_tables(load: Load) -> None:
    load(SPEC, ROWS)
    place = IcebergTable.objects.get().metadata_location
    connection = duck.connect("iceberg")
    found = connection.execute(f"SELECT id, name, fee FROM iceberg_scan('{place}') ORDER BY id").fetchall()
    duck.close(connection)
    assert found == [(1, "东城", 150), (2, "西城", 200)]


@pytest.mark.store
def test_one_transaction_holds_everything(load: Load) -> None:
    report = load(SPEC, ROWS)
    snapshot = report.snapshot
    assert snapshot is not None
    entry = ledger.entry(snapshot.entry_id)
    assert entry.subject == snapshot.urn
    assert entry.payload["rows"] == {"in": 2, "loaded": 2, "quarantined": 0}
    assert entry.payload["files"][0]["path"].startswith("tables/things/data/")
    assert OutboxEvent.objects.filter(name="lake.snapshot-committed").count() == 1
    assert AuditRecord.objects.filter(action="lake.load").count() == 1
    assert ledger.verify().ok


@pytest.mark.store
@pytest.mark.parametrize("part", ["ledger", "events", "audit"])
def test_when_a_part_fails_nothing_is_committed(
    load: Load, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    first = load(SPEC, ROWS)
    before = IcebergTable.objects.get().metadata_location

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patched:
        name = {"ledger": "append", "events": "publish", "audit": "record"}[part]
        patched.setattr(getattr(commit, part), name, fail)
        with pytest.raises(OSError, match="the disk is gone"):
            load(SPEC, ROWS + "3,朝阳,2021-03-07 08:00:00,3\n")
    assert IcebergTable.objects.get().metadata_location == before
    assert api.latest("things") == first.snapshot
    assert SnapshotRow.objects.count() == 1
    assert api.query("SELECT count(*) FROM things", ["things"]).rows == ((2,),)
    again = load(SPEC, ROWS + "3,朝阳,2021-03-07 08:00:00,3\n")
    assert again.snapshot is not None
    assert again.snapshot.sequence == 2
    tidied = tidying.tidy()
    assert tidied.files > 0
    assert tidying.orphans() == []
    assert ledger.verify().ok
    assert _stranger_rows() == 3


def _stranger_rows() -> int:
    catalog = _stranger()
    try:
        return int(catalog.load_table((iceberg.NAMESPACE, "things")).scan().to_arrow().num_rows)
    finally:
        catalog.engine.dispose()


def test_a_column_that_changes_its_type_or_comes_new(load: Load) -> None:
    load(SPEC, ROWS)
    changed = SPEC.replace("fee: {type: money}", "fee: {type: text}\n  extra: {type: int, optional: true}")
    second = load(changed, ROWS)
    assert second.snapshot is not None
    assert second.snapshot.contract_version == 2
    assert api.query("SELECT fee, extra FROM things ORDER BY id", ["things"]).rows == (
        ("1.5", None),
        ("2", None),
    )
    first = api.snapshots("things")[1]
    assert api.query("SELECT fee FROM things ORDER BY id", ["things"], known_at=first.committed_at).rows == (
        (150,),
        (200,),
    )
    assert _stranger_rows() == 2


@pytest.mark.store
@pytest.mark.store
def test_the_list_of_tables_takes_four_questions_however_many_there_are(
    load: Load, django_assert_num_queries: Any
) -> None:
    timed = SPEC + "freshness: {within: 3 days, column: at}\n"
    for table in ("things", "other-things"):
        load(contract(timed, table), ROWS)
    load(contract(SPEC, "things"), ROWS + "3,朝阳,2021-03-07 08:00:00,3\n", mode="replace")
    api.define(contract(SPEC, "empty"))
    found = {each.table: each for each in api.tables()}
    assert [*found] == ["empty", "other-things", "things"]
    assert (found["empty"].latest, found["empty"].score, found["empty"].bytes) == (None, None, 0)
    assert (found["things"].contract_version, found["other-things"].contract_version) == (2, 1)
    for name in ("things", "other-things"):
        newest = api.latest(name)
        assert newest is not None
        assert (found[name].latest, found[name].score) == (newest, api.quality(newest.urn).score)
    assert found["things"].score != found["other-things"].score, "only one of them has to be fresh"
    with django_assert_num_queries(4):
        api.tables()


def test_appended_files_of_an_older_contract_are_read_together(load: Load) -> None:
    load(SPEC, ROWS)
    wider = SPEC + "  extra: {type: int, optional: true}\n"
    load(wider, "id,name,at,fee,extra\n3,朝阳,2021-03-07 08:00:00,3,7\n", mode="append")
    assert api.query("SELECT id, extra FROM things ORDER BY id", ["things"]).rows == (
        (1, None),
        (2, None),
        (3, 7),
    )
    assert _stranger_rows() == 3


def test_two_loads_of_one_table_do_not_meet(load: Load) -> None:
    load(SPEC, ROWS)
    from hutong.lake import loading

    with loading.alone("things"), pytest.raises(LoadRunning):
        load(SPEC, ROWS + "3,朝阳,,\n")


@pytest.mark.parametrize("which", ["rows", "quarantine"])
def test_a_flipped_byte_in_a_file_of_the_load_is_found(load: Load, which: str) -> None:
    report = load(SPEC, ROWS + "notanumber,朝阳,,\n")
    assert report.rows_quarantined == 1
    row = SnapshotRow.objects.get()
    file = places.lake() / row.files[0]["path"] if which == "rows" else places.quarantine(row.load_id)
    assert ledger.verify().ok
    data = bytearray(file.read_bytes())
    data[40] ^= 1
    file.write_bytes(bytes(data))
    found = ledger.verify()
    assert not found.ok
    assert found.faults[0].offset == 40
    assert file.name in found.faults[0].name


def test_what_is_not_there(load: Load) -> None:
    with pytest.raises(NoSuchTable):
        api.contract("nothing")
    with pytest.raises(NoSuchSnapshot):
        api.snapshot("urn:hutong:beijing-dongcheng:snapshot:nothing.1")
    load(SPEC, ROWS)
    assert LoadRow.objects.get().state == "committed"


def test_the_catalogs_namespaces_and_names(load: Load) -> None:
    load(SPEC, ROWS)
    catalog = iceberg.catalog(str(places.lake() / "tables"))
    catalog.create_namespace("other", {"owner": "东城"})
    assert catalog.list_namespaces() == [("hutong",), ("other",)]
    catalog.update_namespace_properties("other", removals={"owner"}, updates={"kind": "x"})
    assert catalog.load_namespace_properties("other") == {"kind": "x"}
    moved = catalog.rename_table((iceberg.NAMESPACE, "things"), ("other", "things"))
    assert moved.scan().to_arrow().num_rows == 2
    catalog.drop_table(("other", "things"))
    catalog.drop_namespace("other")
    assert catalog.list_tables("hutong") == []
    assert duckdb.__version__ == "1.5.5"
    assert Path(home()).is_dir()
