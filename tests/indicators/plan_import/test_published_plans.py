"""The published plans, read from end to end. Facts are checked, texts stay where they are."""

import json

import pytest
from click.testing import CliRunner

from hutong.indicators.commands import plan
from hutong.indicators.plan_import.importing import read_plan
from hutong.indicators.plan_import.types import PlanReading

DONGCHENG = [
    ("每万人拥有高价值发明专利量", "件", "82左右", "about", 82, 82, None, "预期性"),
    ("国家高新技术企业数", "家", "800左右", "about", 800, 800, None, "预期性"),
    ("国家科技型中小企业", "家", "≧400", "ge", 400, None, None, "约束性"),
    ("新增国家级创新创业载体", "家", "1-3", "between", 1, 3, None, "预期性"),
    ("技术合同成交额", "亿元", "在全市保持前列", "text", None, None, None, "预期性"),
    ("科技和信息服务业的总收入年均增速", "%", "5.0左右", "about", 5, 5, None, "预期性"),
    ("数字经济增加值年均增速", "%", "5.0左右", "about", 5, 5, None, "预期性"),
    ("科技与信息服务业增加值占GDP的比重", "%", "≧20", "ge", 20, None, None, "预期性"),
    ("新技术应用场景重大示范项目落地", "项", "年均1-3", "between", 1, 3, "year", "预期性"),
    ("新增特色科普基地", "个", "年均1-2", "between", 1, 2, "year", "约束性"),
    ("公民具备科学素质的比例", "%", "28以上", "ge", 28, None, None, "预期性"),
]
CHAOYANG = [
    ("国际创新", "外资研发机构在全市占比", "%", "35", "eq", 35),
    ("国际创新", "PCT国际专利申请量", "件", "15000", "eq", 15000),
    ("国际创新", "引进领军人才数", "人", "5000", "eq", 5000),
    ("创新主体", "国家级高新技术企业", "家", "5200", "eq", 5200),
    ("创新主体", "专精特新中小企业", "家", "500左右", "about", 500),
    ("创新主体", "独角兽企业", "家", "40左右", "about", 40),
    ("创新主体", "新增科技类上市企业", "家", "50以上", "ge", 50),
    ("成果转化", "每万人有效发明专利拥有量", "件", "287.94", "eq", 287.94),
    ("成果转化", "朝阳园企业研发投入强度", "%", "5", "eq", 5),
    ("成果转化", "创业孵化载体", "个", "150", "eq", 150),
    ("成果转化", "在孵企业总数", "家", "8000", "eq", 8000),
    ("成果转化", "技术合同交易额", "亿元", "1484", "eq", 1484),
    ("产业发展", "朝阳园规上企业总收入", "亿元", "12000", "eq", 12000),
    (
        "产业发展",
        "信息传输、软件和信息技术服务业及科学研究和技术服务业增加值占GDP比重",
        "%",
        "25以上",
        "ge",
        25,
    ),
    ("产业发展", "数字经济增加值年均增速", "%", "高于全市平均水平", "gt", None),
    ("创新生态", "每万名就业人员中研发人员数", "人", "260左右", "about", 260),
    ("创新生态", "全区公民科学素质达标率", "%", "28", "eq", 28),
]


def _read(shared_data, name: str) -> PlanReading:
    return read_plan(shared_data / "plans" / name)


@pytest.fixture(scope="module")
def dongcheng(shared_data):
    return _read(shared_data, "dongcheng-science-and-informatization-2021-2025.txt")


@pytest.fixture(scope="module")
def chaoyang(shared_data):
    return _read(shared_data, "chaoyang-science-and-innovation-2021-2025.txt")


@pytest.fixture(scope="module")
def exchange(shared_data):
    return _read(shared_data, "dongcheng-international-exchange-2021-2025.txt")


def test_dongcheng_indicators(dongcheng):
    found = [
        (i.name, i.unit, i.target.text, i.target.op, i.target.low, i.target.high, i.target.per, i.nature)
        for i in dongcheng.indicators
    ]
    assert found == DONGCHENG
    assert not [each for each in dongcheng.unread if each.kind == "indicator"]


