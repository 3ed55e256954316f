"""Files that no snapshot names: left by loads that were killed or refused."""

import fcntl
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pyiceberg.exceptions import NoSuchTableError

from hutong.kernel import clock
from hutong.lake.models import LoadRow, SnapshotRow
from hutong.lake.store import iceberg, places

_KEEP_STAGED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was (or would be) taken away."""

    files: int
    bytes: int
    loads: int


def tidy(*, dry_run: bool = False) -> Tidied:
    """Take orphans away. Tables that a load is working on are left alone, old snapshots always."""
    files = list(_orphans())
    size = sum(_size(each) for each in files)
    interrupted = 0
    for row in LoadRow.objects.filter(state="running"):
        if _idle(row.table):
            interrupted += 1
            if not dry_run:
                LoadRow.objects.filter(pk=row.pk, state="running").update(
                    state="interrupted", finished_at=clock.now()
                )
    if not dry_run:
        for each in files:
            shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink(missing_ok=True)
    return Tidied(len(files), size, interrupted)


def orphans() -> list[Path]:
    return list(_orphans())


def _orphans() -> Iterator[Path]:
    for folder in sorted((places.lake() / "tables").glob("*")):
        if _idle(folder.name):
            yield from _table_orphans(folder)
    busy = {row.id for row in LoadRow.objects.filter(state="running") if not _idle(row.table)}
    for folder in sorted(places.incoming().glob("*")):
        if folder.name not in busy:
            yield folder
    oldest = (clock.now() - _KEEP_STAGED).timestamp()
    for folder in sorted(places.staging().glob("*")):
        if folder.stat().st_mtime < oldest:
            yield folder
    known = set(LoadRow.objects.values_list("id", flat=True))
    for file in sorted((places.lake() / "quarantine").glob("*.parquet")):
        if file.stem not in known:
            yield file


def _table_orphans(folder: Path) -> Iterator[Path]:
    snapshots = SnapshotRow.objects.filter(table=folder.name).values_list("files", flat=True)
    named = {each["path"] for files in snapshots for each in files}
    for file in sorted((folder / "data").glob("*.parquet")):
        if str(file.relative_to(places.lake())) not in named:
            yield file
    kept = _metadata_of(folder.name)
    if kept is not None:
        for file in sorted((folder / "metadata").glob("*")):
            if file.name not in kept:
                yield file


def _metadata_of(table: str) -> set[str] | None:
    """Names of the metadata files that the table's current metadata leads to; None when it cannot be read."""
    try:
        found = iceberg.catalog(str(places.lake() / "tables")).load_table((iceberg.NAMESPACE, table))
        kept = {found.metadata_location.rsplit("/", 1)[-1]}
        kept |= {each.metadata_file.rsplit("/", 1)[-1] for each in found.metadata.metadata_log}
        for snapshot in found.metadata.snapshots:
            kept.add(snapshot.manifest_list.rsplit("/", 1)[-1])
            kept |= {each.manifest_path.rsplit("/", 1)[-1] for each in snapshot.manifests(found.io)}
    except (OSError, ValueError, NoSuchTableError):
        return None
    return kept


def _idle(table: str) -> bool:
    """Whether no load of the table is at work: its lock is free."""
    file = places.locks() / table
    if not file.exists():
        return True
    with file.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    return path.stat().st_size
