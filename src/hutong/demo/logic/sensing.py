"""Air, rain and water: hourly series in which the weather drives the rest."""

from dataclasses import dataclass

import numpy as np

from hutong.demo.logic.draw import Days, Dice, Floats, numbered, pick
from hutong.demo.logic.made import Columns, Made
from hutong.demo.logic.places import points_in, subdistricts

AIR_PLACES = (0, 5, 8, 9, 13, 15)
AIR_NAMES = ("演示东华门站", "演示东四站", "演示东直门站", "演示和平里站", "演示龙潭站", "演示天坛站")
AIR_MONTHS, DRAIN_MONTHS, DRAINS = 24, 12, 24
EPISODE = (np.datetime64("2023-11-28T00"), np.datetime64("2023-12-02T12"))  # a heavy spell of fine particles
SILENT = {"PS008": "2023-12-30T06", "PS017": "2023-12-28T15"}  # sensors that have fallen silent
STORMS = ("2022-07-03", "2022-08-18", "2023-07-29", "2023-07-30", "2023-07-31", "2023-08-01")


@dataclass(frozen=True, slots=True)
class Weather:
    """Hourly weather of the district from the first air month to the end of the window, Beijing time."""

    hours: Days
    temperature: Floats
    humidity: Floats
    wind: Floats
    rain: Floats

    def daily_rain(self, days: Days) -> Floats:
        """Millimetres a day; 0 before the series begins."""
        index = (self.hours.astype("datetime64[D]") - days[0]).astype(int)
        inside = (index >= 0) & (index < len(days))
        total: Floats = np.bincount(index[inside], weights=self.rain[inside], minlength=len(days)).astype(
            float
        )
        return total


def weather(dice: Dice) -> Weather:
    rng = dice.of("weather")
    months = min(dice.months, AIR_MONTHS)
    hours = np.arange(
        (dice.last_month - (months - 1)).astype("datetime64[h]"),
        (dice.last_month + 1).astype("datetime64[h]"),
    )
    day = (hours - hours.astype("datetime64[Y]")).astype(np.float64) / 24
    hour = (hours - hours.astype("datetime64[D]")).astype(np.float64)
    slow = _smooth(rng.normal(0, 1, len(hours)), 72) * 26
    temperature = (
        12.6
        - 15.4 * np.cos((day - 15) / 365.25 * 2 * np.pi)
        - 4.2 * np.cos((hour - 3) / 24 * 2 * np.pi)
        + slow
    )
    wet = np.clip(0.02 + 0.055 * np.exp(-(((day - 205) / 32) ** 2)), 0, None)
    rain = np.where(rng.random(len(hours)) < wet, rng.gamma(0.7, 3.2, len(hours)), 0.0).astype(np.float64)
    for storm in STORMS:
        at = hours.astype("datetime64[D]") == np.datetime64(storm)
        rain[at] += rng.gamma(1.6, 3.0, int(at.sum()))
    humidity = np.clip(
        46
        + 22 * np.exp(-(((day - 210) / 60) ** 2))
        + 14 * (rain > 0)
        + _smooth(rng.normal(0, 1, len(hours)), 24) * 40,
        8,
        100,
    )
    wind = np.clip(
        rng.gamma(2.2, 0.9, len(hours)) * (1 + 0.3 * np.cos((day - 90) / 365.25 * 2 * np.pi)), 0, 14
    )
    return Weather(
        hours.astype("datetime64[h]"),
        np.round(temperature, 1),
        np.round(humidity, 0),
        np.round(wind, 1),
        np.round(rain, 1),
    )


def _smooth(values: Floats, width: int) -> Floats:
    kernel = np.ones(width) / width
    return np.convolve(values, kernel, mode="same")


def air_stations(dice: Dice) -> Made:
    points = points_in(dice.of("air-stations"), np.array(AIR_PLACES))
    columns: Columns = {
        "code": numbered("KQ", np.arange(1, 7), 2),
        "name": np.array(AIR_NAMES),
        "subdistrict": subdistricts().codes[list(AIR_PLACES)],
        "lon": points.lon,
        "lat": points.lat,
        "kind": np.array(["城市点", "城市点", "交通点", "城市点", "城市点", "清洁对照点"]),
        "since": np.array(["2013-01-01"] * 4 + ["2017-06-01"] * 2, dtype="datetime64[D]"),
    }
    return Made(columns)


