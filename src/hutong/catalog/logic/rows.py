"""An entry as a row of a workbook and back: one flat field for each thing a person edits."""

from collections.abc import Mapping
from typing import Any

from hutong.catalog.logic import column_lines
from hutong.catalog.logic.fields import FIELDS
from hutong.catalog.logic.metadata import Field
from hutong.catalog.types import Kind


def flat(kind: Kind, body: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a body as text."""
    return {field.path: _shown(field, _dig(body, field.path)) for field in FIELDS[kind]}


def merged(kind: Kind, body: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """``body`` with the given fields; an empty one takes the key away. Keys that are no field stay as they are."""
    made: dict[str, Any] = _copy(body)
    for field in FIELDS[kind]:
        if field.path in given and field.kind == "columns":
            _put_columns(made, given[field.path])
        elif field.path in given:
            _put(made, field.path.split("."), _read(field, given[field.path]))
    return made


def _shown(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.kind == "list":
        return "，".join(map(str, value))
    if field.kind == "columns":
        return column_lines.lines(value)
    if field.kind == "basis":
        return "\n".join(
            "｜".join((each["title"].get("zh", ""), each.get("article", ""), each["title"].get("en", "")))
            for each in value
        )
    return str(value)


def _read(field: Field, text: str) -> Any:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        return None
    if field.kind == "list":
        return [
            each.strip() for each in text.replace("，", ",").replace("、", ",").split(",") if each.strip()
        ]
    if field.kind == "basis":
        return [_basis(line) for line in text.split("\n") if line.strip()]
    return text


def _put_columns(body: dict[str, Any], text: str) -> None:
    """A table has columns: where none is written, they stay as they are."""
    table = dict(body.get("table") or {})
    if text.strip():
        body["table"] = {**table, "columns": column_lines.merge(table.get("columns") or {}, text)}


def _basis(line: str) -> dict[str, Any]:
    law, article, english = ([each.strip() for each in line.replace("|", "｜").split("｜")] + ["", ""])[:3]
    made: dict[str, Any] = {"title": {"zh": law, "en": english}}
    if article:
        made["article"] = article
    return made


def _dig(body: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(body, Mapping) or key not in body:
            return None
        body = body[key]
    return body


def _put(body: dict[str, Any], keys: list[str], value: Any) -> None:
    """Set or take away; a mapping that becomes empty goes too."""
    head, *rest = keys
    if rest:
        inner = body.get(head)
        inner = inner if isinstance(inner, dict) else {}
        _put(inner, rest, value)
        value = inner or None
    if value is None:
        body.pop(head, None)
    else:
        body[head] = value


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list | tuple) else value
