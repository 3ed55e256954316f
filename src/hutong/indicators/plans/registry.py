"""Plans on a day, and changes to their tasks."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Q

from hutong.accounts.api import Actor, organisation
from hutong.indicators.day import default_day
from hutong.indicators.models import Plan, PlanIndicator, PlanTask
from hutong.indicators.plans.errors import BadEvidence, BadTask, UnknownPlan, UnknownTask
from hutong.indicators.plans.measuring import measure, references
from hutong.indicators.plans.progress import progress
from hutong.indicators.plans.types import (
    Baseline,
    IndicatorView,
    Measured,
    PlanSummary,
    PlanView,
    TaskState,
    TaskView,
    as_target,
    as_text,
)
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.text import Text
from hutong.kernel.urn import BadUrn, Urn
from hutong.ledger import api as ledger

_NOTHING = Text(zh="", en="")
_MOST_EVIDENCE = 20


def plans() -> list[PlanSummary]:
    """All plans in force, the newest period first."""
    active = Q(tasks__active=True)
    rows = Plan.objects.filter(active=True).annotate(
        all_tasks=Count("tasks", filter=active, distinct=True),
        done=Count("tasks", filter=active & Q(tasks__state=TaskState.DONE), distinct=True),
        unproven=Count(
            "tasks", filter=active & Q(tasks__state=TaskState.DONE, tasks__evidence=[]), distinct=True
        ),
        figures=Count("indicators", filter=Q(indicators__active=True), distinct=True),
    )
    return [
        PlanSummary(
            row.id, row.urn, as_text(row.title), (row.period_from, row.period_to),
            row.figures, row.all_tasks, row.done, row.unproven,
        )
        for row in rows.order_by("-period_from", "id")
    ]  # fmt: skip


def plan(wanted: str, as_of: date | None = None) -> PlanView:
    """One plan on ``as_of`` (the installation's day when not given); raises ``UnknownPlan``."""
    row = Plan.objects.filter(pk=wanted, active=True).first()
    if row is None:
        raise UnknownPlan(plan=wanted)
    day = as_of or default_day()
    promised = list(row.indicators.filter(active=True))
    named = references([as_target(each.target).relative_to or "" for each in promised], promised)
    values = measure([*(each.computed_by for each in promised if each.computed_by), *named.values()], day)
    against = {name: values[code].value for name, code in named.items() if code in values}
    indicators = tuple(_indicator(each, values.get(each.computed_by), day, row, against) for each in promised)
    tasks = tuple(_task(each, row, day) for each in row.tasks.filter(active=True))
    counts = counted(indicators, tasks)
    period = (row.period_from, row.period_to)
    return PlanView(row.id, row.urn, as_text(row.title), period, day, row.source, indicators, tasks, counts)


def counted(indicators: Sequence[IndicatorView], tasks: Sequence[TaskView]) -> dict[str, int]:
    """How many indicators and tasks are in which state, unproven and overdue ones on top."""
    counts = Counter(each.state.value for each in tasks)
    counts.update(each.progress.pace.value for each in indicators)
    counts["unproven"] = sum(each.unproven for each in tasks)
    counts["overdue"] = sum(each.overdue for each in tasks)
    return dict(counts)


def task(wanted: str, code: str) -> TaskView:
    """One task; raises ``UnknownTask``."""
    found = _row(wanted, code)
    return _task(found, found.plan, default_day())


def edit_task(actor: Actor, wanted: str, code: str, changes: Mapping[str, Any]) -> TaskView:
    """Change ``owner``, ``deadline``, ``state``, ``note`` or ``evidence`` of a task.

    The change, its audit record and its ledger entry are one transaction. Whether ``actor`` may is the
    caller's question (``plan.edit``, or ``plan.report`` for the own organisation).
    """
    wished = _checked(changes)
    with atomic():
        row = _row(wanted, code, lock=True)
        before = {name: _plain(getattr(row, name)) for name in wished}
        changed = {name: value for name, value in wished.items() if _plain(value) != before[name]}
        if not changed:
            return _task(row, row.plan, default_day())
        for name, value in changed.items():
            setattr(row, name, value)
        row.edited = sorted({*row.edited, *changed})
        row.changed_at, row.changed_by = clock.now(), actor.urn
        urn = task_urn(row)
        detail = {name: [before[name], _plain(value)] for name, value in changed.items()}
        entry = ledger.append("plan.task", urn, {"plan": row.plan.urn, "changes": detail})
        row.entry_id = entry.id
        row.save()
        audit.record("plan.task", urn, actor=actor.urn, organisation=actor.organisation, changes=detail)
        return _task(row, row.plan, default_day())


def task_urn(row: PlanTask) -> str:
    return str(Urn(Urn.parse(row.plan.urn).scope, "plan-task", f"{row.plan_id}/{row.code}"))


def read_evidence(given: str) -> dict[str, str]:
    """One line of evidence: an address, the URN of data, or a note; raises ``BadEvidence``."""
    text = re.sub(r"\s+", " ", given).strip()
    if not text or len(text) > 500:
        raise BadEvidence(given=text[:60], reason_zh="为空或过长", reason_en="it is empty or too long")
    if text.startswith("urn:"):
        try:
            urn = Urn.parse(text)
        except BadUrn as error:
            raise BadEvidence(
                given=text, reason_zh="不是本系统的标识符", reason_en="it is no identifier"
            ) from error
        if urn.kind not in {"dataset", "snapshot", "entry", "observation", "layer"}:
            raise BadEvidence(given=text, reason_zh="不是数据的标识符", reason_en="it does not name data")
        return {"kind": "data", "text": text}
    if re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE) and not re.match(r"\w+:\s", text):
        parts = urlsplit(text)
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
            raise BadEvidence(
                given=text[:60], reason_zh="不是 http(s) 网址", reason_en="it is no http(s) address"
            )
        return {"kind": "url", "text": text}
    return {"kind": "note", "text": text}


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    wished: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "state":
            if value not in set(TaskState):
                raise BadTask(field=name, given=value)
            wished[name] = str(value)
        elif name == "deadline":
            wished[name] = _day(value)
        elif name == "owner":
            if value and organisation(str(value)) is None:
                raise BadTask(field=name, given=value)
            wished[name] = str(value or "")
        elif name == "note":
            wished[name] = str(value)[:500]
        elif name == "evidence":
            wished[name] = [read_evidence(each) for each in value][:_MOST_EVIDENCE]
        else:
            raise BadTask(field=name, given=value)
    return wished


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError as error:
        raise BadTask(field="deadline", given=value) from error


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _row(wanted: str, code: str, *, lock: bool = False) -> PlanTask:
    rows = PlanTask.objects.select_related("plan")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(plan_id=wanted, code=code, active=True, plan__active=True).first()
    if found is None:
        raise UnknownTask(plan=wanted, task=code)
    return found


