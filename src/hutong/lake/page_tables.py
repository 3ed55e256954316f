"""What the lake's pages show as tables."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext, pgettext

from hutong.lake.logic import quality as scoring
from hutong.lake.types import (
    ColumnType,
    Contract,
    Finding,
    LoadRef,
    Quality,
    QuarantinePage,
    SnapshotRef,
    TableRef,
)

_MOST = 50
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


def loads(found: list[LoadRef]) -> dict[str, Any]:
    rows = [
        [
            {"text": each.source, "url": f"/lake/loads/{each.load_id}"},
            {"text": each.table, "kind": "code"},
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
        [str(each.title) or each.name, {"text": each.name, "kind": "code"}, type_name(each.type), each.unit]
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


def held(page: QuarantinePage) -> dict[str, Any]:
    rows = [
        [each.row, {"text": each.column, "kind": "code"}, str(each.what), each.original[:300], str(each.fix)]
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
