"""Sides of joint runs that people write down and start: on record, one at a time for each run, to an end that is told.

A start is one job of the worker. What it costs and gives is ``joint.match``'s, the same as at the command line. A job
that is found begun when it begins was cut off by a stop of this installation: it is told so and not run again unasked,
for the other side has gone; started again under its name it is not charged again and has the noise it had.
"""

import uuid
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from hutong.accounts.api import Actor, Target, allow, may
from hutong.exchange.api import contracts
from hutong.exchange.types import ContractRef
from hutong.kernel import audit, clock, jobs
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.errors import HutongError, NotFound, Place
from hutong.kernel.tidying import Tidied, tidies
from hutong.privacy import budgets, doors, inputs, joint, party, runs
from hutong.privacy.errors import BadMatch, NoSuchRun, RunBusy, RunCut
from hutong.privacy.models import StartRow
from hutong.privacy.types import Side, Stage, StartRef

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

ACTIVE: Final = tuple(each.value for each in Stage if each.active)
_SLACK = timedelta(minutes=1)
_NOWHERE = ("127.0.0.1:1", "127.0.0.1:2")  # where addresses do not matter yet


def prepare(
    actor: Actor, side: Side, sent: "UploadedFile[bytes] | None" = None, *, start: bool = False
) -> StartRef:
    """Write a side down, and ``start`` it or leave it for later. Raises at the field what is wrong with it, and then
    nothing is written down; costs nothing.
    """
    found = contracts.contract_of(side.contract)
    _check(actor, side, found, file=sent is not None)
    side = replace(side, purpose=side.purpose or next(iter(found.terms.purposes), ""))
    if side.own or side.peer:
        doors.choose(side.own, side.peer, _other(found, side.organisation), ())
    if start:
        party.python()
    name, known = "", uuid.uuid4().hex
    try:
        if sent is not None:
            name = inputs.receive(sent, side, known)
        with atomic():
            row = StartRow.objects.create(
                id=known, contract=found.id, run=side.run, organisation=side.organisation, dataset=found.table,
                provider=side.organisation == found.provider, actor=actor.urn[:250], at=clock.now(),
                asked=_plain(side), file=name, state=Stage.READY,
            )  # fmt: skip
            audit.record(
                "privacy.match-prepared", found.urn, actor=actor.urn, organisation=side.organisation,
                run=side.run, start=known,
            )  # fmt: skip
            return begin(actor, known) if start else ref(row, visible=True)
    except HutongError:
        inputs.remove(known)
        raise


def begin(actor: Actor, start: str) -> StartRef:
    """Start a side that is ready or came to nothing; raises ``RunBusy``, ``AddressBusy``, ``NoEngine`` and what
    ``prepare`` raises.
    """
    from hutong.privacy import jobs as work  # noqa: PLC0415 - the job runs what is here

    row = _row(start)
    allow(actor, "privacy.ask", Target(row.organisation, kind="privacy"))
    _settle(row)
    side, found = side_of(row), contracts.contract_of(row.contract)
    _check(actor, side, found, file=bool(row.file))
    party.python()
    with atomic():
        exclusive(budgets.LOCK)
        row = StartRow.objects.get(pk=row.pk)
        same = StartRow.objects.filter(contract=row.contract, run=row.run, organisation=row.organisation)
        if row.state == Stage.DONE:
            return ref(row, visible=True)
        if row.state in ACTIVE or same.filter(state__in=ACTIVE).exists():
            raise RunBusy(place=Place(key="run"), run=row.run)
        row.here = not doors.peers(_other(found, row.organisation))
        row.own, row.peer = _addresses(row, side, found)
        doors.tls((row.own, row.peer))
        row.attempt, row.state, row.actor, row.stop, row.error = (
            row.attempt + 1,
            Stage.ASKED,
            actor.urn[:250],
            False,
            None,
        )
        row.begun = row.until = None
        row.job = jobs.enqueue(work.side, key=f"{row.pk}:{row.attempt}", start=row.pk, attempt=row.attempt)
        row.save()
        audit.record(
            "privacy.match-started", found.urn, actor=actor.urn, organisation=row.organisation, run=row.run,
            start=row.pk, own=row.own, peer=row.peer,
        )  # fmt: skip
    return ref(row, visible=True)


