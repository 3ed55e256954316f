"""Tables of indicators printed as offices print them: Word with merged cells, PDF ruled, half ruled and not ruled."""

import io
from collections.abc import Sequence

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FONT = "STSong-Light"


def pdf(
    before: Sequence[str],
    tables: Sequence[Table],
    after: Sequence[str],
    head: str = "",
    *,
    breaks: bool = False,
) -> bytes:
    """Paragraphs, tables, paragraphs; a running head and page numbers like — 12 —."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    plain = ParagraphStyle("p", fontName=FONT, fontSize=14, leading=24, firstLineIndent=28, wordWrap="CJK")
    story = [Paragraph(text, plain) for text in before]
    for order, table in enumerate(tables):
        story += [PageBreak()] if breaks and order else [Spacer(1, 6)]
        story += [table, Spacer(1, 6)]
    story += [Paragraph(text, plain) for text in after]

    def furnish(canvas, document) -> None:
        canvas.setFont(FONT, 10)
        canvas.drawCentredString(A4[0] / 2, 30, f"— {document.page + 11} —")
        if head:
            canvas.drawCentredString(A4[0] / 2, A4[1] - 40, head)

    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(story, onFirstPage=furnish, onLaterPages=furnish)
    return out.getvalue()


def table(
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    style: str = "ruled",
    *,
    valign: str = "MIDDLE",
    spans: Sequence[tuple[int, int, int, int]] = (),
    heads: int = 1,
    padding: float = 3,
    size: float = 10.5,
) -> Table:
    """A table whose cells wrap. ``style``: ruled, open (no outer sides), three (rules above, below, under the head),
    rows (a rule under each row), bare."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    text = ParagraphStyle("c", fontName=FONT, fontSize=size, leading=size * 1.3, wordWrap="CJK", alignment=1)
    cells = [[Paragraph(cell, text) if cell else "" for cell in row] for row in rows]
    rules = {
        "ruled": [("GRID", (0, 0), (-1, -1), 0.5, colors.black)],
        "open": [
            ("INNERGRID", (0, 0), (-1, -1), 0.5, colors.black),
            ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
            ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
        ],
        "three": [
            ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
            ("LINEBELOW", (0, heads - 1), (-1, heads - 1), 0.5, colors.black),
            ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
        ],
        "rows": [("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.black)],
        "bare": [],
    }[style]
    both = [("VALIGN", (0, 0), (-1, -1), valign), ("TOPPADDING", (0, 0), (-1, -1), padding),
            ("BOTTOMPADDING", (0, 0), (-1, -1), padding)]  # fmt: skip
    merged = [("SPAN", (c0, r0), (c1, r1)) for c0, r0, c1, r1 in spans]
    return Table(cells, colWidths=widths, repeatRows=heads, style=TableStyle([*rules, *both, *merged]))


def word(
    before: Sequence[str],
    rows: Sequence[Sequence[str]],
    after: Sequence[str],
    merges: Sequence[tuple[int, int, int, int]] = (),
) -> bytes:
    """``merges``: (row, column, row, column) of the corners of merged cells; the text of the first stays."""
    document = docx.Document()
    for text in before:
        document.add_paragraph(text)
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    made.style = "Table Grid"
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            made.cell(r, c).text = text
            made.cell(r, c).paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    for r0, c0, r1, c1 in merges:
        kept = made.cell(r0, c0).text
        made.cell(r0, c0).merge(made.cell(r1, c1)).text = kept
    for text in after:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