def air_hourly(dice: Dice, sky: Weather) -> Made:
    """Six pollutants: winter heating, traffic hours, washed out by rain, blown away by wind."""
    rng = dice.of("air-hourly")
    hours, count = sky.hours, len(sky.hours)
    day = (hours - hours.astype("datetime64[Y]")).astype(np.float64) / 24
    hour = (hours - hours.astype("datetime64[D]")).astype(np.float64)
    heating = 1 + 0.35 * np.cos(day / 365.25 * 2 * np.pi)
    regime = np.exp(_smooth(rng.normal(0, 1, count), 48) * 4.2)
    spell = 1 + 3.6 * ((hours >= EPISODE[0]) & (hours < EPISODE[1]))
    wash = 1 - 0.4 * np.minimum(1, sky.rain / 3)
    base = 29 * heating * regime * spell * wash / (0.6 + 0.22 * sky.wind)
    traffic = 1 + 0.22 * np.exp(-(((hour - 8) / 2) ** 2)) + 0.28 * np.exp(-(((hour - 19) / 2.5) ** 2))
    site = np.array([1.02, 1.06, 1.15, 0.99, 0.96, 0.88])[:, None]

    def noise(spread: float) -> Floats:
        return np.exp(rng.normal(0, spread, (6, count)))

    fine = np.round(np.clip(base * site * noise(0.12), 2, 480))
    dust = 1 + 2.4 * ((day > 70) & (day < 120) & (_smooth(rng.normal(0, 1, count), 30) > 0.28))
    coarse = np.maximum(fine + 3, np.round(fine * 1.35 * dust * noise(0.1) + 9))
    nitrogen = np.clip(31 * heating * traffic * site * regime**0.5 * noise(0.18), 3, 190)
    sun = np.clip(np.sin((hour - 7) / 13 * np.pi), 0, None)
    ozone = np.clip((24 + 5.0 * np.clip(sky.temperature, 0, None) * sun) * noise(0.16), 2, 330)
    columns: Columns = {
        "station": np.repeat(numbered("KQ", np.arange(1, 7), 2), count),
        "time": np.tile(np.char.replace(hours.astype("datetime64[m]").astype(np.str_), "T", " "), 6),
        "pm25": fine.ravel(),
        "pm10": np.round(coarse).ravel(),
        "so2": np.round(np.clip(3.1 * heating * noise(0.25), 1, 60)).ravel(),
        "no2": np.round(nitrogen).ravel(),
        "co": np.round(np.clip(0.35 + fine / 85, 0.1, 9), 2).ravel(),
        "o3": np.round(ozone).ravel(),
        "temperature": np.tile(sky.temperature, 6),
        "humidity": np.tile(sky.humidity, 6),
        "wind": np.tile(sky.wind, 6),
        "rain": np.tile(sky.rain, 6),
    }
    order = np.arange(6 * count).reshape(6, count).T.ravel()
    return Made(
        {name: values[order] for name, values in columns.items()},
        since=np.repeat(hours.astype("datetime64[D]"), 6),
    )


def drain_sensors(dice: Dice) -> Made:
    """Water level sensors in manholes and rivers."""
    rng = dice.of("drain-sensors")
    place = np.arange(DRAINS) % 17
    points = points_in(rng, place)
    columns: Columns = {
        "code": numbered("PS", np.arange(1, DRAINS + 1), 3),
        "kind": np.where(np.arange(DRAINS) % 6 == 5, "河道", "雨水井"),
        "subdistrict": subdistricts().codes[place],
        "lon": points.lon,
        "lat": points.lat,
        "alarm_level": np.round(rng.uniform(85, 130, DRAINS), 0),
        "maker": pick(rng, ["演示甲厂", "演示乙厂", "演示丙厂"], DRAINS),
        "installed": np.array(["2022-05-20"] * DRAINS, dtype="datetime64[D]"),
    }
    return Made(columns)


def drain_hourly(dice: Dice, sky: Weather, sensors: Made) -> Made:
    """Levels rise with the rain of the last hours and drain away."""
    rng = dice.of("drain-hourly")
    months = min(dice.months, DRAIN_MONTHS)
    keep = sky.hours >= (dice.last_month - (months - 1)).astype("datetime64[h]")
    hours = sky.hours[keep]
    drained = np.convolve(sky.rain, np.exp(-np.arange(30) / 7.0), mode="full")[: len(sky.rain)][keep]
    gain = rng.uniform(0.9, 2.6, DRAINS)[:, None]
    level = np.round(np.clip(9 + gain * drained + rng.normal(0, 1.2, (DRAINS, len(hours))), 0, 260), 1)
    battery = np.round(
        np.clip(100 - np.arange(len(hours)) / len(hours) * rng.uniform(8, 45, DRAINS)[:, None], 5, 100), 0
    )
    columns: Columns = {
        "sensor": np.tile(sensors.columns["code"], len(hours)),
        "time": np.repeat(hours.astype("datetime64[s]"), DRAINS),
        "level": level.T.ravel(),
        "flow": np.round(np.clip(level / 40 + rng.normal(0, 0.05, level.shape), 0, None), 2).T.ravel(),
        "battery": battery.T.ravel().astype(np.int64),
    }
    silent = np.zeros(len(columns["time"]), dtype=bool)
    for sensor, since in SILENT.items():
        silent |= (columns["sensor"] == sensor) & (columns["time"] >= np.datetime64(since))
    days = np.repeat(hours.astype("datetime64[D]"), DRAINS)
    return Made({name: values[~silent] for name, values in columns.items()}, since=days[~silent])
