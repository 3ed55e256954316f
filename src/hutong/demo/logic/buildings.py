"""The thirty key buildings: what they are, how full they are, who sits in them."""

import numpy as np

from hutong.demo.logic.draw import Dice, join, numbered, pick
from hutong.demo.logic.firms import BUILDING_PLACES, BUILDINGS, EMPTYING_BUILDING, Firms, building_codes
from hutong.demo.logic.made import Columns, Made
from hutong.demo.logic.places import points_in, subdistricts

_LOSS_FROM = 29  # months into the window: June 2023


def key_buildings(dice: Dice) -> Made:
    """The register; two chiefs a building, one of the district and one of the building."""
    rng = dice.of("key-buildings")
    place = np.array(BUILDING_PLACES)
    points = points_in(rng, place)
    floors = rng.integers(8, 34, BUILDINGS)
    area = np.round(floors * rng.uniform(1300, 3100, BUILDINGS), -2)
    columns: Columns = {
        "code": building_codes(np.arange(BUILDINGS)),
        "name": join("演示", pick(rng, ["东望", "崇宁", "安和", "金廊", "环宇", "银汇", "景泰", "锦程"], BUILDINGS),
                     numbered("", np.arange(1, BUILDINGS + 1), 2), pick(rng, ["大厦", "中心", "广场"], BUILDINGS)),
        "subdistrict": subdistricts().codes[place],
        "lon": points.lon,
        "lat": points.lat,
        "grade": pick(rng, ["甲级", "乙级", "丙级"], BUILDINGS, [5, 4, 1]),
        "floors": floors,
        "area": area,
        "office_area": np.round(area * rng.uniform(0.62, 0.88, BUILDINGS), -1),
        "built": rng.integers(1992, 2020, BUILDINGS),
        "direction": pick(rng, ["金融", "信息服务", "科技服务", "文化", "商务", "健康"], BUILDINGS, [6, 7, 6, 4, 5, 2]),
    }  # fmt: skip
    return Made(columns)


def building_monthly(dice: Dice, firms: Firms, register: Made) -> Made:
    """Let area, rent and tax by month; from June 2023 one building empties."""
    rng = dice.of("building-monthly")
    months = dice.month_range
    t = (months - np.datetime64("2021-01", "M")).astype(np.float64)
    office = register.columns["office_area"]
    level = rng.uniform(0.78, 0.95, BUILDINGS)[:, None]
    share = level + np.cumsum(rng.normal(0.0004, 0.006, (BUILDINGS, len(t))), axis=1)
    share[EMPTYING_BUILDING] -= np.clip(t - _LOSS_FROM, 0, None) * 0.055
    share = np.clip(share, 0.3, 0.99)
    rent = (
        rng.uniform(4.6, 11.5, BUILDINGS)[:, None]
        * (1 - 0.0015 * t)
        * np.exp(rng.normal(0, 0.01, (BUILDINGS, len(t))))
    )
    yearly = rng.uniform(480, 1180, BUILDINGS)[:, None]  # yuan of district tax a square metre of let area
    yearly[EMPTYING_BUILDING] = 1900
    season = np.array([1.5, 0.75, 0.9, 1.25, 1, 1, 1.2, 0.82, 0.86, 1.12, 0.8, 0.8])[(t % 12).astype(int)]
    district = (
        office[:, None]
        * share
        * yearly
        / 12
        / 10_000
        * season
        * 1.05 ** (t / 12)
        * np.exp(rng.normal(0, 0.05, share.shape))
    )
    columns: Columns = {
        "building": np.repeat(register.columns["code"], len(t)),
        "month": np.tile(months, BUILDINGS).astype(np.str_),
        "office_area": np.repeat(office, len(t)),
        "let_area": np.round(office[:, None] * share, 0).ravel(),
        "occupancy": np.round(share * 100, 2).ravel(),
        "rent": np.round(rent, 2).ravel(),
        "total_tax": np.round(district * rng.uniform(1.8, 2.6, BUILDINGS)[:, None], 2).ravel(),
        "district_tax": np.round(district, 2).ravel(),
        "local_firms": np.round(
            np.bincount(firms.building[firms.building >= 0], minlength=BUILDINGS)[:, None] * share
        )
        .astype(np.int64)
        .ravel(),
    }
    order = np.lexsort((columns["building"], columns["month"]))
    columns = {name: values[order] for name, values in columns.items()}
    return Made(columns, since=(columns["month"].astype("datetime64[M]") + 1).astype("datetime64[D]") + 4)


def tenants(dice: Dice, firms: Firms, register: Made) -> Made:
    """Leases; the emptying building's last ones end early in the second half of 2023."""
    rng = dice.of("building-tenants")
    firm = np.flatnonzero(firms.building >= 0)
    building = firms.building[firm]
    since = np.maximum(firms.founded[firm], np.datetime64("2015-03-01")) + rng.integers(
        0, 900, len(firm)
    ).astype("timedelta64[D]")
    since = np.minimum(since, np.datetime64("2023-12-20"))
    until = np.where(np.isnat(firms.gone[firm]), np.datetime64("NaT"), firms.gone[firm])
    leaving = np.flatnonzero(
        (building == EMPTYING_BUILDING) & np.isnat(until) & (since < np.datetime64("2023-06-01"))
    )
    leaving = rng.permutation(leaving)[: len(leaving) * 2 // 5]
    until[leaving] = np.datetime64("2023-06-30") + rng.integers(0, 170, len(leaving)).astype("timedelta64[D]")
    size = np.round(np.exp(rng.normal(4.9, 0.8, len(firm))), 0)
    columns: Columns = {
        "building": building_codes(building),
        "uscc": firms.uscc[firm],
        "since": since,
        "until": np.where(until < since, np.datetime64("NaT"), until),
        "floor": (rng.random(len(firm)) * register.columns["floors"][building]).astype(np.int64) + 1,
        "area": size,
        "registered_here": np.where(rng.random(len(firm)) < 0.82, "是", "否"),
    }
    return Made(columns)
