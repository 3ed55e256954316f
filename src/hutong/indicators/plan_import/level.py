"""Tables with one row a line: parted by pipes, tabs, gaps, commas or single spaces."""

import re

from hutong.indicators.plan_import.characters import chinese_number, has_han, width
from hutong.indicators.plan_import.fitting import fit, regrouped
from hutong.indicators.plan_import.header import Header, is_header_word, read_header
from hutong.indicators.plan_import.markers import read_marker
from hutong.indicators.plan_import.reading.source import Cell, Grid, Line
from hutong.indicators.plan_import.splitting import (
    LONGEST_RUN,
    Piece,
    Split,
    by_comma,
    by_gap,
    by_pipe,
    by_space,
    grid_of,
    two_headers,
)

_RULE = re.compile(r"[\s|│┃¦｜:\-=+─━┌┬┐├┼┤└┴┘╋┏┓┗┛┣┫┳┻═╔╗╚╝╠╣╦╩╬]+")


def row_a_line(lines: list[Line], start: int) -> Grid | None:
    """One row a line, cells parted by pipes, tabs, two spaces or more; or by single spaces under such a header."""
    for split in (by_pipe, by_gap, by_comma, by_space):
        first = split(lines[start])
        if split is by_gap and any(two_headers(piece.text) for piece in first):
            continue
        head = [first]
        header = read_header([[piece.text for piece in first]]) if len(first) >= 2 else None
        ahead = _second(lines, start, split)
        two = read_header([[p.text for p in first], [p.text for p in ahead]]) if ahead else None
        header = two if two and two.rows == 2 else header
        if "\t" in lines[start].text.strip() and ahead and start + 1 < len(lines):
            whole = _glued(first, ahead)
            broken = read_header([[piece.text for piece in whole]])
            if broken and broken.rows == 1 and header is not two and _better(broken, header):
                head, header = [whole, []], broken
        if header and not (header.rows == 1 and _goes_on(header, lines, start)):
            return _Below(lines, header, split).read(start, head)
    return None


def _goes_on(header: Header, lines: list[Line], start: int) -> bool:
    """A header without a column of values whose rest is on the next line: its rows take two lines as well."""
    if header.find("target", "year", "baseline", "growth", "owner", "deadline", "task") is not None:
        return False
    below = by_space(lines[start + 1]) if start + 1 < len(lines) else []
    return bool(below) and all(is_header_word(piece.text) for piece in below)


def _better(broken: Header, whole: Header | None) -> bool:
    """A header cell broken over two lines: together they know every column, alone one is cut short."""
    if any(column.role == "other" for column in broken.columns):
        return False
    return whole is None or (whole.find("target", "year") is None or len(broken.columns) > len(whole.columns))


def _glued(first: list[Piece], then: list[Piece]) -> list[Piece]:
    """Two lines of which the break stands inside a cell."""
    if not first or not then:
        return [*first, *then]
    last = first[-1]
    return [*first[:-1], Piece(f"{last.text}\n{then[0].text}", last.line, last.column), *then[1:]]


def _second(lines: list[Line], start: int, split: Split) -> list[Piece]:
    ahead = next((line for line in lines[start + 1 : start + 3] if line.text.strip()), None)
    return split(ahead) if ahead else []


class _Below:
    """Reads the rows under a header, one a line, until the text goes on in another way."""

    def __init__(self, lines: list[Line], header: Header, split: Split) -> None:
        self._lines = lines
        self._header = header
        self._split = split
        self._rows: list[list[Cell]] = []
        self._rules = 0
        self._below_rule = False

    def read(self, start: int, head: list[list[Piece]]) -> Grid | None:
        """``head`` holds the pieces of the header's first row, and an empty list for each line it took more."""
        self._rows = [[piece.cell() for piece in head[0]]]
        last = start + len(head) - 1
        index, misses = last + 1, 0
        while index < min(len(self._lines), start + LONGEST_RUN) and misses <= 2:
            line = self._lines[index]
            if not line.text.strip() or _RULE.fullmatch(line.text):
                self._rules, self._below_rule = self._rules + bool(line.text.strip()), True
                misses += not line.text.strip()
                index += 1
                continue
            taken = self._take(index, last)
            if not taken:
                break
            last, misses = index + taken - 1, 0
            index += taken
        return grid_of(self._rows, self._lines[start], self._lines[last])

    def _take(self, index: int, last: int) -> int:
        """How many lines the row at ``index`` takes; 0 when the table has ended."""
        line = self._lines[index]
        pieces, taken = self._whole(index)
        if self._rules > 1 and not self._below_rule and len(pieces) == len(self._rows[-1]):
            self._rows[-1] = [_added(cell, piece) for cell, piece in zip(self._rows[-1], pieces, strict=True)]
            return taken
        self._below_rule = False
        loose = len(self._rows) < self._header.rows or self._split is not by_space
        row = _narrow(line, pieces, self._header, self._split) or _row(pieces, self._header, loose=loose)
        if row and self._split is by_space and len(self._rows) >= self._header.rows:
            row = regrouped(row, self._header)
        if row is None and _wrapped(pieces, self._rows, self._header):
            self._rows[-1] = _appended(self._rows[-1], pieces[0], self._header, self._lines[last])
        elif row is None and not _fits_below(self._lines, index, self._header, self._split):
            return 0
        else:
            self._rows.append(row or _odd(pieces, self._header))
        return taken

    def _whole(self, index: int) -> tuple[list[Piece], int]:
        """The pieces of a row, with the next lines where a tab-parted row is broken inside a cell."""
        pieces = self._split(self._lines[index])
        size = len(self._header.columns)
        if self._split is not by_gap or "\t" not in self._lines[index].text.strip() or len(pieces) >= size:
            return pieces, 1
        whole = pieces
        for more in range(1, 4):
            if index + more >= len(self._lines) or not self._lines[index + more].text.strip():
                break
            whole = _glued(whole, self._split(self._lines[index + more]))
            if len(whole) == size:
                return whole, more + 1
        return pieces, 1


