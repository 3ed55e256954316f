"""Requests: made, checked, decided. Every step is one audit record and one entry of the log."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from hutong.accounts.api import Actor, Target, allow, may
from hutong.exchange import places, rules, wishes
from hutong.exchange.errors import BadRequest, CannotMove, NoBasis, NoSuchRequest
from hutong.exchange.logic import clocks, states, terms
from hutong.exchange.models import RequestRow, StepRow
from hutong.exchange.types import Delivery, Event, RequestMoved, RequestRef, Sharing, State, StepRef, Terms
from hutong.exchange.wishes import LONGEST, Wish
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.events import publish
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Lens, Seen
from hutong.ledger import api as ledger

LOCK = 0x48_55_45
Then = Callable[[RequestRow, Terms], None]


def submit(actor: Actor, wish: Wish, *, organisation: str = "") -> RequestRef:
    """Make a request in the name of the actor's organisation; raises ``BadRequest``.

    What is shared unconditionally is agreed to at once, what is not shared is refused at once with its basis.
    """
    consumer = organisation or actor.organisation
    allow(actor, "exchange.request", Target(consumer, kind="exchange-request"))
    entry = rules.dataset(wish.dataset)
    wishes.check(wish, entry, consumer)
    kind, today = wishes.sharing(wish, entry), clock.today()
    begun = clocks.started(rules.days().check, today)
    with atomic():
        exclusive(LOCK)
        row = RequestRow.objects.create(
            id=_number(today),
            dataset=entry.id,
            provider=entry.organisation,
            consumer=consumer,
            purpose=wish.purpose,
            purpose_text=wish.purpose_text,
            duty=wish.duty,
            columns=list(wish.columns),
            where=terms.dump_conditions(wish.where),
            start=wish.start,
            end=wish.end,
            delivery=wish.delivery.value,
            push_url=wish.push_url,
            sharing=kind.value,
            state=State.CHECKING.value,
            asked_by=actor.urn,
            asked_at=clock.now(),
            due=begun.due,
            left=begun.left,
        )
        _step(row, "submit", actor, consumer, wish.purpose_text)
        if kind is Sharing.UNCONDITIONAL:
            _agree(row, actor, usual_terms(row), row.provider, "")
        elif kind is Sharing.NONE:
            why = entry.body.get("sharing", {}).get("condition") or {}
            row.reason, row.basis = "目录列为不予共享", str(why.get("zh", ""))
            _go(row, Event.REFUSE, actor, row.provider, row.basis)
    return ref(_row(row.id))


def _number(today: date) -> str:
    last = RequestRow.objects.filter(id__startswith=f"{today.year}-").order_by("-id").first()
    return f"{today.year}-{int(last.id.rpartition('-')[2]) + 1 if last else 1:05d}"


def usual_terms(row: RequestRow) -> Terms:
    """What is granted unless the provider narrows it: the columns asked for, masked as the dataset's rule says."""
    rule = rules.of(row.dataset)
    mask = rules.masks(row.dataset, answers=row.delivery == Delivery.ANSWERS)
    found = terms.read(
        {
            "columns": {name: mask[name].as_dict() for name in row.columns},
            "where": row.where,
            "start": row.start.isoformat(),
            "end": row.end.isoformat(),
            "purposes": [row.purpose],
            "quota": {
                "rows_per_day": rule.rows_per_day if rule else 0,
                "calls_per_day": rule.calls_per_day if rule else 0,
            },
            "delivery": [row.delivery],
            "push_url": row.push_url,
        }
    )
    ways = (Delivery.VIEW,) if found.delivery == (Delivery.API,) else ()
    return replace(found, delivery=(*found.delivery, *ways))


def check(actor: Actor, request: str) -> RequestRef:
    """The data office finds the request complete and lawful; the provider's clock begins."""
    allow(actor, "exchange.check", Target(kind="exchange-request"))
    return _moved(request, Event.PASS, actor, "")


def send_back(actor: Actor, request: str, note: str) -> RequestRef:
    """Back to the requester to be completed; the clock stands still."""
    row = _row(request)
    _allow_decider(actor, row)
    if not note.strip():
        raise BadRequest(reason_zh="须说明需补正的内容", reason_en="say what has to be completed")
    return _moved(request, Event.RETURN, actor, note)


