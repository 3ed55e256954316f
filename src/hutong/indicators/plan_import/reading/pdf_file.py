"""PDF documents: lines in reading order, ruled tables apart, wide gaps as tabs."""

import io
import logging
import struct
import zlib
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hutong.indicators.plan_import.characters import RADICALS
from hutong.indicators.plan_import.errors import EncryptedPdf, PlanTooLarge, PlanUnreadable, ScannedPdf
from hutong.indicators.plan_import.reading.pdf_columns import Layout, column_tables
from hutong.indicators.plan_import.reading.pdf_words import bits_of
from hutong.indicators.plan_import.reading.source import Source, SourceBuilder

Progress = Callable[[int, int], None]
MAX_PAGES = 600
_LEAST_CHARACTERS = 20
_BROKEN = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, RecursionError, EOFError,
    OverflowError, zlib.error, struct.error,
)  # fmt: skip
"""What the PDF library raises on damaged files."""


def read_pdf(data: bytes, name: str, progress: Progress | None = None) -> Source:
    """The lines and tables of a PDF with a text layer; ``progress`` is told pages read and pages in all."""
    import pdfplumber  # noqa: PLC0415 — slow to import, needed for PDF files only
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415 — with it
    from pdfminer.pdfexceptions import PDFException  # noqa: PLC0415 — with it
    from pdfplumber.utils.exceptions import PdfminerException  # noqa: PLC0415 — with it

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    builder = SourceBuilder()
    reader = _PdfReader(builder)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
            if pages > MAX_PAGES:
                raise PlanTooLarge(what="pages", size=pages, limit=MAX_PAGES)
            for page in pdf.pages:
                reader.page(page)
                page.close()
                if progress:
                    progress(page.page_number, pages)
    except (PdfminerException, PDFException, *_BROKEN) as error:
        if isinstance(error, PDFPasswordIncorrect) or "PDFPasswordIncorrect" in repr(error):
            raise EncryptedPdf from error
        raise PlanUnreadable(reason=f"pdf: {type(error).__name__}") from error
    seen = sum(len(line.text.strip()) for line in builder.lines)
    if seen < _LEAST_CHARACTERS * max(1, pages // 2):
        raise ScannedPdf(pages=pages)
    return builder.build(name)


class _PdfReader:
    """Reads page after page; remembers the columns of a table that may go on overleaf."""

    def __init__(self, builder: SourceBuilder) -> None:
        self._builder = builder
        self._open: Layout | None = None

    def page(self, page: Any) -> None:
        for character in page.chars:
            character["text"] = character["text"].translate(RADICALS)
        words = page.extract_words(
            x_tolerance=1.5, y_tolerance=3, keep_blank_chars=False, use_text_flow=False
        )
        tables = [
            (table.bbox, _extracted(page, table, words)) for table in page.find_tables() if _is_table(table)
        ]
        free = [word for word in words if not any(_inside(word, _widened(box)) for box, _ in tables)]
        lines = _rows(free)
        inner = [index for index, line in enumerate(lines) if len(bits_of(line)) > 2 or not _edge(line, page)]
        unruled = column_tables([lines[index] for index in inner], _rules(page), self._open)
        taken = {inner[index] for table in unruled for index in range(table.first, table.last + 1)}
        items: list[tuple[float, int, Any]] = [(box[1], 0, rows) for box, rows in tables]
        items += [(table.top, 1, table) for table in unruled]
        items += [(line[0]["top"], 2, line) for index, line in enumerate(lines) if index not in taken]
        open_below = unruled and not unruled[-1].doubtful and unruled[-1].last == len(inner) - 1
        self._open = unruled[-1].layout if open_below else None
        self._put(sorted(items, key=lambda each: (each[0], each[1])), lines, page)

    def _put(self, items: list[tuple[float, int, Any]], lines: list[list[Any]], page: Any) -> None:
        left, right = _margins(lines)
        for _, kind, item in items:
            if kind == 0:
                self._builder.add_table(item, page.page_number)
            elif kind == 1:
                self._builder.add_table(item.rows, page.page_number, doubtful=item.doubtful)
            else:
                _line(item, (left, right), page.page_number, self._builder, edge=_edge(item, page))


def _edge(line: list[Any], page: Any) -> bool:
    """Whether the line stands where running heads and page numbers do."""
    return bool(line[0]["bottom"] < 0.08 * page.height or line[0]["top"] > 0.92 * page.height)


def _rules(page: Any) -> list[float]:
    """Heights of the horizontal rules, each once."""
    heights = sorted(
        edge["top"] for edge in page.horizontal_edges if edge["x1"] - edge["x0"] > 0.25 * page.width
    )
    return [height for index, height in enumerate(heights) if not index or height - heights[index - 1] > 2]


def _widened(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A table without outer sides ends where its text does, so words beside it are its own."""
    return (0.0, box[1], 1e6, box[3])


def _extracted(page: Any, table: Any, words: list[Any]) -> list[list[tuple[str, bool]]]:
    """The cells of a ruled table, its outer columns too where it has no rules at the sides."""
    box = table.bbox
    rows = _cells(table)
    beside = [word for word in words if _inside(word, _widened(box)) and not _inside(word, box)]
    left = [word["x0"] for word in beside if word["x1"] <= box[0] + 2]
    right = [word["x1"] for word in beside if word["x0"] >= box[2] - 2]
    if left or right:
        sides = [*([min(left) - 3] if left else []), *([max(right) + 3] if right else [])]
        crop = (0, max(0, box[1] - 2), page.width, min(page.height, box[3] + 2))
        heights = sorted(
            {edge["top"] for edge in page.horizontal_edges if box[1] - 1 <= edge["top"] <= box[3] + 1}
        )
        uprights = sorted({cell[0] for cell in table.cells} | {cell[2] for cell in table.cells})
        wider = page.crop(crop, strict=False).find_tables(
            {"vertical_strategy": "explicit", "horizontal_strategy": "explicit",
             "explicit_vertical_lines": [*uprights, *sides], "explicit_horizontal_lines": heights}
        )  # fmt: skip
        rows = max((_cells(each) for each in wider), key=len, default=rows)
        if len(rows) == len(heights) - 1:
            for column, x in ([(0, min(left))] if left else []) + ([(-1, max(right))] if right else []):
                _merge(rows, column, [_ruled(page, x, height) for height in heights[1:-1]])
    return rows


def _ruled(page: Any, x: float, height: float) -> bool:
    """Whether a horizontal rule at this height reaches the column at ``x``."""
    return any(
        abs(edge["top"] - height) < 1.5 and edge["x0"] - 4 <= x <= edge["x1"] + 4
        for edge in page.horizontal_edges
    )


def _merge(rows: list[list[tuple[str, bool]]], column: int, ruled: list[bool]) -> None:
    """Cells of an outer column that no rule parts are one, whose text stands in the first."""
    first = 0
    for row, parted in enumerate(ruled, start=1):
        if parted:
            first = row
        else:
            text = "\n".join(text for text in (rows[first][column][0], rows[row][column][0]) if text)
            rows[first][column] = (text, False)
            for each in range(first + 1, row + 1):
                rows[each][column] = (text, True)


def _is_table(table: Any) -> bool:
    """A ruled box with at least two rows and two columns; a single cell is a panel of text."""
    rows = table.extract()
    return len(rows) > 1 and max((len(row) for row in rows), default=0) > 1


def _cells(table: Any) -> list[list[tuple[str, bool]]]:
    """Merged cells repeat the cell above them, or to their left where that one reaches over them."""
    texts = table.extract(x_tolerance=1.5)
    boxes = [row.cells for row in table.rows]
    starts = [min((box[0] for box in column if box), default=0.0) for column in zip(*boxes, strict=True)]
    filled: list[list[tuple[str, bool]]] = []
    for number, row in enumerate(texts):
        cells: list[tuple[str, bool]] = []
        reach, left = 0.0, ""
        for column, text in enumerate(row):
            box = boxes[number][column]
            if box:
                reach, left = box[2], text or ""
                cells.append((left, False))
            elif reach > starts[column] + 1 and column:
                cells.append((left, True))
            else:
                cells.append((filled[-1][column][0] if filled else text or "", True))
        filled.append(cells)
    return filled


def _inside(word: Any, box: tuple[float, float, float, float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _rows(words: list[Any]) -> list[list[Any]]:
    """Words on one baseline, left to right."""
    rows: list[list[Any]] = []
    for word in sorted(words, key=lambda each: ((each["top"] + each["bottom"]) / 2, each["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][0]["top"] <= middle <= rows[-1][0]["bottom"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda each: float(each["x0"])) for row in rows]


def _margins(rows: list[list[Any]]) -> tuple[float, float]:
    if not rows:
        return 0.0, 0.0
    return min(row[0]["x0"] for row in rows), max(row[-1]["x1"] for row in rows)


def _line(
    row: list[Any], margins: tuple[float, float], page: int, builder: SourceBuilder, *, edge: bool
) -> None:
    left, right = margins
    size = max(word["bottom"] - word["top"] for word in row) or 1.0
    text = row[0]["text"]
    for before, word in pairwise(row):
        gap = word["x0"] - before["x1"]
        text += ("\t" if gap > 0.7 * size else " " if gap > 0.2 * size else "") + word["text"]
    full = right - row[-1]["x1"] < 2.2 * size
    builder.add(text, page, starts=row[0]["x0"] - left > 1.4 * size, full=full, edge=edge)
