"""The registry of plans follows the pack: facts are replaced, what people did stays."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from hutong.indicators.models import Plan, PlanIndicator, PlanTask
from hutong.indicators.specs_plans import PlanIndicatorSpec, PlanSpec, PlanTaskSpec
from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.kernel.urn import Urn
from hutong.packs.api import Item

_FOLLOWED = ("order", "title", "active", "reference", "systems", "owner", "deadline")
_BATCH = 200


def install(scope: str, items: Sequence[Item]) -> int:
    """Make the plans of the pack current; returns how many are new or changed. Safe to repeat."""
    changed = 0
    with atomic():
        known = {row.id: row for row in Plan.objects.filter(document=None)}
        for item in items:
            spec: PlanSpec = item.value
            body = spec.model_dump(mode="json", by_alias=True)
            digest = hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
            before = known.pop(spec.id, None)
            if before is None or before.digest != digest or not before.active:
                _put(scope, spec, digest)
                changed += 1
        for gone in known.values():
            if gone.active:
                Plan.objects.filter(pk=gone.pk).update(active=False)
                audit.record("plan.retire", gone.urn)
    return changed


def _put(scope: str, spec: PlanSpec, digest: str) -> None:
    urn = str(Urn(scope, "plan", spec.id))
    plan, _ = Plan.objects.update_or_create(
        id=spec.id,
        defaults={
            "urn": urn,
            "title": spec.title.text.as_dict(),
            "period_from": spec.period.from_,
            "period_to": spec.period.to,
            "source": spec.source or spec.reference,
            "active": True,
            "digest": digest,
        },
    )
    _put_indicators(plan, spec.indicators)
    _put_tasks(plan, spec.tasks)
    audit.record("plan.define", urn, digest=digest)


def _put_indicators(plan: Plan, specs: Sequence[PlanIndicatorSpec]) -> None:
    plan.indicators.update(active=False)
    rows = [
        PlanIndicator(plan=plan, code=each.id, order=order, active=True, **_indicator(each))
        for order, each in enumerate(specs)
    ]
    replaced = ["order", "active", *(_indicator(specs[0]) if specs else ())]
    PlanIndicator.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=("plan", "code"), update_fields=replaced
    )


def _indicator(spec: PlanIndicatorSpec) -> dict[str, Any]:
    return {
        "title": spec.title.text.as_dict(),
        "unit": spec.unit,
        "target": spec.target.model_dump(mode="json"),
        "nature": spec.nature or "",
        "baseline": spec.baseline.model_dump(mode="json") if spec.baseline else None,
        "reference": spec.reference,
        "group": spec.group,
        "computed_by": spec.computed_by or "",
    }


def _put_tasks(plan: Plan, specs: Sequence[PlanTaskSpec]) -> None:
    plan.tasks.update(active=False)
    known = {row.code: row for row in plan.tasks.all()}
    rows = [
        _task(known.get(each.id) or PlanTask(plan=plan, code=each.id), order, each)
        for order, each in enumerate(specs)
    ]
    PlanTask.objects.bulk_create(row for row in rows if row.code not in known)
    PlanTask.objects.bulk_update((row for row in rows if row.code in known), _FOLLOWED, batch_size=_BATCH)


def _task(row: PlanTask, order: int, spec: PlanTaskSpec) -> PlanTask:
    """Owner and deadline a person has set are kept."""
    row.order, row.title, row.active = order, spec.title.text.as_dict(), True
    row.reference, row.systems = spec.reference, list(spec.systems)
    if "owner" not in row.edited:
        row.owner = spec.owner or ""
    if "deadline" not in row.edited:
        row.deadline = spec.deadline
    return row
