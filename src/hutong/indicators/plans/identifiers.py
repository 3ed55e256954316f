"""URNs of plans and their tasks lead to their pages."""

from hutong.kernel.given import counted
from hutong.kernel.urn import Urn, resolver


@resolver("plan")
def plan_path(urn: Urn) -> str | None:
    """``urn:hutong:<district>:plan:<id>``."""
    from hutong.indicators.models import Plan  # noqa: PLC0415 - models load after the apps

    return f"/plan/{urn.local}" if Plan.objects.filter(urn=str(urn), active=True).exists() else None


@resolver("plan-task")
def task_path(urn: Urn) -> str | None:
    """``urn:hutong:<district>:plan-task:<plan>/<task>``."""
    from hutong.indicators.models import PlanTask  # noqa: PLC0415 - models load after the apps

    plan, _, code = urn.local.partition("/")
    found = PlanTask.objects.filter(plan_id=plan, code=code, active=True, plan__active=True)
    return f"/plan/{plan}/tasks/{code}" if found.exists() else None


@resolver("plan-document")
def document_path(urn: Urn) -> str | None:
    """``urn:hutong:<district>:plan-document:<number>``."""
    from hutong.indicators.models import PlanDocument  # noqa: PLC0415 - models load after the apps

    number = counted(urn.local, 10**12)
    known = number is not None and PlanDocument.objects.filter(pk=number).exists()
    return f"/plan/import/{number}" if known else None
