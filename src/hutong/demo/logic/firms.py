"""The firms of the district: who they are, where they sit, and what becomes of them."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from hutong.demo.logic.codes import brands, credit_codes, people, phone_numbers
from hutong.demo.logic.draw import Days, Dice, Flags, Floats, Ints, Texts, days_between, join, pick
from hutong.demo.logic.made import Columns, Made
from hutong.demo.logic.places import points_in, subdistricts

FIRMS = 6000
KEY_FIRMS = 320
BUILDINGS = 30
# Sections of GB/T 4754-2017 with their share of the firms and the word in their names.
INDUSTRIES = {
    "I": (0.20, "软件"), "M": (0.17, "科技"), "L": (0.17, "商务"), "F": (0.14, "商贸"), "R": (0.09, "文化"),
    "J": (0.05, "金融信息"), "H": (0.05, "餐饮管理"), "K": (0.04, "物业管理"), "E": (0.03, "建筑工程"),
    "C": (0.02, "医药"), "Q": (0.02, "健康管理"), "G": (0.02, "物流"),
}  # fmt: skip
_PULL = np.array([9, 3, 3, 3.5, 5.5, 4, 6, 9.5, 8.5, 14, 2, 5, 5, 6, 4.5, 3.5, 5])  # firms by subdistrict
BUILDING_PLACES = (
    0,
    0,
    1,
    4,
    4,
    5,
    6,
    6,
    6,
    7,
    7,
    7,
    7,
    8,
    8,
    8,
    8,
    9,
    9,
    9,
    9,
    9,
    0,
    11,
    11,
    12,
    12,
    13,
    14,
    16,
)
MOVING_FIRM = 3  # the key firm that leaves
MOVED_OUT = np.datetime64("2023-09-18")
EMPTYING_BUILDING = 10  # the building that loses it and others after it


@dataclass(frozen=True, slots=True)
class Firms:
    """Attributes that other datasets refer to; the first ``key`` firms are the monitored ones."""

    uscc: Texts
    name: Texts
    industry: Texts
    subdistrict: Ints
    building: Ints  # -1: in none of the key buildings
    founded: Days
    gone: Days  # NaT: still there
    revenue: Floats  # 万元 a year in 2021
    high_tech: Flags  # may apply for a certificate
    key: int

    def __len__(self) -> int:
        return len(self.uscc)


def found_firms(dice: Dice) -> Firms:
    """Everyone on the register at the end of the window."""
    rng = dice.of("firms")
    size, key = dice.many(FIRMS, 60), dice.many(KEY_FIRMS, 12)
    shares = np.array([share for share, _ in INDUSTRIES.values()])
    industry = pick(rng, list(INDUSTRIES), size, shares)
    subdistrict = rng.choice(17, size, p=_PULL / _PULL.sum())
    building = _houses(rng, subdistrict, size)
    building[MOVING_FIRM], subdistrict[MOVING_FIRM] = EMPTYING_BUILDING, BUILDING_PLACES[EMPTYING_BUILDING]
    industry[MOVING_FIRM] = "I"
    revenue = np.round(np.exp(rng.normal(6.3, 1.1, size)), 2).astype(np.float64)
    revenue[:key] = np.round(np.exp(rng.normal(10.6, 1.05, key)), 2)
    revenue[MOVING_FIRM] = 186_000.0
    words = np.array([INDUSTRIES[each][1] for each in industry])
    founded = days_between(rng, "1998-01-05", "2023-12-20", size)
    founded[:key] = days_between(rng, "1996-01-05", "2019-12-20", key)
    return Firms(
        uscc=credit_codes(rng.permutation(1_000_000)[:size]),
        name=join("北京演示", brands(rng, size), words, "有限公司"),
        industry=industry,
        subdistrict=subdistrict,
        building=building,
        founded=founded,
        gone=_leave(rng, founded, key),
        revenue=revenue,
        high_tech=_may_apply(rng, industry, founded),
        key=key,
    )


def _houses(rng: np.random.Generator, subdistrict: Ints, size: int) -> Ints:
    """A third of the firms sit in a key building of their subdistrict, where it has one."""
    building = np.full(size, -1)
    for label in range(17):
        there = np.flatnonzero(np.array(BUILDING_PLACES) == label)
        firms = np.flatnonzero((subdistrict == label) & (rng.random(size) < 0.33))
        if len(there):
            building[firms] = there[rng.integers(0, len(there), len(firms))]
    return building


def _leave(rng: np.random.Generator, founded: Days, key: int) -> Days:
    size = len(founded)
    gone = np.full(size, np.datetime64("NaT"), dtype="datetime64[D]")
    leaving = np.flatnonzero(rng.random(size) < 0.055)
    gone[leaving] = days_between(rng, "2021-02-01", "2023-12-25", len(leaving))
    gone[:key] = np.datetime64("NaT")
    gone[founded > np.datetime64("2021-02-01")] = np.datetime64("NaT")
    gone[MOVING_FIRM] = MOVED_OUT
    return gone


def _may_apply(rng: np.random.Generator, industry: Texts, founded: Days) -> Flags:
    chance = np.where(
        np.isin(industry, ["I", "M"]), 0.62, np.where(np.isin(industry, ["R", "C", "Q"]), 0.25, 0.02)
    )
    chosen: Flags = (rng.random(len(industry)) < chance) & (founded < np.datetime64("2017-06-01"))
    chosen[MOVING_FIRM] = True
    return chosen


def register(dice: Dice, firms: Firms) -> Made:
    """The register of the market-regulation bureau."""
    rng = dice.of("enterprises")
    size = len(firms)
    points = points_in(rng, firms.subdistrict)
    areas = subdistricts()
    street = pick(rng, ["演示一路", "演示二路", "演示东街", "演示西街", "演示胡同", "演示南巷"], size)
    number = rng.integers(1, 200, size).astype(np.str_)
    capital = np.round(np.exp(rng.normal(5.6, 1.2, size)) / 10) * 10 + 10
    moved = np.arange(size) % 3 == 0
    moved[MOVING_FIRM] = True
    status = np.where(np.isnat(firms.gone), "存续", np.where(moved, "迁出", "注销"))
    columns: Columns = {
        "uscc": firms.uscc,
        "name": firms.name,
        "industry": firms.industry,
        "subdistrict": areas.codes[firms.subdistrict],
        "building": building_codes(firms.building),
        "address": join("北京市东城区", areas.names[firms.subdistrict], street, number, "号"),
        "lon": points.lon,
        "lat": points.lat,
        "registered_capital": capital,
        "founded": firms.founded,
        "status": status,
        "status_date": firms.gone,
        "legal_person": people(rng, size),
        "phone": phone_numbers(rng.permutation(size)),
    }
    return Made(columns, since=firms.founded, revise=_not_yet_gone)


def _not_yet_gone(columns: Columns, day: date) -> Columns:
    later = columns["status_date"] > np.datetime64(day)
    columns["status"] = np.where(later, "存续", columns["status"])
    columns["status_date"] = np.where(later, np.datetime64("NaT"), columns["status_date"])
    return columns


def building_codes(building: Ints) -> Texts:
    return np.where(building < 0, "", np.char.add("LY", np.char.zfill((building + 1).astype(np.str_), 2)))


def key_monthly(dice: Dice, firms: Firms) -> Made:
    """Monthly returns of the key firms: trend, season, the leaving firm's decline."""
    rng = dice.of("key-firm-monthly")
    months, key = dice.month_range, firms.key
    count = len(months)
    growth = rng.normal(0.052, 0.11, key)
    growth[MOVING_FIRM] = -0.05
    t = (months - np.datetime64("2021-01", "M")).astype(np.float64)
    season = (
        1
        + 0.09 * np.sin((t % 12 - 2) / 12 * 2 * np.pi)
        + np.where(t % 12 == 11, 0.16, 0)
        - np.where(t % 12 == 1, 0.13, 0)
    )
    trend = (1 + growth)[:, None] ** (t / 12)[None, :]
    covid = np.where((t >= 15) & (t <= 17), 0.9, 1.0)  # spring 2022
    noise = np.exp(rng.normal(0, 0.06, (key, count)))
    revenue = firms.revenue[:key, None] / 12 * trend * season * covid * noise
    fading = np.clip(1 - np.maximum(0, t - 24) * 0.09, 0.2, 1)
    revenue[MOVING_FIRM] *= fading
    intensity = np.where(firms.high_tech[:key], rng.uniform(0.03, 0.11, key), rng.uniform(0, 0.012, key))
    staff = np.maximum(8, firms.revenue[:key] / rng.uniform(90, 260, key))[:, None] * (1 + (trend - 1) * 0.5)
    staff[MOVING_FIRM] *= fading
    tax = revenue * rng.uniform(0.028, 0.075, key)[:, None] * np.exp(rng.normal(0, 0.1, (key, count)))
    research = revenue * intensity[:, None] * np.exp(rng.normal(0, 0.12, (key, count)))
    month = np.tile(months, key)
    columns: Columns = {
        "uscc": np.repeat(firms.uscc[:key], count),
        "month": np.char.add(month.astype(np.str_), ""),
        "revenue": np.round(revenue, 2).ravel(),
        "tax": np.round(tax, 2).ravel(),
        "staff": np.round(staff).astype(np.int64).ravel(),
        "r_and_d": np.round(research, 2).ravel(),
    }
    order = np.lexsort((np.arange(len(month)), month))
    columns = {name: values[order] for name, values in columns.items()}
    gone = (
        np.tile(months, key)[order]
        > np.repeat(
            np.where(
                np.isnat(firms.gone[:key]), np.datetime64("2100-01"), firms.gone[:key].astype("datetime64[M]")
            ),
            count,
        )[order]
    )
    since = (month[order] + 1).astype("datetime64[D]") - 1
    return Made({name: values[~gone] for name, values in columns.items()}, since=since[~gone])
