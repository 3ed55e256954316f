"""Checked rows to Parquet: the sound ones as data files, the others as a quarantine file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hutong.lake.logic import plan
from hutong.lake.logic.problems import MEANINGS, QUARANTINED, Kind
from hutong.lake.logic.sql import ident, literal
from hutong.lake.types import Breach

if TYPE_CHECKING:
    from hutong.lake.engine.check import Check

_ROW_GROUP, _VECTOR = 122_880, 2048
_GROUP_BYTES = 12 << 20
_GROUPS = 32  # a row group may take so small a part of what the engine may use


def group(row_bytes: int, limit: int) -> int:
    """Rows of a row group: several are held at once while one is written, so that wide rows, and engines that may
    use few bytes (``limit``), make smaller ones.
    """
    fitting = min(_GROUP_BYTES, limit // _GROUPS) // max(row_bytes, 1) // _VECTOR * _VECTOR
    return min(_ROW_GROUP, max(_VECTOR, fitting))


def data(
    connection: Any, select: str, target: Path, field_ids: Mapping[str, int], *, rows: int = _ROW_GROUP
) -> int:
    """Write a data file with Iceberg field ids, ``rows`` a row group; returns the rows written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    ids = ", ".join(f"{ident(name)}: {number}" for name, number in field_ids.items())
    written = connection.execute(
        f"COPY ({select}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION snappy,"
        f" ROW_GROUP_SIZE {rows}, FIELD_IDS {{{ids}}})"
    ).fetchone()
    return int(written[0])


def quarantine(check: "Check", target: Path) -> int:
    """Write each reason of each quarantined row: number, column, code, original text, the whole record.

    Returns how many reasons there are.
    """
    connection, contract, staged = check.connection, check.contract, check.staged
    names = [each.name for each in contract.columns]
    record = f'to_json(map({_list(literal(name) for name in names)}, "#texts"))'
    held = '(SELECT *, "#raw" AS "#texts" FROM held)'
    texts = _list(f"{ident(name)}::VARCHAR" for name in names)
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE later AS SELECT part, code, pos + coalesce(g.dropped, 0) AS "#rid", "#texts" FROM'
        f' (SELECT "#pos", {texts} AS "#texts" FROM {check.whole}) JOIN late ON pos = "#pos"'
        " ASOF LEFT JOIN gaps g ON pos >= g.before"
    )
    parts = [
        f'SELECT "#rid", {literal(name)} AS part, {ident("p:" + name)} - {QUARANTINED} AS kind, NULL AS code,'
        f' "#texts"[{place}] AS original, {record} AS record FROM {held}'
        f" WHERE {ident('p:' + name)} >= {QUARANTINED}"
        for place, name in enumerate(names, 1)
    ]
    for place, rule in enumerate(plan.row_rules(contract)):
        if rule.breach is Breach.QUARANTINE:
            parts.append(
                f"SELECT \"#rid\", {literal(rule.id)}, 0, 'rule-check', NULL, {record} FROM {held}"
                f' WHERE "#q" & {1 << place} <> 0'
            )
    parts.append(f'SELECT "#rid", part, 0, code, NULL, {record} FROM later')
    codes = " ".join(f"WHEN {int(kind)} THEN {literal(meaning.code)}" for kind, meaning in _pairs())
    check.skipped()
    shift = f'(SELECT count(*) FROM skipped s WHERE s.before <= "#rid" + {staged.first_row})'
    if staged.rejects:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE broken AS"
            " SELECT line, any_value(csv_line) AS text,"
            " any_value(lower(replace(error_type::VARCHAR, ' ', '-'))) AS reason"
            " FROM rejects GROUP BY line"
        )
    query = (
        f'SELECT ("#rid" + {staged.first_row} + {shift})::BIGINT AS row, part AS col,'
        f" CASE kind {codes} ELSE code END AS code, original, record::VARCHAR AS record"
        f" FROM ({' UNION ALL '.join(parts)})"
    )
    if staged.rejects:
        query += " UNION ALL SELECT line::BIGINT, reason, 'ragged-row', left(text, 2000), NULL FROM broken"
    target.parent.mkdir(parents=True, exist_ok=True)
    written = connection.execute(
        f"COPY ({query} ORDER BY 1, 2) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)"
    ).fetchone()
    return int(written[0])


def _pairs() -> list[tuple[Kind, Any]]:
    return sorted(MEANINGS.items())


def _list(parts: Any) -> str:
    return f"[{', '.join(parts)}]"
