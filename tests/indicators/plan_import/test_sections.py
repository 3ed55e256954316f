"""Headings in every numbering, and what only looks like one."""

# ruff: noqa: E501 - texts of plans, as printed

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.indicators.plan_import.importing import read_plan_bytes
from hutong.indicators.plan_import.markers import read_marker


def _sections(text: str):
    reading = read_plan_bytes(text.encode(), "plan.txt")
    return [(s.level, s.number, s.title) for s in reading.sections]


@pytest.mark.parametrize(
    ("text", "kind", "value", "printed"),
    [
        ("第一章 总则", "chapter", 1, "第一章"),
        ("第 十二 章　保障", "chapter", 12, "第十二章"),
        ("第二节 目标", "section", 2, "第二节"),
        ("第三部分 任务", "part", 3, "第三部分"),
        ("第十八条 本意见", "article", 18, "第十八条"),
        ("二十一、附则", "cn", 21, "二十一"),
        ("（三）发展目标", "cn_paren", 3, "（三）"),
        ("(四) 量化", "cn_paren", 4, "(四)"),
        ("3．强化", "num", 3, "3"),
        ("１、强化", "num", 1, "１"),
        ("1.2 建设平台", "dec", 2, "1.2"),
        ("（5）引进", "num_paren", 5, "（5）"),
        ("6）引进", "num_paren", 6, "6）"),
        ("③推进", "circled", 3, "③"),
        ("⒉推进", "num", 2, "⒉"),
        ("㈠推进", "cn_paren", 1, "㈠"),
        ("专栏1 重点工程", "box", 1, "专栏1"),
    ],
)
def test_markers(text, kind, value, printed):
    marker = read_marker(text)
    assert (marker.kind, marker.value, marker.printed) == (kind, value, printed)


@pytest.mark.parametrize(
    "text",
    ["2025年建成", "1.5个百分点", "3.5亿元", "一带一路建设", "12345热线", "第一产业", "5G基站", "十四五时期"],
)
def test_no_markers(text):
    assert read_marker(text) is None


def test_chapters_sections_and_lists():
    text = """某区某某规划
第一章 总体要求
第一节 指导思想
坚持以人民为中心。
第二节 发展目标
第二章 主要任务
第一节 夯实基础
一、完善设施
（一）新建场馆
1．选好地址
（1）统筹用地；
①听取意见；
第三章 保障措施
"""
    assert _sections(text) == [
        (1, "第一章", "总体要求"),
        (2, "第一节", "指导思想"),
        (2, "第二节", "发展目标"),
        (1, "第二章", "主要任务"),
        (2, "第一节", "夯实基础"),
        (3, "一", "完善设施"),
        (4, "（一）", "新建场馆"),
        (5, "1", "选好地址"),
        (1, "第三章", "保障措施"),
    ]


def test_decimal_numbers():
    text = "某区规划\n1 总则\n1. 总则\n1.1 依据\n本节说明依据。\n1.2 范围\n2. 任务\n2.1 平台\n增长1.5个百分点。\n"
    assert _sections(text) == [
        (1, "1", "总则"),
        (2, "1.1", "依据"),
        (2, "1.2", "范围"),
        (1, "2", "任务"),
        (2, "2.1", "平台"),
    ]


@pytest.mark.parametrize(
    "contents",
    [
        "目录\n一、发展基础…………1\n二、主要任务…………3\n（一）夯实底座………4\n",
        "目  录\n一、发展基础\t1\n二、主要任务\t3\n（一）夯实底座\t4\n",
        "目录\n一、发展基础 1\n二、主要任务 3\n（一）夯实底座 4\n",
        "目录\n一、发展基础\n二、主要任务\n（一）夯实底座\n",
    ],
)
def test_contents_are_not_read_twice(contents):
    text = f"某区某某规划\n{contents}一、发展基础\n过去五年成绩显著。\n二、主要任务\n（一）夯实底座\n建设平台。\n"
    assert _sections(text) == [(1, "一", "发展基础"), (1, "二", "主要任务"), (2, "（一）", "夯实底座")]


def test_a_number_on_one_line_and_its_title_on_the_next():
    text = "某区规划\n一、基础\n略述。\n二、目标\n略述。\n3、 [bookmark: _Toc1]\n重点任务\n[bookmark: _Toc2]（一）建设\n1. 平台\n略述。\n"
    assert _sections(text)[2:] == [(1, "三", "重点任务"), (2, "（一）", "建设"), (3, "1", "平台")]


def test_a_jump_is_listed():
    reading = read_plan_bytes("某区规划\n一、基础\n略述。\n三、任务\n略述。\n".encode(), "plan.txt")
    assert [(u.kind, u.text) for u in reading.unread if u.kind == "section"] == [("section", "三 任务")]


def test_hard_wrapped_lines_with_page_numbers():
    body = "建立覆盖全区的常态化服务保障机制，为中央外交和北京外事服务保障工作奠定坚实基础，提升国际交往水平和国际知名度。"
    paragraph = f"1.健全常态化机制。{body * 3}"
    lines = [paragraph[i : i + 28] for i in range(0, len(paragraph), 28)]
    lines.insert(2, "- 9 -")
    text = "一、主要任务\n" + "\n\n".join(lines) + "\n\n2.完善服务体系。" + body
    reading = read_plan_bytes(text.encode(), "plan.txt")
    assert [(s.number, s.title) for s in reading.sections] == [
        ("一", "主要任务"),
        ("1", "健全常态化机制"),
        ("2", "完善服务体系"),
    ]


@given(st.text(alphabet="一二三、（）1.①章第节条目录指标单位目标值预期性\n\t |-。家%≥\f", max_size=300))
def test_any_text_is_read(text):
    reading = read_plan_bytes(("规划" + text).encode(), "plan.txt")
    whole = "\n".join(reading.lines)
    for section in reading.sections:
        assert 0 <= section.place.offset <= len(whole)
    assert all(i.name for i in reading.indicators)
