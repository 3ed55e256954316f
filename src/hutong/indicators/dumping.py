"""Figures and walks as JSON values, for the command and the machine interface."""

from typing import Any

from hutong.indicators.types import Computation, Definition, Figure, Reading, Target, Walk


def dump_definition(each: Definition) -> dict[str, Any]:
    return {
        "id": each.id,
        "urn": each.urn,
        "hash": each.hash,
        "title": each.title.as_dict(),
        "summary": each.summary.as_dict(),
        "unit": each.unit.as_dict(),
        "group": each.group,
        "period": each.period.value,
        "direction": each.direction.value,
        "nature": each.nature.value,
        "reference": each.reference,
        "tables": list(each.tables),
        "dimensions": [one.id for one in each.dimensions],
        "targets": [_target(one) for one in each.targets],
        "query": each.query,
        "file": each.file,
        "line": each.line,
    }


def _target(each: Target) -> dict[str, Any]:
    low, high = (None if bound is None else float(bound) for bound in (each.low, each.high))
    return {"year": each.year, "low": low, "high": high, "about": each.about}


def dump_figure(each: Figure) -> dict[str, Any]:
    return {
        "indicator": each.indicator,
        "urn": each.urn,
        "title": each.title.as_dict(),
        "unit": each.unit.as_dict(),
        "as_of": each.as_of.isoformat(),
        "period": each.period.isoformat() if each.period else None,
        "dims": dict(each.dims),
        "value": each.value,
        "text": each.text,
        "withheld": each.withheld,
        "previous": each.previous,
        "change": each.change,
        "year_before": each.year_before,
        "change_year": each.change_year,
        "state": each.state.value,
        "series": [[point.period.isoformat() if point.period else None, point.text] for point in each.series],
        "snapshots": [reading.urn for reading in each.readings],
        "entry": each.entry_id,
        "computed_at": each.computed_at.isoformat() if each.computed_at else None,
        "url": each.url,
    }


def dump_computation(each: Computation) -> dict[str, Any]:
    return {
        "urn": each.urn,
        "indicator": each.indicator,
        "as_of": each.as_of.isoformat(),
        "known_at": each.known_at.isoformat() if each.known_at else None,
        "definition": each.definition,
        "query": each.query,
        "result": each.result,
        "points": each.points,
        "entry": each.entry_id,
        "computed_at": each.computed_at.isoformat(),
        "elapsed_ms": each.elapsed_ms,
        "snapshots": [_reading(one) for one in each.readings],
    }


def _reading(each: Reading) -> dict[str, Any]:
    return {
        "table": each.table,
        "urn": each.urn,
        "sequence": each.sequence,
        "iceberg_id": str(each.iceberg_id),
        "rows": each.rows,
        "entry": each.entry_id,
        "committed_at": each.committed_at.isoformat(),
    }


def dump_walk(each: Walk) -> dict[str, Any]:
    return {
        "definition": dump_definition(each.definition),
        "computation": dump_computation(each.computation),
        "sql": each.sql,
        "rows_sql": each.rows_sql,
        "spark": each.spark,
    }
