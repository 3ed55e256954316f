"""Small lines drawn on the server: geometry only, colours come from the stylesheet."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sparkline:
    """An SVG line in a box of ``width`` × ``height``; ``last`` is the point of the latest value."""

    width: int
    height: int
    paths: tuple[str, ...]
    last: tuple[float, float] | None


def sparkline(values: Sequence[float | int | None], width: int = 120, height: int = 32) -> Sparkline:
    """A line through ``values`` in equal steps; a None leaves a gap."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return Sparkline(width, height, (), None)
    low, high = min(known), max(known)
    margin = 3.0
    step = (width - 2 * margin) / max(len(values) - 1, 1)

    def point(index: int, value: float) -> tuple[float, float]:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(margin + index * step, 1), round(height - margin - share * (height - 2 * margin), 1)

    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(point(index, float(value)))
    paths = tuple("M" + " L".join(f"{x} {y}" for x, y in run) for run in runs if len(run) > 1)
    last = next(run[-1] for run in reversed(runs) if run)
    return Sparkline(width, height, paths, last)
