"""Sides of joint runs that people write down and start: on record, one at a time for each run, to an end that is told.

A start is one job of the worker. What it costs and gives is ``joint.match``'s, the same as at the command line. A job
that is found begun when it begins was cut off by a stop of this installation: it is told so and not run again unasked,
for the other side has gone; started again under its name it is not charged again and has the noise it had.
"""

import uuid
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from hutong.accounts.api import Actor, Target, allow
from hutong.exchange.api import contracts
from hutong.exchange.types import ContractRef
from hutong.kernel import audit, clock, jobs
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.errors import HutongError, Place
from hutong.kernel.tidying import Tidied, tidies
from hutong.privacy import budgets, doors, inputs, joint, party, runs, sides
from hutong.privacy.errors import BadMatch, RunBusy
from hutong.privacy.models import StartRow
from hutong.privacy.types import Side, Stage, StartRef

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

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
            return begin(actor, known) if start else sides.ref(row, visible=True)
    except HutongError:
        inputs.remove(known)
        raise


def begin(actor: Actor, start: str) -> StartRef:
    """Start a side that is ready or came to nothing; raises ``RunBusy``, ``AddressBusy``, ``NoEngine`` and what
    ``prepare`` raises.
    """
    from hutong.privacy import jobs as work  # noqa: PLC0415 - the job runs what is here

    row = sides.row_of(start)
    allow(actor, "privacy.ask", Target(row.organisation, kind="privacy"))
    sides.settle(row)
    side, found = sides.side_of(row), contracts.contract_of(row.contract)
    _check(actor, side, found, file=bool(row.file))
    party.python()
    with atomic():
        exclusive(budgets.LOCK)
        row = StartRow.objects.get(pk=row.pk)
        same = StartRow.objects.filter(contract=row.contract, run=row.run, organisation=row.organisation)
        if row.state == Stage.DONE:
            return sides.ref(row, visible=True)
        if row.state in sides.ACTIVE or same.filter(state__in=sides.ACTIVE).exists():
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
    return sides.ref(row, visible=True)


def stop(actor: Actor, start: str) -> StartRef:
    """Stop a side that waits or is at work."""
    row = sides.row_of(start)
    allow(actor, "privacy.ask", Target(row.organisation, kind="privacy"))
    sides.settle(row)
    with atomic():
        row = StartRow.objects.select_for_update().get(pk=row.pk)
        if row.state in sides.ACTIVE and not row.stop:
            row.stop = True
            row.save(update_fields=["stop"])
            audit.record(
                "privacy.match-stopped", contracts.contract_of(row.contract).urn, actor=actor.urn,
                organisation=row.organisation, run=row.run, start=row.pk,
            )  # fmt: skip
    return sides.ref(row, visible=True)


def drop(actor: Actor, start: str) -> StartRef:
    """Take away what was written down of a side, with its rows; what it cost stays on record. Raises ``RunBusy``."""
    row = sides.row_of(start)
    allow(actor, "privacy.ask", Target(row.organisation, kind="privacy"))
    sides.settle(row)
    with atomic():
        row = StartRow.objects.select_for_update().get(pk=row.pk)
        if row.state in sides.ACTIVE:
            raise RunBusy(run=row.run)
        last = sides.ref(row, visible=True)
        row.delete()
        audit.record(
            "privacy.match-dropped", contracts.contract_of(last.side.contract).urn, actor=actor.urn,
            organisation=last.side.organisation, run=last.side.run, start=last.id,
        )  # fmt: skip
    inputs.remove(last.id)
    return last


def match_of(row: StartRow) -> joint.Match:
    """What the engine's side of it is to do."""
    side = sides.side_of(row)
    of_table = not row.file
    pair = (row.own, row.peer) if row.provider else (row.peer, row.own)
    return joint.Match(
        row.contract, row.run, inputs.place(row.pk), inputs.KEY if of_table else side.key, pair,
        (inputs.VALUE if of_table else side.value) if side.column else "", side.column, side.epsilon, side.purpose,
        doors.tls(pair), side.seconds, side.wait,
    )  # fmt: skip


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
    others = StartRow.objects.filter(state__in=sides.ACTIVE).exclude(pk=row.pk)
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


def _bad(key: str, zh: str, en: str) -> BadMatch:
    return BadMatch(place=Place(key=key), reason_zh=zh, reason_en=en)


@tidies("privacy.sides")
def _old_files(dry_run: bool) -> Tidied:
    """Files of sides that nobody started again."""
    old = StartRow.objects.filter(at__lt=clock.now() - inputs.KEEP).exclude(state__in=sides.ACTIVE)
    found = [each for each in old.values_list("pk", flat=True)[:1000] if inputs.place(each).is_file()]
    size = sum(inputs.place(each).stat().st_size for each in found)
    for each in () if dry_run else found:
        inputs.remove(each)
    return Tidied(len(found), size)
