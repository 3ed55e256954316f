"""Looking at accesses batch by batch, and what becomes of an alert: open, acknowledged, closed with a reason."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet

from hutong.accounts.api import Actor, Target, allow
from hutong.catalog import api as catalog
from hutong.catalog.types import EntryRef, Kind
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.events import publish
from hutong.posture import accesses, gathering
from hutong.posture.errors import CannotSettle, NoReason, NoSuchAlert
from hutong.posture.logic import bearing
from hutong.posture.logic.anomalies import Anomaly, find
from hutong.posture.models import AlertRow, WatchRow
from hutong.posture.pack import current
from hutong.posture.types import AlertKind, AlertRaised, AlertRef, AlertState, Channel

MOST: Final = 500  # new alerts of one look; what is left out is counted
LONGEST: Final = 2000
_LOCK: Final = 0x48_55_50
_OVERLAP: Final = timedelta(hours=1)
_FIRST: Final = timedelta(days=1)
_LATEST: Final = timedelta(days=7)
_BASE: Final = {
    AlertKind.VOLUME: 50, AlertKind.REFUSED: 45, AlertKind.ADDRESS: 35, AlertKind.HOUR: 35, AlertKind.NOVELTY: 25,
}  # fmt: skip
_GRADES: Final = {"core": 30, "important": 20, "": 20}
_OPEN_BASE: Final = 20  # what is open may be taken; that it is taken in bulk is worth knowing


def watch(start: datetime | None = None) -> WatchRow:
    """Judge what was accessed since the last look (with an hour of overlap), or since ``start``. Safe to repeat."""
    spec, now = current().watch, clock.now()
    last = WatchRow.objects.order_by("-through").first()
    begin = start or max(now - _LATEST, (last.through - _OVERLAP) if last else now - _FIRST)
    begin = clock.local(begin).replace(minute=0, second=0, microsecond=0)
    events = accesses.gather(begin - timedelta(days=spec.history_days), now, spec.new_days)
    found = find(events, begin, spec.limits)
    grades = {each.id: each.grade for each in catalog.entries(Kind.DATASET)}
    weighed = sorted(((_score(each, grades), each) for each in found), key=lambda pair: -pair[0])
    with atomic():
        exclusive(_LOCK)
        raised = 0
        dropped = 0
        for score, each in weighed:
            if raised >= MOST and not AlertRow.objects.filter(key=_key(each)).exists():
                dropped += 1
                continue
            raised += _keep(each, score)
        return WatchRow.objects.create(
            through=now, accesses=events.num_rows, found=raised, dropped=dropped, at=clock.now()
        )


def _score(each: Anomaly, grades: dict[str, str]) -> int:
    """How grave: the kind, how far beyond the bound, and the grade of what was read."""
    beyond = min(20.0, 10 * max(0.0, each.ratio - 1) ** 0.5)
    base = _OPEN_BASE if each.channel == Channel.OPEN else _BASE[AlertKind(each.kind)]
    score: float = base + beyond + _GRADES.get(grades.get(each.dataset, "none"), 0)
    return round(min(100.0, score))


def _key(each: Anomaly) -> str:
    return hashlib.sha256(each.key.encode()).hexdigest()


def put(each: Anomaly, score: int) -> None:
    """Something that others saw and told at once."""
    with atomic():
        exclusive(_LOCK)
        _keep(each, score)


def _keep(each: Anomaly, score: int) -> int:
    """A new alert; found again while it is open, only its figures move. Returns 1 where it is new."""
    told: dict[str, Any] = {
        "score": score, "at": each.at, "rows": each.rows, "calls": each.calls, "reasons": [dict(each.reason)],
    }  # fmt: skip
    row = AlertRow.objects.filter(key=_key(each)).first()
    if row is not None:
        AlertRow.objects.filter(pk=row.pk).exclude(state=AlertState.CLOSED).update(**told)
        return 0
    row = AlertRow.objects.create(
        key=_key(each), kind=each.kind, state=AlertState.OPEN.value, channel=each.channel, dataset=each.dataset,
        contract=each.contract, actor=each.actor[:300], organisation=each.organisation[:300], opened_at=clock.now(),
        **told,
    )  # fmt: skip
    made = ref(row)
    publish(AlertRaised(made.urn, made.kind.value, made.dataset, made.organisation, made.score))
    audit.record("posture.alert", made.urn, kind=each.kind, dataset=each.dataset, score=score)
    return 1


def acknowledge(actor: Actor, number: int, note: str = "") -> AlertRef:
    """Someone is looking into it."""
    return _settle(actor, number, (AlertState.OPEN,), AlertState.ACKNOWLEDGED, note)


def close(actor: Actor, number: int, note: str) -> AlertRef:
    """It is settled; the reason says what it was."""
    if not note.strip():
        raise NoReason
    return _settle(actor, number, (AlertState.OPEN, AlertState.ACKNOWLEDGED), AlertState.CLOSED, note)


def _settle(
    actor: Actor, number: int, before: Sequence[AlertState], after: AlertState, note: str
) -> AlertRef:
    allow(actor, "posture.manage", Target(kind="posture-alert"))
    if len(note) > LONGEST or "\0" in note:
        raise NoReason
    with atomic():
        exclusive(_LOCK)
        row = _row(number)
        if AlertState(row.state) not in before:
            raise CannotSettle(state=row.state, event=after.value)
        row.state, row.settled_by, row.settled_at = after.value, actor.urn, clock.now()
        row.note = note.strip() or row.note
        row.save()
        found = ref(row)
        audit.record(f"posture.{after.value}", found.urn, actor=actor.urn, note=row.note[:500])
    return found


def alert(number: int) -> AlertRef:
    return ref(_row(number))


def _row(number: int) -> AlertRow:
    row = AlertRow.objects.filter(pk=number).first() if 0 < number < 2**63 else None
    if row is None:
        raise NoSuchAlert(number=number)
    return row


def listed(
    *, state: str = "", kind: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[AlertRef], int]:
    """The gravest that wait first, then the newest; and how many there are."""
    asked = {"state": state, "kind": kind}
    return _page(
        AlertRow.objects.filter(**{name: each for name, each in asked.items() if each}), limit, offset
    )


def about(entry: EntryRef, limit: int = 500) -> list[AlertRef]:
    """Those that bear on a dataset or a system, in the same order."""
    if entry.kind is Kind.DATASET:
        modules = [each for each, tables in gathering.reads().items() if entry.id in tables]
        rows = AlertRow.objects.filter(dataset__in=[entry.id, *modules])
    else:
        held = [
            each.id for each in gathering.entries(Kind.DATASET) if each.body.get("system", "") == entry.id
        ]
        ways = bearing.channels(entry.body.get("capability", ""))
        rows = AlertRow.objects.filter(Q(dataset__in=held) | Q(channel__in=ways))
    return _page(rows, limit, 0)[0]


def _page(rows: QuerySet[AlertRow], limit: int, offset: int) -> tuple[list[AlertRef], int]:
    ordered = rows.order_by(F("settled_at").asc(nulls_first=True), "-score", "-id")
    return [ref(each) for each in ordered[offset : offset + limit]], rows.count()


def waiting() -> list[AlertRef]:
    """Every alert that is not closed."""
    return [ref(each) for each in AlertRow.objects.exclude(state=AlertState.CLOSED).order_by("-score", "-id")]


def counts() -> dict[str, int]:
    return dict(AlertRow.objects.values_list("state").annotate(Count("id")).order_by())


def last_watch() -> WatchRow | None:
    return WatchRow.objects.order_by("-id").first()


def ref(row: AlertRow) -> AlertRef:
    return AlertRef(
        id=row.pk, urn=gathering.urn("posture-alert", row.pk), kind=AlertKind(row.kind), state=AlertState(row.state),
        channel=Channel(row.channel), score=row.score, dataset=row.dataset, contract=row.contract, actor=row.actor,
        organisation=row.organisation, at=row.at, rows=row.rows, calls=row.calls, reasons=tuple(row.reasons),
        opened_at=row.opened_at, settled_by=row.settled_by, settled_at=row.settled_at, note=row.note,
    )  # fmt: skip
