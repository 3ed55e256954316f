"""A document as lines with places, whatever file it came from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hutong.indicators.plan_import.characters import RADICALS
from hutong.indicators.plan_import.types import Place


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document's text. ``offset`` counts characters in the whole text, newlines included.

    ``starts`` says the file itself marks a paragraph start here (Word, or a PDF indent), ``full`` that the line
    runs to the right margin; ``None`` where the file does not tell. ``outline`` is Word's heading level;
    ``edge``: at the very top or bottom of a PDF page, where running heads stand.
    """

    number: int
    text: str
    offset: int
    page: int | None = None
    starts: bool | None = None
    full: bool | None = None
    outline: int | None = None
    contents: bool = False
    edge: bool = False

    def place(self, column: int = 0, length: int | None = None) -> Place:
        size = len(self.text) - column if length is None else length
        return Place(self.number, self.offset + column, self.page, size)


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; ``merged`` when it continues the cell above it or to its left.

    ``doubtful``: it may belong to the cell beside it; what is read from it is listed for a person.
    """

    text: str
    place: Place
    merged: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as rows of cells; ``first`` and ``last`` are the line numbers it takes up.

    ``marked``: the file itself says it is a table. ``doubtful``: its cells could not be lined up.
    """

    rows: tuple[tuple[Cell, ...], ...]
    first: int
    last: int
    marked: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of a document, and its marked tables."""

    lines: tuple[Line, ...]
    grids: tuple[Grid, ...] = ()
    name: str = ""

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(slots=True)
class SourceBuilder:
    """Collects lines and tables in reading order, keeping count of lines and offsets."""

    lines: list[Line] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    offset: int = 0

    def add(self, text: str, page: int | None = None, **marks: bool | int | None) -> Line:
        text = text.translate(RADICALS)
        line = Line(len(self.lines) + 1, text, self.offset, page, **marks)  # type: ignore[arg-type]
        self.lines.append(line)
        self.offset += len(text) + 1
        return line

    def add_table(
        self, rows: Iterable[Iterable[tuple[Any, ...]]], page: int | None = None, *, doubtful: bool = False
    ) -> None:
        """A marked table of cells (text, merged[, doubtful]): each row becomes one line, cells parted by tabs."""
        first = len(self.lines) + 1
        kept = []
        for printed in rows:
            row = [(cell[0].translate(RADICALS), *cell[1:]) for cell in printed]
            cells = [(" ".join(cell[0].split("\n")).replace("\t", " "), *cell) for cell in row]
            line = self.add("\t".join("" if cell[2] else cell[0] for cell in cells), page)
            column, made = 0, []
            for shown, text, merged, *doubt in cells:
                size = 0 if merged else len(shown)
                made.append(Cell(text, line.place(column, size), merged, bool(doubt and doubt[0])))
                column += size + 1
            kept.append(tuple(made))
        if kept:
            self.grids.append(Grid(tuple(kept), first, len(self.lines), True, doubtful))

    def build(self, name: str) -> Source:
        return Source(tuple(self.lines), tuple(self.grids), name)
