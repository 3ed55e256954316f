"""Cost of append, proof and verification against the size of the log, as an SVG that is read on light and on dark."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

_WIDTH, _LEFT, _RIGHT, _PANEL, _GAP, _TOP, _BOTTOM = 660, 64, 116, 118, 46, 40, 52
_STYLE = """<style>
svg { --paper: #fffefb; --ink: #2b2a28; --red: #9c2a1e; --grey: #6b675f; --line: #d6d2ca; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #1c1d1f; --ink: #e8e6e1; --red: #f0917f; --grey: #a8a49b; --line: #3c3e42; }
}
text { fill: var(--ink); font: 12px sans-serif; }
.head { font-weight: 600; }
.paper { fill: var(--paper); }
.grid { stroke: var(--line); stroke-width: 1; }
.ours, .peer { fill: none; stroke-width: 2; }
.ours { stroke: var(--red); }
.peer { stroke: var(--grey); stroke-dasharray: 5 4; }
.ours-dot, .ours-text { fill: var(--red); }
.peer-dot, .peer-text { fill: var(--grey); }
</style>"""


@dataclass(frozen=True, slots=True)
class Point:
    """``who`` is ours, peer or verify. ``append``: microseconds an entry (to verify one, for verify); ``proof``: ms."""

    size: int
    who: str
    append: float
    proof: float


def draw(points: list[Point]) -> str:
    """Three panels over one logarithmic axis."""
    panels = [
        ("append, µs an entry", [("ours", "append"), ("peer", "append")]),
        ("inclusion proof, ms", [("ours", "proof"), ("peer", "proof")]),
        ("verify everything, µs an entry", [("verify", "append")]),
    ]
    sizes = sorted({each.size for each in points})
    height = _TOP + len(panels) * (_PANEL + _GAP) + _BOTTOM - _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"',
        ' aria-label="Cost of append, proof and verification against the size of the log">',
        _STYLE,
        f'<rect class="paper" width="{_WIDTH}" height="{height}"/>',
    ]
    for number, (title, lines) in enumerate(panels):
        top = _TOP + number * (_PANEL + _GAP)
        runs = {
            who: [(each.size, float(getattr(each, what))) for each in points if each.who == who]
            for who, what in lines
        }
        parts += _panel(title, {who: sorted(run) for who, run in runs.items() if run}, top, sizes)
    parts += [_text(_x(size, sizes), height - _BOTTOM + 22, _short(size), "middle") for size in sizes]
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, height - 10, "entries in the log", "middle"))
    return "\n".join([*parts, "</svg>\n"])


def _panel(
    title: str, runs: dict[str, list[tuple[int, float]]], top: float, sizes: list[int]
) -> Iterator[str]:
    most = _round_up(max((value for run in runs.values() for _, value in run), default=1))
    yield _text(_LEFT, top - 12, title, "start", "head")
    for part in (0, 0.5, 1):
        y = top + _PANEL * (1 - part)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
        yield _text(_LEFT - 8, y + 4, f"{most * part:g}", "end")
    for who, run in runs.items():
        look, name = ("peer", "pymerkle, in memory") if who == "peer" else ("ours", "Hutong")
        where = [(_x(size, sizes), top + _PANEL * (1 - value / most)) for size, value in run]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in where)
        yield f'<polyline class="{look}" points="{line}"/>'
        for x, y in where:
            yield f'<circle class="{look}-dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        x, y = where[-1]
        yield _text(x + 10, y + 4, name, "start", f"{look}-text")


def rates(points: list[tuple[int, float]], needed: float) -> str:
    """One panel: how many were registered in a second against how many there are, beside the rate that is needed."""
    height, most, last = (
        _TOP + _PANEL + _BOTTOM,
        _round_up(max(needed, *(rate for _, rate in points))),
        points[-1][0],
    )
    where = [
        (_LEFT + size / last * (_WIDTH - _LEFT - _RIGHT), _TOP + _PANEL * (1 - rate / most))
        for size, rate in points
    ]
    wanted = _TOP + _PANEL * (1 - needed / most)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"',
        ' aria-label="Datasets registered in a second against how many there are">',
        _STYLE,
        f'<rect class="paper" width="{_WIDTH}" height="{height}"/>',
        _text(_LEFT, _TOP - 12, "datasets registered in a second", "start", "head"),
    ]
    for part in (0, 0.5, 1):
        y = _TOP + _PANEL * (1 - part)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(_text(_LEFT - 8, y + 4, f"{most * part:g}", "end"))
    parts.append(f'<polyline class="peer" points="{_LEFT},{wanted:.1f} {_WIDTH - _RIGHT},{wanted:.1f}"/>')
    parts.append(_text(_WIDTH - _RIGHT + 10, wanted + 4, f"needed: {needed:.0f}", "start", "peer-text"))
    parts.append(f'<polyline class="ours" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in where)}"/>')
    parts += [f'<circle class="ours-dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in where]
    for part in range(6):
        x = _LEFT + part / 5 * (_WIDTH - _LEFT - _RIGHT)
        parts.append(_text(x, height - _BOTTOM + 22, f"{last * part // 5:,}", "middle"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, height - 10, "datasets there are", "middle"))
    return "\n".join([*parts, "</svg>\n"])


def _round_up(value: float) -> float:
    step = 10 ** math.floor(math.log10(value))
    return next(step * each for each in (1, 2, 3, 4, 5, 6, 8, 10) if step * each >= value)


def _short(size: int) -> str:
    return f"{size // 10**6}M" if size >= 10**6 else f"{size // 1000}k"


def _x(size: int, sizes: list[int]) -> float:
    low, high = math.log10(sizes[0]), math.log10(sizes[-1])
    return _LEFT + 20 + (math.log10(size) - low) / max(1e-9, high - low) * (_WIDTH - _LEFT - _RIGHT - 40)


def _text(x: float, y: float, text: str, anchor: str, look: str = "") -> str:
    mark = f' class="{look}"' if look else ""
    return f'<text{mark} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
