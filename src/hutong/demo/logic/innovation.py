"""Science and innovation: certificates, small tech firms, patents, contracts."""

import numpy as np

from hutong.demo.logic.draw import Days, Dice, Ints, days_between, join, numbered, pick
from hutong.demo.logic.firms import Firms
from hutong.demo.logic.made import Columns, Made

# Certificates last three years. Issued a year, and how many of the expiring ones were renewed: so that 616 firms
# hold one at the end of 2020 (the plan's baseline), 655, 694 and 731 at the ends of 2021, 2022 and 2023.
ISSUED = {2018: 190, 2019: 205, 2020: 221, 2021: 229, 2022: 244, 2023: 258}
RENEWED = {2021: 165, 2022: 178, 2023: 190}
SMALL_TECH = {2020: 246, 2021: 305, 2022: 352, 2023: 388}
CONTRACTS = {
    2020: (2960, 412.6),
    2021: (3080, 438.2),
    2022: (3150, 451.9),
    2023: (3260, 486.4),
}  # count, 亿元
FIELDS = [
    "电子信息",
    "高技术服务",
    "生物与新医药",
    "先进制造与自动化",
    "新材料",
    "资源与环境",
    "新能源与节能",
]
_FIELD_SHARE = [46, 30, 9, 6, 3, 4, 2]


def high_tech_certificates(dice: Dice, firms: Firms) -> Made:
    """One row a certificate."""
    rng = dice.of("high-tech-firms")
    may = rng.permutation(np.flatnonzero(firms.high_tech))
    cohorts: dict[int, Ints] = {}
    used = 0
    for year, full in ISSUED.items():
        count = dice.many(full)
        kept = dice.many(RENEWED[year]) if year in RENEWED else 0
        old = rng.permutation(cohorts[year - 3])[:kept] if kept else may[:0]
        fresh = may[used : used + count - len(old)]
        used += count - len(old)
        if used > len(may):
            raise ValueError("too few firms may apply")
        cohorts[year] = np.concatenate([old, fresh])
    firm = np.concatenate(list(cohorts.values()))
    years = np.repeat(list(cohorts), [len(each) for each in cohorts.values()]).astype(np.str_)
    day = rng.integers(0, 75, len(firm)).astype("timedelta64[D]")
    issued = years.astype("datetime64[Y]").astype("datetime64[D]") + 278 + day
    serial = np.concatenate([np.arange(len(each)) for each in cohorts.values()])
    field = pick(rng, FIELDS, len(firms), _FIELD_SHARE)[firm]
    columns: Columns = {
        "certificate": join("GR", years, "11", numbered("", serial + 900_001, 6)),
        "uscc": firms.uscc[firm],
        "firm": firms.name[firm],
        "field": field,
        "batch": np.where(day.astype(int) < 25, "第一批", np.where(day.astype(int) < 50, "第二批", "第三批")),
        "issued": issued,
        "expires": _three_years_on(issued),
    }
    return Made(columns, since=issued)


def _three_years_on(day: Days) -> Days:
    month = day.astype("datetime64[M]")
    later: Days = (month + 36).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    return later


def small_tech_firms(dice: Dice, firms: Firms) -> Made:
    """One row a firm and year of evaluation."""
    rng = dice.of("sci-tech-smes")
    pool = np.flatnonzero(
        np.isin(firms.industry, ["I", "M", "R", "C", "Q"]) & (firms.founded < np.datetime64("2020-01-01"))
    )
    pool = rng.permutation(pool[pool >= firms.key])
    parts = []
    for year, full in SMALL_TECH.items():
        count = min(dice.many(full), len(pool))
        shift = (year - 2020) * count // 8
        parts.append((np.full(count, year), pool[(np.arange(count) + shift) % len(pool)]))
    years = np.concatenate([each for each, _ in parts])
    firm = np.concatenate([each for _, each in parts])
    day = rng.integers(95, 300, len(years)).astype("timedelta64[D]")
    since = years.astype(np.str_).astype("datetime64[Y]").astype("datetime64[D]") + day
    columns: Columns = {
        "year": years,
        "number": join(years.astype(np.str_), "110101", numbered("A", np.arange(len(years)), 7)),
        "uscc": firms.uscc[firm],
        "registered": since,
        "score": np.round(rng.uniform(60, 98, len(years)), 1),
    }
    return Made(columns, since=since)


