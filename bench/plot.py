"""``python -m bench.plot POINTS.json OUT.svg``: cost of append and proof against the size of the log, by hand."""

import json
import math
import sys
from pathlib import Path

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 640, 320, 64, 36, 64, 44
_INK, _RED, _GREY = "#2b2a28", "#9c2a1e", "#b9b5ad"


def draw(points: list[dict[str, float]]) -> str:
    """Two lines over a logarithmic axis: proof in milliseconds (left), append in microseconds (right)."""
    proof_top = max(1.0, *(each["proof_ms"] for each in points))
    append_top = math.ceil(max(each["append_us"] for each in points) / 50) * 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"',
        ' font-family="sans-serif" font-size="12" role="img"',
        ' aria-label="Cost of append and proof against the size of the log">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fffefb"/>',
    ]
    sizes = [math.log10(each["size"]) for each in points]
    for part in (0, 0.25, 0.5, 0.75, 1):
        y = _y(part)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}" stroke="{_GREY}" stroke-width="0.5"/>'
        )
        parts.append(_text(_LEFT - 8, y + 4, f"{proof_top * part:.2f}", "end", _INK))
        parts.append(_text(_WIDTH - _RIGHT + 8, y + 4, f"{append_top * part:.0f}", "start", _RED))
    for each, at in zip(points, sizes, strict=True):
        parts.append(_text(_x(at, sizes), _HEIGHT - _BOTTOM + 18, f"{each['size']:,}", "middle", _INK))
    parts.append(_text(_LEFT - 40, 20, "inclusion proof, ms", "start", _INK))
    parts.append(_text(_WIDTH - 8, 20, "append, µs an entry", "end", _RED))
    parts.append(_text(_WIDTH / 2, _HEIGHT - 6, "leaves in the log", "middle", _INK))
    for name, top, colour in (("proof_ms", proof_top, _INK), ("append_us", append_top, _RED)):
        where = [(_x(at, sizes), _y(each[name] / top)) for each, at in zip(points, sizes, strict=True)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in where)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in where]
    return "\n".join([*parts, "</svg>\n"])


def _x(at: float, sizes: list[float]) -> float:
    return _LEFT + 20 + (at - sizes[0]) / max(1e-9, sizes[-1] - sizes[0]) * (_WIDTH - _LEFT - _RIGHT - 40)


def _y(part: float) -> float:
    return _HEIGHT - _BOTTOM - part * (_HEIGHT - _TOP - _BOTTOM)


def _text(x: float, y: float, text: str, anchor: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(draw(json.loads(Path(sys.argv[1]).read_text("utf8"))), "utf8")
