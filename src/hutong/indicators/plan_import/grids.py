"""Tables flattened into text: one cell a line, one row a line, pipes, tabs or spaces; made grids again."""

import re
from dataclasses import replace

from hutong.indicators.plan_import.characters import chinese_number, fold, has_han, tidy, width
from hutong.indicators.plan_import.fitting import NATURE, fit
from hutong.indicators.plan_import.header import Header, column_of, is_header_word, read_header
from hutong.indicators.plan_import.markers import read_marker
from hutong.indicators.plan_import.reading.source import Cell, Grid, Line
from hutong.indicators.plan_import.splitting import (
    Piece,
    Split,
    by_comma,
    by_gap,
    by_pipe,
    by_space,
    two_headers,
)
from hutong.indicators.plan_import.targets import read_target
from hutong.indicators.plan_import.units import is_unit

_RULE = re.compile(r"[\s|│┃¦｜:\-=+─━┌┬┐├┼┤└┴┘╋┏┓┗┛┣┫┳┻═╔╗╚╝╠╣╦╩╬]+")
_LONGEST_CELL = 60
_LONGEST_RUN = 4000


def find_grids(lines: list[Line]) -> list[Grid]:
    """The tables among ``lines`` (those no marked table and no page furniture has taken), in order."""
    grids: list[Grid] = []
    index = 0
    while index < len(lines):
        found = next((g for reader in _READERS if (g := reader(lines, index))), None)
        if found:
            grids.append(found)
            while index < len(lines) and lines[index].number <= found.last:
                index += 1
        else:
            index += 1
    return grids


def _cell_a_line(lines: list[Line], start: int) -> Grid | None:
    """One cell a line, each led by a tab; a line without one continues the cell above; blank lines part rows."""
    if not _tabbed(lines[start]):
        return None
    rows: list[list[Cell]] = [[]]
    last = start
    for index in range(start, min(len(lines), start + _LONGEST_RUN)):
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
    return _made(_even(rows), lines[start], lines[last])


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


def _row_a_line(lines: list[Line], start: int) -> Grid | None:
    """One row a line, cells parted by pipes, tabs, two spaces or more; or by single spaces under such a header."""
    for split in (by_pipe, by_gap, by_comma, by_space):
        first = split(lines[start])
        if split is by_gap and any(two_headers(piece.text) for piece in first):
            continue
        header = read_header([[piece.text for piece in first]]) if len(first) >= 2 else None
        ahead = _second(lines, start, split)
        two = read_header([[p.text for p in first], [p.text for p in ahead]]) if ahead else None
        header = two if two and two.rows == 2 else header
        if header:
            return _rows_below(lines, start, header, split is by_space, split)
    return None


def _second(lines: list[Line], start: int, split: Split) -> list[Piece]:
    ahead = next((line for line in lines[start + 1 : start + 3] if line.text.strip()), None)
    return split(ahead) if ahead else []


def _rows_below(lines: list[Line], start: int, header: Header, strict: bool, split: Split) -> Grid | None:
    rows: list[list[Cell]] = [[piece.cell() for piece in split(lines[start])]]
    last, misses, rules, below_rule = start, 0, 0, False
    for index in range(start + 1, min(len(lines), start + _LONGEST_RUN)):
        line = lines[index]
        if not line.text.strip() or _RULE.fullmatch(line.text):
            rules, below_rule = rules + bool(line.text.strip()), True
            misses += not line.text.strip()
            if misses > 2:
                break
            continue
        pieces = split(line)
        if rules > 1 and not below_rule and len(pieces) == len(rows[-1]):
            rows[-1] = [_added(cell, piece) for cell, piece in zip(rows[-1], pieces, strict=True)]
            last, misses = index, 0
            continue
        below_rule = False
        loose = len(rows) < header.rows or not strict
        row = _narrow(line, pieces, header, split) or _row(pieces, header, loose=loose)
        if row is None and _wrapped(pieces, rows, header):
            rows[-1] = _appended(rows[-1], pieces[0], header, lines[last])
        elif row is None and not _fits_below(lines, index, header, split):
            break
        else:
            rows.append(row or _odd(pieces, header))
        last, misses = index, 0
    return _made(rows, lines[start], lines[last])


def _narrow(line: Line, pieces: list[Piece], header: Header, split: Split) -> list[Cell] | None:
    """A row whose columns stand only one space apart here and there."""
    if split is not by_gap or "\t" in line.text.strip() or len(pieces) >= len(header.columns):
        return None
    finer = [piece.cell() for piece in by_space(line)]
    if len(finer) <= len(pieces):
        return None
    row = fit(finer, header)
    values = header.all("target", "year", "baseline")
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


def _bare_cells(lines: list[Line], start: int) -> Grid | None:
    """One cell a line with no mark at all, known by a run of header words above."""
    if not is_header_word(lines[start].text.strip()) or not lines[start].text.strip():
        return None
    solid = [line for line in lines[start : start + _LONGEST_RUN] if line.text.strip()]
    head, used = _bare_header(solid)
    if head is None:
        return None
    cells, last = [], solid[used - 1]
    for line in solid[used:]:
        text = line.text.strip()
        if len(text) > _LONGEST_CELL or text[-1] in "。；" or _outside(text):
            break
        cells.append(Cell(text, line.place(line.text.index(text), len(text))))
        last = line
    header = read_header([[cell.text for cell in head]])
    if header is None or not cells:
        return None
    rows = [fit(row, header) or row for row in _by_sequence(cells, header)]
    made = _made([head, *rows], lines[start], last)
    return made if made is None or _lined_up(rows, header) else replace(made, doubtful=True)


def _bare_header(solid: list[Line]) -> tuple[list[Cell] | None, int]:
    head: list[Cell] = []
    index = 0
    while index < len(solid) and is_header_word(solid[index].text.strip()):
        text, line = solid[index].text.strip(), solid[index]
        after = solid[index + 1].text.strip() if index + 1 < len(solid) else ""
        roles = {column_of(cell.text).role for cell in head}
        joined = column_of(text + after)
        split = (text == "指标" and "name" in roles) or re.fullmatch(r"20\d\d年", text)
        if split and joined.role in {"nature", "target", "baseline"}:
            text, index = f"{text}\n{after}", index + 1
        head.append(Cell(text, line.place(0, len(line.text))))
        index += 1
    header = read_header([[cell.text for cell in head]]) if len(head) >= 3 else None
    wanted = header and header.find("name") is not None and header.find("target", "year") is not None
    return (head, index) if wanted else (None, 0)


def _outside(text: str) -> bool:
    """A heading, caption or footnote that ends a table of bare cells."""
    marker = read_marker(text)
    heading = marker and marker.kind not in {"num", "num_paren", "circled", "dec"} and len(text) > marker.end
    return bool(heading) or text.startswith(("注：", "注:", "备注：", "图", "专栏"))


def _made(rows: list[list[Cell]], first: Line, last: Line) -> Grid | None:
    kept = [row for row in rows if row]
    if len(kept) < 2 or max(len(row) for row in kept) < 2:
        return None
    size = max(len(row) for row in kept)
    blank = Cell("", first.place(0, 0))
    return Grid(tuple((*row, *[blank] * (size - len(row))) for row in kept), first.number, last.number)


_READERS = (_cell_a_line, _row_a_line, _bare_cells)
