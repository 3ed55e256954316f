"""What people report and what grid workers find: hotline orders, grid cases, components, inspections."""

import numpy as np

from hutong.demo.logic.codes import people, phone_numbers
from hutong.demo.logic.draw import Days, Dice, Floats, Ints, Texts, join, numbered, pick
from hutong.demo.logic.firms import Firms, building_codes
from hutong.demo.logic.made import Columns, Made
from hutong.demo.logic.places import communities, grids, points_in, subdistricts
from hutong.demo.logic.sensing import Weather

CATEGORIES = {  # weekly share, month of the peak, how strongly rain (a), winter (b) drive it, chance of solving
    "物业管理": (17, 6, 0, 0.1, 0.82), "供暖": (8, 12, 0, 2.4, 0.90), "排水积水": (4, 7, 3.2, 0, 0.88),
    "环境卫生": (13, 7, 0.1, 0, 0.94), "停车管理": (12, 10, 0, 0, 0.71), "噪音扰民": (10, 8, 0, -0.3, 0.76),
    "市政设施": (9, 5, 0.4, 0, 0.92), "房屋修缮": (9, 7, 1.1, 0.1, 0.69), "消费维权": (8, 11, 0, 0, 0.85),
    "文旅服务": (5, 10, -0.1, -0.2, 0.93), "养老服务": (3, 10, 0, 0.1, 0.91), "教育": (2, 9, 0, 0, 0.83),
}  # fmt: skip
_WEEKDAY = np.array([1.16, 1.08, 1.04, 1.02, 1.03, 0.86, 0.81])  # Monday first
_PLACES = np.array([9, 5, 5, 5, 8, 5, 6, 8, 7, 14, 3, 6, 6, 8, 6, 6, 11])
ORDERS_A_DAY = 42


def hotline(dice: Dice, sky: Weather) -> Made:
    """Orders of 12345 dispatched to the district, with the times and the caller's verdict."""
    rng = dice.of("hotline-cases")
    days = dice.day_range
    rain = sky.daily_rain(days)
    day, category = _arrivals(rng, days, rain, dice.scale)
    size = len(day)
    names = list(CATEGORIES)
    place = rng.choice(17, size, p=_PLACES / _PLACES.sum())
    received = days[day].astype("datetime64[s]") + _hour_of_call(rng, size)
    kind = pick(rng, ["求助", "投诉", "咨询", "建议", "表扬"], size, [52, 34, 9, 4, 1])
    dispatched = received + np.round(rng.gamma(1.3, 900, size)).astype("timedelta64[s]")
    responded = dispatched + np.round(rng.gamma(1.5, 3.1 * 3600, size)).astype("timedelta64[s]")
    answered = rng.random(size) < 0.992
    better = 0.05 * day / max(1, len(days))  # handling gets a little better over the years
    solved = rng.random(size) < np.array([CATEGORIES[each][4] for each in names])[category] + better
    closed = responded + np.round(rng.gamma(2.0, 1.9 * 86400, size)).astype("timedelta64[s]")
    open_still = closed > np.datetime64("2024-01-01")
    pleased = rng.random(size) < np.where(solved, 0.955, 0.36)
    missing = np.datetime64("NaT")
    columns: Columns = {
        "order": join(
            "DC", np.char.replace(days[day].astype(np.str_), "-", ""), numbered("", _serial_in_day(day), 4)
        ),
        "received": received,
        "category": np.array(names)[category],
        "kind": kind,
        "channel": pick(rng, ["电话", "微信", "网站", "微博", "国家平台"], size, [78, 12, 6, 2, 2]),
        "subdistrict": subdistricts().codes[place],
        "community": _community_in(rng, place),
        "urgent": np.where((rain[day] > 20) & (category == names.index("排水积水")), "是", "否"),
        "dispatched": dispatched,
        "responded": np.where(answered, responded, missing),
        "closed": np.where(open_still | ~answered, missing, closed),
        "solved": np.where(open_still, "", np.where(solved, "是", "否")),
        "satisfied": np.where(open_still, "", np.where(pleased, "是", "否")),
        "caller": people(rng, size),
        "phone": phone_numbers(rng.integers(0, 10_000, size)),
    }
    return Made(columns, since=days[day])


