"""PDF documents: lines in reading order, ruled tables apart, wide gaps as tabs."""

import io
import logging
from itertools import pairwise
from typing import Any

from hutong.indicators.plan_import.errors import EncryptedPdf, PlanTooLarge, PlanUnreadable, ScannedPdf
from hutong.indicators.plan_import.reading.source import Source, SourceBuilder

MAX_PAGES = 600
_LEAST_CHARACTERS = 20


def read_pdf(data: bytes, name: str) -> Source:
    """The lines and ruled tables of a PDF with a text layer."""
    import pdfplumber  # noqa: PLC0415 — slow to import, needed for PDF files only
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415 — with it
    from pdfminer.pdfexceptions import PDFException  # noqa: PLC0415 — with it
    from pdfplumber.utils.exceptions import PdfminerException  # noqa: PLC0415 — with it

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    builder = SourceBuilder()
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
            if pages > MAX_PAGES:
                raise PlanTooLarge(what="pages", size=pages, limit=MAX_PAGES)
            for page in pdf.pages:
                _page(page, builder)
                page.close()
    except (PdfminerException, PDFException, ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, PDFPasswordIncorrect) or "PDFPasswordIncorrect" in repr(error):
            raise EncryptedPdf from error
        raise PlanUnreadable(reason=f"pdf: {type(error).__name__}") from error
    seen = sum(len(line.text.strip()) for line in builder.lines)
    if seen < _LEAST_CHARACTERS * max(1, pages // 2):
        raise ScannedPdf(pages=pages)
    return builder.build(name)


def _page(page: Any, builder: SourceBuilder) -> None:
    tables = [table for table in page.find_tables() if _is_table(table)]
    boxes = [table.bbox for table in tables]
    words = [
        word
        for word in page.extract_words(
            x_tolerance=1.5, y_tolerance=3, keep_blank_chars=False, use_text_flow=False
        )
        if not any(_inside(word, box) for box in boxes)
    ]
    items: list[tuple[float, int, Any]] = [
        (box[1], 0, table) for box, table in zip(boxes, tables, strict=True)
    ]
    lines = _rows(words)
    items += [(row[0]["top"], 1, row) for row in lines]
    left, right = _margins(lines)
    for _, kind, item in sorted(items, key=lambda each: (each[0], each[1])):
        if kind == 0:
            rows = [[(cell or "", cell is None) for cell in row] for row in item.extract(x_tolerance=1.5)]
            builder.add_table(_filled(rows), page.page_number)
        else:
            _line(item, left, right, page.page_number, builder)


def _is_table(table: Any) -> bool:
    """A ruled box with at least two rows and two columns; a single cell is a panel of text."""
    rows = table.extract()
    return len(rows) > 1 and max((len(row) for row in rows), default=0) > 1


def _filled(rows: list[list[tuple[str, bool]]]) -> list[list[tuple[str, bool]]]:
    """Merged cells repeat the cell above, or in the first row the one to the left."""
    above: list[str] = []
    filled = []
    for row in rows:
        cells: list[tuple[str, bool]] = []
        for column, (text, merged) in enumerate(row):
            known = above[column] if merged and column < len(above) else text
            if merged and not above and column:
                known = cells[column - 1][0]
            cells.append((known, merged))
        above = [text for text, _ in cells]
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


def _line(row: list[Any], left: float, right: float, page: int, builder: SourceBuilder) -> None:
    size = max(word["bottom"] - word["top"] for word in row) or 1.0
    text = row[0]["text"]
    for before, word in pairwise(row):
        gap = word["x0"] - before["x1"]
        text += ("\t" if gap > 0.7 * size else " " if gap > 0.2 * size else "") + word["text"]
    builder.add(text, page, starts=row[0]["x0"] - left > 1.4 * size, full=right - row[-1]["x1"] < 2.2 * size)
