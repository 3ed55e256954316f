"""Accesses on record: what the gate decided, how it ended, and the entries of the log that tell of it.

Those who come at the same moment are written in one durable transaction: each has its own record and its own audit
record, and an entry of the log holds the SHA-256 of each. No access is over before the log has been told of it.
"""

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from hutong.exchange import places
from hutong.exchange.logic import gate as decision
from hutong.exchange.logic import terms
from hutong.exchange.models import AccessRow, ContractRow, UseRow
from hutong.exchange.types import Asked, ContractRef, Used, Verdict
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, exclusive, in_line
from hutong.kernel.together import Together
from hutong.ledger import api as ledger
from hutong.ledger.types import NewEntry

_LOCK = 0x48_55_46
_UNFINISHED = timedelta(hours=2)
_PLACED_EVERY = 0.1  # seconds: in between, entries wait for their place in the tree
BATCH = 500
_USED = 'SELECT "rows", calls FROM exchange_use WHERE contract = %s AND day = %s'
_ADD = 'UPDATE exchange_use SET "rows" = "rows" + %s, calls = calls + %s WHERE contract = %s AND day = %s'


@dataclass(frozen=True, slots=True)
class Begun:
    """An access: what was asked under which contract, how many rows at most (None: as many as the gate allows).

    ``ended`` is how many rows of it are about to leave at once and whether these are all; None while it goes on.
    """

    asked: Asked
    contract: ContractRef
    most: int | None
    by: audit.Origin
    snapshots: tuple[str, ...] = ()
    ended: tuple[int, bool] | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """An access is over: how many rows left, and whether it came to its end."""

    record: int
    rows: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What the gate said when it was written down, the record's number and how many rows may leave."""

    verdict: Verdict
    record: int
    limit: int


def begin(
    asked: Asked,
    contract: ContractRef,
    *,
    most: int | None,
    snapshots: Sequence[str] = (),
    ended: tuple[int, bool] | None = None,
) -> Kept:
    """Ask the gate and write down what it said; what is refused has ended with that."""
    kept = _do(Begun(asked, contract, most, audit.origin(), tuple(snapshots), ended))
    if kept is None:
        raise RuntimeError("an access that began has no record")
    return kept


def end(record: int, rows: int, *, whole: bool) -> None:
    """Tell of the end of an access; the second time nothing happens."""
    _do(Ended(record, rows, whole))


def flush(contract: str = "") -> int:
    """Tell the log of accesses that a crash broke off; returns how many. Safe to repeat."""
    told = 0
    with atomic():
        exclusive(_LOCK)
        AccessRow.objects.filter(ended_at=None, at__lt=clock.now() - _UNFINISHED).update(ended_at=clock.now())
        waiting = AccessRow.objects.filter(log_entry=None).exclude(ended_at=None)
        waiting = waiting.filter(contract=contract) if contract else waiting
        while rows := list(waiting.order_by("id")[:BATCH]):
            _tell(rows, {})
            told += len(rows)
    return told


def used_for(contract: ContractRef) -> Used:
    """What the gate has to know of today's use: nothing where the contract bounds none."""
    quota = contract.terms.quota
    return used_today(contract.id) if quota.rows_per_day or quota.calls_per_day else Used()


def used_today(contract: str) -> Used:
    """Read from the day's sum: to add up its accesses took longer with each of them."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, [contract, clock.today()])
        found = cursor.fetchone()
    return Used(*found) if found else _counted(contract)


def _counted(contract: str) -> Used:
    found = AccessRow.objects.filter(contract=contract, day=clock.today(), allowed=True).aggregate(
        rows=Sum("rows"), calls=Count("id")
    )
    return Used(int(found["rows"] or 0), int(found["calls"] or 0))


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


def _do(step: Begun | Ended) -> Kept | None:
    return _write([step])[0] if connection.in_atomic_block else _together.do(step)


def _write(steps: Sequence[Begun | Ended]) -> list[Kept | None]:
    """All steps in one transaction; quotas are held against each in turn."""
    with atomic():
        exclusive(_LOCK)
        over = _end([each for each in steps if isinstance(each, Ended)])
        begun = [each for each in steps if isinstance(each, Begun)]
        made = _begin(begun)
        tables = {each.contract.id: each.contract.table for each in begun}
        _tell([*over, *(row for row, _ in made if row.ended_at is not None)], tables)
    kept = iter([each for _, each in made])
    return [next(kept) if isinstance(each, Begun) else None for each in steps]


def _end(steps: Sequence[Ended]) -> list[AccessRow]:
    if not steps:
        return []
    told, now = {each.record: each for each in steps}, clock.now()
    rows = list(AccessRow.objects.filter(pk__in=told, ended_at=None))
    for row in rows:
        if row.allowed:
            _add(row.contract, row.day, told[int(row.pk)].rows - row.rows, 0)
        row.rows, row.whole, row.ended_at = told[int(row.pk)].rows, told[int(row.pk)].whole, now
        row.save(update_fields=["rows", "whole", "ended_at"])
    return rows


def _begin(steps: Sequence[Begun]) -> list[tuple[AccessRow, Kept]]:
    used: dict[str, Used] = {}
    rows, said = [], []
    for each in steps:
        before = used[each.contract.id] if each.contract.id in used else used_for(each.contract)
        verdict = decision.decide(each.asked, each.contract, before, clock.now())
        limit = verdict.most_rows if each.most is None else min(each.most, verdict.most_rows)
        row = _row(each, verdict, limit)
        used[each.contract.id] = Used(before.rows + row.rows, before.calls + 1) if verdict else before
        rows.append(row)
        said.append((verdict, limit))
    AccessRow.objects.bulk_create(rows)
    for name, contract in {each.contract.id: each.contract for each in steps}.items():
        let = [row for row in rows if row.contract == name and row.allowed]
        known = _add(name, clock.today(), sum(row.rows for row in let), len(let))
        if not known and (contract.terms.quota.rows_per_day or contract.terms.quota.calls_per_day):
            counted = _counted(name)
            UseRow.objects.create(contract=name, day=clock.today(), rows=counted.rows, calls=counted.calls)
    for allowed, action in ((True, "exchange.access"), (False, "exchange.access-refused")):
        mine = [_audited(each, row) for each, row in zip(steps, rows, strict=True) if row.allowed is allowed]
        if mine:
            audit.record_many(action, mine)
    return [
        (row, Kept(verdict, int(row.pk), limit)) for row, (verdict, limit) in zip(rows, said, strict=True)
    ]


def _add(contract: str, day: date, rows: int, calls: int) -> bool:
    """Whether the day has a sum."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [rows, calls, contract, day])
        return bool(cursor.rowcount)


