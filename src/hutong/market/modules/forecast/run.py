"""Each method forecasts parts of the past it has not seen; the best one forecasts what is ahead."""

import math
from typing import Final

import numpy as np

from hutong.market.modules.forecast.methods import METHODS, Floats, seasonal_naive
from hutong.market.modules.forecast.shapes import Ahead, Found, Given, Tried
from hutong.market.running import Context, module

_LONG: Final = 1500  # older values change nothing but the time it takes
_BAND: Final = 1.64  # nine of ten, if errors are normal


@module("forecast")
def run(given: Given, _context: Context) -> Found:
    values = np.array(given.values[-_LONG:], dtype=float)
    season = given.season if len(values) >= 2 * given.season + 2 else 1
    errors = {name: _past(name, values, season, given.horizon) for name in METHODS}
    base = float(np.mean(np.abs(errors["seasonal-naive"]))) or 1e-12
    scores = {name: float(np.mean(np.abs(each))) / base for name, each in errors.items()}
    best = min(scores, key=lambda name: scores[name])
    ahead = METHODS[best](values, season, given.horizon)
    spread = float(np.sqrt(np.mean(errors[best] ** 2)))
    forecast = [
        Ahead(step=step, value=_short(value), low=_short(value - _width(spread, step)), high=_short(value + _width(spread, step)))
        for step, value in enumerate(ahead, 1)
    ]  # fmt: skip
    note = (
        ""
        if season == given.season
        else "历史不足两个季节，按无季节处理 / less than two seasons, so none is used"
    )
    tried = [Tried(method=name, error=round(score, 4)) for name, score in scores.items()]
    return Found(forecast=forecast, method=best, tried=tried, note=note)


def _past(name: str, values: Floats, season: int, horizon: int) -> Floats:
    """Errors one season or horizon back, from up to six starts."""
    ahead = max(1, min(horizon, len(values) // 4))
    least = max(4, 2 * season if len(values) > 2 * season + ahead else 4)
    starts = sorted({max(least, len(values) - ahead * step) for step in range(1, 7)})
    starts = [each for each in starts if each < len(values)] or [len(values) - 1]
    parts = []
    for start in starts:
        true = values[start : start + ahead]
        usable = season if start >= 2 * season else 1
        method = METHODS[name] if start >= 4 else seasonal_naive
        parts.append(true - method(values[:start], usable, len(true)))
    return np.concatenate(parts)


def _width(spread: float, step: int) -> float:
    return _BAND * spread * math.sqrt(1 + 0.05 * (step - 1))


def _short(value: float) -> float:
    return float(f"{value:.6g}")
