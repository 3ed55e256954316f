"""Plans as plain data, for programs."""

from typing import Any

from hutong.indicators.plans.types import IndicatorView, PlanSummary, PlanView, TaskView


def summary(found: PlanSummary) -> dict[str, Any]:
    """A plan in a list."""
    return {
        "id": found.id,
        "urn": found.urn,
        "title": found.title.as_dict(),
        "period": {"from": found.period[0], "to": found.period[1]},
        "indicators": found.indicators,
        "tasks": found.tasks,
        "done": found.done,
        "done_without_evidence": found.unproven,
    }


def plan_as_dict(found: PlanView) -> dict[str, Any]:
    """A plan on a day, with all its indicators and tasks."""
    return {
        "id": found.id,
        "urn": found.urn,
        "title": found.title.as_dict(),
        "period": {"from": found.period[0], "to": found.period[1]},
        "as_of": found.as_of.isoformat(),
        "counts": dict(found.counts),
        "indicators": [_indicator(each) for each in found.indicators],
        "tasks": [_task(each) for each in found.tasks],
    }


def _indicator(each: IndicatorView) -> dict[str, Any]:
    start, now = each.baseline, each.measured
    return {
        "id": each.code,
        "title": each.title.as_dict(),
        "unit": each.unit,
        "group": each.group,
        "nature": each.nature or None,
        "target": each.target.as_dict(),
        "baseline": {"year": start.year, "value": start.value, "text": start.text} if start else None,
        "expected": each.progress.expected,
        "no_pace_because": each.progress.reason.as_dict() if each.progress.reason.zh else None,
        "value": now.value if now else None,
        "value_of": now.as_of.isoformat() if now else None,
        "pace": each.progress.pace.value,
        "computed_by": each.computed_by or None,
        "reference": each.reference,
    }


def _task(each: TaskView) -> dict[str, Any]:
    return {
        "id": each.code,
        "urn": each.urn,
        "title": each.title.as_dict(),
        "owner": each.owner or None,
        "deadline": each.deadline.isoformat() if each.deadline else None,
        "state": each.state.value,
        "overdue": each.overdue,
        "evidence": [dict(item) for item in each.evidence],
        "reference": each.reference,
    }
