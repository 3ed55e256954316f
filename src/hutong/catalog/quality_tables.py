"""What the page of a dataset's quality shows in tables: scores, findings, the profile, the drift."""

from collections.abc import Iterable

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hutong.catalog.dataset_tables import Options, table
from hutong.catalog.few import Shown
from hutong.lake import api as lake
from hutong.lake.types import Column, ColumnType, Contract, Drift, Quality

_DRIFT = {"steady": "good", "moving": "watch", "changed": "bad"}
_OUTCOME = {"quarantined": "bad", "warned": "watch", "emptied": "watch", "noted": "none"}


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
    return table(
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
    return {**table(_("What was found"), heads, rows), "empty": _("Nothing to complain about.")}


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
    return table(
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
    return table(
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
