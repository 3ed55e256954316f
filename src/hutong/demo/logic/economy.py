"""Accounts of the district: product by quarter, services and tax by month, the digital economy by year, people."""

import numpy as np

from hutong.demo.logic.draw import Dice, Texts
from hutong.demo.logic.firms import Firms
from hutong.demo.logic.made import Columns, Made
from hutong.demo.logic.places import communities, subdistricts

# Value added of 2020 in 亿元 by section, and mean real growth per cent in 2021, 2022, 2023. The district's product
# and the two science and information rows start from published orders of size; everything after is invented.
PRODUCT = {
    "I": (325.3, 9.1, 5.2, 5.9),
    "M": (323.0, 7.4, 3.1, 4.8),
    "J": (846.0, 5.6, 4.4, 6.4),
    "L": (268.0, 8.0, -1.2, 5.1),
    "F": (297.0, 8.8, -3.6, 4.2),
    "R": (131.0, 11.5, -4.9, 9.8),
    "K": (158.0, 3.1, -2.2, 0.6),
    "H": (38.0, 19.4, -13.1, 24.6),
    "Q": (104.0, 7.7, 3.9, 6.2),
    "P": (139.0, 2.4, 1.9, 2.8),
    "S": (188.0, 2.1, 2.6, 2.9),
    "E": (44.0, 2.2, -3.0, 1.1),
    "C": (28.0, 4.6, -1.8, 2.2),
    "O": (65.0, 5.4, 0.3, 4.7),
}
SERVICES = {  # revenue of 2020 in 亿元, firms above size, staff
    "I63": (168.0, 21, 14_800), "I64": (171.5, 38, 9_600), "I65": (282.3, 76, 27_400),
    "M73": (61.2, 34, 7_900), "M74": (366.4, 142, 38_500), "M75": (59.2, 49, 6_300),
}  # fmt: skip
SERVICE_GROWTH = {2021: 7.8, 2022: 3.4, 2023: 5.6}
DIGITAL = {  # digital economy, its core, the district's product, in 亿元
    2020: (1021.0, 372.0, 2954.3),
    2021: (1098.6, 408.5, 3186.6),
    2022: (1128.3, 423.9, 3272.5),
    2023: (1183.6, 449.0, 3487.9),
}
RESIDENTS = {2020: 708_829, 2021: 708_000, 2022: 704_000, 2023: 703_000}


def product_by_quarter(dice: Dice) -> Made:
    """Cumulative within the year, as published: a quarter holds the quarters before it."""
    rng = dice.of("gdp-quarterly")
    rows: dict[str, list[object]] = {
        name: [] for name in ("year", "quarter", "industry", "value_added", "growth")
    }
    for industry, (start, *growths) in PRODUCT.items():
        base = start
        for year, growth in zip((2020, 2021, 2022, 2023), (0.0, *growths), strict=True):
            base = base if year == 2020 else base * (1 + (growth + 1.2) / 100)
            share = np.cumsum(np.array([0.236, 0.244, 0.25, 0.27]) + rng.normal(0, 0.003, 4))
            for quarter, part in enumerate(share / share[-1], start=1):
                wobble = 0 if quarter == 4 else float(rng.normal(0, 1.1))
                rows["year"].append(year)
                rows["quarter"].append(quarter)
                rows["industry"].append(industry)
                rows["value_added"].append(round(base * float(part), 2))
                rows["growth"].append(round((1.6 if year == 2020 else growth) + wobble, 1))
    columns: Columns = {name: np.array(values) for name, values in rows.items()}
    order = np.lexsort((columns["industry"], columns["quarter"], columns["year"]))
    columns = {name: values[order] for name, values in columns.items()}
    end = (columns["year"] - 1970).astype("datetime64[Y]").astype("datetime64[M]") + columns["quarter"] * 3
    return Made(columns, since=end.astype("datetime64[D]") + 19)


