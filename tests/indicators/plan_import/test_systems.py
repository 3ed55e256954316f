"""Named systems: precision and recall on the two science plans, labelled by hand; and what is not one."""

# ruff: noqa: E501 - texts of plans, as printed

import pytest

from hutong.indicators.plan_import.importing import read_plan, read_plan_bytes

DONGCHENG = {
    "政务云平台", "统一认证平台", "东城区地理信息系统", "政务服务一张网系统", "城市精细化管理融合平台", "综合执法信息平台",
    "固定式机动车尾气遥感检测系统", "大气环境监测网络", "东城区人口健康信息平台", "健康东城APP", "东城区智慧养老信息平台",
    "“走出去”综合服务平台", "银企融资对接平台", "紫金超市", "物联网应用支撑平台", "新型安全服务平台", "大数据平台",
    "目录区块链系统", "市区两级目录系统", "数据应用超市系统", "时空一张图", "领导驾驶舱", "综合决策支撑系统", "数据开放系统",
    "重点企业运行大数据监测平台", "信用信息管理服务平台", "信用监测大脑系统", "智慧城市精细化管理融合平台", "网格一体化治理平台",
    "非物质文化遗产数字博物馆", "数字档案馆", "东城文化云", "央地协同创新服务平台", "优质科技成果转化推介平台", "数据专区",
    "佳医东城", "线上虚拟产业园", "5G应用协同创新平台", "创新发展人才需求库",
}  # fmt: skip
CHAOYANG = {
    "北京国际大数据交易所", "北京市科技成果转化统筹协调与服务平台", "“互联网+”国际技术转移服务平台", "军民融合科技资源对接转化平台",
    "“朝阳通”政务服务平台", "朝阳通", "政务大数据基础平台", "区政务云平台", "区级共享交换平台", "大数据基础平台", "城市智慧大脑",
    "城市管理大脑", "城市经济大脑", "城市安全大脑", "数据互联互通平台", "朝阳区城市健康大脑", "突发公共卫生事件应急指挥系统",
    "居家健康监测感知物联网应用系统", "朝阳区医疗卫生专业协同合作平台", "朝阳区教育资源云平台", "“云逛街”平台",
    "知识产权金融生态群平台", "朝阳区独角兽培育企业库",
}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "labelled"),
    [
        ("dongcheng-science-and-informatization-2021-2025.txt", DONGCHENG),
        ("chaoyang-science-and-innovation-2021-2025.txt", CHAOYANG),
    ],
)
def test_precision_and_recall(shared_data, file, labelled, record_property):
    found = {system.name for system in read_plan(shared_data / "plans" / file).systems}
    precision, recall = len(found & labelled) / len(found), len(found & labelled) / len(labelled)
    record_property("precision", round(precision, 3))
    record_property("recall", round(recall, 3))
    assert precision >= 0.95, sorted(found - labelled)
    assert recall >= 0.88, sorted(labelled - found)


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("升级重点企业运行大数据监测平台，及时了解现状。", ["重点企业运行大数据监测平台"]),
        ("推动网格一体化治理平台建设。", ["网格一体化治理平台"]),
        ("完善信用信息管理服务平台和信用监测大脑系统。", ["信用信息管理服务平台", "信用监测大脑系统"]),
        ("形成“时空一张图”数字底座。", ["时空一张图"]),
        ("持续推进“安居通”政务服务平台建设。", ["“安居通”政务服务平台"]),
        ("建设智慧养老平台、全民健身服务平台。", ["智慧养老平台", "全民健身服务平台"]),
        ("以联席工作机制为平台，整合资源。", []),
        ("大力发展互联网平台经济，支持平台型企业。", []),
        ("鼓励搭建创新平台、研发平台、专业化平台。", []),
        ("支持教育系统、卫生系统和园林系统组织活动。", []),
        ("综合应用卫星遥感、地理信息系统等技术。", []),
    ],
)
def test_names(sentence, names):
    text = f"某区规划\n一、主要任务\n（一）建设\n{sentence}\n"
    assert [s.name for s in read_plan_bytes(text.encode(), "x.txt").systems] == names


def test_every_mention_is_placed():
    text = "某区规划\n一、任务\n依托领导驾驶舱调度。\n继续完善领导驾驶舱。\n"
    reading = read_plan_bytes(text.encode(), "x.txt")
    whole = "\n".join(reading.lines)
    places = reading.systems[0].places
    assert [p.line for p in places] == [3, 4]
    assert all(whole[p.offset : p.offset + p.length] == "领导驾驶舱" for p in places)
