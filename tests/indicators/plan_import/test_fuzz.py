"""Whatever the bytes are: a reading or an error with a code, within bounds."""

import random
import time

import pytest

from hutong.indicators.plan_import.importing import read_plan_bytes
from hutong.kernel.errors import HutongError
from tests.indicators.plan_import.documents import MANY, ROWS, as_pdf, as_text, as_word
from tests.indicators.plan_import.printing import pdf, table
from tests.indicators.plan_import.strangers import AFTER, BEFORE, HEAD, WIDTHS
from tests.indicators.plan_import.strangers import ROWS as PLAIN

WORDS = [
    *[
        "指标",
        "目标",
        "单位",
        "2025年",
        "预期性",
        "约束性",
        "序号",
        "一、",
        "（一）",
        "1.",
        "专栏1",
        "%",
        "亿元",
        "≥",
        "5左右",
        "年均",
        "控制在",
        "平台",
        "由",
        "牵头",
    ],
    *[
        "到2025年底",
        "第一章",
        "|",
        "，",
        "。",
        "（",
        "）",
        "“",
        "”",
        "地区生产总值",
        "增长",
        "－",
        "［10］",
        "±",
        "翻一番",
        "前三",
        "全区",
        "以上",
        "责任单位：",
    ],
    *("\t", "\n", "\n\n", "\u3000", "\x0c", " "),
]


def _survives(data: bytes) -> None:
    try:
        read_plan_bytes(data, "x").as_dict()
    except HutongError as error:
        assert error.code.startswith("plan.")
        assert error.said.zh
        assert error.mend.en


@pytest.mark.parametrize("seed", range(60))
def test_texts_of_chance(seed):
    dice = random.Random(seed)
    _survives("".join(dice.choice(WORDS) for _ in range(dice.randrange(1, 800))).encode())


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("make", [as_word, as_pdf, as_text], ids=["docx", "pdf", "txt"])
def test_broken_files(make, seed):
    whole = make(ROWS)
    dice = random.Random(seed)
    _survives(whole[: dice.randrange(len(whole))])
    torn = bytearray(whole)
    for _ in range(dice.randrange(1, 60)):
        torn[dice.randrange(len(torn))] = dice.randrange(256)
    _survives(bytes(torn))


def test_bytes_of_chance():
    for seed in range(40):
        dice = random.Random(seed)
        _survives(
            dice.choice([b"", b"PK\x03\x04", b"%PDF-1.7\n", b"\xff\xfe"])
            + dice.randbytes(dice.randrange(3000))
        )


def test_two_hundred_pages_are_bounded():
    rows = [[row[0], str(number + 1), *row[2:]] for number, row in enumerate(PLAIN * 10)]
    body = ["为推动高质量发展，全面提升治理能力和服务水平，制定本规划，明确任务，落实责任。" * 12] * 420
    data = pdf(BEFORE, [table([HEAD, *rows], WIDTHS, "bare")], [*AFTER, *body], "溪山区人民政府公报")
    pages = []
    started = time.process_time()
    reading = read_plan_bytes(data, "long.pdf", lambda done, total: pages.append((done, total)))
    assert time.process_time() - started < 120
    assert len(reading.indicators) == len(rows)
    assert len(pages) >= 200
    assert pages[-1] == (len(pages), len(pages))


def test_a_table_over_many_pages_takes_seconds_only():
    started = time.process_time()
    read_plan_bytes(as_pdf(ROWS + MANY, ruled=False), "x.pdf")
    assert time.process_time() - started < 20
