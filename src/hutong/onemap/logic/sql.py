"""The queries of the map. Column names come from checked packs and contracts; values are parameters."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from hutong.onemap.types import Box, Layer

CHINESE: Final = "zh-hans"
DIGITS: Final = 6  # decimals of a coordinate: 0.1 m


@dataclass(frozen=True, slots=True)
class Query:
    """SQL over the tables it names, with its parameters."""

    sql: str
    tables: tuple[str, ...]
    parameters: dict[str, Any]


def features(layer: Layer, box: Box | None, as_of: date | None, limit: int, language: str = CHINESE) -> Query:
    """One row: the features of ``layer`` as a JSON list, how many there are, whether there are more.

    GeoJSON is written by the engine, so that no feature passes through Python one by one.
    """
    rows = _rows(layer, box, as_of)
    joins = "".join(
        f", {_literal(dimension)}, CAST({_name(column)} AS VARCHAR)"
        for dimension, column in layer.joins.items()
    )
    point = _point(layer)
    feature = (
        '\'{"type":"Feature","id":\' || to_json(CAST(' + _name(layer.key) + " AS VARCHAR))"
        " || ',\"geometry\":' || " + _geojson(layer) + " || ',\"properties\":' || json_object("
        f"'id', CAST({_name(layer.key)} AS VARCHAR), 'label', {_label(layer, language)}, "
        f"'short', {_short(layer, language)}, "
        f"'x', round(ST_X({point}), {DIGITS}), 'y', round(ST_Y({point}), {DIGITS}){joins}) || '}}'"
    )
    sql = (
        f"WITH bounded AS (SELECT {feature} AS feature, row_number() OVER () AS n "
        f"FROM ({rows.sql} LIMIT $limit + 1) AS chosen) "
        "SELECT '[' || coalesce(string_agg(feature, ',' ORDER BY n) FILTER (WHERE n <= $limit), '') || ']' "
        "AS features, count(*) FILTER (WHERE n <= $limit) AS returned, count(*) > $limit AS more FROM bounded"
    )
    return Query(sql, rows.tables, {**rows.parameters, "limit": limit})


def one(
    layer: Layer, key: str, columns: tuple[str, ...], as_of: date | None, language: str = CHINESE
) -> Query:
    """The row of one feature: its label, where it is, and ``columns``."""
    rows = _rows(layer, None, as_of)
    point = _point(layer)
    chosen = ", ".join(_name(each) for each in columns)
    sql = (
        f"SELECT {_label(layer, language)} AS feature_label, ST_X({point}) AS feature_x, "
        f"ST_Y({point}) AS feature_y{', ' if chosen else ''}{chosen} "
        f"FROM ({rows.sql}) AS chosen WHERE CAST({_name(layer.key)} AS VARCHAR) = $key LIMIT 1"
    )
    return Query(sql, rows.tables, {**rows.parameters, "key": key})


def shown_row(layer: Layer, key: str) -> str:
    """The query of one row as a person would write it, for the walk to the proof."""
    where = f" AND {layer.where}" if layer.where else ""
    return f"SELECT *\nFROM {layer.sql_name}\nWHERE {layer.key} = {_literal(key)}{where}"


def search(layer: Layer, words: str, limit: int, language: str = CHINESE) -> Query:
    """Features whose label contains ``words``, those that begin with it first."""
    point = _point(layer)
    label = _label(layer, language)
    where = f" AND ({layer.where})" if layer.where else ""
    sql = (
        f"SELECT CAST({_name(layer.key)} AS VARCHAR) AS key, {label} AS label, "
        f"round(ST_X({point}), {DIGITS}) AS x, round(ST_Y({point}), {DIGITS}) AS y "
        f"FROM {_name(layer.sql_name)} WHERE contains(lower({label}), lower($words)) AND {_located(layer)}{where} "
        f"ORDER BY NOT starts_with(lower({label}), lower($words)), length({label}), {label} LIMIT $limit"
    )
    return Query(sql, (layer.table,), {"words": words, "limit": limit})


def members(layer: Layer, dimension: str, as_of: date | None, language: str = CHINESE) -> Query:
    """Key, label and member of ``dimension`` of every feature, by label."""
    rows = _rows(layer, None, as_of)
    sql = (
        f"SELECT CAST({_name(layer.key)} AS VARCHAR), {_label(layer, language)}, "
        f"CAST({_name(layer.joins[dimension])} AS VARCHAR) FROM ({rows.sql}) AS chosen ORDER BY 1 LIMIT 5000"
    )
    return Query(sql, rows.tables, rows.parameters)


def extent(layer: Layer) -> Query:
    """The box around all features."""
    shape = _shape(layer)
    sql = (
        f"SELECT min(ST_XMin({shape})), min(ST_YMin({shape})), max(ST_XMax({shape})), max(ST_YMax({shape})) "
        f"FROM {_name(layer.sql_name)} WHERE {_located(layer)}"
    )
    return Query(sql, (layer.table,), {})


def span(layer: Layer) -> Query:
    """The first and last day of the layer's rows; only for a layer with time."""
    if layer.time is None:
        raise ValueError(f"{layer.id} has no time")
    column = _name(layer.time.column)
    sql = f"SELECT CAST(min({column}) AS DATE), CAST(max({column}) AS DATE) FROM {_name(layer.sql_name)}"
    return Query(sql, (layer.table,), {})


