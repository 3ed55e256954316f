"""Review of an imported document: a person accepts, mends or drops each thing the reader found."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hutong.accounts.api import Actor, OrganisationRef
from hutong.indicators.models import ExtractedItem, Plan, PlanDocument, PlanIndicator, PlanTask
from hutong.indicators.plan_import.duties import last_day
from hutong.indicators.plan_import.importing import read_plan_bytes
from hutong.indicators.plan_import.targets import number_in, read_target
from hutong.indicators.plan_import.types import NATURES, PlanReading
from hutong.indicators.plans.bureaus import bureau
from hutong.indicators.plans.errors import (
    BadItem,
    BadPeriod,
    BadTask,
    ReviewClosed,
    UnknownDocument,
    UnknownItem,
)
from hutong.kernel import audit, clock
from hutong.kernel.db import alone, atomic
from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.ledger import api as ledger

Item = ExtractedItem
KINDS = (Item.Kind.INDICATOR, Item.Kind.TASK, Item.Kind.SYSTEM)
VERBS = {"accept": Item.State.ACCEPTED, "drop": Item.State.DROPPED, "mend": Item.State.MENDED}
_NATURES = {word: nature for nature, word in NATURES.items()}
_FIELDS: Mapping[str, tuple[tuple[str, Text, bool], ...]] = {
    Item.Kind.INDICATOR: (
        ("name", Text(zh="名称", en="Name"), True),
        ("unit", Text(zh="单位", en="Unit"), False),
        ("target", Text(zh="目标", en="Target"), True),
        ("nature", Text(zh="性质", en="Nature"), False),
        ("group", Text(zh="类别", en="Group"), False),
    ),
    Item.Kind.TASK: (
        ("title", Text(zh="任务", en="Task"), True),
        ("owner", Text(zh="责任单位", en="Owner"), False),
        ("deadline", Text(zh="期限", en="Deadline"), False),
    ),
    Item.Kind.SYSTEM: (("name", Text(zh="名称", en="Name"), True),),
}


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document in a list."""

    id: int
    title: str
    name: str
    period: tuple[int, int] | None
    state: str
    proposed: int
    items: int
    uploaded_at: Any
    plan: str = ""


def fields(kind: str) -> tuple[tuple[str, Text, bool], ...]:
    """What a person can mend in an item of that kind: key, label, required."""
    return _FIELDS[kind]


def scope() -> str:
    """The district that the plans belong to."""
    return re.sub(r"[^a-z0-9-]+", "-", Path(str(value("HUTONG_PACK"))).name.lower()).strip("-") or "local"


def document_urn(document: PlanDocument) -> str:
    return str(Urn(scope(), "plan-document", str(document.pk)))


def bring_in(
    actor: Actor, data: bytes, name: str, progress: Callable[[int, int], None] | None = None
) -> PlanDocument:
    """Read a document and keep what was found for review; the same bytes are kept once."""
    return keep(data, name, by=actor.urn, organisation=actor.organisation, progress=progress)


def kept(data: bytes) -> PlanDocument | None:
    """The document of these bytes, if it was read before."""
    return PlanDocument.objects.filter(hash=hashlib.sha256(data).hexdigest()).first()


def keep(
    data: bytes, name: str, *, by: str, organisation: str, progress: Callable[[int, int], None] | None = None
) -> PlanDocument:
    """As ``bring_in``, for a job that knows who asked by URN; it may run twice."""
    digest = hashlib.sha256(data).hexdigest()
    known = kept(data)
    if known:
        return known
    reading = read_plan_bytes(data, name, progress)
    with atomic():
        document = PlanDocument.objects.create(
            hash=digest,
            name=name[:200],
            size=len(data),
            title=reading.plan[:200],
            period_from=reading.period[0] if reading.period else None,
            period_to=reading.period[1] if reading.period else None,
            lines=list(reading.lines),
            unread=[each.as_dict() for each in reading.unread],
            uploaded_at=clock.now(),
            uploaded_by=by,
        )
        Item.objects.bulk_create(_items(document, reading))
        urn = document_urn(document)
        found = {
            "indicators": len(reading.indicators),
            "tasks": len(reading.tasks),
            "systems": len(reading.systems),
        }
        ledger.append("plan.document", urn, {"sha256": digest, "size": len(data), "found": found})
        audit.record("plan.import", urn, actor=by, organisation=organisation, file=name[:200])
    return document


