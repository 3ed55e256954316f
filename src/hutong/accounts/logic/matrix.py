"""The policy as a table for people: a page shows it, and docs/permissions.md is written from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hutong.accounts.logic.actions import ACTIONS, Action
from hutong.accounts.logic.policy import POLICY, Grade, Grant, Reach
from hutong.accounts.types import Role
from hutong.kernel.text import Text

REACHES: Final = {
    Reach.ALL: Text(zh="全部", en="all"),
    Reach.OWN: Text(zh="本单位及下属", en="own"),
    Reach.OPENED: Text(zh="已公开的", en="opened"),
}
GRADES: Final = {
    Grade.GENERAL: Text(zh="一般", en="general"),
    Grade.IMPORTANT: Text(zh="重要及以下", en="up to important"),
    Grade.CORE: Text(zh="核心及以下", en="up to core"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a role may do of one action: each grant as reach and, where data is shown, grade."""

    said: Text
    because: Text


@dataclass(frozen=True, slots=True)
class Row:
    action: Action
    cells: dict[Role, Cell | None]


def rows() -> Iterator[Row]:
    """Every action with what each role may do of it."""
    for action in ACTIONS.values():
        yield Row(action, {role: _cell(action, role) for role in Role})


def _cell(action: Action, role: Role) -> Cell | None:
    held = [each for each in POLICY if each.role is role and action.name in each.actions]
    if not held:
        return None
    said = [_say(each, graded=action.graded) for each in held]
    return Cell(
        Text("；".join(each.zh for each in said), "; ".join(each.en for each in said)),
        Text("；".join(each.because.zh for each in held), "; ".join(each.because.en for each in held)),
    )


def _say(grant: Grant, *, graded: bool) -> Text:
    reach, grade = REACHES[grant.reach], GRADES[grant.ceiling]
    if not graded:
        return reach
    return Text(f"{reach.zh}（{grade.zh}）", f"{reach.en} ({grade.en})")


def as_markdown() -> str:
    """The table and the reasons, as docs/permissions.md holds them."""
    heads = [f"{role.label.en} {role.label.zh}" for role in Role]
    lines = ["| action | what it is | " + " | ".join(heads) + " |", "|---" * (len(heads) + 2) + "|"]
    for row in rows():
        cells = [cell.said.en if cell else "–" for cell in row.cells.values()]
        mark = " ◆" if row.action.graded else ""
        title = f"{row.action.title.en} {row.action.title.zh}"
        lines.append(f"| `{row.action.name}`{mark} | {title} | " + " | ".join(cells) + " |")
    lines += ["", "## Why", "", "| role | actions | reach | because |", "|---|---|---|---|"]
    for grant in POLICY:
        names = ", ".join(f"`{each}`" for each in grant.actions)
        graded = any(ACTIONS[each].graded for each in grant.actions)
        said = _say(grant, graded=graded).en
        lines.append(f"| {grant.role.label.en} | {names} | {said} | {grant.because.en} {grant.because.zh} |")
    return "\n".join(lines) + "\n"
