"""Targets as plans print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.indicators.plan_import.characters import chinese_number, chinese_text
from hutong.indicators.plan_import.targets import read_target
from hutong.indicators.plan_import.units import is_unit, split_name

CASES = [
    # printed, op, low, high, per, relative to, unit in the cell
    ("≧400", "ge", 400, None, None, None, ""),
    ("≥ 400", "ge", 400, None, None, None, ""),
    (">= 400", "ge", 400, None, None, None, ""),
    ("≮95%", "ge", 95, None, None, None, "%"),
    ("不低于95％", "ge", 95, None, None, None, "%"),
    ("不少于３０００名", "ge", 3000, None, None, None, "名"),
    ("至少2", "ge", 2, None, None, None, ""),
    ("28以上", "ge", 28, None, None, None, ""),
    ("80%及以上", "ge", 80, None, None, None, "%"),
    ("10000亿元以上", "ge", 10000, None, None, None, "亿元"),
    ("超过50", "gt", 50, None, None, None, ""),
    ("突破1万亿元", "gt", 1, None, None, None, "万亿元"),
    ("大于3", "gt", 3, None, None, None, ""),
    ("≤5.5", "le", None, 5.5, None, None, ""),
    ("控制在3%以内", "le", None, 3, None, None, "%"),
    ("不高于0.5", "le", None, 0.5, None, None, ""),
    ("24小时以内", "le", None, 24, None, None, "小时"),
    ("＜20", "lt", None, 20, None, None, ""),
    ("低于5%", "lt", None, 5, None, None, "%"),
    ("82左右", "about", 82, 82, None, None, ""),
    ("82件左右", "about", 82, 82, None, None, "件"),
    ("约40", "about", 40, 40, None, None, ""),
    ("1-3", "between", 1, 3, None, None, ""),
    ("1—3", "between", 1, 3, None, None, ""),
    ("1～3", "between", 1, 3, None, None, ""),
    ("1至3万人", "between", 1, 3, None, None, "万人"),
    ("3家至5家", "between", 3, 5, None, None, "家"),
    ("年均1-3", "between", 1, 3, "year", None, ""),
    ("每年新增20家", "eq", 20, 20, "year", None, "家"),
    ("年均增长5%左右", "about", 5, 5, "year", None, "%"),
    ("增长8%", "eq", 8, 8, None, None, "%"),
    ("累计100家", "eq", 100, 100, "period", None, "家"),
    ("[250]", "eq", 250, 250, "period", None, ""),
    ("[14.5]左右", "about", 14.5, 14.5, "period", None, ""),
    ("下降18%", "eq", -18, -18, None, None, "%"),
    ("累计下降≥18%", "le", None, -18, "period", None, "%"),
    ("较2020年提高5个百分点", "eq", 5, 5, None, "2020年", "个百分点"),
    ("高于全市平均水平", "gt", None, None, None, "全市平均水平", ""),
    ("高于全市\n平均水平", "gt", None, None, None, "全市平均水平", ""),
    ("不低于全市平均水平", "ge", None, None, None, "全市平均水平", ""),
    ("高于全区1.5个百分点", "gt", 1.5, None, None, "全区", "个百分点"),
    ("低于全市1个百分点", "lt", None, -1, None, "全市", "个百分点"),
    ("与经济增长同步", "eq", None, None, None, "经济增长", ""),
    ("翻一番", "eq", 2, 2, None, "基期", "倍"),
    ("比2020年翻两番", "eq", 4, 4, None, "2020年", "倍"),
    ("全市前三", "rank", 1, 3, None, "全市", ""),
    ("保持全国第1", "rank", 1, 1, None, "全国", ""),
    ("在全市保持前列", "text", None, None, None, None, ""),
    ("保持全市前列", "text", None, None, None, None, ""),
    ("完成市级下达任务", "text", None, None, None, None, ""),
    ("70以上且逐年提升", "text", None, None, None, None, ""),
    ("12,000", "eq", 12000, 12000, None, None, ""),
    ("287.94", "eq", 287.94, 287.94, None, None, ""),
    ("达到5200家", "eq", 5200, 5200, None, None, "家"),
    ("100%", "eq", 100, 100, None, None, "%"),
    ("-3.2", "eq", -3.2, -3.2, None, None, ""),
]


@pytest.mark.parametrize(("printed", "op", "low", "high", "per", "relative", "unit"), CASES)
def test_a_target(printed, op, low, high, per, relative, unit):
    found = read_target(printed)
    target = found.target
    assert (target.op, target.low, target.high, target.per, target.relative_to, found.unit) == (
        op, low, high, per, relative, unit,
    )  # fmt: skip
    assert target.text == printed.replace("\n", "")


@pytest.mark.parametrize("printed", ["", " ", "—", "-", "/", "……"])
def test_no_target(printed):
    assert read_target(printed) is None


@pytest.mark.parametrize(
    ("printed", "unit", "low"),
    [("1.2万", "人", 12000), ("1.2万人", "万人", 1.2), ("3亿", "万元", 30000), ("5", "家", 5)],
)
def test_powers_of_ten_come_to_the_unit_of_the_table(printed, unit, low):
    found = read_target(printed, unit)
    assert (found.target.low, found.unit == unit or not found.unit) == (low, True)


@given(st.text(max_size=40))
def test_any_text_is_read(printed):
    found = read_target(printed)
    if found and found.target.low is not None and found.target.high is not None:
        assert found.target.low <= found.target.high


@given(
    st.decimals(0, 10**7, places=2),
    st.decimals(0, 10**7, places=2),
    st.sampled_from(["-", "—", "~", "至", "－", "–"]),
    st.sampled_from(["", "家", "%", "亿元", "件/万人"]),
)
def test_ranges_are_ordered_or_words(low, high, dash, unit):
    target = read_target(f"{low}{dash}{high}{unit}").target
    assert (target.op == "between") == (low <= high)
    if target.op == "between":
        assert (target.low, target.high) == (float(low), float(high))


@pytest.mark.parametrize(
    "text", ["%", "件/万人", "亿元/平方公里", "万人次", "微克/立方米", "个百分点", "吨标准煤/万元", "％"]
)
def test_units(text):
    assert is_unit(text)


@pytest.mark.parametrize("text", ["占GDP比重", "GDP", "", "区级", "含大数据专项", "预期性", "PM2.5"])
def test_no_units(text):
    assert not is_unit(text)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("在孵企业总数（家）", ("在孵企业总数", "家")),
        ("地区生产总值（GDP）（亿元）", ("地区生产总值（GDP）", "亿元")),
        ("研发投入强度(占GDP比重)", ("研发投入强度(占GDP比重)", "")),
        ("覆盖率（单位：%）", ("覆盖率", "%")),
    ],
)
def test_names_without_their_unit(name, parts):
    assert split_name(name) == parts


@given(st.integers(1, 99))
def test_chinese_numbers_go_round(value):
    assert chinese_number(chinese_text(value)) == value


@pytest.mark.parametrize(
    ("text", "unit", "op", "low", "high", "per"),
    [
        ("85±2", "%", "between", 83, 87, None),
        ("80（±1）", "%", "between", 79, 81, None),
        ("控制在4%左右", "%", "about", 4, 4, None),
        ("控制在4%以内", "%", "le", None, 4, None),
        ("5.5%（年均）", "%", "eq", 5.5, 5.5, "year"),
        ("30分钟内", "分钟", "le", None, 30, None),
        ("1200万元", "亿元", "eq", 0.12, 0.12, None),
        ("3‰", "‰", "eq", 3, 3, None),
        ("９５", "%", "eq", 95, 95, None),
    ],
)
def test_more_forms(text, unit, op, low, high, per):
    target = read_target(text, unit).target
    assert (target.op, target.low, target.high, target.per) == (op, low, high, per)
