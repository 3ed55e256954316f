"""Columns as offices write them, on which the patterns of grading are tuned; ``grading_held_out`` has others.

Each is drawn by a rule of its own, with words for "unknown" in every tenth cell. A label is empty where the column only
looks like a kind: numbers of documents and parcels, places, goods, what firms are called in short.
"""

import random
from collections.abc import Callable, Iterator

from bench.grading import Case

ROWS, SEEDS = 300, (3, 4)
Draw = Callable[[random.Random], str]
_UNKNOWN = ("没有", "未填", "—", "拒绝提供", "不清楚", "见附件")
_FAMILY = "王李赵周郑蒋沈韩朱秦许吕施孔曹严金魏陶姜戚谢邹章苏潘葛范彭鲁韦马苗花俞任袁柳史唐费廉薛雷贺倪汤殷罗毕郝邬安常"
_GIVEN = (
    "建国", "秀兰", "志强", "桂英", "文杰", "晓东", "美玲", "浩然", "梓萱", "宇轩", "佳怡", "俊杰", "海燕", "丽华",
    "永刚", "玉珍", "思远", "嘉懿", "铭", "倩", "洋", "蕾", "毅", "婷婷", "国庆", "春梅", "卫东", "雅琴",
    "立新", "明哲",
)  # fmt: skip
_FOOD = ("丝", "笋", "豆", "鱼片", "针菇", "花菜", "瓜")
_COMPOUND = ("欧阳", "司马", "诸葛", "上官", "夏侯", "慕容")
_MINORITY = (
    "阿依古丽·买买提",
    "巴特尔·苏和",
    "扎西·多吉",
    "古丽娜尔·艾合买提",
    "艾尼瓦尔·吐尔逊",
    "卓玛·央金",
)
_STREETS = (
    "朝阳门内大街",
    "灯市口西街",
    "板厂胡同",
    "天坛东路",
    "永定门外大街",
    "光明路",
    "史家胡同",
    "和平里中街",
)


def columns() -> Iterator[Case]:
    """Every column of both seeds, under each of its names, counted."""
    from hutong.catalog import sampling  # noqa: PLC0415 - after the settings

    for label, names, draw in COLUMNS:
        for seed in SEEDS:
            dice = random.Random(f"{names[0]} {label} {seed}")
            rows = [[dice.choice(_UNKNOWN) if dice.random() < 0.1 else draw(dice)] for _ in range(ROWS)]
            counted = sampling.of_rows(["c"], rows)["c"]
            for name in names:
                yield f"tuning seed {seed}", [name], label, counted


def _digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choices("0123456789", k=count))


