"""What the rules over the set-up see: found, mended when a rule sees it no more, or accepted until a day."""

import hashlib
from datetime import date, timedelta
from typing import Any

from hutong.accounts.api import Actor, Target, allow
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.text import Text
from hutong.posture import gathering
from hutong.posture.errors import BadUntil, CannotSettle, NoReason, NoSuchFinding
from hutong.posture.logic import rules
from hutong.posture.logic.facts import Facts
from hutong.posture.models import FindingRow
from hutong.posture.pack import current
from hutong.posture.types import FindingRef, FindingState, Severity

_LOCK = 0x48_55_51
_LONGEST = 2000
_ORDER = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


def renew(facts: Facts | None = None) -> list[FindingRef]:
    """Run every rule; what is seen no more is mended. Safe to repeat. Returns all that stand."""
    seen = rules.look(facts or gathering.facts(), current().rules)
    now = clock.now()
    with atomic():
        exclusive(_LOCK)
        standing = {row.key: row for row in FindingRow.objects.all()}
        kept = set()
        for each in seen:
            key = hashlib.sha256(f"{each.rule}|{each.subject}".encode()).hexdigest()
            kept.add(key)
            row = standing.get(key) or FindingRow(key=key, found_at=now)
            if row.mended_at is not None:  # it is back
                row.mended_at, row.found_at, row.accepted_until = None, now, None
            before = None if row.pk is None else (row.facts, row.severity, row.dataset, row.link)
            row.rule, row.subject, row.dataset, row.link = (
                each.rule,
                each.subject[:300],
                each.dataset,
                each.link,
            )
            row.severity, row.facts = rules.every()[each.rule].severity.value, dict(each.facts)
            if before != (row.facts, row.severity, row.dataset, row.link) or row.found_at == now:
                row.save()
        gone = [row.pk for key, row in standing.items() if key not in kept and row.mended_at is None]
        FindingRow.objects.filter(pk__in=gone).update(mended_at=now)
    return listed()


def listed(dataset: str = "") -> list[FindingRef]:
    """All that stand, accepted ones last, the gravest first."""
    rows = FindingRow.objects.filter(mended_at=None, rule__in=list(rules.every()))
    found = [ref(row) for row in (rows.filter(dataset=dataset) if dataset else rows)]
    return sorted(
        found, key=lambda each: (each.state is FindingState.ACCEPTED, _ORDER[each.severity], each.id)
    )


def finding(number: int) -> FindingRef:
    return ref(_row(number))


def accept(actor: Actor, number: int, note: str, until: date) -> FindingRef:
    """Live with it until a day; the reason stays on record."""
    allow(actor, "posture.manage", Target(kind="posture-finding"))
    if not note.strip() or len(note) > _LONGEST or "\0" in note:
        raise NoReason
    last = clock.today() + timedelta(days=current().rules.accept_days)
    if not clock.today() <= until <= last:
        raise BadUntil(last=last.isoformat())
    with atomic():
        exclusive(_LOCK)
        row = _row(number)
        if row.mended_at is not None:
            raise CannotSettle(state="mended", event="accepted")
        row.accepted_until, row.accepted_by, row.note = until, actor.urn, note.strip()
        row.save()
        audit.record(
            "posture.accepted", gathering.urn("posture-finding", row.pk), actor=actor.urn, rule=row.rule,
            about=row.subject, until=until.isoformat(), note=row.note[:500],
        )  # fmt: skip
    return ref(row)


def _row(number: int) -> FindingRow:
    row = FindingRow.objects.filter(pk=number).first() if 0 < number < 2**63 else None
    if row is None or row.rule not in rules.every():
        raise NoSuchFinding(number=number)
    return row


def ref(row: FindingRow) -> FindingRef:
    rule = rules.every()[row.rule]
    state = FindingState.OPEN
    if row.mended_at is not None:
        state = FindingState.MENDED
    elif row.accepted_until is not None and row.accepted_until >= clock.today():
        state = FindingState.ACCEPTED
    return FindingRef(
        id=row.pk, rule=row.rule, severity=Severity(row.severity), state=state, subject=row.subject,
        dataset=row.dataset, facts=row.facts, link=row.link, found_at=row.found_at, accepted_until=row.accepted_until,
        accepted_by=row.accepted_by, note=row.note, what=_filled(rule.what, row.facts), fix=rule.fix,
    )  # fmt: skip


def _filled(text: Text, facts: dict[str, Any]) -> Text:
    """The text in each language with the facts in that language."""

    def of(language: str) -> str:
        told = {
            name: Text(each.get("zh", ""), each.get("en", "")).in_(language)
            if isinstance(each, dict)
            else each
            for name, each in facts.items()
        }
        return text.in_(language).format(**told)

    return Text(zh=of("zh"), en=of("en"))
