"""One reader for many layouts."""

import pytest

from hutong.indicators.plan_import.importing import read_plan_bytes
from tests.indicators.plan_import.plans import SAMPLES as FIRST
from tests.indicators.plan_import.plans import Sample
from tests.indicators.plan_import.plans_more import MORE

SAMPLES = FIRST + MORE


def _read(sample: Sample, encoding: str = "utf-8"):
    return read_plan_bytes(sample.text.encode(encoding), "plan.txt")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_indicators(sample):
    found = tuple(
        (i.group, i.name, i.unit, i.target.op, i.target.low, i.target.high, i.nature, i.target.text)
        for i in _read(sample).indicators
    )
    assert found == sample.rows


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_title_and_period(sample):
    reading = _read(sample)
    assert reading.plan.lstrip("# ") == sample.title
    assert reading.period == sample.period


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_encodings(encoding):
    sample = SAMPLES[0]
    assert len(_read(sample, encoding).indicators) == len(sample.rows)


def test_brackets_that_are_not_the_unit_of_the_column_belong_to_the_name():
    text = "某区规划\n|序号|指标|单位|目标值|\n|1|出生率（‰）统计口径（%）|个|5|\n|2|覆盖率（%）|%|8|\n"
    assert [(i.name, i.unit) for i in read_plan_bytes(text.encode(), "x").indicators] == [
        ("出生率（‰）统计口径（%）", "个"),
        ("覆盖率", "%"),
    ]


def test_rows_that_cannot_be_read_are_listed():
    text = "某区规划\n主要指标\n|序号|指标|单位|2025年|\n|1|床位|张|40|\n|3|机构|家|—|\n|4|覆盖率|%|90|\n"
    reading = read_plan_bytes(text.encode(), "x")
    assert [i.name for i in reading.indicators] == ["床位", "覆盖率"]
    assert [(u.text, u.reason_en) for u in reading.unread if u.kind == "indicator"] == [
        ("3 机构 家 —", "it has no target"),
        ("4 覆盖率", "the running number jumps: the one before is 1"),
    ]


def test_cells_that_cannot_be_lined_up_are_not_guessed():
    text = "某区规划\n指标\n单位\n2025年\n床位\n机构数量\n覆盖率\n满意度\n就业人数\n略\n二、任务\n"
    reading = read_plan_bytes(text.encode(), "x")
    assert reading.indicators == ()
    assert "table" in [u.kind for u in reading.unread]