def stop(actor: Actor, start: str) -> StartRef:
    """Stop a side that waits or is at work; a side that is ready or came to nothing is taken away with its file."""
    row = _row(start)
    allow(actor, "privacy.ask", Target(row.organisation, kind="privacy"))
    _settle(row)
    with atomic():
        row = StartRow.objects.select_for_update().get(pk=row.pk)
        if row.state in ACTIVE and not row.stop:
            row.stop = True
            row.save(update_fields=["stop"])
            audit.record(
                "privacy.match-stopped", contracts.contract_of(row.contract).urn, actor=actor.urn,
                organisation=row.organisation, run=row.run, start=row.pk,
            )  # fmt: skip
    return ref(row, visible=True)


def of(actor: Actor, start: str) -> StartRef:
    """A side, for its own organisation and those who oversee; raises ``NoSuchRun`` for all others."""
    row = _row(start)
    if not may(actor, "privacy.view", Target(row.organisation, kind="privacy")):
        raise NoSuchRun(name=start[:40])
    _settle(row)
    return ref(row, visible=bool(may(actor, "privacy.ask", Target(row.organisation, kind="privacy"))))


def listed(under: Collection[str], seen_by: Collection[str], limit: int = 20) -> list[StartRef]:
    """Sides of the organisations in ``seen_by`` under the contracts, newest first."""
    found = StartRow.objects.filter(contract__in=list(under), organisation__in=list(seen_by))
    rows = found.order_by("-at", "-pk")[:limit]
    for row in rows:
        _settle(row)
    return [ref(row, visible=True) for row in rows]


def met_by(contract: str, organisation: str) -> list[StartRef]:
    """What other organisations of this installation have ready or on under the contract, newest first: the agreed part
    of it (run, column, ε) is for this side to match.
    """
    rows = StartRow.objects.filter(contract=contract, state__in=(Stage.READY, *ACTIVE)).exclude(
        organisation=organisation
    )
    own = StartRow.objects.filter(contract=contract, organisation=organisation).values("run")
    return [ref(row, visible=False) for row in rows.exclude(run__in=own).order_by("-at")[:5]]


def met_with(found: StartRef) -> StartRef | None:
    """The other side of this run, where it is of this installation."""
    others = StartRow.objects.filter(contract=found.side.contract, run=found.side.run)
    row = others.exclude(organisation=found.side.organisation).order_by("-at").first()
    return ref(row, visible=False) if row is not None else None


def match_of(row: StartRow) -> joint.Match:
    """What the engine's side of it is to do."""
    side = side_of(row)
    of_table = not row.file
    pair = (row.own, row.peer) if row.provider else (row.peer, row.own)
    return joint.Match(
        row.contract, row.run, inputs.place(row.pk), inputs.KEY if of_table else side.key, pair,
        (inputs.VALUE if of_table else side.value) if side.column else "", side.column, side.epsilon, side.purpose,
        doors.tls(pair), side.seconds, side.wait,
    )  # fmt: skip


def moved(row: StartRow, stage: Stage, limit: timedelta) -> None:
    """It has come to a stage, which is over within ``limit`` however it ends."""
    row.state, row.until = stage, clock.now() + limit + _SLACK
    StartRow.objects.filter(pk=row.pk, attempt=row.attempt).update(state=row.state, until=row.until)


def ended(row: StartRow, error: dict[str, Any] | None = None) -> None:
    """It is over: its file goes with a result, and stays for another attempt without one."""
    changed = StartRow.objects.filter(pk=row.pk, attempt=row.attempt, state__in=ACTIVE).update(
        state=Stage.FAILED if error else Stage.DONE, error=error, until=None
    )
    if changed:
        row.refresh_from_db()
    if changed and error is None:
        inputs.remove(row.pk)


def cut(row: StartRow, why: dict[str, Any] | None = None) -> None:
    """It broke off, by ``why`` or because this installation stopped: nothing came out, unless that is on record."""
    known = runs.row_of(row.contract, row.run, row.organisation)
    if known is not None and known.state == runs.DONE:
        ended(row)
        return
    if known is not None and known.state == runs.RESERVED:
        runs.fail(row.actor, known, str((why or {}).get("code", RunCut.code)))
    ended(row, why or RunCut().as_dict())


