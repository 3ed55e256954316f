"""Proposing a locked change, collecting co-signatures, carrying it out. All of it is on the log, nothing beside."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from hutong.kernel import audit, clock
from hutong.kernel.db import alone, atomic
from hutong.kernel.events import publish
from hutong.kernel.settings import value
from hutong.kernel.urn import BadUrn, Urn
from hutong.ledger.errors import BadEntry, BadProposal, NoEntry, NotSigned
from hutong.ledger.happenings import ProposalReady
from hutong.ledger.logic import entries, locks, proposals, statements
from hutong.ledger.models import EntryRow
from hutong.ledger.store import keys, organisations
from hutong.ledger.store.appending import in_force, order, write
from hutong.ledger.types import Cosignature, EntryRef, NewEntry, Proposal, Rule


def lock_of(subject: str) -> Rule | None:
    """The rule in force for a subject; None when it is not locked."""
    found = in_force([str(subject)]).get(str(subject))
    return found.rule if found else None


def lock_payload(rule: Rule) -> dict[str, Any]:
    """Payload of a ``ledger.lock`` entry, to be proposed."""
    return {"rule": _normal(rule).as_dict()}


def propose(
    kind: str, subject: str, payload: Mapping[str, Any], *, organisation: str, rule: Rule | None = None
) -> Proposal:
    """Propose an entry. Its rule is that of the lock in force; without one, ``rule``.

    ``kind`` ``ledger.lock`` locks (``lock_payload``), ``ledger.unlock`` opens. The proposer, where the rule names
    it and its key is held here, co-signs at once.
    """
    subject, organisation = str(subject), _name(organisation)
    if kind == locks.LOCK:
        payload = {**payload, **lock_payload(locks.read_rule(payload.get("rule")))}
    if kind.startswith("ledger.") and kind not in {locks.LOCK, locks.UNLOCK}:
        raise BadEntry(reason=f"{kind} is written by the ledger itself")
    with atomic():
        asked = _rule(kind, payload, lock_of(subject), rule)
        if not organisation:
            raise _refused("提出者须为单位", "an organisation has to propose it")
        said = {"kind": kind, "payload": payload, "rule": asked.as_dict()}
        ref = write([NewEntry(proposals.PROPOSED, subject, said, organisation)])[0]
        urn = proposal_urn(ref.id)
        audit.record("ledger.propose", urn, about=subject, kind=kind)
        if organisation in asked.organisations and organisations.held(organisation):
            return cosign(urn, organisation)
        return proposal(urn)


def cosign(
    urn: str, organisation: str, *, at: datetime | None = None, key: str = "", value: bytes = b""
) -> Proposal:
    """The organisation agrees. With ``key`` and ``value`` it signed elsewhere, over ``cosign_text`` at time ``at``."""
    organisation = _name(organisation)
    with atomic():
        wait_for(urn)
        found = _open(urn, organisation)
        when = at or clock.now()
        given = Cosignature(organisation, key, when, value) if key else _sign(found, organisation, when)
        ring, subject = organisations.keyring(organisation), organisations.subject_of(organisation)
        if not ring.cosigned(subject, proposals.fields(found), urn, given):
            raise NotSigned(organisation=organisation)
        said = {"cosignature": given.as_dict(), "about": [found.subject]}
        _answer(proposals.COSIGNED, found, organisation, said, sign=not key)
        after = proposal(urn)
        if after.state == "ready":
            publish(ProposalReady(urn, after.kind, after.subject))
        return after


def refuse(urn: str, organisation: str, reason: str) -> Proposal:
    """The organisation does not agree."""
    organisation = _name(organisation)
    with atomic():
        wait_for(urn)
        found = _open(urn, organisation)
        said = {"reason": reason, "about": [found.subject]}
        _answer(proposals.REFUSED, found, organisation, said)
        return proposal(urn)


def withdraw(urn: str, organisation: str) -> Proposal:
    """Whoever proposed it takes it back."""
    with atomic():
        wait_for(urn)
        found = proposal(urn)
        if found.state not in {"open", "ready"}:
            raise _refused("该提议已经结束", "the proposal is closed")
        if _name(organisation) != found.organisation:
            raise _refused("只有提出者可以撤回", "only its proposer may withdraw it")
        _answer(proposals.WITHDRAWN, found, found.organisation, {"about": [found.subject]})
        return proposal(urn)


def carry_out(urn: str) -> EntryRef:
    """Write the proposed entry with all its co-signatures, in the caller's transaction with the change itself.

    BadProposal unless it is ready under the lock that is in force now.
    """
    with atomic():
        wait_for(urn)
        found = proposal(urn)
        control = found.kind in {locks.LOCK, locks.UNLOCK}
        order(control=control)
        if found.state != "ready":
            raise _refused("会签尚未完成或已经结束", "it is not ready, or closed")
        in_force_now = lock_of(found.subject)
        names = [each.organisation for each in found.cosignatures]
        if in_force_now and not locks.satisfied(in_force_now, names):
            raise _refused("锁定规则已经改变，须重新提出", "the rule has changed since; propose it again")
        if found.kind == locks.UNLOCK and in_force_now is None:
            raise _refused("该事项未锁定", "there is no lock to open")
        entry = NewEntry(
            found.kind,
            found.subject,
            found.payload,
            found.organisation,
            proposal=urn,
            cosignatures=found.cosignatures,
        )
        written = write([entry], control=control)[0]
        said = {"entry": written.id, "about": [found.subject]}
        write([NewEntry(proposals.CARRIED, urn, said, found.organisation)])
        audit.record("ledger.carry-out", urn, about=found.subject, entry=written.id)
        return written


def wait_for(urn: str) -> None:
    """Hold the proposal until the transaction ends: of two who answer at once the second sees the first.

    An answer may carry it out. One that locks or unlocks is then alone with the log, and says so before it writes.
    """
    alone(urn)
    if proposal(urn).kind in {locks.LOCK, locks.UNLOCK}:
        order(control=True)


def cosign_text(urn: str, organisation: str, at: datetime) -> bytes:
    """The bytes an organisation that signs elsewhere has to sign."""
    return statements.cosignature(
        keys.origin(), proposals.fields(proposal(urn)), urn, _name(organisation), at
    )


def proposal(urn: str) -> Proposal:
    """How a proposal stands; NoEntry when there is none of that name."""
    row = (
        EntryRow.objects.filter(pk=_number(urn), kind=proposals.PROPOSED)
        .values_list("leaf", flat=True)
        .first()
    )
    if row is None:
        raise NoEntry(what=urn)
    answers = EntryRow.objects.filter(subject=urn).order_by("id").values_list("leaf", flat=True)
    return proposals.follow(
        proposals.begin(urn, entries.read(bytes(row))), [entries.read(bytes(leaf)) for leaf in answers]
    )


def find_proposals(
    *, subject: str = "", awaiting: str = "", state: str = "", limit: int = 200
) -> tuple[Proposal, ...]:
    """Newest first: about ``subject``, in ``state``, waiting for the word of the organisation ``awaiting``."""
    rows = EntryRow.objects.filter(kind=proposals.PROPOSED).order_by("-id")
    if subject:
        rows = rows.filter(subject=subject)
    awaiting, found = _name(awaiting), list[Proposal]()
    for number in rows.values_list("id", flat=True).iterator(200):
        each = proposal(proposal_urn(number))
        if (not state or each.state == state) and (
            not awaiting or (each.state == "open" and awaiting in each.awaited)
        ):
            found.append(each)
        if len(found) >= limit:
            break
    return tuple(found)


def proposal_urn(number: int) -> str:
    return str(Urn(str(value("HUTONG_PACK")), "proposal", str(number)))


def _number(urn: str) -> int:
    try:
        local = Urn.parse(urn).local
    except BadUrn:
        local = ""
    if not (local.isascii() and local.isdigit() and len(local) < 19) or urn != proposal_urn(int(local)):
        raise NoEntry(what=urn)
    return int(local)


def _rule(kind: str, payload: Mapping[str, Any], in_force_now: Rule | None, rule: Rule | None) -> Rule:
    if in_force_now:
        return in_force_now
    if kind == locks.LOCK:
        return locks.read_rule(payload.get("rule"))
    if rule is None:
        raise _refused("未锁定的事项须给出会签规则", "what is not locked needs a rule")
    return _normal(rule)


def _normal(rule: Rule) -> Rule:
    """The rule with its organisations by URN; BadEntry when it cannot be kept."""
    named = replace(rule, organisations=tuple(map(_name, rule.organisations)))
    return locks.read_rule(named.as_dict())


def _name(organisation: str) -> str:
    return organisations.subject_of(organisation) if organisation else ""


def _open(urn: str, organisation: str) -> Proposal:
    found = proposal(urn)
    if found.state not in {"open", "ready"}:
        raise _refused("该提议已经结束", "the proposal is closed")
    if organisation not in found.rule.organisations:
        raise _refused("该单位不在会签之列", "the organisation is not among its co-signers")
    if organisation not in found.awaited:
        raise _refused("该单位已经表态", "the organisation has answered already")
    return found


def _sign(found: Proposal, organisation: str, at: datetime) -> Cosignature:
    """By the key held here, which is made and told to the log when it is the organisation's first."""
    ring = organisations.keyring(organisation)
    key = organisations.signing_key(organisation, ring)
    if key is None:
        key = organisations.make(organisation, ring)
        kind, subject, payload = organisations.added(organisation, key.verifier, hosted=True)
        write([NewEntry(kind, subject, payload, "")])
    text = statements.cosignature(keys.origin(), proposals.fields(found), found.urn, organisation, at)
    return Cosignature(organisation, key.verifier.key_id.hex(), at, key.sign_bytes(text))


def _answer(
    kind: str, found: Proposal, organisation: str, said: Mapping[str, Any], *, sign: bool = True
) -> None:
    """An answer in the organisation's name; the co-signature in it speaks for one that signs elsewhere."""
    write([NewEntry(kind, found.urn, said, organisation if sign else "")])
    audit.record(kind, found.urn, organisation=organisation)


def _refused(zh: str, en: str) -> BadProposal:
    return BadProposal(reason_zh=zh, reason_en=en)
