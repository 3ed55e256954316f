"""Handled requests in words, for the triage to learn from: made of phrases, every one of them invented."""

import numpy as np

from hutong.demo.logic.draw import Dice, Texts, join, numbered, pick
from hutong.demo.logic.made import Columns, Made

CASES = 1_200
_MISTAKEN = 0.06  # handled under another category than the one they are about
_UNITS = {
    "物业管理": "房屋管理局", "供暖": "城市管理委员会", "排水积水": "城市管理委员会", "环境卫生": "城市管理委员会",
    "停车管理": "交通支队", "噪音扰民": "生态环境局", "市政设施": "城市管理委员会", "房屋修缮": "房屋管理局",
    "消费维权": "市场监督管理局", "文旅服务": "文化和旅游局", "养老服务": "民政局", "教育": "教育委员会",
}  # fmt: skip
_MATTERS = {
    "物业管理": (
        "物业费收了却不打扫楼道", "小区门禁坏了三个月没人修", "业委会换届迟迟不公示", "公共收益账目从不公开",
        "保安夜里不在岗，外来人员随意进出", "电梯经常停运，报修后只贴告示", "楼道堆满纸箱和旧家具",
        "物业擅自涨价没有征求意见", "装修垃圾堆在单元门口没人清", "地下车库灯坏了一大半",
    ),
    "供暖": (
        "家里暖气一直不热", "室温只有十五度，老人受不了", "暖气管道漏水把地板泡了", "供暖季开始一周了还没来热",
        "楼上热楼下凉，多次测温没结果", "热力公司说循环泵坏了没有配件", "停暖没有提前通知",
        "去年报停今年交费后仍不通暖", "换热站噪音大还不热", "退费申请交了两个月没答复",
    ),
    "排水积水": (
        "一下雨门口就积水到脚踝", "下水道堵了污水往外冒", "雨水箅子被树叶塞住", "胡同口排水沟塌了",
        "桥下积水车都过不去", "化粪池满了味道很大", "污水管返水进了一层住户", "井里水位很高快漫出来",
        "低洼院每逢暴雨就进水", "排水泵站没有开",
    ),
    "环境卫生": (
        "垃圾桶满了两天没清运", "公厕没有纸也没人打扫", "路边堆着建筑垃圾", "胡同里狗粪没人管",
        "厨余桶旁边全是苍蝇", "环卫车早上四点作业洒一地水", "小广告贴满电线杆", "垃圾分类站没人值守",
        "餐馆把泔水倒在路边", "绿地里到处是塑料袋",
    ),
    "停车管理": (
        "外来车占满居民停车位", "人行道上停满了车推不了轮椅", "消防通道被私家车堵住", "停车费按小时收得太高",
        "画线车位被人装了地锁", "路侧停车扣费算错了", "夜里双排停车出不去", "学校门口接送车辆乱停",
        "停车场不给开票还不让包月", "僵尸车停了半年没人拖",
    ),
    "噪音扰民": (
        "楼下工地半夜还在打桩", "广场舞音响放到十点", "酒吧低音炮震得睡不着", "楼上装修午休时间砸墙",
        "空调外机响了一整夜", "早市大喇叭叫卖", "渣土车凌晨来回跑", "邻居养鸟天不亮就叫", "餐馆排烟风机轰鸣",
        "练歌房隔音太差",
    ),
    "市政设施": (
        "路灯坏了一排晚上很黑", "井盖松了车一过就响", "人行道地砖翘起绊倒人", "护栏倒了没人扶", "公交站牌被撞歪",
        "过街天桥台阶破了", "红绿灯时间太短走不过去", "盲道被挖断没恢复", "路名牌掉了一块", "胡同路面坑坑洼洼",
    ),
    "房屋修缮": (
        "屋顶漏雨墙皮往下掉", "平房山墙裂了一道缝", "外墙保温层脱落砸到车", "老楼加装电梯迟迟没开工",
        "阳台护栏锈断了", "直管公房房梁糟朽", "窗户渗水找不到维修单位", "维修资金批了一年没动工",
        "院里大门年久失修", "顶层防水做完还漏",
    ),
    "消费维权": (
        "健身房关门预付卡不退钱", "网购家电坏了商家不保修", "超市卖过期食品", "理发店诱导办卡",
        "餐馆结账多收茶位费", "培训课没上完不给退费", "手机店卖翻新机", "家政公司收了定金不派人",
        "药店价签和结账不一样", "外卖吃出异物平台推脱",
    ),
    "文旅服务": (
        "景区门票约不上", "博物馆预约系统总出错", "导游强迫购物", "文化馆活动报名信息不准", "胡同游三轮车乱要价",
        "图书馆周末闭馆没有通知", "剧场退票规则不合理", "指路牌和实际方向相反", "民宿住客深夜喧哗",
        "古建院落不开放却收费",
    ),
    "养老服务": (
        "养老驿站午餐停了没说法", "老人助餐卡刷不了", "高龄津贴三个月没到账", "申请上门护理等了很久",
        "居家适老化改造没人联系", "老年证办理要跑两趟", "驿站日间照料床位不够", "失能补贴评估一直没安排",
        "社区老年食堂涨价", "独居老人呼叫器坏了",
    ),
    "教育": (
        "孩子入学材料审核没有结果", "幼儿园学位不够", "小学课后服务收费不清楚", "中学操场周末不开放",
        "转学手续来回跑", "校门口培训机构发传单", "学校食堂饭菜凉", "积分入学分数算错了", "幼升小划片和去年不一样",
        "老师私下有偿补课",
    ),
}  # fmt: skip
_PLACES = (
    "我住的院子",
    "我们小区",
    "单位附近",
    "胡同里",
    "楼下",
    "学校旁边",
    "地铁口边上",
    "社区里",
    "这条街上",
    "父母家那边",
)
_FIRST = (
    "您好，",
    "来电反映：",
    "请问，",
    "我想投诉，",
    "希望帮忙协调，",
    "",
    "网格员转来：",
    "之前打过一次电话，",
)
_THEN = (
    "打过几次电话都没有解决", "邻居们意见很大", "已经影响正常生活", "问了物业说不归他们管", "社区说已经上报",
    "老人孩子进出很危险", "上周来人看过就没下文", "不知道该找哪个部门", "去年也出现过同样的情况", "拍了照片可以提供",
)  # fmt: skip
_WISH = (
    "请尽快处理",
    "希望给个答复",
    "请核实一下",
    "盼回复",
    "请派人到现场看看",
    "希望以后不再发生",
    "请告知办理时限",
)


