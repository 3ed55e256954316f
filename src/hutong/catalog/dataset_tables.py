"""What the pages about one dataset show in tables: plain options for the `table` component."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hutong.catalog.few import Shown
from hutong.catalog.types import VersionRef
from hutong.lake import api as lake
from hutong.lake.types import (
    Column,
    ColumnType,
    Contract,
    Drift,
    LoadRef,
    Quality,
    QueryResult,
    SnapshotRef,
)
from hutong.ledger import api as ledger

Options = dict[str, Any]
_DRIFT = {"steady": "good", "moving": "watch", "changed": "bad"}
_OUTCOME = {"quarantined": "bad", "warned": "watch", "emptied": "watch", "noted": "none"}


def columns(contract: Contract) -> Options:
    return _table(
        _("Columns"),
        (
            ("name", _("Name"), "code"),
            ("title", _("Title"), ""),
            ("type", _("Type"), "code"),
            ("unit", _("Unit"), ""),
            ("required", _("Required"), ""),
            ("allowed", _("Allowed"), ""),
            ("masked", _("Masked"), ""),
        ),
        [_column(each, contract) for each in contract.columns],
    )


def rules(contract: Contract) -> Options | None:
    if not contract.rules:
        return None
    rows = [
        {
            "id": each.id,
            "because": str(each.because),
            "check": each.check or each.kind,
            "breach": each.breach.value,
        }
        for each in contract.rules
    ]
    return _table(
        _("Rules"),
        (
            ("id", _("Rule"), "code"),
            ("because", _("Reason shown"), ""),
            ("check", _("Check"), "code"),
            ("breach", _("When broken"), "code"),
        ),
        rows,
    )


def sample(shown: QueryResult, contract: Contract) -> Options:
    names = {each.name: each for each in contract.columns}
    heads, rows = [], [dict[str, Any]() for _row in shown.rows]
    for index, name in enumerate(shown.columns):
        column = names.get(name)
        written = lake.write(column, [row[index] for row in shown.rows], get_language() or "zh-hans")
        title = str(column.title) if column and column.title.zh else name
        heads.append(
            (
                name,
                f"{title} ({written.unit})" if written.unit else title,
                "number" if written.numeric else "",
            )
        )
        for cells, text in zip(rows, written.texts, strict=True):
            cells[name] = text
    return {**_table(_("Sample"), heads, rows), "dense": True, "empty": _("The table has no rows.")}


def dimensions(quality: Quality) -> Options:
    titles = {
        "completeness": _("Completeness"),
        "validity": _("Validity"),
        "uniqueness": _("Uniqueness"),
        "consistency": _("Consistency"),
        "accuracy": _("Accuracy"),
        "timeliness": _("Timeliness"),
    }
    rows = [
        {
            "dimension": titles[each.dimension.value],
            "score": each.score,
            "affected": each.affected,
            "checked": each.checked,
            "why": str(each.why),
        }
        for each in quality.dimensions
    ]
    return _table(
        _("Score by dimension"),
        (
            ("dimension", _("Dimension"), ""),
            ("score", _("Score"), "number"),
            ("affected", _("Affected"), "number"),
            ("checked", _("Checked"), "number"),
            ("why", pgettext("catalog", "Why"), ""),
        ),
        rows,
    )


def findings(quality: Quality) -> Options:
    rows = [
        {
            "column": each.column,
            "what": str(each.what),
            "count": each.count,
            "outcome": {"text": outcome_title(each.outcome), "state": _OUTCOME[each.outcome]},
            "rows": "、".join(str(row) for row in each.rows[:5]),
            "fix": str(each.fix),
        }
        for each in quality.findings
    ]
    heads = (
        ("column", _("Column or rule"), "code"),
        ("what", _("Finding"), ""),
        ("count", _("Rows"), "number"),
        ("outcome", _("Outcome"), "badge"),
        ("rows", _("First at source row"), ""),
        ("fix", _("Fix"), ""),
    )
    return {**_table(_("What was found"), heads, rows), "empty": _("Nothing to complain about.")}


def outcome_title(outcome: str) -> str:
    return {
        "quarantined": _("Quarantined"),
        "warned": _("Let in, counted"),
        "emptied": _("Value emptied"),
        "noted": pgettext("catalog", "Noted"),
    }[outcome]


def profile(found: Iterable[Shown], total: int, contract: Contract) -> Options:
    names = {each.name: each for each in contract.columns}
    rows = [
        {
            "title": _titled(names.get(each.column), each.column),
            "column": each.column,
            "nulls": each.empty / total if total and each.empty is not None else None,
            "distinct": each.distinct,
            "low": _said_of(names.get(each.column), each.low),
            "high": _said_of(names.get(each.column), each.high),
            "top": "、".join(
                f"{_said_of(names.get(each.column), value)} ({count:,})" for value, count in each.top[:3]
            )
            or (_("withheld: few people") if each.withheld else ""),
        }
        for each in found
    ]
    return _table(
        _("Profile"),
        (
            ("title", pgettext("catalog", "Column"), ""),
            ("column", _("Name"), "code"),
            ("nulls", _("Empty"), "percent"),
            ("distinct", _("Distinct"), "number"),
            ("low", _("Lowest"), ""),
            ("high", _("Highest"), ""),
            ("top", _("Most frequent"), ""),
        ),
        rows,
    )


def _titled(column: Column | None, name: str) -> str:
    return str(column.title) if column and column.title.zh else name


def _said_of(column: Column | None, value: str | None) -> str:
    """A value of the profile, which keeps them as texts; money in the column's unit."""
    if value and column and column.type is ColumnType.MONEY and value.lstrip("-").isdigit():
        written = lake.write(column, [int(value)], get_language() or "zh-hans")
        return f"{written.texts[0]} {written.unit}"
    return value or ""


