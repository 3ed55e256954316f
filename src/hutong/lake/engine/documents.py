"""JSON in its forms: lines of objects, an array, a document with a list inside, GeoJSON."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from hutong.kernel.errors import Place
from hutong.lake.engine import tabular
from hutong.lake.errors import BadSource, SourceTooLarge, Truncated
from hutong.lake.logic import headers
from hutong.lake.logic.sql import literal, literals
from hutong.lake.types import Contract

LARGEST_DOCUMENT = 256 << 20
_OBJECT = 32 << 20


def form(head: bytes) -> str:
    """``array``, ``lines`` or ``document``."""
    text = head.decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        return "array"
    first, _, rest = text.partition("\n")
    try:
        json.loads(first)
    except json.JSONDecodeError:
        return "document"
    return "lines" if rest.strip().startswith("{") else "document"


def streamed(connection: Any, source: Path, contract: Contract, kind: str) -> tuple[str, headers.Header]:
    """SQL that reads an array or lines of objects as ``r:`` columns, and the header its keys make."""
    style = {"array": "array", "lines": "newline_delimited"}[kind]
    reader = f"read_json_objects({literal(str(source))}, format='{style}', maximum_object_size={_OBJECT})"
    try:
        sample = connection.execute(f"SELECT json FROM {reader} LIMIT 1000").fetchall()
    except duckdb.Error as error:
        raise broken(error, source.name) from error
    keys = _keys(flat(json.loads(record)) for (record,) in sample if record)
    header = headers.find([keys], contract)
    paths = literals("$." + ".".join(f'"{part}"' for part in key.split("\x1f")) for key in _paths(sample))
    columns = ", ".join(f'l[{place}] AS "r:{place - 1}"' for place in range(1, len(keys) + 1))
    return f"(SELECT {columns} FROM (SELECT json_extract_string(json, [{paths}]) AS l FROM {reader}))", header


def staged(source: Path, contract: Contract, target: Path) -> headers.Header:
    """Write the records of a document as text; returns the header their keys make."""
    if source.stat().st_size > LARGEST_DOCUMENT:
        raise SourceTooLarge(what=f"JSON {source.name}", limit=f"{LARGEST_DOCUMENT >> 20} MB")
    try:
        document = json.loads(source.read_bytes())
    except json.JSONDecodeError as error:
        place = Place(file=source.name, line=error.lineno, column=error.colno)
        if error.pos >= len(error.doc.rstrip()):
            raise Truncated(place=place, at=f"line {error.lineno}") from error
        raise BadSource(place=place, reason=f"JSON: {error.msg}") from error
    records = [flat(each) for each in _records(document, contract.source.records)]
    keys = _keys(records[:1000])
    header = headers.find([keys], contract)
    names = [f"r:{place}" for place in range(len(keys))]
    tabular.write(([tabular.text(each.get(key)) for key in keys] for each in records), names, target)
    return header


def broken(error: duckdb.Error, name: str) -> BadSource:
    said = str(error).split("\n", 1)[0][:300]
    kind = Truncated if "unexpected end of data" in said or "end of input" in said.lower() else BadSource
    return (
        kind(place=Place(file=name), at=said)
        if kind is Truncated
        else BadSource(place=Place(file=name), reason=said)
    )


def flat(record: Any, prefix: str = "") -> dict[str, Any]:
    """One level of objects inside is opened as ``outer.inner``; a GeoJSON geometry stays whole."""
    if not isinstance(record, dict):
        return {"value": record}
    found: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict) and not prefix and not _is_geometry(value):
            found |= flat(value, f"{key}.") or {key: None}
        else:
            found[prefix + str(key)] = value
    return found


def _is_geometry(value: dict[str, Any]) -> bool:
    return "type" in value and ("coordinates" in value or "geometries" in value)


def _records(document: Any, path: str) -> Iterator[dict[str, Any]]:
    found = document
    for part in path.split(".") if path else ():
        if not isinstance(found, dict) or part not in found:
            raise BadSource(place=Place(key="source.records"), reason=f"{path}: no {part}")
        found = found[part]
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        for feature in found.get("features", []):
            identity = {"id": feature["id"]} if "id" in feature else {}
            yield identity | (feature.get("properties") or {}) | {"geometry": feature.get("geometry")}
        return
    if isinstance(found, dict):
        lists = [
            each for each in found.values() if isinstance(each, list) and each and isinstance(each[0], dict)
        ]
        found = lists[0] if len(lists) == 1 else [found]
    yield from found


def _keys(records: Iterable[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(key for record in records for key in record))


def _paths(sample: Iterable[tuple[str]]) -> list[str]:
    """The keys again, with the parts of an opened one apart."""
    found: dict[str, None] = {}
    for (text,) in sample:
        record = json.loads(text) if text else {}
        for key, value in record.items() if isinstance(record, dict) else ():
            if isinstance(value, dict) and not _is_geometry(value) and value:
                found |= dict.fromkeys(f"{key}\x1f{inner}" for inner in value)
            else:
                found[str(key)] = None
    return list(found)