def patents(dice: Dice, firms: Firms) -> Made:
    """Invention patents of the district's firms; a high-value one meets at least one of five tests."""
    rng = dice.of("patents")
    size = dice.many(10_300, 80)
    owners = np.flatnonzero(firms.high_tech)
    weight = firms.revenue[owners] ** 0.45
    firm = owners[rng.choice(len(owners), size, p=weight / weight.sum())]
    growth = 4680 * rng.random(size) ** 0.72
    granted = np.datetime64("2011-02-01") + growth.astype("timedelta64[D]")
    lapse = rng.random(size) < 0.16
    lapsed = np.where(
        lapse, granted + rng.integers(500, 3600, size).astype("timedelta64[D]"), np.datetime64("NaT")
    )
    lapsed[lapsed > np.datetime64("2023-12-28")] = np.datetime64("NaT")
    flags = {
        "strategic": rng.random(size) < 0.36,
        "overseas": rng.random(size) < 0.09,
        "long_lived": (np.datetime64("2023-12-31") - granted).astype(int) > 3652,
        "licensed": rng.random(size) < 0.11,
        "awarded": rng.random(size) < 0.004,
    }
    since = np.maximum(granted, np.datetime64("2011-01-01"))
    topic = pick(
        rng,
        [
            "数据处理",
            "图像识别",
            "网络安全",
            "语音交互",
            "药物制剂",
            "医学影像",
            "数字版权",
            "能耗控制",
            "展示装置",
        ],
        size,
    )
    columns: Columns = {
        "number": join(
            "ZL",
            granted.astype("datetime64[Y]").astype(np.str_),
            "1",
            numbered("", rng.permutation(9_000_000)[:size], 7),
        ),
        "uscc": firms.uscc[firm],
        "title": join("一种演示", topic, pick(rng, ["方法", "系统", "装置", "方法及系统"], size)),
        "granted": granted,
        "lapsed": lapsed,
        **{name: np.where(flag, "是", "否") for name, flag in flags.items()},
        "high_value": np.where(np.logical_or.reduce(list(flags.values())), "是", "否"),
    }
    order = np.argsort(granted, kind="stable")
    return Made({name: values[order] for name, values in columns.items()}, since=since[order])


def technology_contracts(dice: Dice, firms: Firms) -> Made:
    """Registered contracts; amounts of a year add up to the year's turnover."""
    rng = dice.of("technology-contracts")
    sellers = np.flatnonzero(np.isin(firms.industry, ["I", "M"]))
    days, amounts = [], []
    for year, (full, turnover) in CONTRACTS.items():
        count = dice.many(full, 12)
        share = np.exp(rng.normal(0, 1.5, count))
        amounts.append(np.round(share / share.sum() * turnover * dice.scale * 10_000, 2))
        days.append(np.sort(days_between(rng, f"{year}-01-04", f"{year}-12-30", count)))
    signed, amount = np.concatenate(days), np.concatenate(amounts)
    size = len(signed)
    columns: Columns = {
        "number": join(
            signed.astype("datetime64[Y]").astype(np.str_), "110101", numbered("", np.arange(1, size + 1), 6)
        ),
        "signed": signed,
        "uscc": firms.uscc[sellers[rng.integers(0, len(sellers), size)]],
        "kind": pick(
            rng, ["技术开发", "技术服务", "技术咨询", "技术转让", "技术许可"], size, [34, 52, 7, 4, 3]
        ),
        "field": pick(rng, FIELDS, size, _FIELD_SHARE),
        "amount": amount,
        "technology_amount": np.round(amount * rng.uniform(0.55, 1, size), 2),
        "buyer_place": pick(rng, ["本市", "津冀", "外省市", "境外"], size, [41, 8, 47, 4]),
    }
    return Made(columns, since=signed)
