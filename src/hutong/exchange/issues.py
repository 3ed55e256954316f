"""Corrections (校核), disputes and return flow (回流): asked by one organisation, answered by another, with a clock."""

import uuid

from hutong.accounts.api import Actor, Target, allow
from hutong.exchange import places, requests, rules
from hutong.exchange.errors import BadRequest, CannotMove, NoSuchIssue
from hutong.exchange.logic import clocks
from hutong.exchange.models import IssueRow
from hutong.exchange.types import IssueRef, IssueState, Matter
from hutong.exchange.wishes import LONGEST
from hutong.kernel import audit, clock
from hutong.kernel.db import alone, atomic
from hutong.ledger import api as ledger

_MOVES = {
    (IssueState.OPEN, IssueState.ACCEPTED),
    (IssueState.OPEN, IssueState.REJECTED),
    (IssueState.ACCEPTED, IssueState.DONE),
}


def raise_issue(
    actor: Actor, matter: Matter, about: str, title: str, text: str, *, organisation: str = "", key: str = ""
) -> IssueRef:
    """Ask for a correction of a dataset, take a request or contract to the data office, or ask data back of the city.

    ``about`` is a dataset's id or the URN of a request or contract. A correction goes to the dataset's provider, the
    others to the data office.
    """
    asked_by = organisation or actor.organisation
    allow(actor, "exchange.issue", Target(asked_by, kind="exchange-issue"))
    for each, most in ((title, 200), (text, LONGEST), (about, 250)):
        if not each.strip() or len(each) > most or "\0" in each:
            raise BadRequest(
                reason_zh="须填写对象、标题和说明", reason_en="say what it is about, a title and the matter"
            )
    answers, subject = _answers(actor, matter, about.strip())
    days = rules.days()
    term = {
        Matter.CORRECTION: days.correction,
        Matter.DISPUTE: days.dispute,
        Matter.RETURN_FLOW: days.return_flow,
    }
    number = key or uuid.uuid4().hex[:12]
    urn = places.issue_urn(number)
    with atomic():
        entry = ledger.append(
            f"exchange.{matter.value}.raise", urn,
            {"about": subject, "title": title, "text": text, "answers": answers}, organisation=asked_by,
        )  # fmt: skip
        audit.record(f"exchange.{matter.value}", urn, actor=actor.urn, organisation=asked_by, about=subject)
        row = IssueRow.objects.create(
            id=number, matter=matter.value, about=subject, title=title.strip(), text=text.strip(), asked_by=asked_by,
            answers=answers, state=IssueState.OPEN.value, due=clocks.started(term[matter], clock.today()).due,
            asked_at=clock.now(), person=actor.urn, log_entry=entry.id,
        )  # fmt: skip
    return ref(row)


def _answers(actor: Actor, matter: Matter, about: str) -> tuple[str, str]:
    """The organisation that answers (empty: the data office), and the URN of what it is about."""
    from hutong.exchange import contracts  # noqa: PLC0415 - disputes alone look at contracts

    if matter is Matter.CORRECTION:
        entry = rules.dataset(about.rpartition(":")[2])
        return entry.organisation, entry.urn
    if matter is Matter.RETURN_FLOW:
        return "", about
    if about.rpartition(":")[2].startswith("c-"):
        contract = contracts.newest(about)
        parties, urn = (contract.provider, contract.consumer), contract.urn
    else:
        request = requests.request(about)
        parties, urn = (request.provider, request.consumer), request.urn
    if actor.organisation not in parties and not any(actor.covers("steward", each) for each in parties):
        raise BadRequest(reason_zh="只有当事单位可以提出争议", reason_en="only its parties may take it up")
    return "", urn


def answer(actor: Actor, issue: str, state: IssueState, text: str, result: str = "") -> IssueRef:
    """Accept, reject or finish; an answer is reasoned. Disputes and return flow are the data office's to decide."""
    if not text.strip() or len(text) > LONGEST or len(result) > 250 or "\0" in text + result:
        raise BadRequest(reason_zh="须说明处理意见", reason_en="give the reasons")
    with atomic():
        alone(places.issue_urn(issue.rpartition(":")[2]))
        row = _row(issue)
        if row.answers:
            allow(actor, "exchange.decide", Target(row.answers, kind="exchange-issue"))
        else:
            allow(actor, "exchange.arbitrate", Target(kind="exchange-issue"))
        if (IssueState(row.state), state) not in _MOVES:
            raise CannotMove(state=row.state, event=state.value)
        row.state, row.answer, row.result = state.value, text.strip(), result.strip()
        if state is not IssueState.ACCEPTED:
            row.due = None
        row.escalated_at = None
        row.save()
        urn = places.issue_urn(row.id)
        by = row.answers or actor.organisation
        audit.record(
            f"exchange.{row.matter}.{state.value}", urn, actor=actor.urn, organisation=by, about=row.about
        )
        told = {"answer": row.answer, "result": row.result}
        ledger.append(f"exchange.{row.matter}.{state.value}", urn, told, organisation=by)
    return ref(row)


def issue(name: str) -> IssueRef:
    """Raises ``NoSuchIssue``."""
    return ref(_row(name))


def _row(name: str) -> IssueRow:
    row = IssueRow.objects.filter(pk=name.rpartition(":")[2]).first() if "\0" not in name else None
    if row is None:
        raise NoSuchIssue(name=name[:80])
    return row


def listed(
    *, organisation: str = "", matter: str = "", overdue: bool = False, limit: int = 100, offset: int = 0
) -> list[IssueRef]:
    """Newest first; of one organisation as asker or answerer, or all."""
    from django.db.models import Q  # noqa: PLC0415 - lists alone need it

    found = IssueRow.objects.all()
    if organisation:
        found = found.filter(Q(asked_by=organisation) | Q(answers=organisation))
    if matter:
        found = found.filter(matter=matter)
    if overdue:
        found = found.filter(due__lt=clock.today())
    return [ref(row) for row in found.order_by("-asked_at", "-id")[offset : offset + limit]]


def ref(row: IssueRow) -> IssueRef:
    return IssueRef(
        id=row.id, urn=places.issue_urn(row.id), matter=Matter(row.matter), about=row.about, title=row.title,
        text=row.text, asked_by=row.asked_by, answers=row.answers, state=IssueState(row.state), due=row.due,
        overdue=clocks.overdue(clocks.Clock(row.due), clock.today()), escalated=row.escalated_at is not None,
        asked_at=row.asked_at, answer=row.answer, result=row.result, log_entry=row.log_entry,
    )  # fmt: skip
