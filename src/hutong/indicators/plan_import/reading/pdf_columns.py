"""Tables of a PDF that no rules mark: columns from the header and the white between them, rows from their anchors.

Every row has one line in some column (its nature, number or figure): the anchor. Lines of a wrapped cell go to the
anchor they stand around, or below, whichever explains the whole page better.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from hutong.indicators.plan_import.fitting import GROUP, NATURE
from hutong.indicators.plan_import.header import Header, column_of, is_header_word, read_header
from hutong.indicators.plan_import.markers import read_marker
from hutong.indicators.plan_import.reading.pdf_rows import Way, groups_of, runs_of
from hutong.indicators.plan_import.reading.pdf_words import Bit, Word, beside, bits_of
from hutong.indicators.plan_import.targets import is_empty, read_target
from hutong.indicators.plan_import.units import is_unit

MOST_ROWS = 150
_MOST_HEAD = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table: where each is headed, and what parts it from the next."""

    header: Header
    heads: tuple[Bit, ...]
    borders: tuple[float, ...] = ()
    groups: Way = ""

    def column(self, bit: Bit) -> int:
        return sum(border < (bit.x0 + bit.x1) / 2 for border in self.borders)


@dataclass(slots=True)
class ColumnTable:
    """A table found on a page: its cells (text, merged, doubtful), and the lines it takes up."""

    rows: list[list[tuple[str, bool, bool]]]
    first: int
    last: int
    top: float
    layout: Layout
    doubtful: bool = False
    lines: list[list[Bit]] = field(default_factory=list, repr=False)


def column_tables(
    lines: Sequence[Sequence[Word]], rules: Sequence[float], before: Layout | None = None
) -> list[ColumnTable]:
    """The tables among the lines of one page; ``before`` is the layout of a table that may go on from the last."""
    cut = [bits_of(line) for line in lines]
    found: list[ColumnTable] = []
    at = 0
    if before is not None and cut:
        filled = any(len(line) >= 3 for line in cut[:4])
        if filled and not any(_header(cut, start) for start in range(min(3, len(cut)))):
            going = _table(cut, 0, 0, before, rules)
            if going and not going.doubtful:
                found.append(going)
                at = going.last + 1
    while at < len(cut):
        headed = _header(cut, at)
        if headed and before and headed[0].header == before.header:
            headed = replace(headed[0], groups=before.groups), headed[1]
        table = _table(cut, at, at + headed[1], headed[0], rules) if headed else None
        if table:
            found.append(table)
            at = table.last + 1
        else:
            at += 1
    return found


def _header(lines: list[list[Bit]], start: int) -> tuple[Layout, int] | None:
    """The largest run of lines from ``start`` that reads as a header, all its columns known."""
    best: tuple[Layout, int] | None = None
    heads: list[Bit] = []
    for size in range(1, _MOST_HEAD + 1):
        if start + size > len(lines):
            break
        line = lines[start + size - 1]
        if not line or not all(_head_part(bit.text) for bit in line):
            break
        if size > 1 and line[0].top - lines[start + size - 2][0].top > 3.2 * line[0].size:
            break
        stacked = _stacked(heads, line)
        if stacked is None:
            break
        heads = stacked
        header = read_header([[bit.text for bit in heads]])
        if header and len(heads) >= 3 and _complete(header):
            best = Layout(header, tuple(heads)), size
    return best


def _head_part(text: str) -> bool:
    """A header cell or a short piece of one; whether the pieces make known columns shows when they are put together."""
    piece = len(text) <= 8 and not re.search(r"[\d%，。；]", text) and not NATURE.fullmatch(text)
    return is_header_word(text) or piece or bool(re.fullmatch(r"20\d\d年?[底末]?", text))


def _complete(header: Header) -> bool:
    valued = header.find("target", "year") is not None
    return valued and all(column.role != "other" for column in header.columns)