def _luhn(dice: random.Random, head: str, length: int) -> str:
    body = head + _digits(dice, length - len(head) - 1)
    total = 0
    for place, digit in enumerate(reversed(body)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return body + str(-total % 10)


def _identity(dice: random.Random) -> str:
    body = f"1101{dice.randint(1, 17):02}{dice.randint(1945, 2012)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    body += _digits(dice, 3)
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def _grouped(text: str, mark: str) -> str:
    return mark.join(text[place : place + 4] for place in range(0, len(text), 4))


def _mobile(dice: random.Random) -> str:
    return dice.choice(("133", "138", "150", "159", "177", "186", "198")) + _digits(dice, 8)


def _line(dice: random.Random) -> str:
    return dice.choice("5678") + _digits(dice, 7)


def _person(dice: random.Random) -> str:
    if dice.random() < 0.04:
        return dice.choice(_COMPOUND) + dice.choice(_GIVEN)
    return dice.choice(_MINORITY) if dice.random() < 0.04 else dice.choice(_FAMILY) + dice.choice(_GIVEN)


def _door(dice: random.Random) -> str:
    return f"{dice.choice(_STREETS)}{dice.randint(1, 180)}号"


def _flat(dice: random.Random) -> str:
    return f"{_door(dice)}院{dice.randint(1, 9)}号楼{_digits(dice, 3)}室"


def _complaint(dice: random.Random) -> str:
    return f"{_door(dice)}门前有垃圾堆放，请尽快清理，已经反映过{dice.randint(2, 5)}次了"


def _hidden(text: str, start: int, end: int) -> str:
    return text[:start] + "*" * (end - start) + text[end:]


def _one_of(*texts: str) -> Draw:
    return lambda dice: dice.choice(texts)


COLUMNS: tuple[tuple[str, tuple[str, ...], Draw], ...] = (
    ("idnumber", ("有效证件", "sqrzjhm", "n1"), _identity),
    ("idnumber", ("证件编号",), lambda dice: _hidden(_identity(dice), 6, 14)),
    ("bankcard", ("工资卡", "dfzh", "n2"), lambda dice: _luhn(dice, "621288", 19)),
    ("bankcard", ("领取账号",), lambda dice: _grouped(_luhn(dice, "6225", 16), " ")),
    ("bankcard", ("开户卡号",), lambda dice: _hidden(_luhn(dice, "6217", 19), 6, 15)),
    ("mobile", ("本人号码", "jtsj", "n3"), _mobile),
    ("mobile", ("监护人电话",), lambda dice: f"+86-{_mobile(dice)}"),
    ("mobile", ("预留手机",), lambda dice: _hidden(_mobile(dice), 3, 7)),
    ("mobile", ("联系信息", "n4"), lambda dice: f"{_person(dice)} {_mobile(dice)}"),
    ("mobile", ("家庭电话",), lambda dice: f"{_mobile(dice)}/{_mobile(dice)}"),
    ("landline", ("服务热线", "n5"), lambda dice: f"010-{_line(dice)}转{dice.randint(1, 899)}"),
    ("landline", ("窗口电话",), lambda dice: f"（0{dice.randint(311, 999)}）{_line(dice)}"),
    ("landline", ("bsdh",), lambda dice: f"{(text := _line(dice))[:4]}-{text[4:]}"),
    ("landline", ("咨询电话",), lambda dice: f"{_line(dice)}、{_line(dice)}"),
    ("person", ("投诉人", "任课教师", "n6"), _person),
    ("person", ("学生姓名", "cyxm"), lambda dice: _hidden(_person(dice), 1, 2)),
    ("person", ("值班员",), lambda dice: f"{dice.choice(_FAMILY)}{dice.choice(('先生', '女士', '师傅'))}"),
    ("person", ("楼长",), lambda dice: f"{_person(dice)}({dice.choice(('代', '主', '副'))})"),
    ("address", ("家庭住址", "xxdz", "n7"), _flat),
    ("address", ("办公地点", "n8"), _door),
    ("", ("立项文号", "文件编号"), lambda dice: f"东城街办发〔{dice.randint(2015, 2025)}〕{dice.randint(1, 80)}号"),
    ("", ("机构",), lambda dice: f"{_door(dice)}社区服务站"),
    ("", ("地块",), lambda dice: f"{dice.randint(1, 60)}号地块"),
    ("", ("运单", "n9"), lambda dice: "7" + _digits(dice, 14)),
    ("", ("合同编号",), lambda dice: f"HT{dice.randint(2018, 2025)}{_digits(dice, 7)}"),
    ("", ("不动产单元号", "n10"), lambda dice: f"110101{_digits(dice, 13)}"),
    ("", ("电表号",), lambda dice: "0" + _digits(dice, 11)),
    ("", ("登录账号",), lambda dice: f"dc{_digits(dice, 6)}"),
    ("", ("车站", "n11"), _one_of("崇文门", "前门", "磁器口", "蒲黄榆", "金台路", "常营", "石榴庄", "成寿寺", "方庄")),
    ("", ("菜名", "n12"), lambda dice: dice.choice("金白黄江龙石鱼干毛") + dice.choice(_FOOD)),
    ("", ("品牌", "n13"), lambda dice: "".join(dice.choices("康华金安万方和同盛瑞祥泰恒源", k=dice.choice((2, 3))))),
    ("", ("主管部门", "施工方"), lambda dice: f"{dice.choice('金安万方')}{dice.choice('成华达通')}建设集团有限公司"),
    ("", ("事件描述",), _complaint),
    ("", ("开工时间戳",), lambda dice: str(1_700_000_000_000 + dice.randint(0, 10**10))),
)  # fmt: skip
