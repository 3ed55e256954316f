"""`hutong backup` and `restore`: all state in one file, each part with its checksum.

The database is copied first, in one consistent read; lake files are never changed once written, so whatever the
database names is still there when the files are copied after it. A passing file (a draft, an edition that a newer one
replaced) may go away meanwhile: it is left out and named. The file holds the keys: keep it as safe as them.
"""

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import click
from rich.progress import track

from hutong import __version__
from hutong.kernel import clock
from hutong.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from hutong.kernel.settings import home, value
from hutong.kernel.text import Text

MANIFEST = "manifest.json"
SESSION_KEY = "keys/django.key"
DATABASE = "hutong.db"
DUMP = "hutong.pgdump"
_MAKING = re.compile(
    r"/(tmp_)?\.making-"
)  # what is not whole yet is made again; DuckDB sets its tmp_ before it
_PASSING = (f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal", "tmp/")


class BadBackup(Invalid):
    """The file is not a whole backup."""

    code = "project.bad-backup"
    message = Text(zh="备份文件不完整或已损坏：{reason}", en="The backup is incomplete or damaged: {reason}")
    fix = Text(zh="换用另一份备份", en="use another backup")


class HomeInUse(Conflict):
    """The home to restore into has state already."""

    code = "project.home-in-use"
    message = Text(zh="{home} 中已有内容", en="{home} holds state already")
    fix = Text(zh="把 HUTONG_HOME 指向一个空文件夹", en="point HUTONG_HOME to an empty folder")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def backup(file: Path, *, as_json: bool) -> None:
    """Write all state to FILE (.tar.gz)."""
    made = write(home(), file)
    size = file.stat().st_size
    if as_json:
        said = {"file": str(file), "files": made.files, "bytes": size, "gone": made.gone}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(f"{file}: {made.files} files, {size:,} bytes")
    for name in made.gone:
        click.echo(f"removed while the backup was made, not in it: {name}", err=True)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def restore(file: Path, *, as_json: bool) -> None:
    """Bring back the state in FILE into an empty home."""
    count = read(file, home())
    click.echo(
        json.dumps({"home": str(home()), "files": count}) if as_json else f"{home()}: {count} files restored"
    )


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds: how many files, and the names of those removed by the system while it was made."""

    files: int
    gone: tuple[str, ...] = ()


def write(source: Path, target: Path) -> Made:
    """Back up the home ``source`` to ``target``; the file appears whole or not at all."""
    if not source.is_dir():
        raise NotFound(what=str(source))
    draft = target.with_name(target.name + ".part")
    sums: dict[str, str] = {}
    gone: list[str] = []
    with tempfile.TemporaryDirectory(prefix="hutong-backup-") as scratch:
        database = _copy_database(source, Path(scratch))
        draft.touch(mode=0o600)
        with tarfile.open(draft, "w:gz", compresslevel=3) as archive:
            _add(archive, database, database.name, sums)
            for path in track(list(_files(source)), description="backup", disable=not os.isatty(2)):
                name = path.relative_to(source).as_posix()
                try:
                    _add(archive, path, name, sums)
                except FileNotFoundError:
                    gone.append(name)
            about = {"version": __version__, "at": clock.now().isoformat(), "files": sums, "gone": gone}
            body = json.dumps(about, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    draft.replace(target)
    return Made(len(sums), tuple(gone))


def read(source: Path, target: Path) -> int:
    """Restore the backup ``source`` into the empty home ``target``, checking every byte first."""
    if not _is_untouched(target):
        raise HomeInUse(home=str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".restore-", dir=target.parent))
    try:
        count = _unpack(source, draft)
        _load_dump(draft)
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadBackup(reason=str(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return count


def _is_untouched(home: Path) -> bool:
    """Whether nothing is in the home but what every command makes as it starts: a fresh session key."""
    made = {"keys", SESSION_KEY}
    return not home.exists() or all(path.relative_to(home).as_posix() in made for path in home.rglob("*"))


def _files(source: Path) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if _MAKING.search(f"/{name}"):
            continue
        if path.is_file() and not path.is_symlink() and name != DATABASE and not name.startswith(_PASSING):
            yield path


def _copy_database(source: Path, scratch: Path) -> Path:
    address = value("HUTONG_DATABASE_URL")
    if not address:
        copy = scratch / DATABASE
        with (
            closing(sqlite3.connect(f"file:{source / DATABASE}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(copy)) as target,
        ):
            live.backup(target)
        return copy
    dump = scratch / DUMP
    _postgresql("pg_dump", "--format=custom", f"--file={dump}", str(address))
    return dump


def _load_dump(folder: Path) -> None:
    dump = folder / DUMP
    address = value("HUTONG_DATABASE_URL")
    if not dump.is_file():
        return
    if not address:
        raise BadBackup(reason="HUTONG_DATABASE_URL must name an empty PostgreSQL database")
    _postgresql("pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={address}", str(dump))
    dump.unlink()


def _postgresql(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if not found:
        raise Unavailable(part=program)
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadBackup(reason=done.stderr.strip()[-500:])


def _add(archive: tarfile.TarFile, path: Path, name: str, sums: dict[str, str]) -> None:
    with path.open("rb") as file:  # opened first: from here on it cannot go away
        entry = archive.gettarinfo(arcname=name, fileobj=file)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        reader = _Hashing(file)
        archive.addfile(entry, reader)
    sums[name] = reader.sha256.hexdigest()


class _Hashing:
    """A file that keeps the checksum of what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.sha256.update(block)
        return block


def _unpack(source: Path, folder: Path) -> int:
    found: dict[str, str] = {}
    manifest: dict[str, str] | None = None
    with tarfile.open(source, "r:gz") as archive:
        for entry in archive:
            if entry.name == MANIFEST:
                body = archive.extractfile(entry)
                manifest = json.load(body)["files"] if body else None
                continue
            # Not tarfile.data_filter: Python has it since 3.11.4 only.
            path = PurePosixPath(entry.name)
            if not entry.isreg() or path.is_absolute() or ".." in path.parts:
                raise BadBackup(reason=entry.name)
            found[entry.name] = _extract(archive, entry, folder / path)
    if manifest is None:
        raise BadBackup(reason=MANIFEST)
    for name in manifest.keys() | found.keys():
        if manifest.get(name) != found.get(name):
            raise BadBackup(reason=name)
    return len(found)


def _extract(archive: tarfile.TarFile, entry: tarfile.TarInfo, target: Path) -> str:
    body = archive.extractfile(entry)
    if body is None:
        raise BadBackup(reason=entry.name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    reader = _Hashing(body)
    with target.open("xb") as file:
        target.chmod(0o600 if entry.name.startswith("keys/") else 0o640)
        while block := reader.read(1 << 20):
            file.write(block)
    return reader.sha256.hexdigest()
