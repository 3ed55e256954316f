"""Synthetic histories of accesses: people with habits, and what is planted among them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from hutong.posture.logic.anomalies import SCHEMA

START = datetime(2026, 3, 2, tzinfo=UTC)  # 08:00 of a Monday in Shanghai; what comes after is judged
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
    return pa.Table.from_pylist(rows, schema=SCHEMA)