def _items(document: PlanDocument, reading: PlanReading) -> list[Item]:
    groups: tuple[tuple[str, list[dict[str, Any]]], ...] = (
        (Item.Kind.INDICATOR, [each.as_dict() for each in reading.indicators]),
        (Item.Kind.TASK, [each.as_dict() for each in reading.tasks]),
        (Item.Kind.SYSTEM, [each.as_dict() for each in reading.systems]),
    )
    return [
        Item(document=document, kind=kind, order=order, original=data, data=data)
        for kind, found in groups
        for order, data in enumerate(found)
    ]


def documents() -> list[DocumentView]:
    """All documents, the newest first."""
    return [
        DocumentView(
            row.pk, row.title, row.name,
            (row.period_from, row.period_to) if row.period_from and row.period_to else None,
            row.state, row.items.filter(state=Item.State.PROPOSED).count(), row.items.count(), row.uploaded_at,
            next(iter(row.plans.values_list("id", flat=True)), ""),
        )
        for row in PlanDocument.objects.order_by("-uploaded_at")[:200]
    ]  # fmt: skip


def document(wanted: int) -> PlanDocument:
    """One document; raises ``UnknownDocument``."""
    found = PlanDocument.objects.filter(pk=wanted).first()
    if found is None:
        raise UnknownDocument(document=wanted)
    return found


def decide(
    actor: Actor, wanted: int, item: int, verb: str, mended: Mapping[str, str] | None = None
) -> ExtractedItem:
    """Accept, mend or drop one item; decision, audit record and ledger entry are one transaction."""
    if verb not in VERBS:
        raise BadTask(field="verb", given=verb)
    with atomic():
        row = _open(wanted).items.filter(pk=item).first()
        if row is None:
            raise UnknownItem(item=item)
        data = _mended(row, mended or {}) if verb == "mend" else row.original
        return _decided(actor, row, VERBS[verb], data)


def accept_all(actor: Actor, wanted: int, kind: str) -> int:
    """Accept every item of a kind nobody has decided on yet."""
    with atomic():
        rows = list(_open(wanted).items.filter(kind=kind, state=Item.State.PROPOSED))
        for row in rows:
            _decided(actor, row, Item.State.ACCEPTED, row.original)
    return len(rows)


def publish(actor: Actor, wanted: int, title: str, period: tuple[int, int]) -> str:
    """Make a plan of what was accepted and mended; what nobody decided on stays out. Gives the plan's id."""
    if not title.strip():
        raise BadItem(field_zh="规划名称", field_en="the title of the plan")
    if not 1950 <= period[0] <= period[1] <= 2100:
        raise BadPeriod(first=period[0] or "—", last=period[1] or "—")
    with atomic():
        found = _open(wanted)
        code = f"import-{found.hash[:10]}"
        plan = Plan.objects.create(
            id=code, urn=str(Urn(scope(), "plan", code)), title={"zh": title.strip()[:200], "en": ""},
            period_from=period[0], period_to=period[1], source=found.name[:80], document=found,
        )  # fmt: skip
        taken = found.items.filter(state__in=(Item.State.ACCEPTED, Item.State.MENDED)).order_by("order")
        for row in taken.filter(kind=Item.Kind.INDICATOR):
            PlanIndicator.objects.create(
                plan=plan, code=f"i{row.order + 1}", order=row.order, **_indicator(row.data)
            )
        for row in taken.filter(kind=Item.Kind.TASK):
            PlanTask.objects.create(plan=plan, code=f"t{row.order + 1}", order=row.order, **_task(row.data))
        found.state = PlanDocument.State.PUBLISHED
        found.save(update_fields=["state"])
        payload = {
            "document": document_urn(found),
            "indicators": plan.indicators.count(),
            "tasks": plan.tasks.count(),
        }
        ledger.append("plan.publish", plan.urn, payload)
        audit.record("plan.publish", plan.urn, actor=actor.urn, organisation=actor.organisation, **payload)
    return code