def _narrow(line: Line, pieces: list[Piece], header: Header, split: Split) -> list[Cell] | None:
    """A row whose columns stand only one space apart here and there."""
    if split is not by_gap or "\t" in line.text.strip() or len(pieces) >= len(header.columns):
        return None
    finer = [piece.cell() for piece in by_space(line)]
    if len(finer) <= len(pieces):
        return None
    row = fit(finer, header)
    values = header.all("target", "year", "baseline")
    row = regrouped(row, header) if row else None
    return row if row and all(re.search(r"\d", row[i].text) for i in values) else None


def _row(pieces: list[Piece], header: Header, *, loose: bool) -> list[Cell] | None:
    cells = [piece.cell() for piece in pieces]
    if any(len(cell.text) > 200 or cell.text.endswith("。") for cell in cells):
        return None
    if len(cells) == len(header.columns) and loose:
        return cells
    return fit(cells, header) if len(cells) >= 2 else None


def _added(cell: Cell, piece: Piece) -> Cell:
    """A cell that goes on in the next line of a table whose rows are parted by rules."""
    return Cell(f"{cell.text}\n{piece.text}" if piece.text else cell.text, cell.place)


def _fits_below(lines: list[Line], index: int, header: Header, split: Split) -> bool:
    """Whether the table goes on under a line that is no row: a group heading, or a row that cannot be read."""
    text = lines[index].text.strip()
    below = next((line for line in lines[index + 1 : index + 3] if line.text.strip()), None)
    if below is None or len(text) > 120 or text[-1] in "。；":
        return False
    pieces = split(below)
    return len(pieces) >= 3 and _row(pieces, header, loose=False) is not None


def _odd(pieces: list[Piece], header: Header) -> list[Cell]:
    """A line of a table that fits no columns: alone a group, otherwise a row to be listed as unread."""
    name = header.find("name", "task") or 0
    row = [Cell("", pieces[0].cell().place)] * len(header.columns)
    if len(pieces) == 2 and chinese_number(pieces[0].text.strip("、.（）()")):
        pieces = [Piece(f"{pieces[0].text}、{pieces[1].text}", pieces[0].line, pieces[0].column)]
    row[name] = Cell(" ".join(piece.text for piece in pieces), pieces[0].cell().place)
    beside = header.find("seq", "nature", "unit", "group")
    if len(pieces) > 1 and beside is not None:
        row[beside] = Cell("?", pieces[-1].cell().place)
    return row


def _wrapped(pieces: list[Piece], rows: list[list[Cell]], header: Header) -> bool:
    """A line that only finishes the name of the row above."""
    if len(pieces) != 1 or len(rows) <= header.rows - 1 or len(rows) < 2:
        return False
    text = pieces[0].text
    closing = (
        bool(re.search(r"[)）]$", text)) and "（" in rows[-1][header.find("name", "task") or 0].text + text
    )
    return len(text) <= 12 and (closing or pieces[0].column > 1) and not read_marker(text) and has_han(text)


def _appended(row: list[Cell], piece: Piece, header: Header, above: Line) -> list[Cell]:
    """The row with the piece added to the cell it stands under, or to the name when it is not indented."""
    at = header.find("name", "task") or 0
    if piece.column > 1:
        x = width(piece.line.text[: piece.column])
        starts = {
            i: width(above.text[: cell.place.offset - above.offset])
            for i, cell in enumerate(row)
            if cell.text and cell.place.line == above.number
        }
        at = min(starts, key=lambda i: abs(starts[i] - x), default=at)
    changed = list(row)
    changed[at] = Cell(f"{row[at].text}\n{piece.text}", row[at].place)
    return changed
