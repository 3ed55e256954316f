"""Plain text: its encoding found, its lines numbered."""

import codecs

from hutong.indicators.plan_import.errors import PlanTooLarge, UnknownEncoding
from hutong.indicators.plan_import.reading.source import Source, SourceBuilder

MAX_LINES = 60_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(data: bytes, name: str) -> Source:
    """The lines of a text file in UTF-8, UTF-16 or GB18030; a form feed starts a page."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    count = text.count("\n") + 1
    if count > MAX_LINES:
        raise PlanTooLarge(what="lines", size=count, limit=MAX_LINES)
    builder = SourceBuilder()
    paged = "\f" in text
    page = 1
    for raw in text.split("\n"):
        page += raw.count("\f")
        builder.add(raw.replace("\f", " "), page if paged else None)
    return builder.build(name)


def decode(data: bytes) -> str:
    """The text of the bytes; raises :class:`UnknownEncoding` when no encoding fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    guess = _wide(data)
    for encoding in (guess, "utf-8", "gb18030") if guess else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnknownEncoding


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnknownEncoding from error


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark shows by its newlines and spaces: a zero byte on one side of every one."""
    head = data[: 1 << 16]
    if not head or len(data) % 2:
        return None
    little = head.count(b"\n\x00") + head.count(b"0\x00")
    big = head.count(b"\x00\n") + head.count(b"\x000")
    if head.count(b"\x00") < max(2, len(head) // 400):
        return None
    return "utf-16-le" if little >= big else "utf-16-be"
