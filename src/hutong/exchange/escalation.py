"""Clocks that ran out: told to the data office once, and shown as overdue until somebody acts."""

from hutong.exchange import places
from hutong.exchange.logic import clocks
from hutong.exchange.logic.states import RUNNING
from hutong.exchange.models import IssueRow, RequestRow
from hutong.exchange.types import ClockRanOut, IssueState, State
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.events import publish
from hutong.ledger import api as ledger


def escalate() -> int:
    """Tell of every request and issue whose day has passed and that was not told of; returns how many."""
    today, told = clock.today(), 0
    _start_again()
    late = RequestRow.objects.filter(
        due__lt=today, escalated_at=None, state__in=[each.value for each in RUNNING]
    )
    for row in late.order_by("id"):
        who = "" if State(row.state) is State.CHECKING else row.provider
        _tell(row, places.request_urn(row.id), who)
        told += 1
    for issue in IssueRow.objects.filter(due__lt=today, escalated_at=None, state=IssueState.OPEN).order_by(
        "id"
    ):
        _tell(issue, places.issue_urn(issue.id), issue.answers)
        told += 1
    return told


def _start_again() -> None:
    """Clocks that stood because the calendar of a year was not known, once it is."""
    waiting = RequestRow.objects.filter(due=None, state__in=[each.value for each in RUNNING]).exclude(
        left=None
    )
    for row in waiting:
        begun = clocks.resumed(clocks.Clock(left=row.left), clock.today())
        RequestRow.objects.filter(pk=row.pk, due=None).update(due=begun.due, left=begun.left)


def _tell(row: RequestRow | IssueRow, urn: str, organisation: str) -> None:
    with atomic():
        row.escalated_at = clock.now()
        row.save(update_fields=["escalated_at"])
        if isinstance(row, RequestRow):
            RequestRow.objects.filter(pk=row.pk).update(late=True)
        day = row.due.isoformat() if row.due else ""
        audit.record("exchange.escalate", urn, due=day, late=organisation)
        ledger.append("exchange.escalated", urn, {"due": day, "late": organisation, "state": row.state})
        publish(ClockRanOut(urn, organisation, day))
