"""What is usual is the running median plus the season's median departure; odd is what lies many robust spreads off."""

from typing import Final

import numpy as np

from hutong.market.errors import Unfit
from hutong.market.modules.anomaly.shapes import Found, Given, Odd
from hutong.market.modules.forecast.methods import Floats
from hutong.market.running import Context, module

_NORMAL: Final = 1.4826  # median absolute deviation to standard deviation
_MOST: Final = 500


@module("anomaly")
def run(given: Given, _context: Context) -> Found:
    if given.labels and len(given.labels) != len(given.values):
        raise Unfit(
            zh=f"标签 {len(given.labels)} 个，数值 {len(given.values)} 个",
            en=f"{len(given.labels)} labels for {len(given.values)} values",
        )
    values = np.array(given.values, dtype=float)
    usual = expected(values, given.season)
    left = values - usual
    spread = max(
        float(np.median(np.abs(left - np.median(left)))) * _NORMAL, 1e-9 * (1 + float(np.abs(values).max()))
    )
    scores = left / spread
    places = np.flatnonzero(np.abs(scores) >= given.threshold)
    odd = [_odd(given, int(each), float(usual[each]), float(scores[each])) for each in places]
    odd.sort(key=lambda each: -abs(each.score))
    return Found(anomalies=odd[:_MOST], checked=len(values), spread=float(f"{spread:.4g}"))


def expected(values: Floats, season: int) -> Floats:
    """The usual value at each place."""
    width = season * 2 + 1 if season > 1 else min(15, len(values) // 2 * 2 - 1)
    level = _running_median(values, min(width, len(values) // 2 * 2 - 1))
    if season < 2 or len(values) < 3 * season:
        return level
    places = np.arange(len(values)) % season
    departure = values - level
    pattern = np.array([np.median(departure[places == each]) for each in range(season)])
    seasonal: Floats = level + pattern[places]
    return seasonal


def _running_median(values: Floats, width: int) -> Floats:
    half = max(1, width // 2)
    padded = np.pad(values, half, mode="reflect" if len(values) > half else "edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    found: Floats = np.median(windows, axis=1)
    return found


def _odd(given: Given, place: int, usual: float, score: float) -> Odd:
    value = given.values[place]
    high = value > usual
    percent = f"{(value - usual) / abs(usual):+.0%}" if abs(usual) > 1e-9 else ""
    reason = f"通常约 {usual:.4g}，实为 {value:.4g} {percent}，偏离 {abs(score):.1f} 个稳健标准差"
    return Odd(
        place=place, label=given.labels[place] if given.labels else "", value=value, usual=float(f"{usual:.6g}"),
        score=round(score, 2), kind="high" if high else "low", reason=reason,
    )  # fmt: skip
