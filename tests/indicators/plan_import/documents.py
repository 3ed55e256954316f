"""The same plan of our own making as text, Word document and PDF."""

# ruff: noqa: E501 - texts of plans, as printed

import io

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

TITLE = "青河区“十四五”时期智慧城市发展规划"
HEADER = ["一级指标", "序号", "二级指标", "2020年", "2025年\n目标值", "属性"]
ROWS = [
    ["数字底座", "1", "政务数据共享率（%）", "80", "100", "约束性"],
    ["", "2", "数据目录条目数（条）", "1200", "5000以上", "预期性"],
    ["", "3", "5G基站（个）", "900", "3,000", "预期性"],
    ["城市治理", "4", "接诉即办解决率（%）", "91.5", "≥95", "约束性"],
    ["", "5", "网格事件平均处置时间（小时）", "48", "控制在24以内", "预期性"],
    ["数字经济", "6", "数字经济增加值年均增速（%）", "—", "高于全市\n平均水平", "预期性"],
    ["", "7", "新增独角兽企业（家）", "—", "年均1-3", "预期性"],
]
MANY = [
    ["社会民生" if n == 8 else "", str(n), f"便民服务指标{n}（个）", str(n), f"{n * 10}左右", "预期性"]
    for n in range(8, 60)
]
SECTIONS = [
    (1, "一、", "发展基础", "“十三五”时期，青河区智慧城市建设取得明显成效，基础设施不断完善，数据资源持续汇聚，应用水平稳步提升。"),
    (1, "二、", "发展目标", "到2025年，建成国内领先的智慧城市。"),
    (1, "三、", "主要任务", ""),
    (2, "（一）", "夯实数字底座", ""),
    (3, "1.", "升级政务大数据平台", "依托政务大数据平台，健全目录区块链系统，推动各部门数据按需共享、有序开放，形成统一分类、统一格式、统一调用的数据资源管理体系，到2024年底前完成。责任单位：区科信局。"),
    (3, "2.", "完善感知体系", "建设物联网应用支撑平台，统一接入各类感知终端，推进分建统用、统管共用，及时发现并处置城市运行中的异常情况。"),
    (2, "（二）", "提升治理能力", "搭建领导驾驶舱，构建城市运行指标体系，实现重要事项可视可管可控。"),
    (1, "四、", "保障措施", "加强组织领导，压实工作责任，定期开展评估，确保各项任务落到实处。"),
]  # fmt: skip


def expected(rows: list[list[str]]) -> list[tuple[str, str, str, str]]:
    """(group, name, unit, target) of every row."""
    group, found = "", []
    for row in rows:
        group = row[0] or group
        name, unit = row[2].rstrip("）").split("（")
        found.append((group, name, unit, row[4].replace("\n", "")))
    return found


def as_text(rows: list[list[str]]) -> bytes:
    lines = [TITLE, "本规划期限为2021年—2025年。"]
    for level, number, title, body in SECTIONS:
        lines.append(f"{number}{title}" if level < 3 or not body else f"{number}{title}。{body}")
        if body and level < 3:
            lines.append(body)
        if title == "发展目标":
            lines.append("表1 青河区智慧城市发展主要指标")
            for row in [HEADER, *rows]:
                lines += ["\t" + cell for cell in row] + [""]
    return "\n".join(lines).encode()


def as_word(rows: list[list[str]], *, automatic: bool = False) -> bytes:
    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_paragraph("本规划期限为2021年—2025年。")
    numbers = _numbering(document) if automatic else None
    for level, number, title, body in SECTIONS:
        run_in = level == 3 and body
        text = f"{title}。{body}" if run_in else title
        paragraph = document.add_paragraph(text if automatic else number + text)
        if numbers:
            _number(paragraph, numbers, level - 1)
        if body and not run_in:
            document.add_paragraph(body)
        if title == "发展目标":
            document.add_paragraph("表1 青河区智慧城市发展主要指标")
            _word_table(document, rows)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _word_table(document, rows):
    table = document.add_table(rows=2, cols=6)
    upper = ["一级指标", "序号", "二级指标", "指标值", "指标值", "属性"]
    for column, text in enumerate(upper):
        table.cell(0, column).text = text if column != 4 else ""
    table.cell(1, 3).text, table.cell(1, 4).text = "2020年", "2025年"
    table.cell(0, 3).merge(table.cell(0, 4))
    for column in (0, 1, 2, 5):
        table.cell(0, column).merge(table.cell(1, column))
    start = 0
    for row in rows:
        cells = table.add_row().cells
        at = len(table.rows) - 1
        for column, text in enumerate(row):
            if column or text:
                cells[column].text = text
        if row[0]:
            start = at
        elif at > start:
            table.cell(start, 0).merge(table.cell(at, 0))


def _numbering(document) -> str:
    """A multilevel list 一、 / （一） / 1. as Word keeps it: the numbers are not in the text."""
    root = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "90")
    for level, (form, text) in enumerate(
        [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
    ):
        element = OxmlElement("w:lvl")
        element.set(qn("w:ilvl"), str(level))
        for tag, value in (("start", "1"), ("numFmt", form), ("lvlText", text)):
            child = OxmlElement(f"w:{tag}")
            child.set(qn("w:val"), value)
            element.append(child)
        abstract.append(element)
    root.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "90")
    target = OxmlElement("w:abstractNumId")
    target.set(qn("w:val"), "90")
    number.append(target)
    root.append(number)
    return "90"


def _number(paragraph, number: str, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    holder = OxmlElement("w:numPr")
    for tag, value in (("ilvl", str(level)), ("numId", number)):
        child = OxmlElement(f"w:{tag}")
        child.set(qn("w:val"), value)
        holder.append(child)
    properties.append(holder)


def as_pdf(rows: list[list[str]], *, ruled: bool = True) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    plain = ParagraphStyle(
        "p", fontName="STSong-Light", fontSize=14, leading=24, firstLineIndent=28, wordWrap="CJK"
    )
    centred = ParagraphStyle("t", parent=plain, alignment=1, firstLineIndent=0)
    story = [Paragraph(TITLE, centred), Paragraph("本规划期限为2021年—2025年。", plain)]
    for level, number, title, body in SECTIONS:
        story.append(Paragraph(f"{number}{title}。{body}" if level == 3 and body else number + title, plain))
        if body and level < 3:
            story.append(Paragraph(body, plain))
        if title == "发展目标":
            story += [
                Paragraph("表1 青河区智慧城市发展主要指标", centred),
                Spacer(1, 6),
                _pdf_table(rows, ruled),
            ]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(story, onFirstPage=_foot, onLaterPages=_foot)
    return out.getvalue()


def _pdf_table(rows, ruled):
    style = [("FONT", (0, 0), (-1, -1), "STSong-Light", 10)]
    if ruled:
        style += [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
        starts = [i for i, row in enumerate(rows, start=1) if row[0]]
        if len(rows) < 20:
            ends = [*(start - 1 for start in starts[1:]), len(rows)]
            style += [("SPAN", (0, a), (0, b)) for a, b in zip(starts, ends, strict=True) if b > a]
    cells = (
        [HEADER, *rows] if ruled else [[text.replace("\n", "") for text in row] for row in [HEADER, *rows]]
    )
    return Table(cells, repeatRows=1, style=TableStyle(style), colWidths=[56, 30, 180, 40, 100, 50])


def _foot(canvas, document) -> None:
    canvas.setFont("STSong-Light", 10)
    canvas.drawCentredString(A4[0] / 2, 30, f"- {document.page} -")
    canvas.drawCentredString(A4[0] / 2, A4[1] - 40, TITLE)
