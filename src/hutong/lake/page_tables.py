"""What the lake's pages show as tables."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import get_language, gettext, pgettext

from hutong.lake.logic import quality as scoring
from hutong.lake.types import (
    Column,
    ColumnType,
    Contract,
    Finding,
    LoadRef,
    Quality,
    QuarantinedRow,
    QuarantinePage,
    SnapshotRef,
    TableRef,
)
from hutong.lake.written import write
from hutong.ui.api import unit

_MOST, _LONGEST = 50, 300
_TYPED: Final = frozenset({"duplicate-key"})
_STATES = {
    "committed": "good",
    "unchanged": "good",
    "running": "running",
    "failed": "bad",
    "interrupted": "watch",
}


def table(caption: str, columns: Sequence[tuple[str, str]], rows: Sequence[Any]) -> dict[str, Any]:
    """The options of a table: ``columns`` are titles and kinds."""
    named = [{"key": str(place), "title": title, "kind": kind} for place, (title, kind) in enumerate(columns)]
    return {"caption": caption, "columns": named, "rows": rows}


def tables(found: list[TableRef]) -> dict[str, Any]:
    rows = []
    for each in found:
        last = each.latest
        rows.append(
            [
                {"text": str(each.title) or each.table, "url": f"/lake/{each.table}"},
                {"text": each.table, "kind": "code"},
                last.rows if last else None,
                {"text": last.committed_at, "kind": "when"} if last else None,
                each.score,
            ]
        )
    columns = [
        (pgettext("lake", "Table"), "text"),
        (pgettext("lake", "Identifier"), "text"),
        (gettext("Rows"), "number"),
        (gettext("Newest snapshot"), "when"),
        (gettext("Quality"), "number"),
    ]
    return table(gettext("Tables"), columns, rows)


def loads(found: list[LoadRef], titles: Mapping[str, str]) -> dict[str, Any]:
    rows = [
        [
            {"text": each.source, "url": f"/lake/loads/{each.load_id}"},
            titles.get(each.table) or each.table,
            {"text": state_name(each.state), "state": _STATES.get(each.state, "none"), "kind": "badge"},
            each.rows_loaded,
            each.rows_quarantined,
            {"text": each.started_at, "kind": "when"},
        ]
        for each in found
    ]
    columns = [
        (pgettext("lake", "Source"), "text"),
        (pgettext("lake", "Table"), "text"),
        (gettext("State"), "text"),
        (gettext("Rows loaded"), "number"),
        (gettext("Rows in quarantine"), "number"),
        (gettext("Begun"), "when"),
    ]
    return table(gettext("Loads"), columns, rows)


def state_name(name: str) -> str:
    return {
        "committed": gettext("Taken in"),
        "unchanged": gettext("Unchanged"),
        "running": gettext("Running"),
        "failed": gettext("Refused"),
        "interrupted": gettext("Interrupted"),
    }.get(name, name)


def columns_of(contract: Contract) -> dict[str, Any]:
    rows = [
        [
            str(each.title) or each.name,
            {"text": each.name, "kind": "code"},
            type_name(each.type),
            unit(each.unit),
        ]
        for each in contract.columns
    ]
    labels = (gettext("Column"), pgettext("lake", "Identifier"), gettext("Type"), gettext("Unit"))
    return table(pgettext("lake", "Columns"), [(each, "text") for each in labels], rows)


def type_name(kind: ColumnType) -> str:
    """What a column holds, in words."""
    return {
        ColumnType.TEXT: gettext("Plain text"),
        ColumnType.CODE: gettext("Code from a list"),
        ColumnType.INT: gettext("Whole number"),
        ColumnType.DECIMAL: gettext("Decimal number"),
        ColumnType.FLOAT: gettext("Number"),
        ColumnType.BOOL: gettext("Yes or no"),
        ColumnType.DATE: gettext("Day"),
        ColumnType.DATETIME: gettext("Point in time"),
        ColumnType.MONTH: gettext("Calendar month"),
        ColumnType.YEAR: gettext("Calendar year"),
        ColumnType.MONEY: gettext("Money"),
        ColumnType.PERCENT: gettext("Share"),
        ColumnType.QUANTITY: gettext("Quantity"),
        ColumnType.USCC: gettext("Social credit code"),
        ColumnType.IDNUMBER: gettext("Identity number"),
        ColumnType.PHONE: gettext("Telephone number"),
        ColumnType.LONGITUDE: gettext("Longitude"),
        ColumnType.LATITUDE: gettext("Latitude"),
        ColumnType.GEOMETRY: gettext("Geometry"),
        ColumnType.JSON: "JSON",
    }[kind]


def snapshots(found: list[SnapshotRef]) -> dict[str, Any]:
    rows = [
        [
            {"text": str(each.sequence), "url": f"/lake/{each.table}/{each.sequence}"},
            {"text": each.committed_at, "kind": "when"},
            each.rows,
            {"text": str(each.entry_id), "url": f"/ledger/entries/{each.entry_id}"},
        ]
        for each in found[:_MOST]
    ]
    columns = [
        (gettext("Snapshot"), "text"),
        (gettext("Committed"), "when"),
        (gettext("Rows"), "number"),
        (gettext("Entry in the log"), "text"),
    ]
    return table(gettext("Snapshots"), columns, rows)


def dimensions(found: Quality) -> dict[str, Any]:
    rows = [[str(scoring.NAMES[each.dimension]), each.score, str(each.why)] for each in found.dimensions]
    columns = [
        (gettext("Dimension"), "text"),
        (gettext("Score"), "number"),
        (gettext("Why"), "text"),
    ]
    return table(gettext("Quality"), columns, rows)


def findings(found: tuple[Finding, ...]) -> dict[str, Any]:
    outcomes = {
        "quarantined": gettext("Quarantined"),
        "warned": gettext("Warned"),
        "emptied": gettext("Emptied"),
        "noted": gettext("Noted"),
    }
    rows = [
        [
            str(each.what),
            {"text": each.column, "kind": "code"} if each.column else "",
            each.count,
            outcomes[each.outcome],
            ", ".join(map(str, each.rows)),
            str(each.fix),
        ]
        for each in sorted(found, key=lambda one: -one.count)
    ]
    columns = [
        (gettext("Defect"), "text"),
        (gettext("Where"), "text"),
        (gettext("Rows"), "number"),
        (pgettext("lake", "Outcome"), "text"),
        (gettext("First rows"), "text"),
        (gettext("What to do"), "text"),
    ]
    return {**table(gettext("Defects found"), columns, rows), "empty": gettext("No defects were found.")}


def held(page: QuarantinePage, contract: Contract) -> dict[str, Any]:
    rows = [
        [each.row, _named(each.column, contract), str(each.what), _came(each, contract), str(each.fix)]
        for each in page.rows
    ]
    columns = [
        (gettext("Source row"), "number"),
        (gettext("Column"), "text"),
        (gettext("Reason"), "text"),
        (gettext("Original value"), "text"),
        (gettext("What to do"), "text"),
    ]
    return table(gettext("Rows in quarantine"), columns, rows)


def _named(found: str, contract: Contract) -> Any:
    """The columns that a reason is about by their titles; a rule by its name."""
    known = {each.name: str(each.title) or each.name for each in contract.columns}
    names = [each.strip() for each in found.split(",")]
    if set(names) <= set(known):
        return ("、" if _chinese() else ", ").join(known[each] for each in names)
    return {"text": found, "kind": "code"}


def _came(row: QuarantinedRow, contract: Contract) -> str:
    """The value as it came; a whole row column by column, with titles and units as its source has them."""
    given = _record(row.original)
    if given is None:
        return row.original[:_LONGEST]
    typed = row.code in _TYPED
    parts = []
    for column in contract.columns:
        value = given.get(column.name)
        if value in {None, ""}:
            continue
        title = str(column.title) or column.name
        parts.append(f"{title} {_as_in_source(column, str(value), typed=typed)}")
    return ("；" if _chinese() else "; ").join(parts)[:_LONGEST]


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _record(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if text.startswith("{") else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _as_in_source(column: Column, text: str, *, typed: bool) -> str:
    """A value that was read already (money in fen, a month as its first day) as people write it."""
    if typed and column.type is ColumnType.MONTH:
        return text[:7]
    if typed and column.type is ColumnType.MONEY and text.lstrip("-").isdigit():
        shown = write(column, [int(text)], get_language() or "zh-hans")
        return f"{shown.texts[0]} {shown.unit}"
    return text