def handled(dice: Dice) -> Made:
    """Requests with the category under which they were handled, a few of them under a wrong one, and the unit."""
    rng = dice.of("handled-cases")
    size = dice.many(CASES, 240)
    names = list(_MATTERS)
    about = rng.integers(0, len(names), size)
    filed = np.where(rng.random(size) < _MISTAKEN, rng.integers(0, len(names), size), about)
    columns: Columns = {
        "order": numbered("BJ", np.arange(1, size + 1), 10),
        "closed": np.sort(dice.day_range[rng.integers(0, len(dice.day_range), size)]),
        "said": _said(rng, [names[each] for each in about]),
        "category": np.array(names)[filed],
        "unit": np.array([_UNITS[each] for each in names])[filed],
    }
    return Made(columns, since=columns["closed"])


def _said(rng: np.random.Generator, about: list[str]) -> Texts:
    """A matter of the category, half of the time with a second one of it, and in one of eight a matter beside it."""
    size = len(about)
    names = list(_MATTERS)
    matters = np.array([_MATTERS[each][rng.integers(0, 10)] for each in about])
    more = np.array(
        [f"，{_MATTERS[each][rng.integers(0, 10)]}" if rng.random() < 0.4 else "" for each in about]
    )
    beside = np.array([
        f"，另外{_MATTERS[names[rng.integers(0, len(names))]][rng.integers(0, 10)]}" if rng.random() < 0.125 else ""
        for _each in about
    ])  # fmt: skip
    return join(
        pick(rng, list(_FIRST), size), pick(rng, list(_PLACES), size), matters, more, beside, "，",
        pick(rng, list(_THEN), size), "，", pick(rng, list(_WISH), size), "。",
    )  # fmt: skip