def _stacked(heads: list[Bit], line: list[Bit]) -> list[Bit] | None:
    """Header cells with another line below, joined where they stand over one another; a known one stays what it is."""
    made: list[Bit] = [head for head in heads if not any(_over(head, bit) for bit in line)]
    covered = [head for head in heads if head not in made]
    for bit in line:
        over = [head for head in covered if _over(head, bit)]
        if len(over) > 1:
            return None
        text = "".join(head.text for head in over) + bit.text
        role, joined = column_of(over[0].text if over else text).role, column_of(text).role
        if role not in {joined, "other", "year", "target"} and over[0].text != "指标":
            return None
        alone = over and sum(_over(over[0], each) for each in line) == 1
        x0, x1 = (min(over[0].x0, bit.x0), max(over[0].x1, bit.x1)) if alone else (bit.x0, bit.x1)
        made.append(replace(bit, text=text, x0=x0, x1=x1))
    return sorted(made, key=lambda bit: bit.x0)


def _over(head: Bit, bit: Bit) -> bool:
    return min(head.x1, bit.x1) - max(head.x0, bit.x0) > 1


def _table(
    lines: list[list[Bit]], first: int, body: int, layout: Layout, rules: Sequence[float]
) -> ColumnTable | None:
    end = _end(lines, body, layout)
    if end <= body:
        return None
    layout = replace(
        layout, borders=_borders(layout.heads, [bit for line in lines[body:end] for bit in line])
    )
    head = [(bit.text, False, False) for bit in layout.heads] if body > first else None
    bits = [bit for line in lines[body:end] for bit in line]
    rows, layout = _rows(bits, layout, rules)
    top = lines[first][0].top
    if rows is None:
        texts = [[(bit.text, False, False) for bit in line] for line in lines[first:end]]
        size = max(len(line) for line in texts)
        texts = [line + [("", False, False)] * (size - len(line)) for line in texts]
        return ColumnTable(texts, first, end - 1, top, layout, doubtful=True)
    return ColumnTable([head, *rows] if head else rows, first, end - 1, top, layout)


def _end(lines: list[list[Bit]], body: int, layout: Layout) -> int:
    """Where the lines stop being a table's: running text, a note, or a wide white."""
    centres = [(head.x0 + head.x1) / 2 for head in layout.heads]
    at = body
    while at < len(lines) and at - body < 4 * MOST_ROWS:
        line = lines[at]
        if at > body and line[0].top - lines[at - 1][0].top > 6 * line[0].size:
            break
        wide = any(sum(bit.x0 < x < bit.x1 for x in centres) >= 2 for bit in line)
        note = re.match(r"注\s*\d?[:：]|备注[:：]|资料来源", line[0].text)
        marker = read_marker(line[0].text) if len(line) == 1 else None
        outside = line[0].x1 < layout.heads[0].x0 - 40 or line[0].x0 > layout.heads[-1].x1 + 40
        heading = marker and marker.kind in {"part", "chapter", "section", "box", "cn", "cn_paren"}
        if note or outside or ((wide or heading) and not _goes_on(lines, at, centres)):
            break
        at += 1
    return at


def _goes_on(lines: list[list[Bit]], at: int, centres: list[float]) -> bool:
    """Whether a row of at least three cells stands right below: then the line is a group of the table."""
    if len(lines[at]) > 1 or len(lines[at][0].text) > 24:
        return False
    below = lines[at + 1] if at + 1 < len(lines) else []
    return len(below) >= 3 and not any(sum(bit.x0 < x < bit.x1 for x in centres) >= 2 for bit in below)


def _borders(heads: Sequence[Bit], bits: list[Bit]) -> tuple[float, ...]:
    """Between two headers the middle of the widest white, or of the least crossed stretch."""
    borders = []
    for left, right in pairwise(heads):
        low, high = (left.x0 + left.x1) / 2, (right.x0 + right.x1) / 2
        steps = [low + i for i in range(int(high - low) + 1)]
        crossed = [sum(bit.x0 < x < bit.x1 for bit in (*bits, left, right)) for x in steps]
        least, best, run = min(crossed), (0, 0), 0
        for index, count in enumerate(crossed):
            run = run + 1 if count == least else 0
            best = max(best, (run, index))
        borders.append(steps[best[1]] - best[0] / 2)
    return tuple(borders)


