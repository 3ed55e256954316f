"""What a person hands over on the page, a file, an address or a query, on its way to a durable load."""

import uuid
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, get_args
from urllib.parse import urlsplit

from django.utils.translation import gettext

from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text
from hutong.lake import databases, jobs
from hutong.lake.engine import obtain, outside
from hutong.lake.errors import BadSource, SourceTooLarge
from hutong.lake.store import places
from hutong.lake.types import Mode

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

declare(
    Setting(
        "HUTONG_LAKE_UPLOAD_BYTES",
        1 << 30,
        "int",
        Text(zh="网页上传一个文件最多的字节数", en="The most bytes of a file uploaded on the page"),
    )
)
KINDS: Final = (".csv", ".txt", ".tsv", ".xlsx", ".json", ".ndjson", ".geojson", ".parquet", ".gz")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Given:
    """Where the rows are to come from: one of a file, an address, a query of a database that has a name here."""

    file: "UploadedFile[bytes] | None" = None
    address: str = ""
    database: str = ""
    sql: str = ""


def take(table: str, given: Given, mode: str, *, actor: str) -> str:
    """Ask for the load of the one thing that is given; returns the job's id."""
    if mode not in get_args(Mode):
        raise BadSource(reason=mode[:40])
    wanted: Mode = mode  # type: ignore[assignment]
    if sum(map(bool, (given.file, given.address, given.database))) > 1:
        raise BadSource(reason=gettext("give one of a file, an address and a database"))
    if given.address:
        return _address(table, given.address, wanted, actor)
    if given.database:
        return _database(table, given, wanted, actor)
    if given.file is None or not given.file.name:
        raise BadSource(reason=gettext("no file was chosen"))
    return _file(table, given.file, given.file.name, wanted, actor)


def _file(table: str, sent: "UploadedFile[bytes]", name: str, mode: Mode, actor: str) -> str:
    if not name.lower().endswith(KINDS):
        told: dict[str, Any] = {"name": name[:80], "kinds": " ".join(KINDS)}
        raise BadSource(reason=gettext("%(name)s is of no kind that is read (%(kinds)s)") % told)
    limit = int(value("HUTONG_LAKE_UPLOAD_BYTES"))
    if (sent.size or 0) > limit:
        raise SourceTooLarge(what=name, limit=f"{limit >> 20:,} MiB")
    target = _place()
    with target.open("wb") as out:
        for chunk in sent.chunks():
            out.write(chunk)
    return jobs.ask(table, str(target), Path(name).name[:200], mode=mode, actor=actor)


def _address(table: str, address: str, mode: Mode, actor: str) -> str:
    if len(address) > _LONGEST:
        raise BadSource(reason=f"> {_LONGEST}")
    outside.check(address)
    name = PurePosixPath(urlsplit(address).path).name[:200] or "download"
    return jobs.ask(table, str(_place()), name, mode=mode, actor=actor, address=address)


def _database(table: str, given: Given, mode: Mode, actor: str) -> str:
    if not given.sql or len(given.sql) > _LONGEST:
        raise BadSource(
            reason=gettext("name a table of the database, or write one SELECT of at most 2,000 characters")
        )
    obtain.readable(given.sql)
    found = databases.named(given.database)
    return jobs.ask_database(table, found.name, given.sql, mode=mode, actor=actor)


def _place() -> Path:
    places.uploads().mkdir(parents=True, exist_ok=True)
    return places.uploads() / uuid.uuid4().hex