def services_by_month(dice: Dice) -> Made:
    """Revenue cumulative within the year of the service firms above size; a year before the window for growth."""
    rng = dice.of("service-industry-monthly")
    parts: list[Columns] = []
    for industry, (revenue, firms, staff) in SERVICES.items():
        base = revenue
        for year in range(2020, 2024):
            tilt = {"I": 1.5, "M": -1.2}[industry[0]]
            base *= 1 + ((SERVICE_GROWTH[year] + tilt) / 100 if year in SERVICE_GROWTH else 0)
            weight = (
                1 + 0.25 * np.sin((np.arange(12) - 3) / 12 * 2 * np.pi) * 0.3 + np.array([0] * 11 + [0.2])
            )
            weight *= np.exp(rng.normal(0, 0.03, 12))
            parts.append(
                {
                    "month": np.arange(f"{year}-01", f"{year + 1}-01", dtype="datetime64[M]").astype(np.str_),
                    "year": np.full(12, year),
                    "industry": np.full(12, industry),
                    "revenue": np.round(np.cumsum(weight / weight.sum()) * base * 10_000, 1),
                    "firms": np.full(12, firms + (year - 2020) * 2),
                    "staff": np.round(
                        staff * (1 + 0.015 * (year - 2020)) * np.exp(rng.normal(0, 0.006, 12))
                    ).astype(np.int64),
                }
            )
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns["industry"], columns["month"]))
    columns = {name: values[order] for name, values in columns.items()}
    return Made(columns, since=(columns["month"].astype("datetime64[M]") + 1).astype("datetime64[D]") - 1)


def digital_by_year() -> Made:
    years = np.array(list(DIGITAL))
    table = np.array(list(DIGITAL.values()))
    columns: Columns = {
        "year": years,
        "value_added": table[:, 0],
        "core_value_added": table[:, 1],
        "gdp": table[:, 2],
    }
    return Made(columns)


def tax_by_month(dice: Dice, firms: Firms) -> Made:
    """District-level tax by subdistrict and month, proportional to the revenue that sits there."""
    rng = dice.of("tax-monthly")
    months = dice.month_range
    weight = np.bincount(firms.subdistrict, weights=firms.revenue**0.6, minlength=17) + 1
    base = weight / weight.sum() * 205.0 * 10_000 / 12
    t = (months - np.datetime64("2021-01", "M")).astype(np.float64)
    season = np.array([1.55, 0.7, 0.86, 1.3, 1.02, 1.0, 1.22, 0.8, 0.86, 1.14, 0.76, 0.79])[
        (t % 12).astype(int)
    ]
    relief = np.where((t >= 15) & (t <= 18), 0.72, 1.0)  # refunds of spring 2022
    value = base[:, None] * season * relief * 1.041 ** (t / 12) * np.exp(rng.normal(0, 0.05, (17, len(t))))
    month: Texts = np.tile(months, 17).astype(np.str_)
    columns: Columns = {
        "month": month,
        "subdistrict": np.repeat(subdistricts().codes, len(t)),
        "district_tax": np.round(value, 2).ravel(),
        "vat": np.round(value * 0.46, 2).ravel(),
        "income_tax": np.round(value * 0.31, 2).ravel(),
        "taxpayers": np.round(np.bincount(firms.subdistrict, minlength=17)[:, None] * (1 + 0.002 * t))
        .astype(np.int64)
        .ravel(),
    }
    order = np.lexsort((columns["subdistrict"], month))
    columns = {name: values[order] for name, values in columns.items()}
    return Made(columns, since=(columns["month"].astype("datetime64[M]") + 1).astype("datetime64[D]") + 9)


def residents_by_year(dice: Dice) -> Made:
    """Residents of every community at the end of each year; each year adds up to the district's number."""
    rng = dice.of("population-yearly")
    areas = communities()
    weight = areas.km2 * rng.uniform(0.7, 1.3, len(areas.codes))
    parts: list[Columns] = []
    for number, (year, total) in enumerate(RESIDENTS.items()):
        share = np.floor(weight / weight.sum() * total).astype(np.int64)
        share[: total - int(share.sum())] += 1
        old = np.round(share * rng.uniform(0.24, 0.29, len(share)) * (1 + 0.018 * number)).astype(np.int64)
        parts.append(
            {
                "year": np.full(len(share), year),
                "community": areas.codes,
                "subdistrict": subdistricts().codes[areas.parents],
                "residents": share,
                "households": np.round(share / rng.uniform(2.2, 2.7, len(share))).astype(np.int64),
                "aged_60": old,
                "aged_80": np.round(old * rng.uniform(0.14, 0.2, len(share))).astype(np.int64),
                "children": np.round(share * rng.uniform(0.09, 0.13, len(share))).astype(np.int64),
            }
        )
    return Made({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
