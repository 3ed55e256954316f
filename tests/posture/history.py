"""Synthetic histories of accesses: people with habits, and what is planted among them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from hutong.posture.logic.anomalies import schema

START = datetime(2026, 3, 2, tzinfo=UTC)  # 08:00 of a Monday in Shanghai; what comes after is judged
NOON = START + timedelta(hours=4, minutes=30)  # 12:30 in Shanghai
DAYS, PEOPLE = 60, 40


def quiet(seed: int, days_after: int = 3) -> list[dict[str, Any]]:
    """People who read their two or three datasets in office hours of working days, amounts spread as in life."""
    dice = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for person in range(PEOPLE):
        mine = dice.choice(25, size=int(dice.integers(1, 4)), replace=False)
        usual, spread = dice.uniform(4, 8), dice.uniform(0.2, 0.7)
        for day in range(-DAYS, days_after):
            date = START + timedelta(days=day, hours=-8)  # midnight in Shanghai
            if (date + timedelta(hours=8)).weekday() >= 5:
                continue
            for dataset in mine:
                for _ in range(int(dice.integers(1, 4))):
                    hour = float(np.clip(dice.normal(13.5, 2), 9, 17.9))
                    amount = int(dice.lognormal(usual, spread))
                    rows.append(access(person, int(dataset), date + timedelta(hours=hour), amount))
    return rows


def access(person: int, dataset: int, at: datetime, rows: int, **more: Any) -> dict[str, Any]:
    local = at + timedelta(hours=8)
    plain = {
        "moment": int(at.timestamp()),
        "channel": "exchange",
        "actor": f"p{person}",
        "organisation": f"o{person % 8}",
        "dataset": f"d{dataset}",
        "contract": f"c{dataset}-{person % 8}",
        "network": f"10.0.{person}.0/24",
        "rows": rows,
        "allowed": True,
        "off": local.weekday() >= 5,
        "expected": False,
        "timed": True,
    }
    return plain | more


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema())


def unruly(seed: int, days_after: int = 3) -> list[dict[str, Any]]:
    """The same people as life has them: late hours, weekends, ends of months, other offices, new datasets."""
    dice = np.random.default_rng(5000 + seed)
    rows = quiet(seed, days_after)
    for row in rows:
        number, at = int(row["actor"][1:]), datetime.fromtimestamp(row["moment"], UTC)
        if dice.random() < 0.04:  # stays until the evening
            at = at.replace(hour=12, minute=int(dice.integers(60)))
        if dice.random() < 0.02:  # works on Saturday
            at += timedelta(days=5 - (at + timedelta(hours=8)).weekday())
        if (at + timedelta(days=2)).month != at.month:  # reports of the month
            row["rows"] *= int(dice.integers(2, 6))
        if dice.random() < 0.05:  # in another office
            row["network"] = f"10.1.{number % 4}.0/24"
        if dice.random() < 0.002:  # a task that is new
            row["dataset"] = f"d{dice.integers(25)}"
        row |= {"moment": int(at.timestamp()), "off": (at + timedelta(hours=8)).weekday() >= 5}
    return rows


def planted(rows: list[dict[str, Any]], seed: int, times: float = 80) -> list[tuple[str, str]]:
    """Five of each kind, by (kind, person); ``times``: how much more than usual is read at once."""
    dice = np.random.default_rng(1000 + seed)
    people = [f"p{each}" for each in dice.choice(40, size=25, replace=False)]
    by_person: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_person.setdefault(row["actor"], []).append(row)
    truth = []
    kinds = ("volume", "hour", "novelty", "address", "refused")
    for at, person in enumerate(people):
        kind, number = kinds[at % 5], int(person[1:])
        own = next(row for row in by_person[person])
        dataset = int(own["dataset"][1:])
        if kind == "volume":
            usual = np.median([row["rows"] for row in by_person[person]])
            rows.append(access(number, dataset, NOON, int(max(usual, 100) * times)))
        elif kind == "hour":
            rows.append(access(number, dataset, START + timedelta(hours=18), 50))
        elif kind == "novelty":
            new = next(
                each for each in range(25) if f"d{each}" not in {row["dataset"] for row in by_person[person]}
            )
            rows.append(access(number, new, NOON, 50))
        elif kind == "address":
            rows.append(access(number, dataset, NOON, 50, network="203.0.113.0/24"))
        else:
            rows += [
                access(number, dataset, NOON + timedelta(minutes=n), 0, allowed=False) for n in range(12)
            ]
        truth.append((kind, person))
    return truth
