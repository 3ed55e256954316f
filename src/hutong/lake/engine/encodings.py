"""Bytes to UTF-8 text files: gzip, GB18030 and UTF-16, streamed, with the place named where they break."""

import codecs
import zlib
from pathlib import Path

from hutong.kernel.errors import Place
from hutong.lake.errors import BadSource, NotDecodable, SourceTooLarge, Truncated

CHUNK = 1 << 18
_GZIP = 31  # a gzip header is expected
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def gunzip(source: Path, target: Path, limit: int) -> None:
    """Decompress; raises ``Truncated`` or ``BadSource`` with the line reached, or ``SourceTooLarge``."""
    done, member = 0, zlib.decompressobj(_GZIP)
    with source.open("rb") as compressed, target.open("wb") as out:
        while data := compressed.read(CHUNK):
            while data:
                try:
                    chunk = member.decompress(data)
                except zlib.error as error:
                    out.flush()
                    raise BadSource(place=Place(line=_lines(target) + 1), reason=f"gzip: {error}") from error
                done += len(chunk)
                if done > limit:
                    raise SourceTooLarge(what=source.name, limit=f"{limit} bytes")
                out.write(chunk)
                data = member.unused_data.lstrip(b"\0") if member.eof else b""
                member = zlib.decompressobj(_GZIP) if data else member
    if not member.eof:
        raise Truncated(place=Place(line=_lines(target) + 1), at=f"{done} bytes")


def detect(head: bytes) -> tuple[str, bool]:
    """The encoding that the first bytes show, and whether they prove it (False: ASCII so far)."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, True
    if head[1:400:2].count(0) > len(head[:400]) // 4:
        return "utf-16-le", True
    if head[0:400:2].count(0) > len(head[:400]) // 4:
        return "utf-16-be", True
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return ("utf-8", True) if _mostly_utf8(head) else ("gb18030", True)
    return "utf-8", not text.isascii()


def _mostly_utf8(head: bytes) -> bool:
    """Whether it is UTF-8 with a few broken places: GB18030 read as UTF-8 is broken nearly everywhere."""
    text = head.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(not sign.isascii() for sign in text) - broken > 3 * broken


def transcode(source: Path, target: Path, encoding: str) -> None:
    """Write ``source`` as UTF-8; raises ``NotDecodable`` with the line, or ``Truncated``."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
    except LookupError as error:
        raise NotDecodable(place=Place(key="source.encoding"), line=1, encoding=encoding) from error
    line = 1
    with source.open("rb") as data, target.open("wb") as out:
        while True:
            chunk = data.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].decode(encoding, "replace").count("\n")
                if not chunk:
                    raise Truncated(place=Place(line=line), at=f"line {line}") from error
                raise NotDecodable(place=Place(line=line), line=line, encoding=encoding) from error
            line += text.count("\n")
            out.write(text.encode())
            if not chunk:
                return


def _lines(file: Path) -> int:
    with file.open("rb") as data:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: data.read(CHUNK), b""))