def test_chaoyang_indicators(chaoyang):
    found = [(i.group, i.name, i.unit, i.target.text, i.target.op, i.target.low) for i in chaoyang.indicators]
    assert found == CHAOYANG
    assert {i.nature for i in chaoyang.indicators} == {"预期性"}
    assert chaoyang.indicators[14].target.relative_to == "全市平均水平"


def test_titles_and_periods(dongcheng, chaoyang, exchange):
    assert dongcheng.plan == "“十四五”时期东城区科技和信息化规划（含大数据专项）"
    assert chaoyang.plan == "朝阳区“十四五”时期科技创新发展规划"
    assert {each.period for each in (dongcheng, chaoyang, exchange)} == {(2021, 2025)}


def test_lost_automatic_numbers_are_read_from_their_context(chaoyang):
    tops = [(s.number, s.title) for s in chaoyang.sections if s.level == 1]
    assert tops == [
        ("", "前言"),
        ("一", "“十三五”发展回顾"),
        ("二", "“十四五”发展形势"),
        ("三", "指导思想、战略定位与发展目标"),
        ("四", "重点任务"),
        ("五", "保障措施"),
    ]
    assert [u.text for u in chaoyang.unread if u.kind == "section"] == ["4", "5"]


def test_a_wrapped_heading_and_a_page_number_in_a_sentence(exchange, shared_data):
    numbered = {(s.number, s.title) for s in exchange.sections}
    assert ("2", "为在东城区举办的重大国事外交活动培育优质、特色国事活动场所") in numbered
    assert ("1", "高标准为重大国事活动提供保障") in numbered
    assert [t.number for t in exchange.tasks] == [str(n) for n in range(1, 21)]
    assert exchange.indicators == ()


def test_task_leaves(dongcheng, chaoyang):
    assert len(dongcheng.tasks) == 24
    assert len(chaoyang.tasks) == 28
    governance = next(t for t in chaoyang.tasks if t.title == "科技引领城市治理")
    assert [m.text for m in governance.measures] == [
        "加快推进数字政府建设",
        "加速搭建政务大数据基础平台",
        "加强建设城市智慧大脑",
    ]
    assert governance.section == ("四 重点任务", "（五） 布局新场景应用示范，打造朝阳智能社会样板")


@pytest.mark.parametrize(
    "name",
    ["dongcheng-technology-policy-2021.txt", "dongcheng-first-loan-interest-subsidy-amendment-2021.txt"],
)
def test_a_policy_has_no_indicators(shared_data, name):
    reading = _read(shared_data, name)
    assert reading.indicators == ()
    assert reading.tasks == ()


def test_eighteen_articles(shared_data):
    reading = _read(shared_data, "dongcheng-technology-policy-2021.txt")
    assert len([s for s in reading.sections if s.number.endswith("条")]) == 18


def test_every_place_points_at_its_text(dongcheng, chaoyang, exchange):
    for reading in (dongcheng, chaoyang, exchange):
        text = "\n".join(reading.lines)
        for indicator in reading.indicators:
            assert text[indicator.place.offset :].startswith(indicator.name[:4])
            assert reading.lines[indicator.place.line - 1].strip().startswith(indicator.name[:4])
        for system in reading.systems:
            for place in system.places:
                assert text[place.offset :][:1].strip("“") in {"", system.name.strip("“")[0]}


def test_the_command_prints_the_shape(shared_data):
    file = shared_data / "plans" / "chaoyang-science-and-innovation-2021-2025.txt"
    result = CliRunner().invoke(plan, ["import", str(file), "--json"])
    shape = json.loads(result.output)
    assert list(shape) == ["plan", "period", "indicators", "sections", "tasks", "systems", "unread"]
    first = shape["indicators"][0]
    assert set(first) == {"name", "unit", "target", "nature", "group", "place"}
    assert set(first["target"]) == {"text", "op", "low", "high", "per", "relative_to"}
    assert "17" in CliRunner().invoke(plan, ["import", str(file)]).output
