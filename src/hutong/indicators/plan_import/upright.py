"""Tables flattened to one cell a line, with tabs or with no mark at all."""

import re
from dataclasses import replace

from hutong.indicators.plan_import.characters import fold, tidy
from hutong.indicators.plan_import.fitting import NATURE, fit
from hutong.indicators.plan_import.header import Header, column_of, is_header_word, read_header
from hutong.indicators.plan_import.markers import read_marker
from hutong.indicators.plan_import.reading.source import Cell, Grid, Line
from hutong.indicators.plan_import.splitting import (
    LONGEST_RUN,
    by_space,
    grid_of,
)
from hutong.indicators.plan_import.targets import read_target
from hutong.indicators.plan_import.units import is_unit

_LONGEST_CELL = 60


def cell_a_line(lines: list[Line], start: int) -> Grid | None:
    """One cell a line, each led by a tab; a line without one continues the cell above; blank lines part rows."""
    if not _tabbed(lines[start]) or (start and _tabbed(lines[start - 1])):
        return None  # only the first line of a run is tried: long runs that are no table stay cheap
    rows: list[list[Cell]] = [[]]
    last = start
    for index in range(start, min(len(lines), start + LONGEST_RUN)):
        line = lines[index]
        if _tabbed(line):
            lead = len(line.text) - len(line.text.lstrip("\t \u3000"))
            rows[-1].append(
                Cell(line.text.strip(), line.place(min(lead, len(line.text)), len(line.text.strip())))
            )
        elif not line.text.strip():
            if not _tab_ahead(lines, index):
                break
            if rows[-1]:
                rows.append([])
        elif rows[-1] and _continues_cell(lines, index, rows):
            before = rows[-1][-1]
            rows[-1][-1] = Cell(f"{before.text}\n{line.text.strip()}", before.place)
        else:
            break
        last = index
    rows = [row for row in rows if any(cell.text for cell in row)]
    return grid_of(_even(rows), lines[start], lines[last])


def _tabbed(line: Line) -> bool:
    return line.text.startswith("\t") and "\t" not in line.text.strip() and len(line.text) <= 400


def _tab_ahead(lines: list[Line], index: int) -> bool:
    ahead = next((line for line in lines[index + 1 : index + 4] if line.text.strip() or _tabbed(line)), None)
    return ahead is not None and _tabbed(ahead)


def _continues_cell(lines: list[Line], index: int, rows: list[list[Cell]]) -> bool:
    text = lines[index].text.strip()
    if len(text) > _LONGEST_CELL or text[-1] in "。；" or not rows[-1][-1].text:
        return False
    after = lines[index + 1].text if index + 1 < len(lines) else ""
    return _tabbed(lines[index + 1]) if after.strip() else len(text) <= 20 and not read_marker(text)


