"""Definitions as packs wrote them: every version is kept, one of each indicator is current."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from hutong.indicators.errors import UnknownIndicator
from hutong.indicators.logic.query import digest
from hutong.indicators.models import DefinitionRow
from hutong.indicators.specs import DimensionSpec, IndicatorSpec, define
from hutong.indicators.types import Definition
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.packs.api import Item


def install(items: Sequence[Item], dimensions: Mapping[str, DimensionSpec]) -> int:
    """Make these the current definitions; returns how many are new or changed. Safe to repeat."""
    changed = 0
    with atomic():
        current = {row.indicator: row for row in DefinitionRow.objects.filter(current=True)}
        for item in items:
            body = _body(item.value, dimensions)
            found = digest(f"{item.pack}\n{json.dumps(body, ensure_ascii=False, sort_keys=True)}")
            before = current.pop(item.value.id, None)
            if before is None or before.digest != found:
                _put(item, body, found)
                changed += 1
        for gone in current.values():
            DefinitionRow.objects.filter(pk=gone.pk).update(current=False)
            audit.record("indicators.retire", gone.indicator)
    return changed


def _body(spec: IndicatorSpec, dimensions: Mapping[str, DimensionSpec]) -> dict[str, Any]:
    named = [dimensions[name] for name in spec.dimensions]
    return {
        "indicator": spec.model_dump(mode="json", exclude_defaults=True),
        "dimensions": {each.id: each.model_dump(mode="json") for each in named},
    }


def _put(item: Item, body: dict[str, Any], found: str) -> None:
    spec: IndicatorSpec = item.value
    definition = _read_body(body, item.pack)
    DefinitionRow.objects.filter(indicator=spec.id, current=True).update(current=False)
    DefinitionRow.objects.update_or_create(
        digest=found,
        defaults={
            "indicator": spec.id,
            "scope": item.pack,
            "hash": definition.hash,
            "body": body,
            "file": item.file,
            "line": item.line,
            "current": True,
            "since": clock.now(),
        },
    )
    audit.record("indicators.define", definition.urn, definition=definition.hash)


def definitions() -> dict[str, Definition]:
    """Every current definition by id, in order of id."""
    rows = DefinitionRow.objects.filter(current=True).order_by("indicator").values_list("digest", flat=True)
    return {each.id: each for each in _read(tuple(rows))}


def definition(indicator: str) -> Definition:
    """The current definition; raises ``UnknownIndicator``."""
    found = definitions().get(indicator)
    if found is None:
        raise UnknownIndicator(indicator=indicator)
    return found


def version(indicator: str, wanted: str) -> Definition:
    """The definition a computation used, by its hash; the newest of those that mean the same."""
    row = (
        DefinitionRow.objects.filter(indicator=indicator, hash=wanted).order_by("-current", "-since").first()
    )
    if row is None:
        raise UnknownIndicator(indicator=f"{indicator} {wanted[:12]}")
    return _of(row)


@lru_cache(maxsize=4)
def _read(digests: tuple[str, ...]) -> tuple[Definition, ...]:
    """Bodies never change under their digest, so what was read stays true."""
    rows = DefinitionRow.objects.filter(digest__in=digests).order_by("indicator")
    return tuple(_of(row) for row in rows)


def _of(row: DefinitionRow) -> Definition:
    return _read_body(row.body, row.scope, row.file, row.line)


def _read_body(body: Mapping[str, Any], scope: str, file: str = "", line: int = 0) -> Definition:
    spec = IndicatorSpec.model_validate(body["indicator"])
    dimensions = {name: DimensionSpec.model_validate(each) for name, each in body["dimensions"].items()}
    return define(spec, scope, dimensions, file, line)
