"""A plan document read from end to end."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from hutong.indicators.plan_import.characters import tidy
from hutong.indicators.plan_import.contents import contents_of
from hutong.indicators.plan_import.front import plan_period, plan_title, title_of_caption
from hutong.indicators.plan_import.grids import find_grids
from hutong.indicators.plan_import.lines import Paragraph, furniture, paragraphs
from hutong.indicators.plan_import.markers import read_marker
from hutong.indicators.plan_import.prose import prose_candidates
from hutong.indicators.plan_import.reading.open_file import open_source, source_of
from hutong.indicators.plan_import.reading.pdf_file import Progress
from hutong.indicators.plan_import.reading.source import Grid, Source
from hutong.indicators.plan_import.sections import read_outline
from hutong.indicators.plan_import.systems import find_systems
from hutong.indicators.plan_import.tables import TableContext, TableReading, read_table
from hutong.indicators.plan_import.tasks import read_tasks, tasks_of_table
from hutong.indicators.plan_import.types import Indicator, PlanReading, Task, Unread

_CAPTION = re.compile(r"指标|^表\s*\d|^专栏|目标")


def read_plan(path: Path) -> PlanReading:
    """The plan in the file at ``path`` (txt, docx or pdf)."""
    return read_source(open_source(path))


def read_plan_bytes(data: bytes, name: str, progress: Progress | None = None) -> PlanReading:
    """The plan in ``data``; ``name`` is the name of the file it came from. ``progress`` counts pages of a PDF."""
    return read_source(source_of(data, name, progress))


def read_source(source: Source) -> PlanReading:
    """Everything a document says, in one pass over its lines."""
    furnished = furniture(source)
    marked = {n for grid in source.grids for n in range(grid.first, grid.last + 1)}
    free = [line for line in source.lines if line.number not in marked and line.number not in furnished]
    grids = sorted([*source.grids, *find_grids(free)], key=lambda grid: grid.first)
    tabled = {n for grid in grids for n in range(grid.first, grid.last + 1)}
    outside = Source(tuple(line for line in source.lines if line.number not in tabled), (), source.name)
    texts = paragraphs(source, tabled | furniture(outside, bare=True))
    contents = contents_of(texts)
    body = [each for index, each in enumerate(texts) if index not in contents]
    title, front = plan_title(body)
    period = plan_period(title, [each.text for each in body])
    tables = _read_tables(grids, body, period)
    outline = read_outline(body, front | tables.captions)
    tasks, doubtful = read_tasks(outline, body)
    unread = [*tables.unread, *outline.unread, *doubtful, *prose_candidates(outline, body, tables.indicators)]
    title = title or tables.title
    if not title:
        title = _name_of(source.name)
        unread.append(
            Unread(
                "title",
                title,
                "正文中没有找到规划名称，暂用文件名",
                "no title in the text; the file's name is used",
            )
        )
    if period is None:
        unread.append(Unread("period", "", "正文中没有找到规划期", "no planning period in the text"))
    return PlanReading(
        title,
        period,
        tuple(tables.indicators),
        tuple(node.section for node in outline.nodes),
        tuple(tasks + tables.tasks),
        tuple(find_systems(outline, body)),
        tuple(sorted(unread, key=lambda each: each.place.offset if each.place else -1)),
        tuple(line.text for line in source.lines),
    )


@dataclass(slots=True)
class _Tables:
    indicators: list[Indicator] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    captions: set[int] = field(default_factory=set)
    title: str = ""


def _read_tables(grids: list[Grid], body: list[Paragraph], period: tuple[int, int] | None) -> _Tables:
    found = _Tables()
    before: tuple[Grid, TableReading] | None = None
    for grid in grids:
        at, caption = _caption(grid, body)
        follows = before[1] if before and not _parted(before[0], grid, body) else None
        reading = read_table(grid, TableContext(caption, period), follows)
        found.indicators += reading.indicators
        found.unread += reading.unread
        if not reading.indicators:
            found.tasks += tasks_of_table(grid)
        elif at is not None:
            marker = read_marker(caption)
            if marker is None or marker.kind == "box":
                found.captions.add(at)
            found.title = found.title or title_of_caption(caption)
        before = (grid, reading)
    return found


def _caption(grid: Grid, body: list[Paragraph]) -> tuple[int | None, str]:
    """The short line above a table that names it."""
    above = [(i, each) for i, each in enumerate(body) if each.first < grid.first][-2:]
    for index, paragraph in reversed(above):
        text = tidy(paragraph.text)
        if len(text) <= 60 and _CAPTION.search(text) and "。" not in text:
            return index, text
    return None, ""


def _parted(before: Grid, grid: Grid, body: list[Paragraph]) -> bool:
    """Whether text stands between two tables (a footnote or 续表 does not part them)."""
    between = [each for each in body if before.last < each.first < grid.first]
    return any(not re.match(r"\s*(?:注|续表|（续|\(续|单位)", each.text) for each in between)


def _name_of(file: str) -> str:
    return tidy(re.sub(r"\.(?:txt|docx|pdf|md)$", "", file, flags=re.IGNORECASE)) or "?"
