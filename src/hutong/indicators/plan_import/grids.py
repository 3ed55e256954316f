"""Tables flattened into text: one cell a line, one row a line, pipes, tabs or spaces; made grids again."""

from hutong.indicators.plan_import.level import row_a_line
from hutong.indicators.plan_import.promises import promised_rows
from hutong.indicators.plan_import.reading.source import Grid, Line
from hutong.indicators.plan_import.upright import bare_cells, cell_a_line


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


_READERS = (cell_a_line, row_a_line, bare_cells, promised_rows)
