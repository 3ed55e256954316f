"""Sides of joint runs on record: how far each is, what was written down of it, and who is told of it."""

from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from hutong.accounts.api import Actor, Target, may
from hutong.kernel import clock, jobs
from hutong.kernel.errors import NotFound
from hutong.privacy import inputs, runs
from hutong.privacy.errors import NoSuchRun, RunCut
from hutong.privacy.models import StartRow
from hutong.privacy.types import Side, Stage, StartRef

ACTIVE: Final = tuple(each.value for each in Stage if each.active)
_SLACK = timedelta(minutes=1)


def of(actor: Actor, start: str) -> StartRef:
    """A side, for its own organisation and those who oversee; raises ``NoSuchRun`` for all others."""
    row = row_of(start)
    if not may(actor, "privacy.view", Target(row.organisation, kind="privacy")):
        raise NoSuchRun(name=start[:40])
    settle(row)
    return ref(row, visible=bool(may(actor, "privacy.ask", Target(row.organisation, kind="privacy"))))


def listed(under: Collection[str], seen_by: Collection[str], limit: int = 20) -> list[StartRef]:
    """Sides of the organisations in ``seen_by`` under the contracts, newest first."""
    found = StartRow.objects.filter(contract__in=list(under), organisation__in=list(seen_by))
    rows = found.order_by("-at", "-pk")[:limit]
    for row in rows:
        settle(row)
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


def row_of(start: str) -> StartRow:
    row = StartRow.objects.filter(pk=start[:40]).first() if "\0" not in start else None
    if row is None:
        raise NoSuchRun(name=start[:40])
    return row


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


def settle(row: StartRow) -> None:
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