def _even(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows of one width: a run without blank lines is cut at the header's width, uneven rows are fitted."""
    if len(rows) == 1 and len(rows[0]) > 6:
        rows = _cut(rows[0])
    header = read_header([[cell.text for cell in row] for row in rows])
    if header is None or all(len(row) == len(header.columns) for row in rows):
        return rows
    fitted: list[list[Cell]] = list(rows[: header.rows])
    size = len(header.columns)
    fitted += [row if len(row) == size else fit(row, header) or row for row in rows[header.rows :]]
    return fitted


def _cut(cells: list[Cell]) -> list[list[Cell]]:
    size = 0
    while size < len(cells) and cells[size].text and is_header_word(tidy(cells[size].text)):
        size += 1
    if size < 2:
        return [cells]
    header = read_header([[cell.text for cell in cells[:size]]])
    if header is None or len(cells) % size:
        return [cells[:size], *_by_sequence(cells[size:], header)] if header else [cells]
    return [cells[i : i + size] for i in range(0, len(cells), size)]


def _by_sequence(cells: list[Cell], header: Header) -> list[list[Cell]]:
    """Cells in a row cut where the running number comes; before it stands the group, if its column does."""
    lead = header.find("seq") or 0
    starts: list[int] = []
    for index, cell in enumerate(cells):
        due = re.fullmatch(rf"[(（]?{len(starts) + 1}[)）.、]?", fold(cell.text.strip()))
        if due and (not starts or index - starts[-1] >= 3):
            starts.append(index)
    if header.find("seq") is None or not starts:
        return _by_ending(cells, header)
    begins = []
    for order, at in enumerate(starts):
        least = starts[order - 1] + 3 if order else 0
        begin = at
        tail = at - (starts[order - 1] if order else -lead)
        if lead and tail > len(header.columns) - lead and at - 1 >= least:
            begin = at - min(lead, tail - (len(header.columns) - lead)) if order else 0
        elif lead and not order:
            begin = 0
        begins.append(begin)
    return [cells[a:b] for a, b in zip(begins, [*begins[1:], len(cells)], strict=True)]


def _by_ending(cells: list[Cell], header: Header) -> list[list[Cell]]:
    """Without running numbers a row ends with its nature, if that is the last column, or after as many cells."""
    size = len(header.columns)
    ends = [i for i, cell in enumerate(cells) if NATURE.fullmatch(cell.text.strip())]
    if header.columns[-1].role == "nature" and ends:
        return [cells[a:b] for a, b in zip([0, *(i + 1 for i in ends)], [i + 1 for i in ends], strict=False)]
    return [cells[i : i + size] for i in range(0, len(cells), size)]


def _lined_up(rows: list[list[Cell]], header: Header) -> bool:
    """Whether most rows hold what their columns say; otherwise cells were given out wrongly."""
    unit, values = header.find("unit"), header.all("target", "year")
    good = 0
    for row in rows:
        if len(row) == len(header.columns) and (unit is None or is_unit(row[unit].text)):
            found = [read_target(row[i].text) for i in values]
            good += any(each and each.target.op != "text" for each in found)
    return good >= 0.5 * len(rows)


def bare_cells(lines: list[Line], start: int) -> Grid | None:
    """One cell or a few a line with no mark at all, known by a run of header words above."""
    first = [piece.text for piece in by_space(lines[start])]
    before = next(
        (line.text.strip() for line in reversed(lines[max(0, start - 2) : start]) if line.text.strip()), ""
    )
    headed = all(is_header_word(word) for word in first)
    if not first or not headed or (before and is_header_word(before)):
        return None
    solid = [line for line in lines[start : start + LONGEST_RUN] if line.text.strip()]
    head, used = _bare_header(solid)
    if head is None:
        return None
    cells, last = [], solid[used - 1]
    for line in solid[used:]:
        text = line.text.strip()
        if len(text) > _LONGEST_CELL or text[-1] in "。；" or _outside(text):
            break
        cells += _cells_of(line, whole=len(first) == 1)
        last = line
    header = read_header([[cell.text for cell in head]])
    if header is None or not cells:
        return None
    rows = [fit(row, header) or row for row in _by_sequence(cells, header)]
    made = grid_of([head, *rows], lines[start], last)
    return made if made is None or _lined_up(rows, header) else replace(made, doubtful=True)


def _cells_of(line: Line, *, whole: bool) -> list[Cell]:
    """The cells of a line: the line itself where the header has one a line and no value stands in it."""
    pieces = by_space(line)
    text = line.text.strip()
    told = any(NATURE.fullmatch(piece.text) or is_unit(piece.text) for piece in pieces)
    if len(pieces) == 1 or (whole and not told):
        return [Cell(text, line.place(line.text.index(text), len(text)))]
    return [piece.cell() for piece in pieces]


def _bare_header(solid: list[Line]) -> tuple[list[Cell] | None, int]:
    head: list[Cell] = []
    index = 0
    while index < len(solid):
        pieces = by_space(solid[index])
        if not all(is_header_word(piece.text) for piece in pieces):
            break
        text, line = solid[index].text.strip(), solid[index]
        after = solid[index + 1].text.strip() if index + 1 < len(solid) else ""
        roles = {column_of(cell.text).role for cell in head}
        joined = column_of(text + after)
        split = (text == "指标" and "name" in roles) or re.fullmatch(r"20\d\d年", text)
        if split and joined.role in {"nature", "target", "baseline"}:
            text, index = f"{text}\n{after}", index + 1
            pieces = pieces[:1]
        if len(pieces) == 1:
            head.append(Cell(text, line.place(0, len(line.text))))
        else:
            head += [piece.cell() for piece in pieces]
        index += 1
    header = read_header([[cell.text for cell in head]]) if len(head) >= 3 else None
    wanted = header and header.find("name") is not None and header.find("target", "year") is not None
    return (head, index) if wanted else (None, 0)


def _outside(text: str) -> bool:
    """A heading, caption or footnote that ends a table of bare cells."""
    marker = read_marker(text)
    heading = marker and marker.kind not in {"num", "num_paren", "circled", "dec"} and len(text) > marker.end
    return bool(heading) or text.startswith(("注：", "注:", "备注：", "图", "专栏"))
