"""Locks: which changes of a thing need whose co-signatures."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from hutong.ledger.errors import BadEntry
from hutong.ledger.types import Rule

LOCK = "ledger.lock"
UNLOCK = "ledger.unlock"
MOST = 32


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock in force, and the entry that set it."""

    subject: str
    rule: Rule
    entry: int


def read_rule(given: Any) -> Rule:
    """A rule out of a payload; BadEntry unless it can be kept: k of n different organisations, 1 ≤ k ≤ n ≤ 32."""
    try:
        rule = Rule(
            tuple(given["organisations"]),
            given["needed"],
            tuple(given.get("kinds", ())),
            given.get("basis", ""),
        )
    except (LookupError, TypeError, AttributeError) as error:
        raise BadEntry(reason="not a rule") from error
    names = (*rule.organisations, *rule.kinds, rule.basis)
    if not all(isinstance(each, str) for each in names) or not isinstance(rule.needed, int):
        raise BadEntry(reason="not a rule")
    distinct = len(set(rule.organisations)) == len(rule.organisations) and all(rule.organisations)
    if not distinct or not 1 <= rule.needed <= len(rule.organisations) <= MOST:
        raise BadEntry(reason="a rule asks k of n different organisations")
    return rule


def covers(rule: Rule, kind: str) -> bool:
    """Whether an entry of this kind needs the co-signatures. Locking and unlocking always do."""
    if kind in {LOCK, UNLOCK}:
        return True
    if kind.startswith("ledger."):
        return False
    return not rule.kinds or any(kind.startswith(each) for each in rule.kinds)


def satisfied(rule: Rule, cosigners: Collection[str]) -> bool:
    return len(set(cosigners) & set(rule.organisations)) >= rule.needed


def unreachable(rule: Rule, refused: Collection[str]) -> bool:
    return len(set(rule.organisations) - set(refused)) < rule.needed


class Locks:
    """Grows by the entries of a log, in the order of the log."""

    def __init__(self) -> None:
        self._locks: dict[str, Lock] = {}
        self._used: set[str] = set()

    def get(self, subject: str) -> Lock | None:
        return self._locks.get(subject)

    def take(self, entry_id: int, fields: Mapping[str, Any], cosigners: Collection[str]) -> str:
        """Follow one entry whose ``cosigners`` have been verified. Returns what is wrong, empty when nothing is."""
        kind, subject = fields["kind"], fields["subject"]
        lock = self._locks.get(subject)
        proposal = fields.get("proposal", "")
        if proposal in self._used:
            return "the proposal was carried out twice"
        if proposal:
            self._used.add(proposal)
        if lock and covers(lock.rule, kind) and not satisfied(lock.rule, cosigners):
            return f"too few co-signatures for the lock of entry {lock.entry}"
        if kind == LOCK:
            try:
                rule = read_rule(fields["payload"].get("rule"))
            except BadEntry:
                return "not a rule"
            if not satisfied(rule, cosigners):
                return "the organisations of the rule have not agreed to it"
            self._locks[subject] = Lock(subject, rule, entry_id)
        elif kind == UNLOCK:
            if lock is None:
                return "there is no lock to open"
            del self._locks[subject]
        return ""
