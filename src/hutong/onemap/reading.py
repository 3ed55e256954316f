"""Reads layers out of the lake."""

import json
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import get_language

from hutong.kernel.errors import NotFound
from hutong.kernel.urn import Urn, kinds
from hutong.lake import api as lake
from hutong.lake.types import Contract, Crs, QueryResult, SnapshotRef
from hutong.onemap.errors import NoFeature, NoLayer, NoRows
from hutong.onemap.logic import sql
from hutong.onemap.types import Box, Feature, Features, Field, Found, Layer
from hutong.packs.api import Pack, installed

MOST_FEATURES: Final = 20_000
USUAL_FEATURES: Final = 5_000
MOST_FOUND: Final = 8
_KINDS: Final = {
    "money": "money",
    "int": "number",
    "decimal": "number",
    "float": "number",
    "quantity": "number",
    "date": "when",
    "datetime": "when",
    "month": "month",
    "uscc": "code",
}
_made: tuple[Pack, tuple[Layer, ...]] | None = None


def layers() -> tuple[Layer, ...]:
    """All layers of the installed packs, in their order."""
    global _made  # noqa: PLW0603 - the layers of the pack last read
    pack = installed()
    if _made is None or _made[0] is not pack:
        made = (item.value.layer(item.pack) for item in pack.items("layers"))
        _made = pack, tuple(sorted(made, key=lambda each: (each.order, each.id)))
    return _made[1]


def layer(wanted: str) -> Layer:
    """The layer of that id; raises ``NoLayer``."""
    for each in layers():
        if each.id == wanted:
            return each
    raise NoLayer(layer=wanted)


def features(
    of: Layer, box: Box | None = None, as_of: date | None = None, limit: int = USUAL_FEATURES
) -> Features:
    """The features of a layer as GeoJSON, at most ``limit`` of them; raises ``NoRows``."""
    snapshot = _snapshot(of)
    result = _run(sql.features(of, box, as_of, max(1, min(limit, MOST_FEATURES)), language()))
    text, returned, more = result.rows[0]
    head = json.dumps(
        {"layer": of.urn, "snapshot": snapshot.urn, "numberReturned": returned, "truncated": more}
    )
    return Features(
        layer=of.id,
        geojson=f'{{"type":"FeatureCollection",{head[1:-1]},"features":{text}}}',
        count=returned,
        truncated=bool(more),
        snapshot=snapshot.urn,
        as_of=as_of,
    )


def snapshot_of(of: Layer) -> SnapshotRef | None:
    """The state of its table that a layer shows now; None while there are no data."""
    try:
        return lake.latest(of.table)
    except NotFound:
        return None


def feature(of: Layer, key: str, as_of: date | None = None) -> Feature:
    """One feature with its properties; raises ``NoFeature``."""
    snapshot = _snapshot(of)
    contract = lake.contract(of.table)
    columns = [each for each in contract.columns if each.type != "geometry" and not each.sensitive]
    if of.fields:
        columns = [each for each in columns if each.name in of.fields]
    linked = tuple(name for name in of.links if of.links[name] in kinds())
    names = (*(each.name for each in columns), *linked)
    result = _run(sql.one(of, key, names, as_of, language()))
    if not result.rows:
        raise NoFeature(layer=of.id, key=key)
    label, x, y, *values = result.rows[0]
    fields = tuple(
        Field(each.title, _KINDS.get(each.type.value, "text"), _shown(each.codes, value), each.unit)
        for each, value in zip(columns, values, strict=False)
    )
    scope = Urn.parse(of.urn).scope
    links = tuple(
        (contract.column(name).title, str(Urn(scope, of.links[name], str(value))))
        for name, value in zip(linked, values[len(columns) :], strict=True)
        if value
    )
    return Feature(
        layer=of,
        key=key,
        label=str(label or key),
        fields=fields,
        urn=str(Urn(scope, "layer", f"{of.id}/{key}")),
        at=(x, y) if x is not None else None,
        source_crs=_source_crs(of, contract),
        links=links,
        query=sql.shown_row(of, key),
        snapshot=snapshot.urn,
        snapshot_sequence=snapshot.sequence,
        entry_id=snapshot.entry_id,
    )


def search(among: tuple[Layer, ...], words: str) -> list[Found]:
    """Places whose name contains ``words``, or of the layers called so; at most ``MOST_FOUND`` a layer."""
    words = words.strip()
    if not words:
        return []
    found: list[Found] = []
    for each in among:
        if snapshot_of(each) is None:
            continue
        result = _run(sql.search(each, words[:80], MOST_FOUND, language()))
        if not result.rows and len(words) > 1 and words.casefold() in str(each.title).casefold():
            result = _run(sql.search(each, "", MOST_FOUND, language()))
        found += [Found(each.id, each.title, key, label, (x, y)) for key, label, x, y in result.rows]
    return found


def members(of: Layer, dimension: str, as_of: date | None = None) -> list[tuple[str, str, str]]:
    """Key, label and member of ``dimension`` of each feature; raises ``NoRows``."""
    _snapshot(of)
    return [
        (key, label or key, member)
        for key, label, member in _run(sql.members(of, dimension, as_of, language())).rows
    ]


def extent(among: tuple[Layer, ...]) -> Box | None:
    """The box around the first layer of areas that has data."""
    for each in sorted(among, key=lambda one: (one.style != "fill", one.order)):
        snapshot = snapshot_of(each)
        if snapshot is not None and snapshot.rows:
            return _extent(each, snapshot.urn)
    return None


def span(among: tuple[Layer, ...]) -> tuple[date, date] | None:
    """First and last day of the layers with time."""
    found = []
    for each in among:
        snapshot = snapshot_of(each) if each.time else None
        if snapshot is not None and snapshot.rows:
            found.append(_span(each, snapshot.urn))
    days = [day for first, last in found if first and last for day in (first, last)]
    return (min(days), max(days)) if days else None


@lru_cache(maxsize=64)
def _extent(of: Layer, snapshot: str) -> Box | None:
    del snapshot  # part of the key only: a new snapshot is measured anew
    row = _run(sql.extent(of)).rows[0]
    return Box(*row) if row[0] is not None else None


@lru_cache(maxsize=64)
def _span(of: Layer, snapshot: str) -> tuple[date | None, date | None]:
    del snapshot
    first, last = _run(sql.span(of)).rows[0]
    return first, last


def _snapshot(of: Layer) -> SnapshotRef:
    found = snapshot_of(of)
    if found is None:
        raise NoRows(layer=of.id, table=of.table)
    return found


def language() -> str:
    """Which names are read: those of the reader's language."""
    return get_language() or sql.CHINESE


def _run(query: sql.Query) -> QueryResult:
    return lake.query(query.sql, query.tables, params=query.parameters)


def _source_crs(of: Layer, contract: Contract) -> str:
    """The coordinate system the source came in, where it was converted."""
    crs = contract.column(of.place.geometry or of.place.lon).crs
    return "" if crs is Crs.WGS84 else crs.value.upper()


def _shown(codes: Any, value: object) -> object:
    return codes.get(str(value), value) if codes else value