def _open(wanted: int) -> PlanDocument:
    """A document under review, held until the transaction ends: decisions and publishing come one after another."""
    alone(f"indicators.review {wanted}")
    found = document(wanted)
    if found.state != PlanDocument.State.OPEN:
        raise ReviewClosed
    return found


def _decided(actor: Actor, row: Item, state: str, data: dict[str, Any]) -> Item:
    urn = document_urn(row.document)
    payload = {"item": f"{row.kind}/{row.order + 1}", "decision": str(state)}
    if data != row.original:
        payload["data_sha256"] = hashlib.sha256(repr(sorted(data.items())).encode()).hexdigest()
    entry = ledger.append("plan.review", urn, payload)
    row.state, row.data, row.entry_id = state, data, entry.id
    row.decided_by, row.decided_at = actor.urn, clock.now()
    row.save()
    audit.record("plan.review", urn, actor=actor.urn, organisation=actor.organisation, **payload)
    return row


def _mended(row: Item, given: Mapping[str, str]) -> dict[str, Any]:
    """The item with the fields a person wrote; a mended target is read again."""
    data = dict(row.original)
    for key, label, required in _FIELDS[row.kind]:
        if key not in given:
            continue
        text = given[key].strip()[:200]
        if required and not text:
            raise BadItem(field_zh=label.zh, field_en=label.en)
        data[key] = text
    if row.kind == Item.Kind.INDICATOR and isinstance(data["target"], str):
        found = read_target(data["target"], data["unit"])
        if found is None:
            raise BadItem(field_zh="目标", field_en="the target")
        data["target"] = found.target.as_dict()
    return data


def _indicator(data: Mapping[str, Any]) -> dict[str, Any]:
    start = data.get("baseline")
    baseline = None
    if start and start.get("year"):
        given = start.get("value")
        baseline = {**start, "value": given if given is not None else number_in(start.get("text", ""))}
    return {
        "title": {"zh": data["name"], "en": ""},
        "unit": data["unit"][:40],
        "target": data["target"],
        "nature": _NATURES.get(data["nature"], ""),
        "baseline": baseline,
        "reference": f"L{data['place']['line']}",
        "group": data["group"][:120],
    }


def answerable(data: Mapping[str, Any]) -> tuple[OrganisationRef | None, date | None]:
    """The organisation and the day that a task's words mean; ``None`` where they mean none for certain."""
    words = str(data.get("deadline") or "")
    try:
        day: date | None = date.fromisoformat(words)
    except ValueError:
        day = last_day(words)
    return (bureau(str(data["owner"])) if data.get("owner") else None), day


def _task(data: Mapping[str, Any]) -> dict[str, Any]:
    path = " / ".join([*data["section"], data["number"]]) if data["section"] else data["number"]
    note = "；".join(text for text in (data.get("owner") or "", data.get("deadline") or "") if text)
    owner, day = answerable(data)
    return {
        "title": {"zh": data["title"], "en": ""},
        "reference": path[-200:],
        "note": note[:500],
        "owner": owner.id if owner else "",
        "deadline": day,
    }


def progress_of(found: PlanDocument) -> dict[str, int]:
    """How many items are in each state."""
    counts = {str(state): 0 for state in Item.State}
    for state in found.items.values_list("state", flat=True):
        counts[state] += 1
    return counts
