"""Word documents: paragraphs with their automatic numbers written out, tables with merged cells, box panels."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from hutong.indicators.plan_import.errors import OldWordFile, PlanTooLarge, PlanUnreadable
from hutong.indicators.plan_import.reading.source import Source, SourceBuilder
from hutong.indicators.plan_import.reading.word_numbering import Numbering
from hutong.kernel.given import counted

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
MAX_PARTS = 10_000
MAX_PARAGRAPHS = 60_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 30
_BROKEN = (
    KeyError, ValueError, AttributeError, EOFError, OSError, NotImplementedError, RecursionError, zlib.error,
    zipfile.BadZipFile,
)  # fmt: skip
"""What the readers of archives and their parts raise on damaged ones."""


def read_word(data: bytes, name: str) -> Source:
    """The lines and tables of a .docx file."""
    _guard(data)
    import docx  # noqa: PLC0415 — slow to import, needed for Word files only
    from docx.opc.exceptions import OpcError  # noqa: PLC0415 — with it
    from lxml.etree import LxmlError  # type: ignore[import-untyped]  # noqa: PLC0415 — with it

    try:
        document = docx.Document(io.BytesIO(data))
        reader = _WordReader(Numbering.of(document), _styles(document))
        reader.walk(document.element.body)
    except (OpcError, LxmlError, *_BROKEN) as error:
        raise PlanUnreadable(reason=f"docx: {type(error).__name__}") from error
    return reader.builder.build(name)


def _guard(data: bytes) -> None:
    """Refuses zip bombs and archives that are no Word document before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise PlanUnreadable(reason="zip: " + str(error)) from error
    if any(part.flag_bits & 1 for part in parts):
        raise OldWordFile
    if not any(part.filename == "word/document.xml" for part in parts):
        raise PlanUnreadable(reason="压缩包内没有 Word 正文 / the archive holds no Word document")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise PlanTooLarge(what="unpacked bytes", size=unpacked, limit=MAX_UNPACKED)
    worst = max((p.file_size / max(1, p.compress_size) for p in parts if p.file_size > 1 << 20), default=0)
    if worst > MAX_RATIO:
        raise PlanTooLarge(what="compression ratio", size=int(worst), limit=MAX_RATIO)


def _styles(document: Any) -> dict[str, tuple[str, int | None]]:
    """Style id → (name in lower case, outline level 1.. or None)."""
    known = {}
    for style in document.styles.element.iter(f"{_W}style"):
        title = style.find(f"{_W}name")
        label = title.get(f"{_W}val", "").lower() if title is not None else ""
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        match = re.fullmatch(r"(?:heading|标题) ?(\d)", label)
        level = int(match[1]) if match else int(outline.get(f"{_W}val")) + 1 if outline is not None else None
        known[style.get(f"{_W}styleId", "")] = (label, level if level is None or level <= 9 else None)
    return known


class _WordReader:
    def __init__(self, numbering: Numbering, styles: dict[str, tuple[str, int | None]]) -> None:
        self.builder = SourceBuilder()
        self._numbering = numbering
        self._styles = styles

    def walk(self, parent: Any, depth: int = 0) -> None:
        """Body, content controls and box panels, in order."""
        if depth > _DEEPEST:
            return
        for child in parent:
            if child.tag == f"{_W}p":
                self._paragraph(child, depth)
            elif child.tag == f"{_W}tbl":
                self._table(child, depth)
            elif child.tag == f"{_W}sdt":
                for content in child.findall(f"{_W}sdtContent"):
                    self.walk(content, depth + 1)
            elif child.tag in {f"{_W}ins", f"{_W}smartTag", f"{_W}customXml"}:
                self.walk(child, depth + 1)

    def _paragraph(self, paragraph: Any, depth: int) -> None:
        if len(self.builder.lines) > MAX_PARAGRAPHS:
            raise PlanTooLarge(what="paragraphs", size=len(self.builder.lines), limit=MAX_PARAGRAPHS)
        style, level = self._styles.get(_value(paragraph, "pPr/pStyle") or "", ("", None))
        direct = _value(paragraph, "pPr/outlineLvl")
        level = int(direct) + 1 if direct and direct in set("012345678") else level
        number = self._numbering.next(paragraph)
        pieces = text_of(paragraph).split("\n")
        toc = style.startswith(("toc", "目录")) and style not in {"toc heading", "toc标题"}
        for index, piece in enumerate(pieces):
            shown = number + piece if index == 0 and piece.strip() else piece
            self.builder.add(shown, starts=index == 0, outline=level if index == 0 else None, contents=toc)
        for box in _boxes(paragraph):
            self.walk(box, depth + 1)

    def _table(self, table: Any, depth: int) -> None:
        rows = [_cells(row) for row in table.iter(f"{_W}tr") if _owner(row) is table]
        if all(len(row) == 1 for row in rows):
            for row in rows:
                for cell, _, _ in row:
                    self.walk(cell, depth + 1)
            return
        self.builder.add_table(_grid(rows))


def _grid(rows: list[list[tuple[Any, int, bool]]]) -> Iterator[list[tuple[str, bool]]]:
    """Rows of (text, merged); a cell merged into the one above repeats its text and is marked."""
    above: list[str] = []
    for row in rows:
        cells: list[tuple[str, bool]] = []
        for cell, span, continued in row:
            column = len(cells)
            text = above[column] if continued and column < len(above) else _cell_text(cell)
            cells.append((text, continued))
            cells.extend((text, True) for _ in range(span - 1))
        above = [text for text, _ in cells]
        yield cells


def _cells(row: Any) -> list[tuple[Any, int, bool]]:
    """(cell, columns it spans, continues the cell above) of one row, with grid columns skipped before it."""
    cells = []
    for cell in row.iter(f"{_W}tc"):
        if _owner(cell, "tr") is not row:
            continue
        span = _value(cell, "tcPr/gridSpan")
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        continued = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
        cells.append(
            (
                cell,
                counted(span or "", 100) or 1,
                continued,
            )
        )
    return cells


def _owner(element: Any, tag: str = "tbl") -> Any:
    return next(element.iterancestors(f"{_W}{tag}"), None)


def _cell_text(cell: Any) -> str:
    return "\n".join(text for text in (text_of(p).strip() for p in cell.iter(f"{_W}p")) if text)


def _value(element: Any, path: str) -> str | None:
    found = element.find("/".join(_W + step for step in path.split("/")))
    value = found.get(f"{_W}val") if found is not None else None
    return str(value) if value is not None else None


def _boxes(paragraph: Any) -> list[Any]:
    """Text boxes anchored in the paragraph; Word writes each twice (drawing and fallback): the first counts."""
    return [
        box
        for box in paragraph.iter(f"{_W}txbxContent")
        if not any(str(up.tag).endswith("}Fallback") for up in box.iterancestors())
    ]


def text_of(paragraph: Any) -> str:
    """The visible text of a paragraph: insertions kept, deletions and field codes left out, breaks as newlines."""
    parts: list[str] = []
    _gather(paragraph, parts, 0)
    return "".join(parts)


def _gather(element: Any, parts: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        return
    for child in element:
        tag = str(child.tag).removeprefix(_W)
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "tab":
            parts.append("\t")
        elif tag in {"br", "cr"}:
            parts.append("\n")
        elif tag == "noBreakHyphen":
            parts.append("-")
        elif tag not in {"del", "moveFrom", "txbxContent", "instrText", "delText", "pPr", "rPr"}:
            _gather(child, parts, depth + 1)
