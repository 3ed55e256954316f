"""Tasks: the leaves of the tasks chapters, and the rows of task tables."""

import re

from hutong.indicators.plan_import.characters import tidy
from hutong.indicators.plan_import.duties import deadline_in, last_day, owner_in, stated
from hutong.indicators.plan_import.header import Header, read_header
from hutong.indicators.plan_import.lines import Paragraph
from hutong.indicators.plan_import.reading.source import Grid
from hutong.indicators.plan_import.sections import Node, Outline
from hutong.indicators.plan_import.types import Measure, Task, Unread

_TASKS = re.compile(
    r"(?:主要|重点|重大|工作|建设|发展|具体|核心)(?:工作|建设|发展)?(?:任务|举措|措施|工程|工作|项目|行动|领域)|任务(?:和|与|及|、)?(?:举措|措施|工程|项目)|^(?:任务|举措)"
)
_NOT_TASKS = re.compile(
    r"保障|实施机制|组织|回顾|成绩|形势|成就|现状|基础|指导思想|总体|目标|附|前言|序言|名词|背景|原则|环境|机遇|挑战|解释"
)
_LONGEST_MEASURE = 48


def read_tasks(outline: Outline, paragraphs: list[Paragraph]) -> tuple[list[Task], list[Unread]]:
    """The tasks of the chapters that are titled so; failing those, of the chapters between goals and safeguards."""
    tops = [node for node in outline.nodes if node.parent is None]
    wanted = _task_roots(outline)
    unread = []
    if not wanted:
        wanted = _between(tops)
        if wanted:
            titles = "、".join(f"{n.section.number} {n.section.title}".strip() for n in wanted)
            unread.append(
                Unread("tasks", titles, "没有以任务为题的章，目标与保障之间的各章按任务读取",
                       "no chapter is titled as tasks; those between goals and safeguards were read as tasks",
                       wanted[0].section.place)
            )  # fmt: skip
    tasks = [_task(leaf, paragraphs) for root in wanted for leaf in _leaves(root)]
    return tasks, unread


def _task_roots(outline: Outline) -> list[Node]:
    roots: list[Node] = []
    for node in outline.nodes:
        above = node.parent
        while above and above not in roots:
            above = above.parent
        title = node.section.title
        numbered = node.section.level <= 2 and node.kind not in {None, "box", "article"} and node.children
        told = _TASKS.search(title) and not re.search(r"保障|回顾|落实|完成情况|面临", title)
        if above is None and numbered and told:
            roots.append(node)
    return roots


def _between(tops: list[Node]) -> list[Node]:
    goals = [i for i, n in enumerate(tops) if re.search(r"目标|总体|指导思想|基本原则|思路", n.section.title)]
    ends = [i for i, n in enumerate(tops) if re.search(r"保障|组织实施|实施机制", n.section.title)]
    if not goals:
        return []
    last = ends[-1] if ends and ends[-1] > goals[-1] else len(tops)
    return [
        n
        for n in tops[goals[-1] + 1 : last]
        if n.kind and not _NOT_TASKS.search(n.section.title) and n.children
    ]


def _leaves(node: Node) -> list[Node]:
    """The deepest headings of task weight: list items （1） and ① stay measures of the heading above."""
    inner = [child for child in node.children if child.kind not in {"num_paren", "circled", "box"}]
    if not inner:
        return [node]
    return [leaf for child in inner for leaf in _leaves(child)]


def _task(node: Node, paragraphs: list[Paragraph]) -> Task:
    texts = [(paragraphs[node.index], node.rest), *((paragraphs[i], 0) for i in _under(node))]
    due = deadline_in(texts)
    return Task(
        node.section.number,
        node.section.title,
        node.section.path,
        node.section.place,
        tuple(_measures(node, paragraphs)),
        owner_in(texts),
        due,
        last_day(due.text) if due else None,
    )


def _under(node: Node) -> list[int]:
    return [*node.body, *(i for child in node.children for i in [child.index, *_under(child)])]


def _measures(node: Node, paragraphs: list[Paragraph]) -> list[Measure]:
    found = [
        Measure(child.section.title, child.section.place) for child in node.children if child.kind != "box"
    ]
    for index in node.body:
        paragraph = paragraphs[index]
        lead = re.match(r"[^。！？]+", paragraph.text)
        if lead and 4 <= len(lead[0]) <= _LONGEST_MEASURE and len(lead[0]) < len(paragraph.text.rstrip("。")):
            found.append(Measure(tidy(lead[0]), paragraph.place(0, len(lead[0]))))
    return found


def tasks_of_table(grid: Grid) -> list[Task]:
    """The rows of a task table: 序号 | 重点任务 | 责任单位 | 完成时限; none for other tables."""
    texts = [[cell.text for cell in row] for row in grid.rows]
    for start in range(min(3, len(texts))):
        header = read_header(texts, start)
        if header and header.find("task") is not None and header.find("owner", "deadline") is not None:
            return _rows(grid, header, start + header.rows)
    return []


def _rows(grid: Grid, header: Header, start: int) -> list[Task]:
    tasks, group = [], ""
    at = header.all("task")
    name, wider = at[-1], at[:-1] + header.all("group")
    for row in grid.rows[start:]:
        title = tidy(row[name].text)
        group = next((tidy(row[i].text) for i in wider if tidy(row[i].text)), group)
        if not title or len({tidy(cell.text) for cell in row}) == 1:
            group = tidy(row[0].text) or group
            continue
        cells = {
            role: (tidy(row[i].text), row[i].place)
            for role in ("seq", "owner", "deadline")
            if (i := header.find(role)) is not None
        }
        blank = ("", row[name].place)
        due = stated(*cells.get("deadline", blank))
        tasks.append(
            Task(cells.get("seq", blank)[0], title, (group,) if group else (), row[name].place,
                 owned=stated(*cells.get("owner", blank)), due=due, day=last_day(due.text) if due else None)
        )  # fmt: skip
    return tasks
