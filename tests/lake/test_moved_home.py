"""A home that was moved goes on: Iceberg's absolute paths are led to where it is now."""

import shutil
from pathlib import Path

import pytest

from hutong.lake import api as lake
from hutong.lake.store import home_io, places
from hutong.lake.types import Column, ColumnType, Contract, Source

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
