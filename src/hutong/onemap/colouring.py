"""A measure on the map: its layer, its classes, and the table that says the same."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from hutong.accounts.api import Actor
from hutong.onemap import measures, reading
from hutong.onemap.errors import NoMeasure
from hutong.onemap.logic.classes import Classes, classes
from hutong.onemap.state import Chosen
from hutong.onemap.types import Layer, Measured, MeasureRef
from hutong.ui.api import number, short

_LARGE = 100_000


@dataclass(frozen=True, slots=True)
class Colouring:
    """What the page needs to colour a layer and to tell the same in words."""

    measured: Measured
    layer: Layer
    legend: dict[str, Any]
    table: dict[str, Any]
    payload: dict[str, Any]


def colouring(
    indicator: str,
    as_of: date,
    layers: tuple[Layer, ...],
    refs: tuple[MeasureRef, ...],
    state: Chosen,
    *,
    reader: Actor,
) -> Colouring:
    """Colours the shown layer that meets the measure's dimension, else the first that does, with what ``reader`` is
    shown; raises ``NoMeasure``.
    """
    ref = next((each for each in refs if each.id == indicator), None)
    layer = _layer(ref.dimension, layers, state) if ref else None
    if ref is None or layer is None:
        raise NoMeasure(measure=indicator, month=f"{as_of:%Y-%m}")
    found = measures.measured(ref, as_of, reader)
    rows = reading.members(layer, found.ref.dimension, as_of if layer.time else None)
    breaks = classes(found.values.get(member) for _, _, member in rows)
    return Colouring(
        measured=found,
        layer=layer,
        legend=legend(found, breaks),
        table=_table(found, layer, rows, state),
        payload={
            "layer": layer.id,
            "dimension": found.ref.dimension,
            "classes": {key: breaks.of(found.values.get(member)) for key, _, member in rows},
            "values": {key: written(found, member) for key, _, member in rows},
            "unit": str(found.unit),
        },
    )


def _layer(dimension: str, layers: tuple[Layer, ...], state: Chosen) -> Layer | None:
    able = [each for each in layers if dimension in each.joins and each.style == "fill"]
    shown = [each for each in able if each.id in state.layers]
    return next(iter([*shown, *able]), None)


def legend(found: Measured, breaks: Classes) -> dict[str, Any]:
    """The classes in words, as the ``legend`` component takes them."""
    bounds = _told(breaks.bounds, found.decimals)
    items: list[dict[str, Any]] = [
        {
            "label": bounds[index]
            if bounds[index] == bounds[index + 1]
            else f"{bounds[index]} – {bounds[index + 1]}",
            "look": f"class-{index + 1}",
        }
        for index in range(breaks.count)
    ]
    absent = gettext("No data or too few people") if found.withheld else gettext("No data")
    items.append({"label": absent, "look": "none"})
    return {"title": found.ref.title, "unit": found.unit, "items": items}


def _told(bounds: tuple[float, ...], decimals: int | None) -> list[str]:
    """The bounds as a reader meets them: in 万 or millions where they are large, unless two would look the same."""
    brief = [short(each) for each in bounds]
    if max(map(abs, bounds), default=0) < _LARGE or len(set(brief)) < len(set(bounds)):
        return [number(each, decimals) for each in bounds]
    return brief


def _table(found: Measured, layer: Layer, rows: list[tuple[str, str, str]], state: Chosen) -> dict[str, Any]:
    ranked = sorted(
        rows, key=lambda row: (found.values.get(row[2]) is None, -(found.values.get(row[2]) or 0), row[1])
    )
    return {
        "caption": f"{found.ref.title} · {layer.title}",
        "dense": True,
        "columns": [
            {"key": "place", "title": layer.title},
            {"key": "value", "title": found.unit or gettext("Value"), "kind": "number"},
        ],
        "rows": [
            {
                "place": {"text": label, "url": f"/map{state.address(feature=f'{layer.id}/{key}')}"},
                "value": {
                    "text": written(found, member),
                    "url": found.urls.get(member, found.url),
                },
            }
            for key, label, member in ranked
        ],
    }


def written(found: Measured, member: str) -> str:
    """The value of a member as the reader is shown it."""
    if member in found.withheld:
        return gettext("withheld: too few people")
    return number(found.values.get(member), found.decimals)
