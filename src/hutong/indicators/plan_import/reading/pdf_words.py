"""Words of a PDF line put together to the bits that stand apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Word = Mapping[str, Any]
_APART = 0.45
"""Of the height of the letters: a wider white parts two cells."""


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of text on one line."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        return self.bottom - self.top or 1.0


def bits_of(line: Sequence[Word]) -> list[Bit]:
    """The bits of a line from left to right."""
    bits: list[Bit] = []
    for word in line:
        size = float(word["bottom"] - word["top"]) or 1.0
        gap = word["x0"] - bits[-1].x1 if bits else None
        if gap is not None and gap <= _APART * size:
            bits[-1] = beside(bits[-1], _bit(word))
        else:
            bits.append(_bit(word))
    return bits


def _bit(word: Word) -> Bit:
    return Bit(word["text"], word["x0"], word["x1"], word["top"], word["bottom"])


def beside(left: Bit, right: Bit) -> Bit:
    """Two bits of one line as one."""
    space = " " if right.x0 - left.x1 > 0.2 * right.size else ""
    return Bit(
        left.text + space + right.text, left.x0, max(left.x1, right.x1), min(left.top, right.top),
        max(left.bottom, right.bottom),
    )  # fmt: skip
