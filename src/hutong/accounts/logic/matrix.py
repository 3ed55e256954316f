"""The policy as a table for people: a page shows it, and docs/permissions.md is written from it."""

import sys
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
    if not held and role is not Role.PUBLIC:
        return _cell(action, Role.PUBLIC)
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


_PREFACE: Final = """# Who may do what

Written from `accounts/logic/policy.py` by `python -m hutong.accounts.logic.matrix`; a test compares them.

- **Everything not granted here is refused**, and an action that is not in the list does not exist.
- *all*: whatever it is. *own*: what the person's organisation answers for, or one below it. *opened*: what has
  been opened to everyone: open catalog entries and their data, public map layers, published plans and their figures.
  A figure is opened where every table it reads is; how a plan's tasks go, with the reports on them, is not.
- A view names its action (`@requires`) and asks about each thing it shows. One that forgets to ask answers only those
  whose grant says *all*.
- ◆ marks actions that show data. There the grade decides as well: general, important, core (数据安全法 第二十一条).
  Data that is not graded counts as core.
- The public is everyone, signed in or not; whatever it may do, every role may do. A person whose roles have all
  ended can only sign out. The cockpit is for people of the district who are signed in; the public sees the
  ledger's checkpoint, tiles and proofs, the organisations, the documentation of the interfaces, and what is opened.
- Duties are apart (GB/T 22239-2019): whoever manages people sees neither data nor the audit trail; whoever audits
  changes nothing. A person may hold several roles, so appointing is where the separation has to be kept.

| role | who |
|---|---|
| Public 公众 | anyone |
| Department steward 部门数据管理员 | keeps a bureau's own data, with that of the units below it |
| Data office 数据主管部门 | coordinates the district's data, catalog and plans |
| Leader 领导 | reads everything, from a figure down to its proof |
| Operator 运行值守员 | keeps watch over the city's picture and the platform |
| Auditor 审计员 | reads the audit trail |
| Data security officer 数据安全管理员 | watches how data is used, and sees none of it |
| Outside developer 数据用户 | of a firm or an institute: what is opened, and what a contract grants |
| Administrator 系统管理员 | manages people, settings and backups |

## The matrix

"""


def as_markdown() -> str:
    """docs/permissions.md: the rules of reading, the table, the reasons."""
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
    return _PREFACE + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
