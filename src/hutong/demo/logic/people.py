"""Health, elders, schools, culture and the firms' credit."""

import numpy as np

from hutong.demo.logic.codes import identity_numbers, people, phone_numbers
from hutong.demo.logic.draw import Dice, days_between, join, numbered, pick
from hutong.demo.logic.firms import Firms
from hutong.demo.logic.made import Columns, Made
from hutong.demo.logic.places import communities, points_in, subdistricts

CENTRES = 12
DISEASES = {
    "流行性感冒": (3.4, 1, 2.6),
    "手足口病": (0.9, 7, 1.4),
    "水痘": (0.5, 12, 0.5),
    "其他感染性腹泻": (1.7, 8, 0.9),
}


def clinic_visits(dice: Dice) -> Made:
    """Daily visits of twelve community health centres."""
    rng = dice.of("clinic-visits-daily")
    days = dice.day_range
    weekday = (days.astype(int) + 3) % 7
    month = (days.astype("datetime64[M]") - days.astype("datetime64[Y]")).astype(int) + 1
    base = rng.uniform(240, 620, CENTRES)[:, None]
    shape = np.array([1.18, 1.08, 1.04, 1.02, 1.0, 0.72, 0.6])[weekday] * (
        1 + 0.14 * np.cos((month - 1) / 12 * 2 * np.pi)
    )
    visits = rng.poisson(base * shape)
    columns: Columns = {
        "date": np.tile(days, CENTRES),
        "centre": np.repeat(
            join("演示社区卫生服务中心", numbered("", np.arange(1, CENTRES + 1), 2)), len(days)
        ),
        "subdistrict": np.repeat(subdistricts().codes[[0, 1, 3, 4, 7, 8, 9, 11, 12, 13, 15, 16]], len(days)),
        "visits": visits.ravel(),
        "fever": rng.binomial(visits, 0.035).ravel(),
        "elderly": rng.binomial(visits, 0.46).ravel(),
        "family_doctor": rng.binomial(visits, 0.38).ravel(),
    }
    order = np.arange(CENTRES * len(days)).reshape(CENTRES, len(days)).T.ravel()
    columns = {name: values[order] for name, values in columns.items()}
    return Made(columns, since=columns["date"])


def infectious(dice: Dice) -> Made:
    """New and cumulative cases of the year by day, disease and subdistrict; the last two years."""
    rng = dice.of("infectious-daily")
    days = dice.day_range[dice.day_range >= np.datetime64("2022-01-01")]
    month = (days.astype("datetime64[M]") - days.astype("datetime64[Y]")).astype(int) + 1
    year = days.astype("datetime64[Y]")
    parts: list[Columns] = []
    for disease, (mean, peak, swing) in DISEASES.items():
        season = np.clip(1 + swing * np.cos((month - peak) / 12 * 2 * np.pi), 0.05, None)
        wave = np.where(
            (disease == "流行性感冒")
            & (days >= np.datetime64("2023-10-20"))
            & (days < np.datetime64("2023-12-25")),
            2.4,
            1,
        )
        new = rng.poisson(mean / 17 * season * wave, (17, len(days)))
        total = np.zeros_like(new)
        for each in np.unique(year):
            inside = year == each
            total[:, inside] = np.cumsum(new[:, inside], axis=1)
        parts.append(
            {
                "date": np.tile(days, 17),
                "year": np.tile(year.astype(int) + 1970, 17),
                "disease": np.full(17 * len(days), disease),
                "subdistrict": np.repeat(subdistricts().codes, len(days)),
                "new_cases": new.ravel(),
                "cumulative": total.ravel(),
            }
        )
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns["subdistrict"], columns["disease"], columns["date"]))
    columns = {name: values[order] for name, values in columns.items()}
    return Made(columns, since=columns["date"])


def elderly_stations(dice: Dice) -> Made:
    rng = dice.of("elderly-stations")
    size = 62
    place = np.arange(size) % 17
    points = points_in(rng, place)
    columns: Columns = {
        "id": numbered("YL", np.arange(1, size + 1), 3),
        "name": join("演示养老服务驿站", numbered("", np.arange(1, size + 1), 2), "号"),
        "subdistrict": subdistricts().codes[place],
        "community": communities().codes[points.community],
        "beds": rng.integers(0, 22, size),
        "capacity": rng.integers(40, 220, size),
        "stars": rng.integers(1, 4, size),
        "opened": days_between(rng, "2015-05-01", "2023-11-30", size),
        "lon": points.lon,
        "lat": points.lat,
    }
    return Made(columns)