def complete(actor: Actor, request: str, note: str, purpose_text: str = "") -> RequestRef:
    """The requester has completed it; the clock runs on with what was left."""
    row = _row(request)
    allow(actor, "exchange.request", Target(row.consumer, kind="exchange-request"))
    return _moved(request, Event.COMPLETE, actor, note, purpose_text=purpose_text.strip()[:LONGEST])


def withdraw(actor: Actor, request: str, note: str = "") -> RequestRef:
    row = _row(request)
    allow(actor, "exchange.request", Target(row.consumer, kind="exchange-request"))
    return _moved(request, Event.WITHDRAW, actor, note)


def refuse(actor: Actor, request: str, reason: str, basis: str) -> RequestRef:
    """A refusal is reasoned and names the law."""
    row = _row(request)
    _allow_decider(actor, row)
    if not reason.strip() or not basis.strip():
        raise NoBasis
    return _moved(
        request, Event.REFUSE, actor, reason, reason=reason.strip()[:LONGEST], basis=basis.strip()[:LONGEST]
    )


def agree(actor: Actor, request: str, narrowed: Terms | None = None) -> RequestRef:
    """The provider agrees, to what was asked or to less; a contract is proposed and signed by the provider."""
    with atomic():
        exclusive(LOCK)
        row = _row(request)
        allow(actor, "exchange.decide", Target(row.provider, kind="exchange-request"))
        if State(row.state) is not State.DECIDING:
            raise CannotMove(state=row.state, event=Event.AGREE.value)
        _agree(row, actor, _not_wider(row, narrowed or usual_terms(row)), row.provider, "")
    return ref(_row(row.id))


def _not_wider(row: RequestRow, wanted: Terms) -> Terms:
    """Terms within what was asked: no other column, no longer period, no row condition less, and no mask
    weaker than the dataset's rule by accident is hidden: the provider's own masks are written in the contract.
    """
    asked_where = terms.read_conditions(row.where)
    if set(wanted.columns) - set(row.columns) or wanted.start < row.start or wanted.end > row.end:
        raise BadRequest(
            reason_zh=f"授予范围超出申请（申请的期限为 {row.start} 至 {row.end}，列不多于所申请的）",
            reason_en=f"it grants more than was asked for (from {row.start} to {row.end}, and no other column)",
        )
    if any(each not in wanted.where for each in asked_where):
        raise BadRequest(
            reason_zh="不能去掉申请中的行条件", reason_en="a condition of the request may not be dropped"
        )
    lake.check_lens(
        Lens(
            tuple(Seen(name, replace(mask, key=b"k" * 32)) for name, mask in wanted.columns.items()),
            wanted.where,
        ),
        lake.contract(row.dataset),
    )
    return replace(wanted, purposes=(row.purpose,), push_url=row.push_url)


def _agree(row: RequestRow, actor: Actor, granted: Terms, organisation: str, note: str) -> None:
    from hutong.exchange import contracts  # noqa: PLC0415 - contracts move the request on in turn

    _go(row, Event.AGREE, actor, organisation, note)
    contracts.propose(row, granted, actor)


def fulfil(row: RequestRow, actor: Actor) -> None:
    """Both have signed and the grant is in force."""
    _go(row, Event.FULFIL, actor, row.provider, "")


def _moved(request: str, event: Event, actor: Actor, note: str, **changes: Any) -> RequestRef:
    if len(note) > LONGEST or "\0" in note:
        raise BadRequest(reason_zh="说明过长", reason_en="the note is too long")
    with atomic():
        exclusive(LOCK)
        row = _row(request)
        for name, changed in changes.items():
            if changed:
                setattr(row, name, changed)
        _go(row, event, actor, actor.organisation, note)
    return ref(_row(row.id))


def _go(row: RequestRow, event: Event, actor: Actor, organisation: str, note: str) -> None:
    before = State(row.state)
    after = states.move(before, event, State(row.returned_from) if row.returned_from else None)
    if after is None:
        raise CannotMove(state=before.value, event=event.value)
    held, today = clocks.Clock(row.due, row.left), clock.today()
    if event is Event.RETURN:
        held, row.returned_from = clocks.stopped(held, today), before.value
    elif event is Event.COMPLETE:
        held, row.returned_from = clocks.resumed(held, today), ""
    else:
        held = clocks.started(rules.days().of(after), today)
    if event is not Event.RETURN:
        row.escalated_at = None
    row.state, row.due, row.left = after.value, held.due, held.left
    row.save()
    _step(row, event.value, actor, organisation, note)


