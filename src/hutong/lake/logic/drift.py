"""How a snapshot differs from the one before it, told from the two profiles."""

import itertools
import math
from bisect import bisect_right
from typing import Literal

from hutong.lake.types import ColumnDrift, ColumnProfile, Profile

_FLOOR = 1e-4
Verdict = Literal["steady", "moving", "changed"]


def compare(before: Profile, now: Profile) -> tuple[ColumnDrift, ...]:
    """One entry for every column that both have."""
    old = {each.column: each for each in before.columns}
    return tuple(
        _column(old[each.column], each, before.rows, now.rows) for each in now.columns if each.column in old
    )


def _column(old: ColumnProfile, new: ColumnProfile, rows_old: int, rows_new: int) -> ColumnDrift:
    psi = _numeric(old, new) if old.quantiles and new.quantiles else _categorical(old, new)
    nulls = (old.nulls / rows_old if rows_old else 0.0, new.nulls / rows_new if rows_new else 0.0)
    few = max(old.distinct, new.distinct) <= len(old.top) + len(new.top)
    before, after = {text for text, _ in old.top}, {text for text, _ in new.top}
    fresh = tuple(sorted(after - before)) if few else ()
    gone = tuple(sorted(before - after)) if few else ()
    return ColumnDrift(
        column=new.column,
        psi=psi,
        nulls_before=nulls[0],
        nulls_now=nulls[1],
        new_values=fresh,
        gone_values=gone,
        verdict=_verdict(psi, abs(nulls[1] - nulls[0])),
    )


def _verdict(psi: float | None, nulls: float) -> Verdict:
    if (psi or 0) >= 0.25 or nulls >= 0.2:
        return "changed"
    if (psi or 0) >= 0.1 or nulls >= 0.05:
        return "moving"
    return "steady"


def _numeric(old: ColumnProfile, new: ColumnProfile) -> float:
    """PSI over the tenths of the old distribution, the new one read off its quantiles."""
    edges = sorted(set(old.quantiles[2:-1:2]))
    expected = _shares(old.quantiles, edges)
    return _psi(expected, _shares(new.quantiles, edges))


def _shares(quantiles: tuple[float, ...], edges: list[float]) -> list[float]:
    """The share of a distribution below, between and above the edges."""
    cumulative = [0.0, *(_below(quantiles, edge) for edge in edges), 1.0]
    return [max(after - before, 0.0) for before, after in itertools.pairwise(cumulative)]


def _below(quantiles: tuple[float, ...], edge: float) -> float:
    last = len(quantiles) - 1
    place = bisect_right(quantiles, edge)
    if place == 0:
        return 0.0
    if place > last:
        return 1.0
    low, high = quantiles[place - 1], quantiles[place]
    part = (edge - low) / (high - low) if high > low else 0.0
    return (place - 1 + part) / last


def _categorical(old: ColumnProfile, new: ColumnProfile) -> float | None:
    first, second = dict(old.top), dict(new.top)
    if not first or not second:
        return None
    total_old, total_new = sum(first.values()), sum(second.values())
    names = [name for name in first if name in second] if old.distinct > len(first) else list(first | second)
    if not names:
        return None
    return _psi(
        [first.get(name, 0) / total_old for name in names],
        [second.get(name, 0) / total_new for name in names],
    )


def _psi(expected: list[float], actual: list[float]) -> float:
    total = 0.0
    for share_old, share_new in zip(expected, actual, strict=True):
        old, new = max(share_old, _FLOOR), max(share_new, _FLOOR)
        total += (new - old) * math.log(new / old)
    return round(total, 4)