def elders(dice: Dice) -> Made:
    """People who receive services at home: personal data of nobody."""
    rng = dice.of("elders")
    size = dice.many(3200, 60)
    born = days_between(rng, "1928-01-05", "1958-12-20", size)
    place = rng.integers(0, len(communities().codes), size)
    columns: Columns = {
        "id": numbered("LN", np.arange(1, size + 1), 6),
        "name": people(rng, size),
        "id_number": identity_numbers(born, np.arange(size) % 1000),
        "gender": pick(rng, ["男", "女"], size, [46, 54]),
        "born": born,
        "phone": phone_numbers(rng.permutation(10_000)[np.arange(size) % 10_000]),
        "subdistrict": subdistricts().codes[communities().parents[place]],
        "community": communities().codes[place],
        "ability": pick(rng, ["完好", "轻度失能", "中度失能", "重度失能"], size, [52, 27, 13, 8]),
        "lives_alone": pick(rng, ["是", "否"], size, [31, 69]),
        "subsidy": pick(rng, ["0", "100", "200", "300", "600"], size, [40, 30, 14, 10, 6]).astype(np.int64),
        "assessed": days_between(rng, "2021-03-01", "2023-12-15", size),
    }
    return Made(columns)


def schools(dice: Dice) -> Made:
    rng = dice.of("schools")
    size = 118
    place = rng.integers(0, 17, size)
    points = points_in(rng, place)
    stage = pick(rng, ["幼儿园", "小学", "初中", "高中", "特殊教育"], size, [40, 42, 20, 14, 2])
    pupils = np.round(np.exp(rng.normal(6.4, 0.5, size))).astype(np.int64)
    columns: Columns = {
        "code": numbered("XX", np.arange(1, size + 1), 4),
        "name": join(
            "演示", pick(rng, list("东南西北中"), size), numbered("", np.arange(1, size + 1), 3), stage
        ),
        "stage": stage,
        "subdistrict": subdistricts().codes[place],
        "pupils": pupils,
        "teachers": np.round(pupils / rng.uniform(9, 15, size)).astype(np.int64),
        "classes": np.round(pupils / 34).astype(np.int64) + 1,
        "lon": points.lon,
        "lat": points.lat,
    }
    return Made(columns)


def culture_venues(dice: Dice) -> Made:
    """Museums, theatres, bookshops and protected sites. The source writes its coordinates in GCJ-02."""
    rng = dice.of("culture-venues")
    size = 148
    place = rng.choice(17, size, p=np.array([16, 9, 9, 6, 7, 7, 4, 6, 4, 5, 9, 4, 3, 3, 3, 7, 3]) / 105)
    points = points_in(rng, place)
    kind = pick(
        rng, ["博物馆", "剧场", "书店", "文化馆", "图书馆", "文物保护单位"], size, [18, 22, 25, 9, 10, 64]
    )
    columns: Columns = {
        "id": numbered("WH", np.arange(1, size + 1), 4),
        "name": join(
            "演示",
            pick(rng, ["钟", "鼓", "坊", "阁", "堂", "苑"], size),
            numbered("", np.arange(1, size + 1), 3),
            kind,
        ),
        "kind": kind,
        "protection": np.where(
            kind == "文物保护单位", pick(rng, ["全国重点", "市级", "区级"], size, [30, 40, 30]), ""
        ),
        "subdistrict": subdistricts().codes[place],
        "address": join(
            "东城区", subdistricts().names[place], "演示路", rng.integers(1, 160, size).astype(np.str_), "号"
        ),
        "lon": points.lon,
        "lat": points.lat,
        "seats": np.where(kind == "剧场", rng.integers(80, 1600, size), 0),
        "visitors": np.round(np.exp(rng.normal(9.8, 1.1, size))).astype(np.int64),
        "open_free": pick(rng, ["是", "否"], size, [58, 42]),
    }
    return Made(columns)


def credit_records(dice: Dice, firms: Firms) -> Made:
    """Penalties, abnormal listings, honours; some are repaired."""
    rng = dice.of("credit-records")
    size = dice.many(2600, 50)
    kind = pick(rng, ["行政处罚", "经营异常", "严重失信", "守信激励", "欠税公告"], size, [44, 28, 3, 18, 7])
    day = np.sort(days_between(rng, "2020-06-01", "2023-12-28", size))
    repair = (rng.random(size) < 0.42) & (kind != "守信激励")
    repaired = np.where(
        repair, day + rng.integers(60, 420, size).astype("timedelta64[D]"), np.datetime64("NaT")
    )
    columns: Columns = {
        "id": join(
            "XY", day.astype("datetime64[Y]").astype(np.str_), numbered("", np.arange(1, size + 1), 5)
        ),
        "uscc": firms.uscc[rng.integers(0, len(firms), size)],
        "kind": kind,
        "date": day,
        "authority": pick(
            rng, ["区市场监管局", "区税务局", "区应急局", "区生态环境局", "区城管执法局"], size
        ),
        "amount": np.where(kind == "行政处罚", np.round(np.exp(rng.normal(8.4, 1.2, size)), -2), 0.0),
        "repaired": np.where(repaired > np.datetime64("2024-01-10"), np.datetime64("NaT"), repaired),
    }
    return Made(columns, since=day)
