"""A home that was moved goes on: Iceberg's absolute paths are led to where it is now."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from pyiceberg.table import StaticTable

from hutong.lake import api as lake
from hutong.lake.commands import lake as commands
from hutong.lake.engine import duck
from hutong.lake.models import IcebergTable
from hutong.lake.store import home_io, places, relocating, tidying
from hutong.lake.types import Column, ColumnType, Contract, Source
from hutong.ledger import api as ledger

CONTRACT = Contract(
    "moved-notes", (Column("level", ColumnType.INT), Column("name", ColumnType.TEXT)), key=("level",)
)


def _load(folder: Path, rows: str, mode: str) -> None:
    file = folder / "notes.csv"
    file.write_text("level,name\n" + rows, "utf8")
    report = lake.load(CONTRACT.table, Source.file(file), mode=mode)
    assert report.snapshot is not None


@pytest.mark.django_db(transaction=True)
def test_loads_go_on_in_a_moved_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first, second = tmp_path / "first", tmp_path / "second"
    monkeypatch.setenv("HUTONG_HOME", str(first))
    first.mkdir()
    lake.define(CONTRACT)
    _load(tmp_path, "1,甲\n", "replace")
    _load(tmp_path, "2,乙\n", "append")
    shutil.move(first, second)
    monkeypatch.setenv("HUTONG_HOME", str(second))
    _load(tmp_path, "3,丙\n", "append")
    assert [
        row[0] for row in lake.query("SELECT level FROM moved_notes ORDER BY level", ["moved-notes"]).rows
    ] == [1, 2, 3]
    _load(tmp_path, "4,丁\n", "replace")
    assert [row[0] for row in lake.query("SELECT level FROM moved_notes", ["moved-notes"]).rows] == [4]
    assert not first.exists(), "nothing was written where the home was"


def test_a_path_is_led_to_the_present_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    now = str(places.lake() / "tables")
    assert home_io.here("/old/var/lake/tables/t/data/a.parquet") == f"{now}/t/data/a.parquet"
    assert home_io.here(f"{now}/t/a") == f"{now}/t/a"
    assert home_io.here("file:///old/lake/tables/t/a") == f"file://{now}/t/a"
    assert home_io.here("/elsewhere/x") == "/elsewhere/x"


def _strangers(question: str) -> list[tuple[object, ...]]:
    """What DuckDB's own reader finds behind the table's metadata."""
    connection = duck.connect("iceberg")
    place = IcebergTable.objects.get().metadata_location
    try:
        return connection.execute(question.format(place=place)).fetchall()
    finally:
        duck.close(connection)


@pytest.mark.django_db(transaction=True)
def test_a_relocated_table_is_read_by_strangers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first, second = tmp_path / "first", tmp_path / "second"
    monkeypatch.setenv("HUTONG_HOME", str(first))
    first.mkdir()
    lake.define(CONTRACT)
    _load(tmp_path, "1,甲\n", "replace")
    _load(tmp_path, "2,乙\n", "append")
    _load(tmp_path, "1,丙\n", "upsert")
    assert relocating.moved() == []
    shutil.move(first, second)
    monkeypatch.setenv("HUTONG_HOME", str(second))
    before = IcebergTable.objects.get().metadata_location
    with pytest.raises(duckdb.Error):
        _strangers("SELECT * FROM iceberg_scan('{place}')")
    assert relocating.moved() == [CONTRACT.table]
    assert json.loads(CliRunner().invoke(commands, ["relocate", "--json"]).output) == {
        "relocated": [CONTRACT.table]
    }
    assert CliRunner().invoke(commands, ["relocate"]).output == "nothing has moved\n"
    assert _strangers("SELECT level, name FROM iceberg_scan('{place}') ORDER BY level") == [
        (1, "丙"),
        (2, "乙"),
    ]
    old = lake.snapshots(CONTRACT.table)[1]
    assert old.sequence == 2
    then = f"snapshot_from_id={old.iceberg_id}"
    assert _strangers(f"SELECT level, name FROM iceberg_scan('{{place}}', {then}) ORDER BY level") == [
        (1, "甲"),
        (2, "乙"),
    ]
    table = StaticTable.from_metadata(IcebergTable.objects.get().metadata_location)
    assert [each.snapshot_id for each in table.snapshots()] == [
        each.iceberg_id for each in reversed(lake.snapshots(CONTRACT.table))
    ]
    assert str(first) not in json.dumps(table.metadata.model_dump(mode="json"))
    assert ledger.verify().ok
    assert before != IcebergTable.objects.get().metadata_location
    _lives_on(tmp_path)


def _lives_on(folder: Path) -> None:
    """The next load stands on the new metadata, and the old is tidied away."""
    assert tidying.tidy().files > 0
    _load(folder, "4,丁\n", "append")
    assert _strangers("SELECT count(*) FROM iceberg_scan('{place}')") == [(3,)]
    assert tidying.tidy().files == 0
    assert ledger.verify().ok
