"""What is weak about a thing: the facts to tell of it, or None. One question each; the table of rules is beside it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from hutong.catalog.types import EntryRef
from hutong.exchange.types import ContractRef, Standing
from hutong.kernel.text import Text
from hutong.lake.types import Column
from hutong.posture.logic.facts import (
    PERSONAL,
    Bounds,
    Facts,
    OutsideKey,
    Person,
    Witness,
    sensitive_shown,
    shown_clear,
)
from hutong.posture.logic.risk import grade_title

Told = Mapping[str, Any] | None
GRAVE: Final = ("core", "important")
_DATA_ROLES: Final = frozenset({"steward", "data_office"})
_WATCH_ROLES: Final = frozenset({"administrator", "security", "auditor"})


def ungraded_open(each: EntryRef, _facts: Facts, _bounds: Bounds) -> Told:
    return {} if each.opening == "open" and not each.grade else None


def graded_open(each: EntryRef, _facts: Facts, _bounds: Bounds) -> Told:
    return (
        {"grade": grade_title(each.grade).as_dict()}
        if each.opening == "open" and each.grade in GRAVE
        else None
    )


def no_owner(each: EntryRef, facts: Facts, _bounds: Bounds) -> Told:
    return None if each.organisation in facts.organisations else {}


def unmarked(each: EntryRef, facts: Facts, _bounds: Bounds) -> Told:
    columns = facts.columns.get(each.id, ())
    return _columns([one.name for one in columns if one.type in PERSONAL and not one.sensitive], columns)


def _columns(names: list[str], known: Sequence[Column]) -> Told:
    """The columns by the titles that people know, in both languages."""
    if not names:
        return None
    titles = {each.name: each.title for each in known}
    zh = "、".join(titles[each].zh or each for each in names)
    en = ", ".join(titles[each].en or each for each in names)
    return {"columns": Text(zh=zh, en=en).as_dict()}


def core_clear(each: ContractRef, facts: Facts, _bounds: Bounds) -> Told:
    shown = shown_clear(each) if each.table in facts.graded("core") else []
    return {"count": len(shown)} if shown else None


def sensitive_clear(each: ContractRef, facts: Facts, _bounds: Bounds) -> Told:
    columns = facts.columns.get(each.table, ())
    return _columns(sensitive_shown(each, columns), columns)


def unbounded(each: ContractRef, facts: Facts, _bounds: Bounds) -> Told:
    bounded = each.terms.quota.rows_per_day or each.terms.quota.calls_per_day
    return {} if each.table in facts.graded(*GRAVE) and not bounded else None


def dead_key(each: ContractRef, facts: Facts, _bounds: Bounds) -> Told:
    ended = each.standing in {Standing.REVOKED, Standing.SUPERSEDED} or each.terms.end < facts.today
    return {"count": facts.keys[each.id][0]} if ended and each.id in facts.keys else None


def old_key(each: ContractRef, facts: Facts, bounds: Bounds) -> Told:
    _count, oldest = facts.keys.get(each.id, (0, facts.now))
    return _days(facts.now - oldest, bounds.key_days)


def old_outside_key(each: OutsideKey, facts: Facts, bounds: Bounds) -> Told:
    return _days(facts.now - each.made_at, bounds.key_days)


def idle_contract(each: ContractRef, facts: Facts, bounds: Bounds) -> Told:
    return _days(facts.now - facts.used.get(each.id, each.made_at), bounds.idle_days)


def _days(past: timedelta, most: int) -> Told:
    return {"days": past.days} if past > timedelta(days=most) else None


def both_roles(each: Person, _facts: Facts, _bounds: Bounds) -> Told:
    apart = each.roles & (_DATA_ROLES | _WATCH_ROLES)
    return {"roles": ", ".join(sorted(apart))} if apart & _DATA_ROLES and apart & _WATCH_ROLES else None


def stale_witness(each: Witness, facts: Facts, bounds: Bounds) -> Told:
    late = each.seen_at is None or facts.now - each.seen_at > timedelta(hours=bounds.witness_hours)
    return {"hours": bounds.witness_hours} if late else None


def witness_alarm(each: Witness, _facts: Facts, _bounds: Bounds) -> Told:
    return {"alarm": each.alarm[:200]} if each.alarm else None


def unwitnessed(_district: Facts, facts: Facts, _bounds: Bounds) -> Told:
    return None if facts.witnesses else {}


def unverified_log(_district: Facts, facts: Facts, bounds: Bounds) -> Told:
    late = facts.verified_at is None or facts.now - facts.verified_at > timedelta(days=bounds.verify_days)
    return {"days": bounds.verify_days} if late else None


def unsealed_trail(_district: Facts, facts: Facts, _bounds: Bounds) -> Told:
    late = facts.sealed_at is None or facts.now - facts.sealed_at > timedelta(days=1)
    return {} if facts.records and late else None