def _step(row: RequestRow, event: str, actor: Actor, organisation: str, note: str) -> None:
    urn = places.request_urn(row.id)
    audit.record(
        f"exchange.{event}",
        urn,
        actor=actor.urn,
        organisation=organisation,
        dataset=row.dataset,
        state=row.state,
    )
    entry = ledger.append(
        f"exchange.request.{event}", urn, _told(row, event, note), organisation=organisation
    )
    StepRow.objects.create(
        request=row.id, event=event, state=row.state, at=clock.now(), actor=actor.urn,
        organisation=organisation, note=note, log_entry=entry.id,
    )  # fmt: skip
    publish(RequestMoved(urn, row.state, row.provider, row.consumer))


def _told(row: RequestRow, event: str, note: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "state": row.state,
        "note": note,
        "due": row.due.isoformat() if row.due else None,
    }
    if event == "submit":
        found |= {
            "dataset": row.dataset, "provider": row.provider, "consumer": row.consumer, "purpose": row.purpose,
            "duty": row.duty, "columns": row.columns, "where": row.where, "start": str(row.start),
            "end": str(row.end), "delivery": row.delivery, "sharing": row.sharing,
        }  # fmt: skip
    if row.basis:
        found |= {"reason": row.reason, "basis": row.basis}
    return found


def _allow_decider(actor: Actor, row: RequestRow) -> None:
    """The data office while it checks, the provider while it decides."""
    if State(row.state) is State.CHECKING:
        allow(actor, "exchange.check", Target(kind="exchange-request"))
    else:
        allow(actor, "exchange.decide", Target(row.provider, kind="exchange-request"))


def request(name: str) -> RequestRef:
    """Raises ``NoSuchRequest``."""
    return ref(_row(name))


def row_of(name: str) -> RequestRow:
    return _row(name)


def _row(name: str) -> RequestRow:
    found = RequestRow.objects.filter(pk=name.rpartition(":")[2]).first() if "\0" not in name else None
    if found is None:
        raise NoSuchRequest(name=name[:80])
    return found


def visible(actor: Actor, provider: str, consumer: str) -> bool:
    """Whether the actor may see what is between these two."""
    return any(
        bool(may(actor, "exchange.view", Target(each, kind="exchange"))) for each in (consumer, provider)
    )


def steps(request: str) -> list[StepRef]:
    """Oldest first."""
    return [
        StepRef(
            each.event, State(each.state), each.at, each.actor, each.organisation, each.note, each.log_entry
        )
        for each in StepRow.objects.filter(request=request).order_by("id")
    ]


def ref(row: RequestRow) -> RequestRef:
    from hutong.exchange.models import ContractRow  # noqa: PLC0415 - one question of a list

    today = clock.today()
    made = ContractRow.objects.filter(request=row.id).values_list("contract", flat=True).first()
    first = StepRow.objects.filter(request=row.id).order_by("id").values_list("log_entry", flat=True).first()
    return RequestRef(
        id=row.id, urn=places.request_urn(row.id), dataset=row.dataset, title=_title(row.dataset),
        provider=row.provider, consumer=row.consumer, purpose=row.purpose, purpose_text=row.purpose_text,
        duty=row.duty, columns=tuple(row.columns), where=terms.read_conditions(row.where), start=row.start,
        end=row.end, delivery=Delivery(row.delivery), sharing=Sharing(row.sharing), state=State(row.state),
        due=row.due, overdue=clocks.overdue(clocks.Clock(row.due), today), escalated=row.escalated_at is not None,
        asked_by=row.asked_by, asked_at=row.asked_at, reason=row.reason, basis=row.basis, contract=made or "",
        push_url=row.push_url, log_entry=first or 0,
    )  # fmt: skip


def _title(dataset: str) -> Text:
    return lake.contract(dataset).title or Text(zh=dataset, en=dataset)


def listed(
    *, organisation: str = "", state: str = "", overdue: bool = False, limit: int = 100, offset: int = 0
) -> list[RequestRef]:
    """Newest first; of one organisation as provider or consumer, or of all."""
    from django.db.models import Q  # noqa: PLC0415 - lists alone need it

    found = RequestRow.objects.all()
    if organisation:
        found = found.filter(Q(provider=organisation) | Q(consumer=organisation))
    if state:
        found = found.filter(state=state)
    if overdue:
        found = found.filter(due__lt=clock.today())
    return [ref(row) for row in found.order_by("-asked_at", "-id")[offset : offset + limit]]
