"""Opening a plan document: bounded, and by what the bytes are rather than what the name says."""

from pathlib import Path

from hutong.indicators.plan_import.errors import OldWordFile, PlanTooLarge, PlanUnreadable
from hutong.indicators.plan_import.reading.pdf_file import Progress, read_pdf
from hutong.indicators.plan_import.reading.source import Source
from hutong.indicators.plan_import.reading.text_file import read_text
from hutong.indicators.plan_import.reading.word_file import read_word

MAX_BYTES = 50 * 1024 * 1024
MAX_TEXT_BYTES = 8 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)


def open_source(path: Path) -> Source:
    """The document at ``path``."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise PlanTooLarge(what="bytes", size=size, limit=MAX_BYTES)
        data = path.read_bytes()
    except OSError as error:
        raise PlanUnreadable(reason=error.strerror or str(error)) from error
    return source_of(data, path.name)


def source_of(data: bytes, name: str, progress: Progress | None = None) -> Source:
    """The document in ``data``; ``name`` is the file's name, used only for the title of last resort."""
    if len(data) > MAX_BYTES:
        raise PlanTooLarge(what="bytes", size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise PlanUnreadable(reason="空文件 / empty file")
    if data.startswith(_OLE):
        raise OldWordFile
    if data.startswith(b"PK"):
        return read_word(data, name)
    if b"%PDF-" in data[:1024]:
        return read_pdf(data, name, progress)
    if data.startswith(_PICTURES):
        raise PlanUnreadable(reason="图片或压缩文件 / a picture or an archive")
    if len(data) > MAX_TEXT_BYTES:
        raise PlanTooLarge(what="bytes", size=len(data), limit=MAX_TEXT_BYTES)
    return read_text(data, name)
