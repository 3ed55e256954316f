"""A module's test page from its JSON Schema: fields to fill, and what was filled in as the module's input."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

FILE_FORMAT: Final = "base64"


class Unreadable(ValueError):
    """A field that asks for JSON holds something else; its name is the argument."""


def fields(schema: Mapping[str, Any], given: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Options of the design system's ``field`` for each property, filled with ``given``."""
    required = schema.get("required", ())
    return [
        {
            **_entry(_resolved(each, schema)),
            "name": name,
            "label": half(each.get("title", name), language),
            "hint": half(each.get("description", ""), language),
            "value": _filled(_resolved(each, schema), given.get(name, each.get("default"))),
            "required": name in required and _kind(_resolved(each, schema)) != "file",
        }
        for name, each in schema.get("properties", {}).items()
    ]


def read(schema: Mapping[str, Any], sent: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, Any]:
    """The input that a filled form stands for; raises ``Unreadable``. What was left empty is left out."""
    found: dict[str, Any] = {}
    for name, each in schema.get("properties", {}).items():
        shape = _resolved(each, schema)
        kind = _kind(shape)
        text = sent.get(name, "")
        if kind == "file":
            if name in files:
                found[name] = base64.b64encode(files[name]).decode()
        elif kind == "checkbox":
            found[name] = bool(text)
        elif text.strip():
            found[name] = _value(name, kind, shape, text)
    return found


def _value(name: str, kind: str, shape: Mapping[str, Any], text: str) -> Any:
    if kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if kind in {"number", "json", "numbers"}:
        try:
            return (
                [float(part) for part in text.replace(",", " ").split()]
                if kind == "numbers"
                else json.loads(text)
            )
        except (ValueError, RecursionError) as error:
            raise Unreadable(name) from error
    return text.replace("\r\n", "\n") if shape.get("format") == "long" else text


def _entry(shape: Mapping[str, Any]) -> dict[str, Any]:
    match _kind(shape):
        case "select":
            return {"kind": "select", "choices": [{"value": one, "label": one} for one in shape["enum"]]}
        case "file":
            return {"kind": "file"}
        case "checkbox":
            return {"kind": "checkbox"}
        case "number":
            return {"kind": "number"}
        case "text":
            return {"kind": "text"}
    return {"kind": "textarea"}


def _kind(shape: Mapping[str, Any]) -> str:
    kind = shape.get("type")
    if "enum" in shape:
        return "select"
    if shape.get("format") == FILE_FORMAT:
        return "file"
    if kind == "boolean":
        return "checkbox"
    if kind in {"number", "integer"}:
        return "number"
    if kind == "string":
        return "long" if shape.get("format") == "long" else "text"
    inner = shape.get("items", {}).get("type") if kind == "array" else ""
    return {"string": "lines", "number": "numbers"}.get(str(inner), "json")


def _filled(shape: Mapping[str, Any], value: Any) -> Any:
    kind = _kind(shape)
    if value is None or kind == "file":
        return ""
    if kind == "lines":
        return "\n".join(value)
    if kind == "numbers":
        return " ".join(f"{each:g}" for each in value)
    return json.dumps(value, ensure_ascii=False, indent=1) if kind == "json" else value


def type_name(shape: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """The type of a property in a word or two."""
    found = _resolved(shape, schema)
    kind = str(found.get("type", "any"))
    if kind != "array":
        return " | ".join(map(str, found["enum"])) if "enum" in found else kind
    inner = _resolved(found.get("items", {}), schema)
    return f"array of {inner.get('title') or inner.get('type', 'any')}"


def _resolved(shape: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The shape behind a reference or behind "this or null"."""
    if "$ref" in shape:
        found: Mapping[str, Any] = schema["$defs"][shape["$ref"].rpartition("/")[2]]
        return found
    for each in shape.get("anyOf", ()):
        if each.get("type") != "null":
            return _resolved(each, schema)
    return shape


def half(text: str, language: str) -> str:
    """The Chinese or the English half of ``中文 / English``."""
    chinese, slash, english = text.partition(" / ")
    return chinese if language.startswith("zh") or not slash else english
