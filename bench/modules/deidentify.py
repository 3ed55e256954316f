"""Synthetic requests with known identifiers: what is found, and what is taken for one and is none.

The rules were mended while looking at ``SEEN``, so what they do there says little of other texts. ``NEW`` was written
afterwards and the rules have not been changed for it: it is what counts. Do not tune on it; write new forms instead.
"""

import random
from pathlib import Path
from typing import Any

from stdnum import luhn
from stdnum.cn import ric

from bench.modules import _petitions
from bench.modules.uscc_check import made
from hutong.market.modules.deidentify.finding import spots

SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁欧阳"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英晓东海燕志远雨桐子涵浩然"
SEEN = (
    "联系人：{name}，电话{phone}，反映{address}楼道堆物。",
    "{name}女士（身份证{id_number}）来电咨询2025年医保报销，比例70%。",
    "车主{plate}占用消防通道，业主{name}多次投诉，联系电话：{phone}。",
    "企业统一社会信用代码{uscc}，经办人{name}，邮箱{email}。",
    "退款至银行卡{bank_card}，户主{name}，订单号20250612000123456。",
    "我叫{name}，住在{address}，手机{phone}，3月12日停水6小时。",
    "小区共12号楼，1998年建成，面积86.5平方米，投诉编号DC202506120001。",
    "请转{name}先生，{address}暖气温度只有16度。",
    "工单涉及{plate}与{plate}两车，金额1350.00元。",
)
NEW = (
    "昨天{name}和{name}在楼下争吵，物业没人管。",
    "{address}的{name}说家里漏水，回电{phone}即可。",
    "收件：{name} {phone} {address}",
    "证件：{id_number}；手机：{phone}；姓名：{name}",
    "已与当事人{name}电话沟通（{phone}），本人同意，预计6月20日前办结。",
    "{plate}白色轿车堵住消防车道，请联系车主挪车，电话{phone}。",
    "付款账户 {bank_card}，开户人{name}，金额2,300.00元，流水号8837462510.",
    "供应商代码{uscc}，联系邮箱：{email}，合同号HT-2025-0618。",
    "老人{name}独居在{address}，子女{name}在外地，紧急联系{phone}。",
    "根据《条例》第23条，2024年共受理1,235件，办结率98.6%。",
    "家住{address}，姓{name}的住户把杂物放在走廊。",
    "{name}：您好，您反映的问题已转东城区城管委。",
)  # fmt: skip


def case(dice: random.Random, frames: tuple[str, ...] = NEW) -> tuple[str, set[tuple[str, int, int]]]:
    text, gold, at = dice.choice(frames), set(), 0
    while "{" in text:
        start, end = text.index("{", at), text.index("}", at)
        kind = text[start + 1 : end]
        value = VALUES[kind](dice)
        text = text[:start] + value + text[end + 1 :]
        gold.add((kind, start, start + len(value)))
    return text, gold


def _id(dice: random.Random) -> str:
    front = f"{dice.choice((110101, 110105, 130102))}{dice.randint(1950, 2010)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    front += f"{dice.randint(0, 999):03}"
    return front + ric.calc_check_digit(front + "0")


def _card(dice: random.Random) -> str:
    front = f"6222{dice.randint(0, 10**11 - 1):011}"
    return front + luhn.calc_check_digit(front)


VALUES = {
    "name": lambda dice: dice.choice(SURNAMES[:-2]) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2)))),
    "phone": lambda dice: dice.choice(
        (f"138{dice.randint(0, 10**8 - 1):08}", f"010-6{dice.randint(0, 10**7 - 1):07}")
    ),
    "id_number": _id,
    "bank_card": _card,
    "plate": lambda dice: (
        f"京{dice.choice('ABCNPQ')}{''.join(dice.choice('0123456789ABCDEFGH') for _ in range(5))}"
    ),
    "uscc": made,
    "email": lambda dice: f"u{dice.randint(1, 9999)}@example.org",
    "address": lambda dice: (
        dice.choice(("和平里东街", "东城区安定门内大街", "北京市东城区国子监街", "景山胡同"))
        + f"{dice.randint(1, 60)}号院{dice.randint(1, 12)}号楼{dice.randint(1, 6)}单元{dice.randint(101, 1804)}室"
    ),
}


def tally(frames: tuple[str, ...], many: int) -> dict[str, tuple[int, int]]:
    """What was right, of how many, by figure."""
    dice = random.Random(11)
    hit = said = true = names = named = 0
    for _ in range(many):
        text, gold = case(dice, frames)
        mine = {(each.kind, each.start, each.end) for each in spots(text)}
        hit, said, true = hit + len(mine & gold), said + len(mine), true + len(gold)
        names += sum(each[0] == "name" for each in gold)
        named += sum(each[0] == "name" for each in gold & mine)
    return {"recall": (hit, true), "precision": (hit, said), "name-recall": (named, names)}


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    many = int(2000 * part)
    data = {
        "zh": f"{many:,} 段合成文字，{len(NEW)} 种未用于改规则的句式",
        "en": f"{many:,} synthetic texts of {len(NEW)} forms that the rules were not mended on",
    }
    seen = {
        "zh": f"{many:,} 段合成文字，{len(SEEN)} 种句式；规则曾对照这些句式修改，故偏高",
        "en": f"{many:,} synthetic texts of {len(SEEN)} forms that the rules were mended on, so it flatters",
    }
    titles = {
        "recall": {"zh": "找出的比例（边界须全对）", "en": "Share found, with exact bounds"},
        "precision": {"zh": "找出的确为敏感项的比例", "en": "Share of what was found that is one"},
        "name-recall": {"zh": "姓名找出的比例", "en": "Share of names found"},
        "name-precision": {
            "zh": "当作姓名的确为姓名的比例",
            "en": "Share of what was taken for a name that is one",
        },
    }
    rows = [(name, name, value, data) for name, value in tally(NEW, many).items()]
    rows.append(("recall-seen", "recall", tally(SEEN, many)["recall"], seen))
    inserted = {
        "zh": "真实来信中把“业主”“市民”等换成真实人名；改规则只看过另一半来信与人名",
        "en": "real letters, with real names put where “owner” or “citizen” stood; rules were mended on other letters and names",
    }
    read = {
        "zh": "同上的来信，抽取 100 处逐一通读核对",
        "en": "the same letters, 100 places drawn and read one by one",
    }
    real = [
        ("name-recall-real", "name-recall", _petitions.recall(shared, part), inserted),
        ("name-precision-real", "name-precision", _petitions.READ, read),
    ]
    return [
        {
            "id": key,
            "metric": titles[name],
            "value": round(right / total, 4),
            "unit": "share",
            "cases": total,
            "data": on,
        }
        for key, name, (right, total), on in (*real, *rows)
    ]