def _rows(layer: Layer, box: Box | None, as_of: date | None) -> Query:
    conditions, choose = [_located(layer)], ""
    parameters: dict[str, Any] = {}
    if layer.where:
        conditions.append(f"({layer.where})")
    if box is not None:
        conditions.append(_within(layer))
        parameters |= {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    if layer.time is not None and as_of is not None:
        column = _name(layer.time.column)
        parameters["as_of"] = as_of
        conditions.append(f"CAST({column} AS DATE) <= $as_of")
        if layer.time.shows == "month":
            conditions.append(f"CAST({column} AS DATE) >= date_trunc('month', $as_of)")
    if layer.time is not None and layer.time.shows == "latest":
        column = _name(layer.time.column)
        choose = f" QUALIFY row_number() OVER (PARTITION BY {_name(layer.key)} ORDER BY {column} DESC) = 1"
    sql = f"SELECT * FROM {_name(layer.sql_name)} WHERE {' AND '.join(conditions)}{choose}"
    return Query(sql, (layer.table,), parameters)


def _located(layer: Layer) -> str:
    place = layer.place
    if place.geometry:
        return f"{_name(place.geometry)} IS NOT NULL"
    return f"{_name(place.lon)} IS NOT NULL AND {_name(place.lat)} IS NOT NULL"


def _within(layer: Layer) -> str:
    place = layer.place
    if place.geometry:
        return f"ST_Intersects({_shape(layer)}, ST_MakeEnvelope($west, $south, $east, $north))"
    return f"{_name(place.lon)} BETWEEN $west AND $east AND {_name(place.lat)} BETWEEN $south AND $north"


def _shape(layer: Layer) -> str:
    place = layer.place
    if place.geometry:
        return f"ST_GeomFromWKB({_name(place.geometry)})"
    return f"ST_Point({_name(place.lon)}, {_name(place.lat)})"


def _point(layer: Layer) -> str:
    return (
        f"ST_PointOnSurface({_shape(layer)})"
        if layer.style == "fill"
        else (f"ST_Centroid({_shape(layer)})" if layer.place.geometry else _shape(layer))
    )


def _geojson(layer: Layer) -> str:
    return f"CAST(ST_AsGeoJSON({_shape(layer)}) AS VARCHAR)"


def _short(layer: Layer, language: str) -> str:
    label, suffix = _label(layer, language), layer.suffix.zh if _chinese(layer, language) else layer.suffix.en
    if not suffix:
        return label
    end = _literal(suffix)
    return f"CASE WHEN ends_with({label}, {end}) THEN left({label}, -{len(suffix)}) ELSE {label} END"


def _label(layer: Layer, language: str) -> str:
    return f"CAST({_name(layer.label if _chinese(layer, language) else layer.label_en)} AS VARCHAR)"


def _chinese(layer: Layer, language: str) -> bool:
    return language.startswith("zh") or not layer.label_en


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
