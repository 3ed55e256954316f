"""Columns of a table as lines of text and back: ``name｜title｜English｜type｜unit｜sensitive``."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

BAR: Final = "｜"
PARTS: Final = ("name", "title.zh", "title.en", "type", "unit", "sensitive")
_YES: Final = {"是", "敏感", "1", "true", "yes", "sensitive"}
SENSITIVE: Final = "敏感"


def lines(columns: Mapping[str, Any]) -> str:
    """A line a column, without bars that nothing follows."""
    return "\n".join(BAR.join(parts(name, each)).rstrip(BAR) for name, each in columns.items())


def parts(name: str, column: Mapping[str, Any]) -> tuple[str, ...]:
    title = column.get("title") or {}
    said = (
        name,
        title.get("zh", ""),
        title.get("en", ""),
        column.get("type", "text"),
        column.get("unit", ""),
    )
    return (*(_plain(str(each)) for each in said), SENSITIVE if column.get("sensitive") else "")


def split(text: str) -> list[dict[str, str]]:
    """The lines as rows of ``PARTS``; empty lines are none."""
    rows = []
    for line in text.replace("\r\n", "\n").split("\n"):
        said = [each.strip() for each in line.replace("|", BAR).split(BAR)]
        if any(said):
            rows.append(dict(zip(PARTS, [*said, *[""] * len(PARTS)], strict=False)))
    return rows


def joined(rows: Iterable[Mapping[str, str]]) -> str:
    """Rows of ``PARTS`` as lines; a row without a word is left out."""
    made = [BAR.join(_plain(row.get(part, "")) for part in PARTS).rstrip(BAR) for row in rows]
    return "\n".join(each for each in made if each.strip())


def merge(before: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The columns that the lines name, in their order; of one that was there, what no line says stays as it was.

    A name that stands twice gets a number, so that whoever checks the names refuses it.
    """
    made: dict[str, Any] = {}
    for row in split(text):
        name = row["name"]
        key = name if name not in made else f"{name} ({len(made) + 1})"
        made[key] = _merged(before.get(name) or {}, row)
    return made


def _merged(before: Mapping[str, Any], row: Mapping[str, str]) -> dict[str, Any]:
    column = {key: each for key, each in before.items() if key not in {"title", "unit", "sensitive"}}
    title = {name: row[f"title.{name}"] for name in ("zh", "en") if row[f"title.{name}"]}
    if title:
        column["title"] = title
    if row["unit"]:
        column["unit"] = row["unit"]
    if row["sensitive"].casefold() in _YES:
        column["sensitive"] = True
    if row["type"] and row["type"] != before.get("type", "text"):
        column["type"] = row["type"]
    return column


def _plain(text: str) -> str:
    """What a cell says, on one line and without bars."""
    return " ".join(text.replace(BAR, " ").replace("|", " ").split())
