"""The mid-term report of a plan as a Word document and a workbook, in the language of the reader.

Every figure names the snapshots it was computed from and their entries in the log.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hutong.indicators.plans.types import IndicatorView, PlanView, TaskView

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
Row = Sequence[str | float | None]


@dataclass(frozen=True, slots=True)
class Words:
    """How the report names states; handed in, since pages and reports say the same."""

    pace: dict[str, str]
    task: dict[str, str]
    nature: dict[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """The report before it is written: a heading, sentences, and tables with their heads."""

    title: str
    summary: tuple[str, ...]
    indicators: tuple[Row, ...]
    tasks: tuple[Row, ...]
    warnings: tuple[str, ...]
    sources: tuple[Row, ...]


def compose(plan: PlanView, words: Words) -> Report:
    """The contents of the report."""
    counts = plan.counts
    on_way = counts.get("met", 0) + counts.get("on-track", 0)
    summary = (
        _("Period %(from)s to %(to)s, as of %(day)s.")
        % {"from": plan.period[0], "to": plan.period[1], "day": plan.as_of.isoformat()},
        _("Of %(all)s indicators %(good)s are met or on track, %(bad)s behind or not met yet, %(none)s without data.")
        % {
            "all": len(plan.indicators),
            "good": on_way,
            "bad": counts.get("behind", 0) + counts.get("short", 0),
            "none": counts.get("no-data", 0),
        },
        _("Of %(all)s tasks %(done)s are done (%(unproven)s of them without evidence), %(doing)s under way, "
          "%(overdue)s overdue.")
        % {"all": len(plan.tasks), "done": counts.get("done", 0), "unproven": counts.get("unproven", 0),
           "doing": counts.get("doing", 0), "overdue": counts.get("overdue", 0)},
    )  # fmt: skip
    return Report(
        _("%(plan)s: mid-term report") % {"plan": str(plan.title)},
        summary,
        (_indicator_head(), *(_indicator(each, words) for each in plan.indicators)),
        (_task_head(), *(_task(each, words) for each in plan.tasks)),
        tuple(
            _("%(task)s is said to be done, but nothing proves it.") % {"task": str(each.title)}
            for each in plan.tasks
            if each.unproven
        ),
        (_source_head(), *_sources(plan)),
    )


def _indicator_head() -> Row:
    return (
        _("Indicator"), _("Unit"), _("Nature"), _("Baseline"), _("Target"), _("Expected by now"), _("Now"),
        _("State"), _("In the plan"),
    )  # fmt: skip


def _indicator(each: IndicatorView, words: Words) -> Row:
    base = each.baseline
    return (
        str(each.title), each.unit, words.nature.get(each.nature, ""),
        (base.value if base.value is not None else base.text) if base else None,
        each.target.text, _due(each), each.measured.value if each.measured else None,
        words.pace[each.progress.pace.value], each.reference,
    )  # fmt: skip


def _task_head() -> Row:
    return (_("Task"), _("Owner"), _("Deadline"), _("State"), _("Evidence"), _("Note"), _("In the plan"))


def _task(each: TaskView, words: Words) -> Row:
    state = words.task[each.state.value]
    flag = _("without evidence") if each.unproven else _("overdue") if each.overdue else ""
    return (
        str(each.title), str(each.owner_title), each.deadline.isoformat() if each.deadline else "",
        f"{state} ({flag})" if flag else state, "\n".join(item["text"] for item in each.evidence), each.note,
        each.reference,
    )  # fmt: skip


def _source_head() -> Row:
    return (
        _("Indicator"),
        _("As of"),
        _("Computed, log entry"),
        _("Table"),
        _("Snapshot"),
        _("Snapshot, log entry"),
    )


def _sources(plan: PlanView) -> list[Row]:
    rows: list[Row] = []
    for each in plan.indicators:
        if each.measured:
            day, entry = each.measured.as_of.isoformat(), str(each.measured.entry_id)
            rows += [
                (str(each.title), day, entry, known.table, known.urn, str(known.entry_id))
                for known in each.measured.snapshots
            ]
    return rows


def as_word(report: Report) -> bytes:
    """The report as .docx."""
    import docx  # noqa: PLC0415 - slow to import, needed for reports only
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415 - with it
    from docx.oxml.ns import qn  # noqa: PLC0415 - with it

    document = docx.Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = (
        WD_ORIENT.LANDSCAPE,
        page.page_height,
        page.page_width,
    )
    font = document.styles["Normal"].font
    font.name = "Noto Serif CJK SC"
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    document.add_heading(_clean(report.title), 0)
    for sentence in report.summary:
        document.add_paragraph(_clean(sentence))
    for heading, rows in (
        (_("Indicators"), report.indicators),
        (_("Tasks"), report.tasks),
        (_("Sources of the figures"), report.sources),
    ):
        document.add_heading(heading, 1)
        if heading == _("Tasks"):
            for warning in report.warnings:
                document.add_paragraph(_clean(warning), style="List Bullet")
        _word_table(document, rows)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _word_table(document: "object", rows: Sequence[Row]) -> None:
    if len(rows) == 1:
        document.add_paragraph(_("None."))  # type: ignore[attr-defined]
        return
    table = document.add_table(rows=0, cols=len(rows[0]))  # type: ignore[attr-defined]
    table.style = "Table Grid"
    for number, row in enumerate(rows):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(_shown(value))
            if number == 0:
                cell.paragraphs[0].runs[0].bold = True


def as_sheet(report: Report) -> bytes:
    """The report as .xlsx; text that a spreadsheet would take for a formula is kept as text."""
    import openpyxl  # noqa: PLC0415 - slow to import, needed for reports only
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - with it

    book = openpyxl.Workbook()
    first = book.active
    first.title = _("Summary")
    for sentence in (report.title, *report.summary, *report.warnings):
        first.append([neutral(sentence)])
    first["A1"].font = Font(bold=True, size=14)
    first.column_dimensions["A"].width = 110
    for title, rows in (
        (_("Indicators"), report.indicators),
        (_("Tasks"), report.tasks),
        (_("Sources"), report.sources),
    ):
        sheet = book.create_sheet(title[:31])
        for row in rows:
            sheet.append([neutral(value) for value in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for number, column in enumerate(sheet.columns):
            sheet.column_dimensions[column[0].column_letter].width = 44 if number == 0 else 20
            for cell in column:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if isinstance(cell.value, float):
                    cell.number_format = "#,##0.##" if cell.value % 1 else "#,##0"
        sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def neutral(value: str | float | None) -> str | float | None:
    """A cell value that no spreadsheet runs: a leading apostrophe where the text looks like a formula (OWASP)."""
    if not isinstance(value, str):
        return value
    text = _clean(value)[:32_000]
    return f"'{text}" if text.startswith(_FORMULA) else text


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)


def _shown(value: str | float | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,.2f}".rstrip("0").rstrip(".")


def _due(each: IndicatorView) -> float | str | None:
    """The value due by now, or why there is none."""
    return (
        _rounded(each.progress.expected) if each.progress.expected is not None else str(each.progress.reason)
    )


def _rounded(value: float | None) -> float | None:
    return round(value, 2) if value is not None else None
