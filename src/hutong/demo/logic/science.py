"""Where science shows: carriers, demonstration scenes, popularisation bases and the literacy survey."""

import numpy as np

from hutong.demo.logic.draw import Dice, days_between, join, numbered, pick
from hutong.demo.logic.firms import Firms
from hutong.demo.logic.made import Columns, Made
from hutong.demo.logic.places import points_in, subdistricts


def carriers(dice: Dice) -> Made:
    """Incubators, maker spaces, laboratories: two national ones are new since 2021."""
    rng = dice.of("innovation-carriers")
    size, national = 58, 10
    place = rng.integers(0, 17, size)
    points = points_in(rng, place)
    recognised = np.sort(days_between(rng, "2012-03-01", "2020-12-01", size))
    level = np.where(np.arange(size) % 6 == 0, "国家级", np.where(np.arange(size) % 6 < 4, "市级", "区级"))
    recognised[[54, 55, 56, 57]] = np.array(
        ["2021-12-22", "2022-05-16", "2023-02-08", "2023-10-30"], dtype="datetime64[D]"
    )
    level[[54, 55, 56, 57]] = ["国家级", "市级", "市级", "国家级"]
    kind = pick(
        rng,
        ["科技企业孵化器", "众创空间", "重点实验室", "工程技术研究中心", "企业技术中心"],
        size,
        [17, 14, 10, 8, 9],
    )
    columns: Columns = {
        "id": numbered("ZT", np.arange(1, size + 1), 3),
        "name": join(
            "演示",
            pick(rng, list("甲乙丙丁戊己庚辛"), size),
            numbered("", np.arange(1, size + 1), 2),
            "号",
            kind,
        ),
        "kind": kind,
        "level": level,
        "recognised": recognised,
        "subdistrict": subdistricts().codes[place],
        "lon": points.lon,
        "lat": points.lat,
        "area": np.round(np.exp(rng.normal(7.6, 0.7, size))),
        "tenants": rng.integers(3, national * 12, size),
    }
    return Made(columns, since=recognised)


def scenes(dice: Dice, firms: Firms) -> Made:
    """Demonstration projects of new technology: two, one and three landed in 2021, 2022 and 2023."""
    rng = dice.of("new-tech-scenes")
    landed = [
        "2021-06-18",
        "2021-11-05",
        "2022-09-27",
        "2023-04-20",
        "2023-08-31",
        "2023-12-12",
        "",
        "",
        "",
        "",
        "",
    ]
    size = len(landed)
    state = ["已落地"] * 6 + ["建设中"] * 3 + ["谋划中"] * 2
    place = np.array([7, 0, 10, 9, 13, 5, 8, 0, 16, 4, 11])
    technology = [
        "5G",
        "区块链",
        "人工智能",
        "数字孪生",
        "物联网",
        "人工智能",
        "5G",
        "区块链",
        "物联网",
        "人工智能",
        "数字孪生",
    ]
    columns: Columns = {
        "id": numbered("CJ", np.arange(1, size + 1), 3),
        "title": join("演示", np.array(technology), "场景", numbered("", np.arange(1, size + 1), 2), "号"),
        "technology": np.array(technology),
        "subdistrict": subdistricts().codes[place],
        "uscc": firms.uscc[np.flatnonzero(firms.industry == "I")[:size]],
        "state": np.array(state),
        "landed": np.array([each or "NaT" for each in landed], dtype="datetime64[D]"),
        "investment": np.round(np.exp(rng.normal(7.1, 0.6, size)), 0),
    }
    return Made(columns)


def science_bases(dice: Dice) -> Made:
    """32 city-level bases at the end of 2020; one, two and one of character are added in the three years after."""
    rng = dice.of("science-bases")
    size = 36
    place = rng.integers(0, 17, size)
    points = points_in(rng, place)
    designated = np.sort(days_between(rng, "2008-05-20", "2020-11-20", size))
    designated[32:] = np.array(
        ["2021-09-11", "2022-05-21", "2022-12-05", "2023-09-16"], dtype="datetime64[D]"
    )
    kind = pick(rng, ["场馆", "教育", "研发", "传媒", "社区体验厅"], size)
    columns: Columns = {
        "id": numbered("KP", np.arange(1, size + 1), 3),
        "name": join("演示科普基地", numbered("", np.arange(1, size + 1), 2), "号"),
        "kind": kind,
        "featured": np.where(np.arange(size) >= 32, "是", "否"),
        "designated": designated,
        "subdistrict": subdistricts().codes[place],
        "lon": points.lon,
        "lat": points.lat,
        "visitors": rng.integers(2000, 180_000, size),
    }
    return Made(columns, since=designated)


LITERATE = {2020: 25.2, 2022: 26.6, 2023: 27.1}  # per cent of the weighted answers


def literacy_survey(dice: Dice) -> Made:
    """Answers of a sample survey in three rounds; nobody can be told from them."""
    rng = dice.of("science-literacy-survey")
    parts: list[Columns] = []
    for year, share in LITERATE.items():
        size = dice.many(1600, 200)
        age = pick(rng, ["18-29", "30-39", "40-49", "50-59", "60-69"], size, [20, 24, 20, 20, 16])
        score = np.round(rng.normal(58, 15, size) - 4 * np.isin(age, ["50-59", "60-69"]), 1).clip(0, 100)
        weight = np.round(rng.uniform(0.6, 1.6, size), 3)
        order = np.argsort(-score, kind="stable")
        literate = np.zeros(size, dtype=bool)
        literate[order[: int(np.searchsorted(np.cumsum(weight[order]) / weight.sum(), share / 100))]] = True
        parts.append(
            {
                "year": np.full(size, year),
                "respondent": numbered(f"{year}-", np.arange(1, size + 1), 5),
                "subdistrict": subdistricts().codes[rng.integers(0, 17, size)],
                "age_band": age,
                "education": pick(
                    rng, ["初中及以下", "高中", "大专", "本科", "研究生"], size, [14, 22, 22, 32, 10]
                ),
                "score": score,
                "literate": literate,
                "weight": weight,
            }
        )
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Made(columns)
