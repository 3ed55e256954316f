"""Plans and their tasks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from hutong.accounts.api import Actor, Target, allow, may, organisations, requires
from hutong.indicators.opening import plan_for
from hutong.indicators.pages.evidence import shown
from hutong.indicators.pages.words import (
    PACE_STATES,
    day_of,
    figure,
    insider,
    may_report,
    nature_word,
    pace_word,
    sees_work,
    task_state,
    task_word,
    viewer,
)
from hutong.indicators.plans import registry
from hutong.indicators.plans.types import IndicatorView, PlanView, TaskState, TaskView
from hutong.kernel.errors import HutongError
from hutong.ui.api import Crumb, when


@require_safe
@requires("plan.view")
def listing(request: HttpRequest) -> HttpResponse:
    """All plans in force."""
    actor = viewer(request)
    work = sees_work(actor)
    rows = [
        {
            "title": {"text": str(each.title), "url": reverse("plan", args=[each.id])},
            "period": f"{each.period[0]}—{each.period[1]}",
            "indicators": each.indicators,
            "tasks": each.tasks,
            "done": each.done,
            "unproven": {"text": str(each.unproven), "state": "bad"} if each.unproven else "",
        }
        for each in registry.plans()
    ]
    table = {
        "caption": _("Plans"),
        "columns": [
            {"key": "title", "title": _("Plan")},
            {"key": "period", "title": _("Period")},
            {"key": "indicators", "title": _("Indicators"), "kind": "number"},
            {"key": "tasks", "title": _("Tasks"), "kind": "number"},
            *(_work_columns() if work else ()),
        ],
        "rows": rows,
        "empty": _("No plan has been brought in yet."),
    }
    return render(
        request, "indicators/plans.html", {"table": table, "may_import": bool(may(actor, "plan.review"))}
    )


def _work_columns() -> list[dict[str, str]]:
    return [
        {"key": "done", "title": pgettext("indicators", "Done"), "kind": "number"},
        {"key": "unproven", "title": _("Done, without evidence")},
    ]


@require_safe
@requires("plan.view")
def plan(request: HttpRequest, plan: str) -> HttpResponse:
    """One plan on a day."""
    actor = viewer(request)
    work = sees_work(actor)
    found = plan_for(actor, registry.plan(plan, day_of(request)))
    query = f"?as_of={found.as_of.isoformat()}" if "as_of" in request.GET else ""
    context = {
        "plan": found,
        "title": str(found.title),
        "work": work,
        "figures": [*_standing(found), *(_progress(found) if work else ())],
        "indicators": _indicators(found),
        "tasks": _tasks(found) if work else _promises(found),
        "day": {"name": "as_of", "label": _("As of"), "kind": "date", "value": found.as_of.isoformat()},
        "word_url": reverse("plan-report-docx", args=[found.id]) + query,
        "sheet_url": reverse("plan-report-xlsx", args=[found.id]) + query,
        "crumbs": [Crumb(_("Plans"), reverse("plans")), Crumb(str(found.title))],
    }
    return render(request, "indicators/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("plan.view")
def task(request: HttpRequest, plan: str, task: str) -> HttpResponse:
    """One task: how far it is and what proves it."""
    actor = insider(request)
    found = registry.task(plan, task)
    if request.method == "POST":
        return _change(request, actor, plan, found)
    return _task_page(request, actor, plan, found)


def _change(request: HttpRequest, actor: Actor, plan: str, found: TaskView) -> HttpResponse:
    about = Target(organisation=found.owner, kind="plan-task")
    if not may_report(actor, found):
        allow(actor, "plan.report", about)
    changes: dict[str, Any] = {
        "state": request.POST.get("state", found.state.value),
        "note": request.POST.get("note", found.note),
        "evidence": [line for line in request.POST.get("evidence", "").splitlines() if line.strip()],
    }
    wider = {name: request.POST[name] for name in ("owner", "deadline") if name in request.POST}
    if wider:
        allow(actor, "plan.edit", about)
        changes |= wider
    try:
        registry.edit_task(actor, plan, found.code, changes)
    except HutongError as error:
        if error.status != 422:
            raise
        return _task_page(request, actor, plan, found, error=error)
    messages.success(request, _("Saved; the change is on the audit trail and the log."))
    return HttpResponseRedirect(reverse("plan-task", args=[plan, found.code]))


def _task_page(
    request: HttpRequest, actor: Actor, plan: str, found: TaskView, error: HutongError | None = None
) -> HttpResponse:
    words, state = task_state(found)
    summary = registry.plan(plan)
    facts = [
        {"term": _("State"), "text": words, "state": state},
        {"term": _("Owner"), "text": str(found.owner_title) or _("Not named")},
        {"term": _("Deadline"), "text": found.deadline.isoformat() if found.deadline else _("Not stated")},
        {"term": _("In the plan"), "text": found.reference},
        {"term": "URN", "text": found.urn, "kind": "code"},
    ]
    if found.changed_at:
        facts.append({"term": _("Last changed"), "text": when(found.changed_at)})
    if found.entry_id:
        url = f"/ledger/entries/{found.entry_id}"
        facts.append(
            {"term": _("On the log"), "text": _("Entry %(id)s") % {"id": found.entry_id}, "url": url}
        )
    context = {
        "task": found,
        "title": str(found.title),
        "facts": facts,
        "evidence": [shown(actor, each) for each in found.evidence],
        "fields": _fields(actor, found, request.POST) if may_report(actor, found) else [],
        "error": error,
        "crumbs": [
            Crumb(_("Plans"), reverse("plans")),
            Crumb(str(summary.title), reverse("plan", args=[plan])),
            Crumb(str(found.title)),
        ],
    }
    return render(request, "indicators/task.html", context, status=error.status if error else 200)


def _fields(actor: Actor, found: TaskView, given: Any) -> list[dict[str, Any]]:
    evidence = "\n".join(each["text"] for each in found.evidence)
    fields: list[dict[str, Any]] = [
        {"name": "state", "label": _("State"), "kind": "select", "value": given.get("state", found.state.value),
         "choices": [{"value": each.value, "label": task_word(each)} for each in TaskState]},
        {"name": "evidence", "label": _("Evidence"), "kind": "textarea", "value": given.get("evidence", evidence),
         "hint": _("One a line: a web address, the URN of a dataset or snapshot, or a note on a file.")},
        {"name": "note", "label": _("Note"), "kind": "textarea", "value": given.get("note", found.note)},
    ]  # fmt: skip
    if may(actor, "plan.edit", Target(organisation=found.owner, kind="plan-task")):
        choices = [{"value": "", "label": _("Not named")}]
        choices += [
            {"value": each.id, "label": str(each.title)} for each in organisations() if each.kind != "person"
        ]
        day = found.deadline.isoformat() if found.deadline else ""
        fields += [
            {"name": "owner", "label": _("Owner"), "kind": "select", "value": given.get("owner", found.owner),
             "choices": choices},
            {"name": "deadline", "label": _("Deadline"), "kind": "date", "value": given.get("deadline", day)},
        ]  # fmt: skip
    return fields


def _standing(found: PlanView) -> list[dict[str, Any]]:
    counts = found.counts
    here = reverse("plan", args=[found.id])
    met = counts.get("met", 0) + counts.get("on-track", 0)
    return [
        {"title": _("Indicators met or on track"), "value": met, "format": "number", "url": f"{here}#indicators",
         "note": _("of %(all)s") % {"all": len(found.indicators)}},
        {"title": _("Indicators behind"), "value": counts.get("behind", 0) + counts.get("short", 0),
         "format": "number", "url": f"{here}#indicators"},
    ]  # fmt: skip


def _progress(found: PlanView) -> list[dict[str, Any]]:
    counts = found.counts
    here = reverse("plan", args=[found.id])
    unproven, overdue = counts.get("unproven", 0), counts.get("overdue", 0)
    return [
        {"title": _("Tasks done"), "value": counts.get("done", 0), "format": "number", "url": f"{here}#tasks",
         "note": _("of %(all)s") % {"all": len(found.tasks)}},
        {"title": _("Done, without evidence"), "value": unproven, "format": "number", "url": f"{here}#tasks",
         **({"state": "bad", "state_text": _("Evidence is missing")} if unproven else {})},
        {"title": _("Overdue"), "value": overdue, "format": "number", "url": f"{here}#tasks",
         **({"state": "bad", "state_text": _("Past the deadline")} if overdue else {})},
    ]  # fmt: skip


def _indicators(found: PlanView) -> dict[str, Any]:
    return {
        "caption": _("Indicators"),
        "columns": [
            {"key": "name", "title": _("Indicator")},
            {"key": "unit", "title": _("Unit")},
            {"key": "baseline", "title": _("Baseline")},
            {"key": "target", "title": _("Target")},
            {"key": "nature", "title": _("Nature")},
            {"key": "expected", "title": _("Expected by now"), "kind": "number"},
            {"key": "value", "title": _("Now"), "kind": "number"},
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "reference", "title": _("In the plan")},
        ],
        "rows": [_indicator(each) for each in found.indicators],
        "empty": _("The plan has no indicators."),
    }


def _indicator(each: IndicatorView) -> dict[str, Any]:
    baseline = each.baseline
    start = (figure(baseline.value) or baseline.text) if baseline else ""
    measured = each.measured
    return {
        "name": str(each.title),
        "unit": each.unit,
        "baseline": f"{start} ({baseline.year})" if baseline and start else "",
        "target": each.target.text,
        "nature": nature_word(each.nature),
        "expected": figure(each.progress.expected) or str(each.progress.reason),
        "value": {"text": figure(measured.value), "url": measured.url} if measured else "",
        "state": {"text": pace_word(each.progress.pace), "state": PACE_STATES[each.progress.pace]},
        "reference": each.reference,
    }


def _promises(found: PlanView) -> dict[str, Any]:
    """The tasks as the plan itself tells them, for those who do not see how they go."""
    return {
        "caption": _("Tasks"),
        "columns": [
            {"key": "title", "title": _("Task")},
            {"key": "reference", "title": _("In the plan")},
        ],
        "rows": [{"title": str(each.title), "reference": each.reference} for each in found.tasks],
        "empty": _("The plan has no tasks."),
    }


def _tasks(found: PlanView) -> dict[str, Any]:
    rows = []
    for each in found.tasks:
        words, state = task_state(each)
        rows.append(
            {
                "title": {"text": str(each.title), "url": reverse("plan-task", args=[found.id, each.code])},
                "owner": str(each.owner_title),
                "deadline": each.deadline.isoformat() if each.deadline else "",
                "state": {"text": words, "state": state},
                "evidence": len(each.evidence),
                "reference": each.reference,
            }
        )
    return {
        "caption": _("Tasks"),
        "columns": [
            {"key": "title", "title": _("Task")},
            {"key": "owner", "title": _("Owner")},
            {"key": "deadline", "title": _("Deadline")},
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "evidence", "title": _("Evidence"), "kind": "number"},
            {"key": "reference", "title": _("In the plan")},
        ],
        "rows": rows,
        "empty": _("The plan has no tasks."),
    }
