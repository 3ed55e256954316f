"""The mid-term report, to keep."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hutong.accounts.api import requires
from hutong.indicators.opening import plan_for
from hutong.indicators.pages.words import day_of, insider, nature_word, pace_word, task_word
from hutong.indicators.plans import registry
from hutong.indicators.plans.report import Report, Words, as_sheet, as_word, compose
from hutong.indicators.plans.types import Pace, TaskState
from hutong.indicators.sweeps import EXPORTED
from hutong.kernel import audit

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@requires("plan.view")
def word(request: HttpRequest, plan: str) -> HttpResponse:
    """As a Word document."""
    return _kept(as_word(_report(request, plan)), WORD, f"{plan}.docx")


@require_safe
@requires("plan.view")
def sheet(request: HttpRequest, plan: str) -> HttpResponse:
    """As a workbook."""
    return _kept(as_sheet(_report(request, plan)), SHEET, f"{plan}.xlsx")


def _report(request: HttpRequest, plan: str) -> Report:
    actor = insider(request)
    words = Words(
        {each.value: pace_word(each) for each in Pace},
        {each.value: task_word(each) for each in TaskState},
        {each: nature_word(each) for each in ("expected", "binding")},
    )
    found = plan_for(actor, registry.plan(plan, day_of(request)))
    measured = [each.measured for each in found.indicators if each.measured]
    audit.record(EXPORTED, found.urn, entries=sorted({each.entry_id for each in measured}))
    return compose(found, words)


def _kept(data: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
