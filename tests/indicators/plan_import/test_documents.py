"""Word and PDF give what the text gives."""

import io
import time
import zipfile

import pytest

from hutong.indicators.plan_import.errors import (
    OldWordFile,
    PlanTooLarge,
    PlanUnreadable,
    ScannedPdf,
    UnknownEncoding,
)
from hutong.indicators.plan_import.importing import read_plan_bytes
from hutong.indicators.plan_import.reading import open_file, pdf_file
from tests.indicators.plan_import.documents import (
    MANY,
    ROWS,
    SECTIONS,
    TITLE,
    as_pdf,
    as_text,
    as_word,
    expected,
)

KINDS = {
    "txt": as_text,
    "docx": as_word,
    "docx-automatic": lambda rows: as_word(rows, automatic=True),
    "pdf": as_pdf,
    "pdf-unruled": lambda rows: as_pdf(rows, ruled=False),
}


@pytest.fixture(scope="module", params=KINDS)
def reading(request):
    return read_plan_bytes(KINDS[request.param](ROWS), f"plan.{request.param}")


def test_indicators_are_the_same(reading):
    found = [(i.group, i.name, i.unit, i.target.text) for i in reading.indicators]
    assert found == expected(ROWS)
    assert [i.nature for i in reading.indicators] == [row[5] for row in ROWS]
    assert reading.indicators[0].baseline.value == 80


def test_sections_are_the_same(reading):
    assert [(s.level, s.number, s.title) for s in reading.sections] == [
        (level, number.rstrip("、."), title) for level, number, title, _ in SECTIONS
    ]


def test_tasks_and_systems_are_the_same(reading):
    assert [(t.number, t.title, t.owner, t.deadline) for t in reading.tasks] == [
        ("1", "升级政务大数据平台", "区科信局", "2024年底前"),
        ("2", "完善感知体系", "", ""),
        ("（二）", "提升治理能力", "", ""),
    ]
    names = {s.name for s in reading.systems}
    assert {"政务大数据平台", "目录区块链系统", "物联网应用支撑平台", "领导驾驶舱"} == names


def test_title_and_period(reading):
    assert (reading.plan, reading.period) == (TITLE, (2021, 2025))


@pytest.mark.parametrize("kind", ["docx", "pdf", "pdf-unruled"])
def test_a_table_over_many_pages(kind):
    reading = read_plan_bytes(KINDS[kind](ROWS + MANY), "plan")
    assert [(i.group, i.name, i.unit, i.target.text) for i in reading.indicators] == expected(ROWS + MANY)
    assert not [each for each in reading.unread if each.kind in {"indicator", "table"}]


def test_pages_are_kept():
    reading = read_plan_bytes(as_pdf(ROWS + MANY), "plan.pdf")
    assert reading.indicators[0].place.page == 1
    assert reading.indicators[-1].place.page > 1


def _zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", PlanUnreadable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), OldWordFile),
        (b"\x89PNG\r\n", PlanUnreadable),
        (b"PK\x03\x04 broken", PlanUnreadable),
        (_zip("a.txt", b"x"), PlanUnreadable),
        (_zip("word/document.xml", bytes(30 << 20)), PlanTooLarge),
        (_zip("word/document.xml", b"<a/>"), PlanUnreadable),
        (b"%PDF-1.4 nothing", PlanUnreadable),
        (b"\xff\xfe\x00\xd8\x00\x00", UnknownEncoding),
        (b"\xff\xff\xff\x80\x80\xff", UnknownEncoding),
    ],
)
def test_what_is_no_plan_is_refused(data, error):
    with pytest.raises(error) as caught:
        read_plan_bytes(data, "x")
    assert caught.value.said.zh
    assert caught.value.mend.en


def test_a_scan_is_refused():
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(3):
        canvas.rect(10, 10, 400, 400, fill=1)
        canvas.showPage()
    canvas.save()
    with pytest.raises(ScannedPdf):
        read_plan_bytes(out.getvalue(), "scan.pdf")


def test_an_encrypted_pdf_is_refused():
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(50, 500, "plan")
    canvas.save()
    with pytest.raises(PlanUnreadable) as caught:
        read_plan_bytes(out.getvalue(), "locked.pdf")
    assert caught.value.code == "plan.encrypted-pdf"


def test_bounds(monkeypatch):
    monkeypatch.setattr(pdf_file, "MAX_PAGES", 1)
    with pytest.raises(PlanTooLarge):
        read_plan_bytes(as_pdf(ROWS + MANY), "x.pdf")
    monkeypatch.setattr(open_file, "MAX_TEXT_BYTES", 10)
    with pytest.raises(PlanTooLarge):
        read_plan_bytes(as_text(ROWS), "x.txt")


@pytest.mark.parametrize(
    "text",
    [
        "\t1\n" * 59_000,
        "平台" * 200_000,
        "建设" * 200_000 + "平台",
        "“" * 200_000,
        "序号 指标 单位 2025年\n" * 5_000,
    ],
)
def test_strange_texts_take_seconds_only(text):
    started = time.process_time()
    read_plan_bytes(("某区规划\n" + text).encode(), "x.txt")
    assert time.process_time() - started < 30


def test_too_many_lines_are_refused():
    with pytest.raises(PlanTooLarge):
        read_plan_bytes(b"1\n" * 70_000, "x.txt")
