"""Cutting a line of a table into its cells, and rows of cells put together to a grid."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from hutong.indicators.plan_import.header import is_header_word
from hutong.indicators.plan_import.reading.source import Cell, Grid, Line

LONGEST_RUN = 4000
_PIPES = re.compile(r"[|│┃¦｜]")
_PARTED = re.compile(r"\t+|[ \u3000]{2,}")
_SIGNS = (
    "≥ ≧ ≤ ≦ > < ＞ ＜ >= <=",
    "不低于 不少于 不高于 不超过 至少 超过 大于 小于 低于 高于 达到 约",
)
_AFTER_SIGN = "".join(f"(?<!{sign})" for signs in _SIGNS for sign in re.split(" ", signs))
_SPACE = re.compile(
    rf"{_AFTER_SIGN}[\s\u3000]+(?!(?:左右|上下|以上|以下|以内|之内|及以上|及以下|个?百分点)(?:[\s\u3000]|$))"
)


@dataclass(slots=True)
class Piece:
    text: str
    line: Line
    column: int

    def cell(self) -> Cell:
        return Cell(self.text, self.line.place(self.column, len(self.text)))


Split = Callable[[Line], list[Piece]]


def by_pipe(line: Line) -> list[Piece]:
    if len(_PIPES.findall(line.text)) < 2:
        return []
    pieces = _split(line, _PIPES)
    framed = bool(_PIPES.match(line.text.strip()))
    if framed and pieces and not pieces[0].text:
        pieces = pieces[1:]
        if pieces and not pieces[-1].text:
            pieces = pieces[:-1]
    return pieces


def by_gap(line: Line) -> list[Piece]:
    text = line.text.strip("\n")
    if "\t" in text.strip():
        return _split(line, re.compile(r"\t"))
    return [piece for piece in _split(line, _PARTED) if piece.text]


def by_comma(line: Line) -> list[Piece]:
    pieces = _split(line, re.compile(r",(?!\d{3}(?!\d))"))
    return pieces if len(pieces) >= 4 and len(line.text) <= 160 else []


def by_space(line: Line) -> list[Piece]:
    """A sign and its number count as one cell: ``≥ 90``, ``不少于 800``, ``24 左右``."""
    if len(line.text) > 120:
        return []
    return [piece for piece in _split(line, _SPACE) if piece.text]


def two_headers(text: str) -> bool:
    """Two header cells that stand too near to be parted by the gap: 序号 指标名称."""
    words = text.split()
    return len(words) > 1 and all(is_header_word(word) for word in words)


def _split(line: Line, at: re.Pattern[str]) -> list[Piece]:
    pieces, begin = [], 0
    for match in [*at.finditer(line.text), None]:
        end = match.start() if match else len(line.text)
        raw = line.text[begin:end]
        text = raw.strip().strip("*").strip()
        pieces.append(Piece(text, line, begin + (raw.index(text) if text else 0)))
        begin = match.end() if match else end
    return pieces


def grid_of(rows: list[list[Cell]], first: Line, last: Line) -> Grid | None:
    kept = [row for row in rows if row]
    if len(kept) < 2 or max(len(row) for row in kept) < 2:
        return None
    size = max(len(row) for row in kept)
    blank = Cell("", first.place(0, 0))
    return Grid(tuple((*row, *[blank] * (size - len(row))) for row in kept), first.number, last.number)