def _indicator(
    row: PlanIndicator, value: Measured | None, day: date, plan_row: Plan, against: Mapping[str, float]
) -> IndicatorView:
    target = as_target(row.target)
    start = row.baseline
    baseline = Baseline(start["year"], start.get("value"), start.get("text", "")) if start else None
    period = (plan_row.period_from, plan_row.period_to)
    return IndicatorView(
        row.code, as_text(row.title), row.unit, row.group, row.nature, target, row.reference, baseline, value,
        progress(
            target, baseline, value.value if value else None, day, period,
            unit=row.unit, reference=against.get(target.relative_to or ""),
        ),
        row.computed_by,
    )  # fmt: skip


def _task(row: PlanTask, plan_row: Plan, day: date) -> TaskView:
    owner = organisation(row.owner) if row.owner else None
    state = TaskState(row.state)
    open_ = state in {TaskState.TODO, TaskState.DOING}
    row.plan = plan_row
    return TaskView(
        row.code, task_urn(row), as_text(row.title), row.reference, row.owner, owner.title if owner else _NOTHING,
        row.deadline, state, row.note, tuple(row.evidence), tuple(row.systems),
        bool(row.deadline and open_ and row.deadline < day), row.changed_at, row.changed_by, row.entry_id,
    )  # fmt: skip