def side_of(row: StartRow) -> Side:
    given = dict(row.asked)
    return Side(**given | {"epsilon": Decimal(given["epsilon"]), "where": tuple(given["where"])})


def ref(row: StartRow, *, visible: bool) -> StartRef:
    known = runs.row_of(row.contract, row.run, row.organisation) if row.state == Stage.DONE else None
    return StartRef(
        row.pk, side_of(row), row.dataset, row.provider, row.file, row.actor, row.at, row.begun, row.attempt,
        Stage(row.state), row.own, row.peer, row.here, row.stop,
        runs.ref(known, visible=visible) if known is not None else None, row.error,
    )  # fmt: skip


def _settle(row: StartRow) -> None:
    """What nobody is at work on any more is told so: the worker was killed, and none has begun since."""
    if row.state not in ACTIVE:
        return
    try:
        job = jobs.status(row.job)
    except NotFound:
        job = None
    late = row.until is not None and clock.now() > row.until
    if late or job is None or job.over:
        row.refresh_from_db()
        if row.state in ACTIVE:
            cut(row, job.error if job else None)
            row.refresh_from_db()


def _check(actor: Actor, side: Side, found: ContractRef, *, file: bool) -> None:
    if file == bool(side.table):
        raise _bad("table", "须选一张数据表或上传一个文件", "choose a table or hand over a file, one of them")
    if side.purpose and side.purpose not in found.terms.purposes:
        raise _bad("purpose", "合同没有这一用途", "the contract has no such purpose")
    value = side.value if file or not side.column else inputs.VALUE
    asked = joint.Match(
        side.contract, side.run, inputs.place("none"), side.key, _NOWHERE, value, side.column, side.epsilon,
        side.purpose, None, side.seconds, side.wait,
    )  # fmt: skip
    checked = joint.check(actor, side.organisation, asked)
    if not side.key:
        raise _bad("key", "须写明标识列", "the column of keys is needed")
    if file and side.where:
        raise _bad("where", "条件只用于数据表", "conditions are for a table of the lake")
    if not file:
        inputs.check(actor, side, found)
    runs.look(found, checked.rule, checked.terms, side.organisation)


def _addresses(row: StartRow, side: Side, found: ContractRef) -> tuple[str, str]:
    """Where both are: of two that meet here the second takes up what the first was given."""
    others = StartRow.objects.filter(state__in=ACTIVE).exclude(pk=row.pk)
    if row.here:
        met = others.filter(contract=row.contract, run=row.run, here=True).first()
        if met is not None:
            return met.peer, met.own
        return doors.pair(_taken(others))
    return doors.choose(side.own, side.peer, _other(found, row.organisation), _taken(others))


def _taken(others: Any) -> set[str]:
    """Where others listen, and where those who are still to come to them will."""
    return {
        each
        for own, peer, here in others.values_list("own", "peer", "here")
        for each in (own, peer if here else own)
    }


def _other(found: ContractRef, organisation: str) -> str:
    return found.consumer if organisation == found.provider else found.provider


def _plain(side: Side) -> dict[str, Any]:
    return asdict(side) | {"epsilon": str(side.epsilon), "where": list(side.where)}


def _row(start: str) -> StartRow:
    row = StartRow.objects.filter(pk=start[:40]).first() if "\0" not in start else None
    if row is None:
        raise NoSuchRun(name=start[:40])
    return row


def _bad(key: str, zh: str, en: str) -> BadMatch:
    return BadMatch(place=Place(key=key), reason_zh=zh, reason_en=en)


@tidies("privacy.sides")
def _old_files(dry_run: bool) -> Tidied:
    """Files of sides that nobody started again."""
    old = StartRow.objects.filter(at__lt=clock.now() - inputs.KEEP).exclude(state__in=ACTIVE)
    found = [each for each in old.values_list("pk", flat=True)[:1000] if inputs.place(each).is_file()]
    size = sum(inputs.place(each).stat().st_size for each in found)
    for each in () if dry_run else found:
        inputs.remove(each)
    return Tidied(len(found), size)
