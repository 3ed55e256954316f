"""JSON Schema (2020-12) of the files of a pack, for editors."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from hutong.packs.specs import Manifest
from hutong.packs.types import Section

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas(sections: Iterable[Section]) -> dict[str, dict[str, Any]]:
    """The schema of the manifest as ``pack``, then one per section by its name."""
    found = {"pack": _schema(Manifest, "pack.yaml")}
    for section in sections:
        schema = _schema(section.model, section.path)
        if section.title.zh:
            schema["title"] = f"{section.title.zh} · {section.title.in_('en')}"
        if section.many:
            inner = {key: schema.pop(key) for key in list(schema) if key not in ("$schema", "$defs", "title")}
            schema |= {"type": "array", "items": inner}
        found[section.name] = schema
    return found


def _schema(model: type[BaseModel], path: str) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": DIALECT, **schema, "title": path}
