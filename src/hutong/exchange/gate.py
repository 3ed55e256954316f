"""The gate: every read of another organisation's data goes through here, and leaves its trace before the first row.

An access is written down with the decision, in the same transaction as its audit record. Its entry in the log is made
when it ends, at most one a second for a contract: an entry tells of all accesses that have ended since the one before
(`flush`). What a crash leaves open is told of by the worker.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Sum

from hutong.accounts.api import Actor
from hutong.exchange import contracts, places, watching
from hutong.exchange.errors import GateShut
from hutong.exchange.logic import gate as decision
from hutong.exchange.logic import terms
from hutong.exchange.models import AccessRow
from hutong.exchange.types import Asked, ContractRef, Page, Used, Verdict
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.errors import HutongError
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Body, BodyFormat, ColumnType, Lens, MaskKind
from hutong.ledger import api as ledger

_LOCK = 0x48_55_46
_SECOND = timedelta(seconds=1)
_UNFINISHED = timedelta(hours=2)
MOST_PAGE = 10_000
BATCH = 500


@dataclass(frozen=True, slots=True)
class Passed:
    """An access that the gate let through: its lens, the query over it, and the record it ends in."""

    contract: ContractRef
    lens: Lens
    sql: str
    record: int
    limit: int


def decide(asked: Asked, contract: ContractRef, at: datetime | None = None) -> Verdict:
    """What the gate says, without opening it."""
    return decision.decide(asked, contract, used_today(contract.id), at or clock.now())


def read(asked: Asked, contract: ContractRef) -> Page:
    """Some rows; raises ``GateShut`` with every reason."""
    size = min(max(asked.limit, 1), MOST_PAGE)
    passed = enter(asked, contract, most=size + 1)
    shown: tuple[tuple[Any, ...], ...] | None = None
    try:
        found = lake.query(passed.sql, [contract.table], lenses={contract.table: passed.lens}, limit=size + 1)
        shown = found.rows[:size]
    finally:
        leave(passed.record, len(shown or ()), whole=shown is not None)
    shape = lake.contract(contract.table).columns
    return Page(
        found.columns,
        shown,
        len(found.rows) > len(shown),
        tuple(each.urn for each in found.snapshots),
        {each.name: each.title for each in shape},
        tuple(each.name for each in passed.lens.columns if each.mask.kind is not MaskKind.KEEP),
        tuple(each.name for each in shape if each.type is ColumnType.MONEY),
    )


def stream(
    asked: Asked, contract: ContractRef, form: BodyFormat, *, mark: bool = False, note: str = ""
) -> Body:
    """All the rows asked for as a body of any size; raises ``GateShut``, also where the contract ends meanwhile."""
    passed = enter(asked, contract, most=asked.limit if asked.limit > 0 else None)
    ended: list[bool] = []

    def told(rows: int, whole: bool) -> None:
        ended.append(True)
        leave(passed.record, rows, whole=whole)

    try:
        body = lake.stream(
            passed.sql,
            [contract.table],
            form=form,
            lenses={contract.table: passed.lens},
            mark=mark,
            note=note,
            told=told,
        )
    except HutongError:
        if not ended:
            leave(passed.record, 0, whole=False)
        raise
    return replace(body, parts=watching.Watched(body.parts, watching.still(asked, contract)))


def enter(asked: Asked, contract: ContractRef, *, most: int | None) -> Passed:
    """Ask the gate, write down what it said, and give what may be run; raises ``GateShut``."""
    with atomic():
        exclusive(_LOCK)
        verdict = decide(asked, contract)
        limit = verdict.most_rows if most is None else min(most, verdict.most_rows)
        record = _written(asked, contract, verdict, limit)
    if verdict.lens is None:
        leave(record, 0, whole=True)
        raise GateShut(
            why_zh="；".join(each.text.in_("zh") for each in verdict.reasons),
            why_en="; ".join(each.text.in_("en") for each in verdict.reasons),
            reasons=[each.code for each in verdict.reasons],
        )
    return Passed(contract, verdict.lens, sql_of(asked, contract, verdict.lens, limit), record, limit)


def refused(asked: Asked, contract: ContractRef) -> tuple[str, ...]:
    """Ask for what the gate refuses, so that the refusal is on record; returns its codes, none where it was let in."""
    try:
        leave(enter(asked, contract, most=0).record, 0, whole=True)
    except GateShut as shut:
        return tuple(shut.facts["reasons"])
    return ()


def sql_of(asked: Asked, contract: ContractRef, lens: Lens, limit: int) -> str:
    """The query over the lens: conditions on what masks show, order, page."""
    shape = lake.contract(contract.table)
    names = asked.columns or tuple(each.name for each in lens.columns)
    tests = lake.shown_conditions(decision.shown_conditions(asked, contract), lens, shape)
    order = ", ".join(
        f"{lake.ident(name)} {'DESC' if down else 'ASC'} NULLS LAST" for name, down in asked.order
    )
    return (
        f"SELECT {', '.join(lake.ident(name) for name in names)} FROM {lake.ident(shape.sql_name)}"
        f"{f' WHERE {tests}' if tests else ''}{f' ORDER BY {order}' if order else ''}"
        f" LIMIT {int(limit)}{f' OFFSET {int(asked.offset)}' if asked.offset else ''}"
    )


def _written(asked: Asked, contract: ContractRef, verdict: Verdict, limit: int) -> int:
    now = clock.now()
    held = (
        limit if verdict and contract.terms.quota.rows_per_day else 0
    )  # of the quota, until it is known how many
    row = AccessRow.objects.create(
        contract=contract.id, version=contract.version, at=now, day=clock.today(), actor=asked.actor[:250],
        organisation=asked.organisation, channel=asked.channel.value, purpose=asked.purpose[:60],
        asked={
            "columns": list(asked.columns), "where": terms.dump_conditions(asked.where),
            "order": [list(each) for each in asked.order], "limit": asked.limit, "offset": asked.offset,
        },
        allowed=bool(verdict), reasons=[each.code for each in verdict.reasons],
        snapshots=_snapshots(contract.table), rows=held,
    )  # fmt: skip
    audit.record(
        "exchange.access" if verdict else "exchange.access-refused",
        contract.urn, actor=asked.actor, organisation=asked.organisation, access=row.pk, version=contract.version,
        channel=asked.channel.value, purpose=asked.purpose[:60], reasons=[each.code for each in verdict.reasons],
    )  # fmt: skip
    return int(row.pk)


def _snapshots(table: str) -> list[str]:
    newest = lake.latest(table)
    return [newest.urn] if newest else []


def leave(record: int, rows: int, *, whole: bool) -> None:
    """The access is over: how many rows left, and whether it came to its end. Its log entry follows within a second
    of the one before, by the next access or the worker.
    """
    with atomic():
        AccessRow.objects.filter(pk=record, ended_at=None).update(
            rows=rows, whole=whole, ended_at=clock.now()
        )
        contract = AccessRow.objects.values_list("contract", flat=True).get(pk=record)
        last = AccessRow.objects.filter(contract=contract, log_entry__gt=0).order_by("-ended_at").first()
        if last is None or last.ended_at is None or clock.now() - last.ended_at >= _SECOND:
            flush(contract)


def flush(contract: str = "") -> int:
    """Tell the log of accesses that have ended (or were broken off); returns how many. Safe to repeat."""
    told = 0
    with atomic():
        exclusive(_LOCK)
        AccessRow.objects.filter(ended_at=None, at__lt=clock.now() - _UNFINISHED).update(ended_at=clock.now())
        waiting = AccessRow.objects.filter(log_entry=None).exclude(ended_at=None)
        waiting = waiting.filter(contract=contract) if contract else waiting
        for name, by in list(waiting.values_list("contract", "organisation").distinct().order_by()):
            while rows := list(waiting.filter(contract=name, organisation=by).order_by("id")[:BATCH]):
                _tell(name, rows)
                told += len(rows)
    return told


def _tell(contract: str, rows: Sequence[AccessRow]) -> None:
    payload = {
        "about": [places.dataset_urn(contracts.contract_of(contract).table)],
        "first": rows[0].pk,
        "last": rows[-1].pk,
        "count": len(rows),
        "rows": sum(each.rows for each in rows),
        "refused": sum(not each.allowed for each in rows),
        "accesses": {str(each.pk): digest(each) for each in rows},
    }
    entry = ledger.append(
        "exchange.access", places.contract_urn(contract), payload, organisation=rows[0].organisation
    )
    AccessRow.objects.filter(pk__in=[each.pk for each in rows]).update(log_entry=entry.id)


def digest(row: AccessRow) -> str:
    """What the log says of one access: SHA-256 of its record as canonical JSON."""
    told: dict[str, Any] = {
        "id": row.pk, "contract": row.contract, "version": row.version, "at": row.at.isoformat(), "actor": row.actor,
        "organisation": row.organisation, "channel": row.channel, "purpose": row.purpose, "asked": row.asked,
        "allowed": row.allowed, "reasons": row.reasons, "snapshots": row.snapshots, "rows": row.rows,
        "whole": row.whole,
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def used_today(contract: str) -> Used:
    found = AccessRow.objects.filter(contract=contract, day=clock.today(), allowed=True).aggregate(
        rows=Sum("rows"), calls=Count("id")
    )
    return Used(int(found["rows"] or 0), int(found["calls"] or 0))


def asked_by(actor: Actor, contract: ContractRef, **more: Any) -> Asked:
    """What a signed-in person asks for: in the name of the consumer where they may act for it."""
    mine = actor.organisation
    if mine != contract.consumer and any(
        actor.covers(role, contract.consumer) for role in ("steward", "developer")
    ):
        mine = contract.consumer
    more.setdefault("purpose", contract.terms.purposes[0] if contract.terms.purposes else "")
    return Asked(actor=actor.urn, organisation=mine, **more)


def contract(name: str) -> ContractRef:
    return contracts.contract_of(name)


def say(verdict: Verdict) -> list[Text]:
    return [each.text for each in verdict.reasons]
