"""A backup brings back everything; a damaged one brings back nothing."""

import gzip
import io
import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hutong.project import backup


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUTONG_DATABASE_URL", "")  # a home that holds its database
    folder = tmp_path / "home"
    (folder / "keys").mkdir(parents=True)
    (folder / "lake" / "t" / "data").mkdir(parents=True)
    (folder / "keys" / "log.key").write_text("secret")
    (folder / "lake" / "t" / "data" / "a.parquet").write_bytes(bytes(range(256)) * 5000)
    with sqlite3.connect(folder / "hutong.db") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (a INTEGER, b BLOB)")
        database.executemany("INSERT INTO t VALUES (?, ?)", [(n, bytes([n % 256]) * 50) for n in range(2000)])
    database.close()
    return folder


def _state(home: Path) -> dict[str, object]:
    files: dict[str, object] = {
        path.relative_to(home).as_posix(): (
            path.read_bytes(),
            path.stat().st_mode & 0o077 if "keys" in path.parts else 0,
        )
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith("hutong.db")
    }
    with sqlite3.connect(home / "hutong.db") as database:
        files["hutong.db"] = "\n".join(database.iterdump())
    database.close()
    return files


def test_what_is_restored_equals_what_was(home: Path, tmp_path: Path):
    home.joinpath("keys/log.key").chmod(0o600)
    file = tmp_path / "b.tar.gz"
    assert backup.write(home, file) == backup.Made(3)
    assert file.stat().st_mode & 0o077 == 0, "it holds the keys"
    again = tmp_path / "again"
    assert backup.read(file, again) == 3
    assert _state(again) == _state(home)


def test_what_is_in_the_making_is_left_out(home: Path, tmp_path: Path):
    (home / "portal").mkdir()
    (home / "portal" / ".making-x.csv").write_bytes(b"half")
    (home / "portal" / "tmp_.making-x.csv").write_bytes(b"DuckDB writes beside it first")
    (home / "portal" / "whole.csv").write_bytes(b"whole")
    backup.write(home, tmp_path / "backup.tar.gz")
    backup.read(tmp_path / "backup.tar.gz", tmp_path / "again")
    assert [each.name for each in (tmp_path / "again" / "portal").iterdir()] == ["whole.csv"]


def test_what_goes_away_meanwhile_is_left_out_and_named(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home.joinpath("keys/log.key").chmod(0o600)
    passing = home / "edition.csv"
    passing.write_bytes(b"replaced by a newer one")
    listed = backup._files

    def seen_then_gone(source: Path) -> Iterator[Path]:
        found = list(listed(source))
        passing.unlink()
        return iter(found)

    monkeypatch.setattr(backup, "_files", seen_then_gone)
    file = tmp_path / "b.tar.gz"
    assert backup.write(home, file) == backup.Made(3, ("edition.csv",))
    assert backup.read(file, tmp_path / "again") == 3
    assert _state(tmp_path / "again") == _state(home)


def test_a_home_in_use_is_not_overwritten(home: Path, tmp_path: Path):
    file = tmp_path / "b.tar.gz"
    backup.write(home, file)
    with pytest.raises(backup.HomeInUse):
        backup.read(file, home)


def test_a_home_with_only_a_fresh_session_key_is_empty(home: Path, tmp_path: Path):
    file, again = tmp_path / "b.tar.gz", tmp_path / "again"
    backup.write(home, file)
    (again / "keys").mkdir(parents=True)
    (again / "keys" / "django.key").write_text("fresh")
    backup.read(file, again)
    assert not (again / "keys" / "django.key").exists(), "the restored state is the old one alone"


@pytest.mark.parametrize("harm", ["cut", "flip", "not-gzip"])
def test_a_damaged_backup_restores_nothing(home: Path, tmp_path: Path, harm: str):
    file = tmp_path / "b.tar.gz"
    backup.write(home, file)
    body = bytearray(file.read_bytes())
    if harm == "cut":
        body = body[: len(body) // 2]
    elif harm == "flip":
        plain = bytearray(gzip.decompress(body))
        plain[plain.index(bytes(range(256))) + 700] ^= 1
        body = bytearray(gzip.compress(plain))
    else:
        body = bytearray(b"no backup at all")
    file.write_bytes(body)
    target = tmp_path / "again"
    with pytest.raises(backup.BadBackup):
        backup.read(file, target)
    assert not target.exists()
    assert not list(tmp_path.glob(".restore-*")), "nothing half-done is left"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE),
        ("/tmp/outside", tarfile.REGTYPE),
        ("keys/../../outside", tarfile.REGTYPE),
        ("link", tarfile.SYMTYPE),
        ("hard", tarfile.LNKTYPE),
        ("device", tarfile.CHRTYPE),
    ],
)
def test_a_backup_that_reaches_outside_or_holds_no_file_restores_nothing(
    tmp_path: Path, name: str, kind: bytes
):
    file, target = tmp_path / "b.tar.gz", tmp_path / "again"
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, "/etc/passwd"
        entry.size = 4 if kind == tarfile.REGTYPE else 0
        archive.addfile(entry, io.BytesIO(b"evil"))
    with pytest.raises(backup.BadBackup):
        backup.read(file, target)
    assert not target.exists()
    assert not (tmp_path / "outside").exists()
