"""Four classical methods, each a function from values, season and horizon to the values ahead."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Method = Callable[[Floats, int, int], Floats]


def seasonal_naive(values: Floats, season: int, horizon: int) -> Floats:
    """The last season again."""
    return np.resize(values[-season:], horizon)


def theta(values: Floats, season: int, horizon: int) -> Floats:
    """The theta method (Assimakopoulos and Nikolopoulos 2000) on the series without its season."""
    plain, pattern = _without_season(values, season)
    slope = float(np.polyfit(np.arange(len(plain)), plain, 1)[0])
    level = _smoothed(plain)
    ahead = np.asarray(level + 0.5 * slope * np.arange(1, horizon + 1), dtype=np.float64)
    return _with_season(ahead, pattern, len(values))


def damped(values: Floats, season: int, horizon: int) -> Floats:
    """Holt's trend, damped, on the series without its season; its weights are those that fit best."""
    plain, pattern = _without_season(values, season)
    found = min(
        (_holt(plain, a, b) for a in (0.1, 0.3, 0.5, 0.8) for b in (0.02, 0.1, 0.3)), key=lambda one: one[0]
    )
    _error, level, trend = found
    steps = np.cumsum(0.9 ** np.arange(1, horizon + 1))
    return _with_season(level + trend * steps, pattern, len(values))


def mixed(values: Floats, season: int, horizon: int) -> Floats:
    """The mean of the three above."""
    every = [each(values, season, horizon) for each in (seasonal_naive, theta, damped)]
    return np.asarray(np.mean(every, axis=0), dtype=np.float64)


METHODS: Final[dict[str, Method]] = {
    "seasonal-naive": seasonal_naive, "theta": theta, "damped-trend": damped, "mean-of-three": mixed,
}  # fmt: skip


def _without_season(values: Floats, season: int) -> tuple[Floats, Floats]:
    """Take away the mean departure of each place in the season from a running mean of one season."""
    if season < 2 or len(values) < 2 * season:
        return values, np.zeros(1)
    weights = np.ones(season) / season
    if season % 2 == 0:
        weights = np.concatenate(([0.5], np.ones(season - 1), [0.5])) / season
    middle = np.convolve(values, weights, "valid")
    start = (len(weights) - 1) // 2
    departure = values[start : start + len(middle)] - middle
    places = (np.arange(len(departure)) + start) % season
    pattern = np.array(
        [np.median(departure[places == each]) if (places == each).any() else 0.0 for each in range(season)]
    )
    pattern -= pattern.mean()
    return values - np.resize(pattern, len(values)), pattern


def _with_season(ahead: Floats, pattern: Floats, start: int) -> Floats:
    return ahead + pattern[(np.arange(len(ahead)) + start) % len(pattern)]


def _smoothed(plain: Floats) -> float:
    """The level after simple smoothing with the weight that fits best."""
    best, kept = np.inf, float(plain[-1])
    for weight in (0.1, 0.2, 0.4, 0.6, 0.8):
        level, error = float(plain[0]), 0.0
        for each in plain[1:]:
            error += (each - level) ** 2
            level += weight * (each - level)
        if error < best:
            best, kept = error, level
    return kept


def _holt(plain: Floats, alpha: float, beta: float) -> tuple[float, float, float]:
    level, trend, error = float(plain[0]), float(plain[1] - plain[0]), 0.0
    for each in plain[1:]:
        guess = level + 0.9 * trend
        error += (each - guess) ** 2
        before, level = level, guess + alpha * (each - guess)
        trend = 0.9 * trend + beta * (level - before - 0.9 * trend)
    return error, level, trend