def _arrivals(rng: np.random.Generator, days: Days, rain: Floats, scale: float) -> tuple[Ints, Ints]:
    """Day and category of every order."""
    month = (days.astype("datetime64[M]") - days.astype("datetime64[Y]")).astype(int) + 1
    weekday = (days.astype(int) + 3) % 7
    day_parts, category_parts = [], []
    for number, (share, peak, wet, winter, _) in enumerate(CATEGORIES.values()):
        season = (
            1
            + 0.25 * np.cos((month - peak) / 12 * 2 * np.pi)
            + winter * np.isin(month, [11, 12, 1, 2, 3]) * 0.5
        )
        mean = (
            ORDERS_A_DAY
            * share
            / 100
            * season
            * (1 + np.maximum(wet, 0) * np.minimum(rain, 60) / 20)
            * _WEEKDAY[weekday]
        )
        count = rng.poisson(np.clip(mean * scale, 0.0, None))
        day_parts.append(np.repeat(np.arange(len(days)), count))
        category_parts.append(np.full(int(count.sum()), number))
    day, category = np.concatenate(day_parts), np.concatenate(category_parts)
    order = np.lexsort((rng.random(len(day)), day))
    return day[order], category[order]


def _hour_of_call(rng: np.random.Generator, size: int) -> "np.ndarray[tuple[int], np.dtype[np.timedelta64]]":
    weight = np.array([1, 1, 1, 1, 1, 2, 4, 9, 16, 20, 20, 17, 12, 13, 16, 17, 15, 13, 12, 12, 11, 8, 4, 2])
    second = rng.choice(24, size, p=weight / weight.sum()) * 3600 + rng.integers(0, 3600, size)
    return second.astype("timedelta64[s]")


def _serial_in_day(day: Ints) -> Ints:
    first = np.concatenate([[0], np.flatnonzero(np.diff(day)) + 1])
    starts: Ints = np.repeat(first, np.diff(np.append(first, len(day))))
    return np.arange(len(day)) - starts + 1


def _community_in(rng: np.random.Generator, place: Ints) -> Texts:
    parents = communities().parents
    first = np.searchsorted(parents, np.arange(17))
    count = np.bincount(parents, minlength=17)
    codes: Texts = communities().codes[first[place] + (rng.random(len(place)) * count[place]).astype(int)]
    return codes


COMPONENTS = {  # class and subclass of GB/T 30428.2, name, share
    "0101": ("上水井盖", 12), "0102": ("污水井盖", 18), "0105": ("雨水箅子", 15), "0110": ("电力井盖", 10),
    "0117": ("路灯", 14), "0203": ("停车咪表", 2), "0207": ("路名牌", 5), "0301": ("公共厕所", 3),
    "0303": ("果皮箱", 10), "0401": ("行道树", 9), "0504": ("报刊亭", 1), "0601": ("工地围挡", 1),
}  # fmt: skip


def components(dice: Dice) -> Made:
    """City components with codes of 16 digits: district, class, subclass, serial."""
    rng = dice.of("components")
    size = dice.many(18_000, 300)
    kind = pick(rng, list(COMPONENTS), size, [share for _, share in COMPONENTS.values()])
    points = points_in(rng, rng.choice(17, size, p=subdistricts().km2 / subdistricts().km2.sum()))
    serial = np.zeros(size, np.int64)
    for each in COMPONENTS:
        own = np.flatnonzero(kind == each)
        serial[own] = np.arange(1, len(own) + 1)
    columns: Columns = {
        "code": join("110101", kind, numbered("", serial, 6)),
        "kind": kind,
        "name": np.array([COMPONENTS[each][0] for each in kind]),
        "grid": grids().codes[points.grid],
        "subdistrict": subdistricts().codes[points.subdistrict],
        "lon": points.lon,
        "lat": points.lat,
        "owner": pick(
            rng, ["演示排水集团", "演示电力公司", "演示自来水集团", "演示环卫中心", "演示园林中心"], size
        ),
        "state": pick(rng, ["完好", "破损", "丢失", "移位"], size, [965, 25, 6, 4]),
        "surveyed": np.datetime64("2022-03-01") + rng.integers(0, 540, size).astype("timedelta64[D]"),
    }
    return Made(columns)


