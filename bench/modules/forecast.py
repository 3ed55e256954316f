"""Forecasts of hourly temperature (a day ahead) and daily PM2.5 (a week ahead) at twelve stations of Beijing."""

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np

from hutong.market.modules.forecast.run import run
from hutong.market.modules.forecast.shapes import Given
from hutong.market.running import Context


def hourly(shared: Path, column: str) -> dict[str, np.ndarray]:
    """Values by station; a missing hour takes the one before."""
    found = {}
    for file in sorted((shared / "air").glob("PRSA_Data_*.csv.gz")):
        values: list[float] = []
        with gzip.open(file, "rt", encoding="utf8") as rows:
            for row in csv.DictReader(rows):
                text = row[column]
                values.append(float(text) if text not in {"", "NA"} else (values[-1] if values else 0.0))
        found[file.name.split("_")[2]] = np.array(values)
    return found


def ratio(
    series: dict[str, np.ndarray], shape: tuple[int, int, int], starts: int
) -> tuple[float, float, int]:
    """Mean absolute error over that of repeating the last season; share of values inside the band."""
    season, horizon, history = shape
    mine = naive = 0.0
    inside = cases = 0
    for values in series.values():
        for start in np.linspace(history, len(values) - horizon - 1, starts).astype(int):
            past, true = values[start - history : start], values[start : start + horizon]
            found = run(Given(values=past.tolist(), season=season, horizon=horizon), Context()).forecast
            mine += float(np.abs(true - np.array([each.value for each in found])).sum())
            naive += float(np.abs(true - np.resize(past[-season:], horizon)).sum())
            inside += sum(each.low <= value <= each.high for each, value in zip(found, true, strict=True))
            cases += horizon
    return mine / naive, inside / cases, cases


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    starts = max(2, int(8 * part))
    warm, band, hours = ratio(hourly(shared, "TEMP"), (24, 24, 24 * 21), starts)
    daily = {
        name: values[: len(values) // 24 * 24].reshape(-1, 24).mean(axis=1)
        for name, values in hourly(shared, "PM2.5").items()
    }
    dust, _band, days = ratio(daily, (7, 7, 180), starts)
    metric = {
        "zh": "平均绝对误差与“重复上一季”之比（越小越好）",
        "en": "Mean absolute error over that of repeating the last season (less is better)",
    }
    return [
        {"id": "temperature", "metric": metric, "value": round(warm, 4), "unit": "ratio", "cases": hours,
         "data": {"zh": "12 站逐时气温，预测 24 小时", "en": "hourly temperature at 12 stations, 24 hours ahead"}},
        {"id": "pm25", "metric": metric, "value": round(dust, 4), "unit": "ratio", "cases": days,
         "data": {"zh": "12 站逐日 PM2.5，预测 7 天", "en": "daily PM2.5 at 12 stations, 7 days ahead"}},
        {"id": "band", "metric": {"zh": "实际值落在区间内的比例（名义 90%）", "en": "Share of values inside the band (nominally 90%)"},
         "value": round(band, 4), "unit": "share", "cases": hours,
         "data": {"zh": "12 站逐时气温", "en": "hourly temperature at 12 stations"}},
    ]  # fmt: skip