def _row(step: Begun, verdict: Verdict, limit: int) -> AccessRow:
    """The record, not yet written. Of a quota so many rows are held until it is known how many have left."""
    asked, contract, now = step.asked, step.contract, clock.now()
    ended = (0, True) if not verdict else step.ended
    held = limit if contract.terms.quota.rows_per_day else 0
    return AccessRow(
        contract=contract.id, version=contract.version, at=now, day=clock.today(), actor=asked.actor[:250],
        organisation=asked.organisation, channel=asked.channel.value, purpose=asked.purpose[:60],
        asked={
            "columns": list(asked.columns), "where": terms.dump_conditions(asked.where),
            "order": [list(each) for each in asked.order], "limit": asked.limit, "offset": asked.offset,
        },
        allowed=bool(verdict), reasons=[each.code for each in verdict.reasons], snapshots=list(step.snapshots),
        rows=min(ended[0], limit) if ended else held, whole=ended[1] if ended else False,
        ended_at=now if ended else None,
    )  # fmt: skip


def _audited(step: Begun, row: AccessRow) -> tuple[str, audit.Origin, dict[str, Any]]:
    by = audit.Origin(step.asked.actor, step.asked.organisation, step.by.address)
    told = {
        "access": row.pk, "version": row.version, "channel": row.channel, "purpose": row.purpose,
        "reasons": row.reasons,
    }  # fmt: skip
    return step.contract.urn, by, told


def _tell(rows: Sequence[AccessRow], known: Mapping[str, str]) -> None:
    """One entry of the log for each contract and organisation among them; ``known`` are tables of contracts."""
    groups: dict[tuple[str, str], list[AccessRow]] = defaultdict(list)
    for row in rows:
        groups[row.contract, row.organisation].append(row)
    tables = _tables({name for name, _ in groups}, known)
    new = [
        NewEntry("exchange.access", places.contract_urn(name), _payload(tables[name], mine), by)
        for (name, by), mine in groups.items()
    ]
    written = ledger.append_many(new, place=_placing.due())
    for entry, mine in zip(written, groups.values(), strict=True):
        AccessRow.objects.filter(pk__in=[row.pk for row in mine]).update(log_entry=entry.id)


def _tables(contracts: set[str], known: Mapping[str, str]) -> dict[str, str]:
    unknown = contracts - set(known)
    found = (
        ContractRow.objects.filter(contract__in=unknown).values_list("contract", "table") if unknown else ()
    )
    return {**known, **dict(found)}


def _payload(table: str, rows: Sequence[AccessRow]) -> dict[str, Any]:
    return {
        "about": [places.dataset_urn(table)],
        "first": rows[0].pk,
        "last": rows[-1].pk,
        "count": len(rows),
        "rows": sum(each.rows for each in rows),
        "refused": sum(not each.allowed for each in rows),
        "accesses": {str(each.pk): digest(each) for each in rows},
    }


class _Placing:
    """Whether it is time to give entries their place: with every commit of a quiet hour, not of a busy second."""

    def __init__(self) -> None:
        self._last = -_PLACED_EVERY

    def due(self) -> bool:
        now = time.monotonic()
        if now - self._last < _PLACED_EVERY:
            return False
        self._last = now
        return True


_together = Together(_write, lambda: in_line("exchange-accesses"))
_placing = _Placing()
