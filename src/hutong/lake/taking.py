"""What a person hands over on the page, a file or an address, on its way to a durable load."""

import uuid
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, get_args
from urllib.parse import urlsplit

from django.utils.translation import gettext

from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text
from hutong.lake import jobs
from hutong.lake.engine import outside
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


def take(table: str, sent: "UploadedFile[bytes] | None", address: str, mode: str, *, actor: str) -> str:
    """Ask for the load of the file or of the address, just one of which is given; returns the job's id."""
    if mode not in get_args(Mode):
        raise BadSource(reason=mode[:40])
    given: Mode = mode  # type: ignore[assignment]
    if address and sent is not None:
        raise BadSource(reason=gettext("a file and an address were given; give one of them"))
    if address:
        return _address(table, address, given, actor)
    if sent is None or not sent.name:
        raise BadSource(reason=gettext("no file was chosen"))
    return _file(table, sent, sent.name, given, actor)


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


def _place() -> Path:
    places.uploads().mkdir(parents=True, exist_ok=True)
    return places.uploads() / uuid.uuid4().hex