EVENTS = {"市容环境": 46, "街面秩序": 24, "宣传广告": 9, "施工管理": 8, "突发事件": 3, "部件问题": 10}


def grid_cases(dice: Dice, sky: Weather) -> Made:
    """Cases that grid workers and cameras report, with the clock of each."""
    rng = dice.of("grid-cases")
    days = dice.day_range
    weekday = (days.astype(int) + 3) % 7
    count = rng.poisson(26 * dice.scale * _WEEKDAY[weekday] * (1 + np.minimum(sky.daily_rain(days), 50) / 90))
    day = np.repeat(np.arange(len(days)), count)
    size = len(day)
    points = points_in(rng, rng.choice(17, size, p=_PLACES / _PLACES.sum()))
    limit = pick(rng, ["4", "12", "24", "72"], size, [15, 30, 40, 15]).astype(np.int64)
    found = days[day].astype("datetime64[s]") + _hour_of_call(rng, size)
    filed = found + rng.integers(60, 2400, size).astype("timedelta64[s]")
    closed = filed + np.round(limit * 3600 * rng.gamma(2.1, 0.26, size)).astype("timedelta64[s]")
    columns: Columns = {
        "case": join(
            "WG", np.char.replace(days[day].astype(np.str_), "-", ""), numbered("", _serial_in_day(day), 4)
        ),
        "event": pick(rng, list(EVENTS), size, list(EVENTS.values())),
        "origin": pick(rng, ["监督员上报", "视频识别", "公众举报", "传感器"], size, [66, 19, 11, 4]),
        "grid": grids().codes[points.grid],
        "subdistrict": subdistricts().codes[points.subdistrict],
        "lon": points.lon,
        "lat": points.lat,
        "found": found,
        "filed": filed,
        "limit_hours": limit,
        "closed": np.where(closed > np.datetime64("2024-01-01"), np.datetime64("NaT"), closed),
        "reworked": pick(rng, ["0", "1", "2"], size, [93, 6, 1]).astype(np.int64),
    }
    return Made(columns, since=days[day])


def inspections(dice: Dice, firms: Firms) -> Made:
    """Safety inspections of firms and buildings."""
    rng = dice.of("safety-inspections")
    size = dice.many(5200, 80)
    day = np.sort(dice.day_range[rng.integers(0, len(dice.day_range), size)])
    firm = rng.integers(0, len(firms), size)
    hazards = rng.poisson(1.1, size)
    fixed = np.where(
        hazards > 0, day + rng.integers(1, 45, size).astype("timedelta64[D]"), np.datetime64("NaT")
    )
    columns: Columns = {
        "id": join(
            "AJ", day.astype("datetime64[Y]").astype(np.str_), numbered("", np.arange(1, size + 1), 5)
        ),
        "date": day,
        "uscc": firms.uscc[firm],
        "building": building_codes(firms.building[firm]),
        "subdistrict": subdistricts().codes[firms.subdistrict[firm]],
        "topic": pick(
            rng, ["消防通道", "用电", "燃气", "有限空间", "危化品", "电梯"], size, [34, 26, 16, 8, 4, 12]
        ),
        "hazards": hazards,
        "serious": rng.binomial(hazards, 0.05),
        "rectified": np.where(fixed > np.datetime64("2024-01-05"), np.datetime64("NaT"), fixed),
    }
    return Made(columns, since=day)
