"""The gate: every read of another organisation's data goes through here, and leaves its trace before the first row.

A body is written down with the decision before it begins, and its end with an entry of the log before its last byte;
a page is written down with all of that at once, when its rows are known and none of them has left (`recording`).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hutong.accounts.api import Actor
from hutong.exchange import contracts, recording, watching
from hutong.exchange.errors import GateShut
from hutong.exchange.logic import gate as decision
from hutong.exchange.recording import digest, flush, used_today
from hutong.exchange.types import Asked, ContractRef, Page, Verdict
from hutong.kernel import clock
from hutong.kernel.errors import HutongError
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Body, BodyFormat, Contract, Lens, MaskKind, QueryResult

__all__ = [
    "MOST_PAGE",
    "Passed",
    "asked_by",
    "contract",
    "decide",
    "digest",
    "enter",
    "flush",
    "leave",
    "read",
    "refused",
    "say",
    "sql_of",
    "stream",
    "used_today",
]
MOST_PAGE = 10_000


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
    return decision.decide(asked, contract, recording.used_for(contract), at or clock.now())


def read(asked: Asked, contract: ContractRef) -> Page:
    """Some rows; raises ``GateShut`` with every reason."""
    size, before = min(max(asked.limit, 1), MOST_PAGE), decide(asked, contract)
    if before.lens is None:
        raise _shut(recording.begin(asked, contract, most=0, snapshots=_snapshots(contract.table)))
    shape = lake.contract(contract.table)
    sql = sql_of(replace(asked, offset=0), contract, before.lens, min(size + 1, before.most_rows), shape)
    found: QueryResult | None = None
    try:
        found = lake.query(
            f"{sql} OFFSET $skip",  # the next page is the same question, read and checked already
            [contract.table],
            params={"skip": asked.offset},
            lenses={contract.table: before.lens},
            limit=size + 1,
            keep=True,
        )
    finally:
        rows = found.rows[:size] if found else ()
        read_from = tuple(each.urn for each in found.snapshots) if found else _snapshots(contract.table)
        kept = recording.begin(
            asked, contract, most=size + 1, snapshots=read_from, ended=(len(rows), found is not None)
        )
    if (
        kept.verdict.lens is None
    ):  # what was left of a quota went to somebody else meanwhile, or the day is over
        raise _shut(kept)
    return Page(
        found.columns,
        rows[: kept.limit],
        len(found.rows) > min(len(rows), kept.limit),
        read_from,
        tuple(each.name for each in before.lens.columns if each.mask.kind is not MaskKind.KEEP),
        {each.name: each for each in shape.columns},
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
    kept = recording.begin(asked, contract, most=most, snapshots=_snapshots(contract.table))
    if kept.verdict.lens is None:
        raise _shut(kept)
    sql = sql_of(asked, contract, kept.verdict.lens, kept.limit)
    return Passed(contract, kept.verdict.lens, sql, kept.record, kept.limit)


def leave(record: int, rows: int, *, whole: bool) -> None:
    """The access is over: how many rows left, and whether it came to its end."""
    recording.end(record, rows, whole=whole)


def _shut(kept: recording.Kept) -> GateShut:
    return GateShut(
        why_zh="；".join(each.text.in_("zh") for each in kept.verdict.reasons),
        why_en="; ".join(each.text.in_("en") for each in kept.verdict.reasons),
        reasons=[each.code for each in kept.verdict.reasons],
    )


def refused(asked: Asked, contract: ContractRef) -> tuple[str, ...]:
    """Ask for what the gate refuses, so that the refusal is on record; returns its codes, none where it was let in."""
    try:
        leave(enter(asked, contract, most=0).record, 0, whole=True)
    except GateShut as shut:
        return tuple(shut.facts["reasons"])
    return ()


def sql_of(asked: Asked, contract: ContractRef, lens: Lens, limit: int, shape: Contract | None = None) -> str:
    """The query over the lens: conditions on what masks show, order, page."""
    shape = shape or lake.contract(contract.table)
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


def _snapshots(table: str) -> tuple[str, ...]:
    newest = lake.latest(table)
    return (newest.urn,) if newest else ()


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
