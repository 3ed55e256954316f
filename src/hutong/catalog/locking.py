"""Changes of locked entries: a proposal on the log, co-signed by those whom the lock names, then carried out."""

from typing import Any

from hutong.catalog import store
from hutong.catalog.errors import BadDecision, VersionConflict
from hutong.catalog.logic.bodies import digest
from hutong.catalog.models import ProposedChange
from hutong.catalog.types import EntryRef as Standing
from hutong.catalog.types import Kind
from hutong.kernel import audit
from hutong.kernel.db import alone, atomic
from hutong.kernel.text import Text
from hutong.ledger import api as ledger
from hutong.ledger.types import EntryRef, Proposal, Rule

MAX_REASON = 500


def is_locked(urn: str) -> Rule | None:
    """The rule that holds the entry, if any."""
    return ledger.lock_of(urn)


def propose(draft: store.Draft, *, organisation: str, reason: str) -> str:
    """Propose a change of a locked entry; the same change is not proposed twice. Returns the proposal's URN."""
    told = store.payload(draft, reason[:MAX_REASON])
    with atomic():
        alone(draft.urn)
        for each in ledger.find_proposals(subject=draft.urn):
            if each.state in {"open", "ready"} and {**each.payload, "reason": ""} == {**told, "reason": ""}:
                return each.urn
        made = ledger.propose(f"catalog.{draft.kind}", draft.urn, told, organisation=organisation)
        ProposedChange.objects.create(
            proposal=made.urn,
            urn=draft.urn,
            kind=draft.kind,
            change=told["change"],
            version=told["version"],
            body=draft.body,
            actor=audit.origin().actor,
            reason=reason[:MAX_REASON],
        )
        return made.urn


def propose_retirement(standing: Standing, *, organisation: str, reason: str, successor: str) -> str:
    """Propose that a locked entry be retired. Returns the proposal's URN."""
    told: dict[str, Any] = {
        "version": standing.version + 1,
        "change": "retired",
        "body_sha256": digest(standing.body),
        **store.noted(reason, successor),
    }
    with atomic():
        alone(standing.urn)
        for each in ledger.find_proposals(subject=standing.urn):
            if each.state in {"open", "ready"} and dict(each.payload) == told:
                return each.urn
        made = ledger.propose(f"catalog.{standing.kind}", standing.urn, told, organisation=organisation)
        ProposedChange.objects.create(
            proposal=made.urn,
            urn=standing.urn,
            kind=standing.kind,
            change="retired",
            version=told["version"],
            body=standing.body,
            actor=audit.origin().actor,
            reason=reason[:MAX_REASON],
        )
        return made.urn


def propose_from_pack(draft: store.Draft) -> None:
    """The pack says something new about a locked entry."""
    propose(draft, organisation=draft.organisation, reason=str(Text(zh="区包更新", en="The pack changed")))


def lock(urn: str, rule: Rule) -> str:
    """Ask for a lock; it holds once those it names have agreed. Returns the proposal's URN."""
    standing = store.entry(urn)
    with atomic():
        alone(urn)
        for each in ledger.find_proposals(subject=urn):
            if each.kind == "ledger.lock" and each.state in {"open", "ready"}:
                return each.urn
        return ledger.propose(
            "ledger.lock", urn, ledger.lock_payload(rule), organisation=standing.organisation
        ).urn


def cosign(urn: str, organisation: str) -> Proposal:
    """Agree in the name of ``organisation``; the last signature needed carries the change out at once."""
    with atomic():
        after = ledger.cosign(urn, organisation)
        if after.state == "ready":
            carry_out(after)
        return ledger.proposal(urn)


def refuse(urn: str, organisation: str, reason: str) -> Proposal:
    """Do not agree, and say why."""
    if not reason.strip() or len(reason) > MAX_REASON:
        raise BadDecision(reason=str(Text(zh="须写明理由", en="a reason is needed")))
    return ledger.refuse(urn, organisation, reason.strip())


def withdraw(urn: str, organisation: str) -> Proposal:
    """The proposer takes it back."""
    return ledger.withdraw(urn, organisation)


def carry_out(ready: Proposal) -> EntryRef | None:
    """Write what was agreed: log entry with all co-signatures and the change itself, in one transaction.

    None where it is not ours or has been done. Raises ``VersionConflict`` when the entry moved on meanwhile.
    """
    from hutong.catalog.editing import draft_of, take_up  # noqa: PLC0415 - editing proposes through this module

    with atomic():
        if ledger.proposal(ready.urn).state != "ready":
            return None
        if ready.kind in {"ledger.lock", "ledger.unlock"}:
            return ledger.carry_out(ready.urn)
        change = ProposedChange.objects.filter(pk=ready.urn).first()
        if change is None:
            return None
        version, kind = store.next_version(change.urn)
        if version != change.version:
            raise VersionConflict(name=change.urn, expected=change.version - 1, present=version - 1)
        note = {name: str(ready.payload[name]) for name in ("reason", "successor") if name in ready.payload}
        if change.change == "retired":
            written = ledger.carry_out(ready.urn)
            store.leave(change.urn, log_entry=written.id, note=note)
            store.announce(change.urn, Kind(change.kind), version, "retired")
            return written
        draft = draft_of(Kind(change.kind), change.urn, change.body)
        written = ledger.carry_out(ready.urn)
        store.save(draft, version=version, change=kind, log_entry=written.id, note=note)
        store.announce(draft.urn, draft.kind, version, kind)
        take_up(draft)
        return written
