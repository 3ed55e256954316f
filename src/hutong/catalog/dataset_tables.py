"""What the pages about one dataset show in tables: plain options for the `table` component. Quality is elsewhere."""

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hutong.catalog.types import VersionRef
from hutong.lake import api as lake
from hutong.lake.types import (
    Column,
    Contract,
    LoadRef,
    QueryResult,
    SnapshotRef,
)
from hutong.ledger import api as ledger
from hutong.ui.api import unit

Options = dict[str, Any]


def columns(contract: Contract) -> Options:
    return table(
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
    return table(
        _("Rules"),
        (
            ("id", _("Rule"), "code"),
            ("because", _("Reason shown"), ""),
            ("check", _("Check"), "code"),
            ("breach", _("When broken"), "code"),
        ),
        rows,
    )


def sample(shown: QueryResult, contract: Contract, withheld: Collection[tuple[int, str]] = ()) -> Options:
    """``withheld`` are the cells, by row and column, that count few people."""
    names = {each.name: each for each in contract.columns}
    heads, rows = [], [dict[str, Any]() for _row in shown.rows]
    for index, name in enumerate(shown.columns):
        column = names.get(name)
        written = lake.write(column, [row[index] for row in shown.rows], get_language() or "zh-hans")
        title = str(column.title) if column and column.title.zh else name
        measure = unit(written.unit) if written.unit else ""
        heads.append(
            (
                name,
                f"{title} ({measure})" if measure else title,
                "number" if written.numeric else "",
            )
        )
        for place, (cells, text) in enumerate(zip(rows, written.texts, strict=True)):
            cells[name] = _("withheld") if (place, name) in withheld else text
    return {**table(_("Sample"), heads, rows), "dense": True, "empty": _("The table has no rows.")}


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
    return {**table(_("Snapshots"), heads, rows), "empty": _("Nothing has been loaded into this table.")}


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
    return {**table(_("Loads"), heads, rows), "empty": _("Nothing has been loaded into this table.")}


def differences(version: VersionRef, found: Iterable[Any]) -> Options:
    rows = [{"key": each.what, "before": each.before or "—", "after": each.after or "—"} for each in found]
    heads = (("key", _("Field"), ""), ("before", _("Before"), ""), ("after", _("After"), ""))
    return table(_("Changes of version %(number)s") % {"number": version.version}, heads, rows)


def table(caption: str, heads: Iterable[tuple[str, str, str]], rows: list[dict[str, Any]]) -> Options:
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
