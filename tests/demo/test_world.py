"""The district has the plan's scale, and its figures move as the plan's indicators need."""

import numpy as np
import pytest

from hutong.demo.logic.firms import EMPTYING_BUILDING, MOVED_OUT, MOVING_FIRM
from hutong.demo.logic.made import Made

World = dict[str, Made]


def test_the_plans_scale(world: World) -> None:
    assert world["enterprises"].rows == 6000
    assert world["key-buildings"].rows == 30
    assert world["subdistricts"].rows == 17
    assert world["communities"].rows == 169
    assert len(np.unique(world["key-firm-monthly"].columns["month"])) == 36
    assert len(world) >= 30


@pytest.mark.parametrize(
    ("day", "firms"), [("2020-12-31", 616), ("2021-12-31", 655), ("2022-12-31", 694), ("2023-12-31", 731)]
)
def test_high_tech_firms_in_force(world: World, day: str, firms: int) -> None:
    made = world["high-tech-firms"].columns
    at = np.datetime64(day)
    in_force = (made["issued"] <= at) & (made["expires"] > at)
    assert len(np.unique(made["uscc"][in_force])) == firms


def test_certificates_and_codes_are_distinct_and_known(world: World) -> None:
    register = world["enterprises"].columns["uscc"]
    assert len(np.unique(register)) == 6000
    assert len(np.unique(world["high-tech-firms"].columns["certificate"])) == world["high-tech-firms"].rows
    for name in (
        "high-tech-firms",
        "sci-tech-smes",
        "patents",
        "technology-contracts",
        "building-tenants",
        "key-firm-monthly",
    ):
        assert np.isin(world[name].columns["uscc"], register).all()


def test_every_key_is_distinct(world: World, pack) -> None:
    for name, made in world.items():
        key = pack.find("datasets", name).value.table.key
        rows = set(zip(*(made.columns[each].tolist() for each in key), strict=True))
        assert len(rows) == made.rows, name


def test_hours_are_complete(world: World) -> None:
    air, drains = world["air-hourly"], world["drain-hourly"]
    assert air.rows == 6 * 24 * 730
    assert drains.rows == 24 * 24 * 365 - (18 + 24) - (9 + 3 * 24)  # two sensors fall silent
    assert (air.columns["pm25"] < air.columns["pm10"]).all()


def test_turnover_of_contracts_adds_up(world: World) -> None:
    made = world["technology-contracts"].columns
    for year, turnover in {2020: 412.6, 2023: 486.4}.items():
        own = made["signed"].astype("datetime64[Y]").astype(int) + 1970 == year
        assert made["amount"][own].sum() / 10_000 == pytest.approx(turnover, rel=1e-5)


def test_rain_brings_drainage_orders(world: World) -> None:
    air, calls = world["air-hourly"].columns, world["hotline-cases"].columns
    one = air["station"] == "KQ01"
    day = np.array([each[:10] for each in air["time"][one]], dtype="datetime64[D]")
    days, index = np.unique(day, return_inverse=True)
    rain = np.bincount(index, weights=air["rain"][one])
    drains = calls["received"][calls["category"] == "排水积水"].astype("datetime64[D]")
    orders = np.array([np.count_nonzero(drains == each) for each in days])
    assert np.corrcoef(rain, orders)[0, 1] > 0.5


def test_the_heavy_spell_stands_out(world: World) -> None:
    air = world["air-hourly"].columns
    spell = (air["time"] >= "2023-11-28 00:00") & (air["time"] < "2023-12-02 12:00")
    assert air["pm25"][spell].mean() > 2 * air["pm25"][~spell].mean()


def test_one_key_firm_leaves_and_its_building_empties(world: World) -> None:
    register, monthly, building = (
        world[each].columns for each in ("enterprises", "key-firm-monthly", "building-monthly")
    )
    assert (register["status"][MOVING_FIRM], register["status_date"][MOVING_FIRM]) == ("迁出", MOVED_OUT)
    own = monthly["uscc"] == register["uscc"][MOVING_FIRM]
    assert max(monthly["month"][own].tolist()) == "2023-09"
    revenue = monthly["revenue"][own]
    assert revenue[-1] < 0.5 * revenue[:12].mean()
    share = building["occupancy"][building["building"] == f"LY{EMPTYING_BUILDING + 1:02d}"]
    assert share[-1] < share[28] - 25


def test_literacy_of_each_round(world: World) -> None:
    made = world["science-literacy-survey"].columns
    for year, share in {2020: 25.2, 2022: 26.6, 2023: 27.1}.items():
        own = made["year"] == year
        weight = made["weight"][own]
        assert 100 * weight[made["literate"][own]].sum() / weight.sum() == pytest.approx(share, abs=0.1)


def test_earlier_snapshots_know_less(world: World) -> None:
    register = world["enterprises"]
    before = register.as_of(np.datetime64("2023-06-30").item())
    assert 5500 < len(before["uscc"]) < 6000
    moving = before["uscc"] == register.columns["uscc"][MOVING_FIRM]
    assert before["status"][moving].tolist() == ["存续"]