def _rows(
    bits: list[Bit], layout: Layout, rules: Sequence[float]
) -> tuple[list[list[tuple[str, bool, bool]]] | None, Layout]:
    """The cells of every row, ``None`` when nothing tells the rows apart; and the layout with its way of groups."""
    count = len(layout.heads)
    across = [bit for bit in bits if _stands_across(bit, bits, layout)]
    columns: list[list[Bit]] = [[] for _ in range(count)]
    for bit in bits:
        if bit not in across:
            column = columns[layout.column(bit)]
            if column and abs(column[-1].y - bit.y) < 0.3 * bit.size:
                column[-1] = beside(column[-1], bit)
            else:
                column.append(bit)
    anchors = _anchors(columns, layout.header)
    if not anchors or len(anchors) > MOST_ROWS:
        return None, layout
    grouped = set(layout.header.all("group"))
    plain = [column if i not in grouped else [] for i, column in enumerate(columns)]
    cells = runs_of(plain, anchors, _within(rules, bits) if not across else [], _name(layout.header))
    if cells is None:
        return None, layout
    doubts = [[False] * count for _ in anchors]
    for index in grouped:
        texts, doubtful, way = groups_of(columns[index], anchors, _within(rules, bits), layout.groups)
        layout = replace(layout, groups=layout.groups or way)
        for row, text in enumerate(texts):
            cells[row][index] = text
            doubts[row][index] = doubtful and bool(text)
    made = [
        [(text, False, doubt) for text, doubt in zip(row, doubt_row, strict=True)]
        for row, doubt_row in zip(cells, doubts, strict=True)
    ]
    for bit in reversed(across):
        blank = [("", False, False)] * (count - 1)
        made.insert(sum(anchor.y < bit.y for anchor in anchors), [(bit.text, False, False), *blank])
    return made, layout


def _name(header: Header) -> int:
    return header.find("name", "task") or 0


def _stands_across(bit: Bit, bits: list[Bit], layout: Layout) -> bool:
    """A group of the rows below, alone on its line and not under the head of the names."""
    if not GROUP.fullmatch(
        re.sub(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])", "", bit.text)
    ):
        return False
    at = layout.column(bit)
    if layout.header.columns[at].role == "group" or any(
        other is not bit and abs(other.y - bit.y) < 0.5 * bit.size for other in bits
    ):
        return False
    if layout.header.columns[at].role == "seq":
        return True
    head = layout.heads[_name(layout.header)]
    starts = sorted(other.x0 for other in bits if layout.column(other) == _name(layout.header))
    usual = starts[len(starts) // 2]
    if sum(abs(x - usual) < 2 for x in starts) > 0.6 * len(starts):  # the names are flush left
        return abs(bit.x0 - usual) > bit.size
    return abs((bit.x0 + bit.x1) - (head.x0 + head.x1)) / 2 > bit.size


def _within(rules: Sequence[float], bits: list[Bit]) -> list[float]:
    top, bottom = min(bit.top for bit in bits), max(bit.bottom for bit in bits)
    return [rule for rule in rules if top < rule < bottom]


def _anchors(columns: list[list[Bit]], header: Header) -> list[Bit]:
    """The column with exactly one line a row: natures, running numbers, units or figures, the fullest of them."""
    tried: list[list[Bit]] = []
    nature, seq, unit = header.find("nature"), header.find("seq"), header.find("unit")
    if nature is not None and all(NATURE.fullmatch(bit.text) for bit in columns[nature]):
        tried.append(columns[nature])
    if seq is not None and all(re.fullmatch(r"\d{1,3}[.、]?", bit.text) for bit in columns[seq]):
        tried.append(columns[seq])
    if unit is not None and all(is_unit(bit.text) or is_empty(bit.text) for bit in columns[unit]):
        tried.append(columns[unit])
    valued = header.all("target", "year", "baseline")
    tried += [columns[index] for index in valued if all(_figure(bit.text) for bit in columns[index])]
    return max(tried, key=len, default=[])


def _figure(text: str) -> bool:
    found = read_target(text)
    return found is None or (found.target.op != "text" and bool(re.search(r"\d", text)))
