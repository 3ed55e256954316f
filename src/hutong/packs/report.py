"""How problems and packs look in a terminal: the line of the file, a caret under the place, the fix."""

import os
import unicodedata
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text as Rich

from hutong.packs.types import Problem

_WIDE = 100


def console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def show_problems(folder: Path, problems: list[Problem]) -> None:
    """Every problem of a pack with the line it is in; one line when there is none."""
    out = console()
    for each in problems:
        _show(out, folder, each)
    if problems:
        out.print(f"[red]✗ {folder.name}: {len(problems)} 个问题 · {len(problems)} problem(s)[/red]")
    else:
        out.print(f"[green]✓[/green] {folder.name}: 没有问题 · no problems")


def _show(out: Console, folder: Path, problem: Problem) -> None:
    # A problem of a solution pack that this pack needs stands in that pack's folder.
    home = folder if problem.pack == folder.name else folder.parent.parent / "solutions" / problem.pack
    place = f"{os.path.relpath(home / problem.file)}:{problem.line}:{problem.column}"
    head = Rich(place, style="bold")
    if problem.key:
        head.append(f"  {problem.key}", style="cyan")
    head.append(f"  [{problem.code}]", style="dim")
    out.print(head)
    excerpt = _excerpt(home / problem.file, problem)
    if excerpt:
        out.print(Rich(excerpt[0]))
        out.print(Rich(excerpt[1], style="red"))
    for said, fix in ((problem.message.zh, problem.fix.zh), (problem.message.en, problem.fix.en)):
        line = Rich(f"    {said}")
        line.append(f"  → {fix}", style="green")
        out.print(line)
    out.print()


def _excerpt(file: Path, problem: Problem) -> tuple[str, str] | None:
    """The line as it stands and a line with the caret; wide characters take two columns."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    if problem.line > len(lines):
        return None
    line = lines[problem.line - 1]
    start = max(0, problem.column - 1 - _WIDE // 2)
    shown = line[start : start + _WIDE]
    margin = f"{problem.line:>5} │ {'…' if start else ''}"
    rest = "…" if start + _WIDE < len(line) else ""
    before = margin + shown[: problem.column - 1 - start]
    return margin + shown + rest, " " * width(before) + "^"


def width(text: str) -> int:
    """Columns a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def show_summary(outline: dict[str, Any]) -> None:
    """What a pack holds, as a table."""
    out = console()
    out.print(f"[bold]{outline['id']}[/bold]  {outline['title']['zh']} · {outline['title']['en']}")
    for source in outline["sources"]:
        published = f" ({source['published']})" if source["published"] else ""
        out.print(f"  {source['id']}: {source['title']['zh']} · {source['title']['en']}{published}")
    table = Table(box=None, show_header=False)
    for name, section in outline["sections"].items():
        table.add_row(name, str(section["items"]), f"{section['title']['zh']} · {section['title']['en']}")
    out.print(table)