def drift(found: Drift) -> Options | None:
    if found.before is None:
        return None
    rows = [
        {
            "column": each.column,
            "psi": each.psi,
            "before": each.nulls_before,
            "now": each.nulls_now,
            "new": "、".join(each.new_values[:5]),
            "verdict": {"text": drift_title(each.verdict), "state": _DRIFT[each.verdict]},
        }
        for each in found.columns
    ]
    return _table(
        _("Drift against the snapshot before"),
        (
            ("column", pgettext("catalog", "Column"), "code"),
            ("psi", "PSI", "number"),
            ("before", _("Empty before"), "percent"),
            ("now", _("Empty now"), "percent"),
            ("new", _("New values"), ""),
            ("verdict", _("Verdict"), "badge"),
        ),
        rows,
    )


def drift_title(verdict: str) -> str:
    return {"steady": _("Steady"), "moving": _("Moving"), "changed": _("Shifted")}[verdict]


def snapshots(found: Iterable[SnapshotRef]) -> Options:
    rows = [
        {
            "sequence": {"text": f"#{each.sequence}", "url": f"/id/{each.urn}"},
            "at": each.committed_at,
            "rows": each.rows,
            "contract": each.contract_version,
            "proof": {
                "text": _("entry %(id)s") % {"id": each.entry_id},
                "url": f"/id/{ledger.entry_urn(each.entry_id)}",
            },
        }
        for each in found
    ]
    heads = (
        ("sequence", _("Snapshot"), ""),
        ("at", _("Committed"), "when"),
        ("rows", _("Rows"), "number"),
        ("contract", _("Contract version"), "number"),
        ("proof", _("Proof"), ""),
    )
    return {**_table(_("Snapshots"), heads, rows), "empty": _("Nothing has been loaded into this table.")}


def loads(found: Iterable[LoadRef]) -> Options:
    rows = [
        {
            "source": {"text": each.source, "url": f"/id/{each.urn}"},
            "at": each.started_at,
            "actor": each.actor,
            "rows_in": each.rows_in,
            "kept": each.rows_loaded,
            "out": each.rows_quarantined,
            "sha256": each.sha256[:12],
        }
        for each in found
    ]
    heads = (
        ("source", _("Source"), ""),
        ("at", _("Loaded"), "when"),
        ("actor", _("By"), ""),
        ("rows_in", _("Rows in"), "number"),
        ("kept", pgettext("catalog", "Rows loaded"), "number"),
        ("out", _("Quarantined"), "number"),
        ("sha256", "SHA-256", "code"),
    )
    return {**_table(_("Loads"), heads, rows), "empty": _("Nothing has been loaded into this table.")}


def differences(version: VersionRef, found: Iterable[Any]) -> Options:
    rows = [{"key": each.what, "before": each.before or "—", "after": each.after or "—"} for each in found]
    heads = (("key", _("Field"), ""), ("before", _("Before"), ""), ("after", _("After"), ""))
    return _table(_("Changes of version %(number)s") % {"number": version.version}, heads, rows)


def _table(caption: str, heads: Iterable[tuple[str, str, str]], rows: list[dict[str, Any]]) -> Options:
    columns = [{"key": key, "title": title, **({"kind": kind} if kind else {})} for key, title, kind in heads]
    return {"caption": caption, "columns": columns, "rows": rows}


def _column(each: Column, contract: Contract) -> dict[str, Any]:
    return {
        "name": each.name,
        "title": str(each.title) if each.title.zh else "",
        "type": each.type.value,
        "unit": each.unit,
        "required": _("key") if each.name in contract.key else (_("yes") if each.required else ""),
        "allowed": allowed(each),
        "masked": _("masked") if each.sensitive else "",
    }


def allowed(column: Column) -> str:
    """What the contract lets in, in a line."""
    if column.codes:
        listed = [
            f"{code} {title}" if title.zh and title.zh != code else code
            for code, title in column.codes.items()
        ]
        return "、".join(listed[:12]) + ("…" if len(listed) > 12 else "")
    low, high = column.range
    if low is not None or high is not None:
        return f"{low if low is not None else '…'} – {high if high is not None else '…'}"
    return column.pattern
