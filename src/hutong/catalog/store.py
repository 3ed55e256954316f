"""The catalog as it stands and as it was: every change is a version, a log entry, a record and an event at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Max

from hutong.catalog import search
from hutong.catalog.errors import NoSuchEntry, VersionConflict
from hutong.catalog.logic.bodies import digest
from hutong.catalog.models import Entry, Version
from hutong.catalog.types import EntryChanged, EntryRef, Kind, VersionRef
from hutong.kernel import audit, clock, events
from hutong.kernel.db import alone, atomic
from hutong.kernel.text import Text
from hutong.ledger import api as ledger


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry about to be written."""

    urn: str
    kind: Kind
    local: str
    title: Text
    body: Mapping[str, Any]
    organisation: str = ""
    summary: Text = field(default=Text(zh="", en=""))
    parent: str = ""
    grade: str = ""
    sharing: str = ""
    opening: str = ""
    update: str = ""
    themes: tuple[str, ...] = ()
    words: str = ""


def change(draft: Draft, *, expected: int, reason: str = "") -> EntryRef:
    """Write an entry whose present version is ``expected`` (0: there is none yet), and why.

    Raises ``VersionConflict``; the ledger raises ``Locked`` where co-signatures are needed.
    """
    with atomic():
        alone(draft.urn)
        row = Entry.objects.filter(pk=draft.urn).first()
        present = row.version if row is not None and not row.retired else 0
        if present != expected:
            raise VersionConflict(name=draft.urn, expected=expected, present=present)
        if row is not None and not row.retired and row.sha256 == digest(draft.body):
            return ref(row)
        version, kind = next_version(draft.urn)
        note, sha256 = noted(reason), digest(draft.body)
        log_entry = tell(
            draft.urn, draft.kind, version, kind, sha256=sha256, organisation=draft.organisation, note=note
        )
        order = row.order if row else _last()
        save(draft, version=version, change=kind, log_entry=log_entry, order=order, note=note)
    return entry(draft.urn)


def expect(standing: EntryRef, version: int) -> None:
    """Raises ``VersionConflict`` unless the entry stands at ``version``."""
    if standing.version != version:
        raise VersionConflict(name=standing.urn, expected=version, present=standing.version)


def retire(urn: str, *, expected: int, reason: str = "", successor: str = "") -> None:
    """Take an entry out of the catalog; its versions stay. Raises ``NoSuchEntry`` or ``VersionConflict``."""
    with atomic():
        alone(urn)
        row = Entry.objects.filter(pk=urn, retired=False).first()
        if row is None:
            raise NoSuchEntry(name=urn)
        if row.version != expected:
            raise VersionConflict(name=urn, expected=expected, present=row.version)
        note = noted(reason, successor)
        said = {**told(row.version + 1, "retired", row.sha256), **note}
        written = ledger.append(f"catalog.{row.kind}", urn, said, organisation=row.organisation)
        announce(urn, Kind(row.kind), row.version + 1, "retired")
        leave(urn, log_entry=written.id, note=note)


def leave(urn: str, *, log_entry: int, note: Mapping[str, str]) -> None:
    """Let an entry stand no more, as ``log_entry`` tells. It stays findable by whoever asks for retired ones."""
    row = Entry.objects.get(pk=urn)
    version = row.version + 1
    Entry.objects.filter(pk=urn).update(
        retired=True, version=version, changed_at=clock.now(), log_entry=log_entry
    )
    _keep(urn, version, "retired", row.body, sha256=row.sha256, log_entry=log_entry, note=note)


def noted(reason: str, successor: str = "") -> dict[str, str]:
    """Why a version was made, and what follows a retired entry; nothing where nothing was said."""
    said = {"reason": reason.strip(), "successor": successor}
    return {name: text for name, text in said.items() if text}


def next_version(urn: str) -> tuple[int, str]:
    """The number the next version will have, and whether it adds or changes."""
    row = Entry.objects.filter(pk=urn).first()
    if row is None:
        return 1, "added"
    return row.version + 1, "added" if row.retired else "changed"


def payload(draft: Draft, reason: str = "") -> dict[str, Any]:
    """What the log will say of the change."""
    version, kind = next_version(draft.urn)
    return {**told(version, kind, digest(draft.body)), **noted(reason)}


def entry(urn: str) -> EntryRef:
    """The entry as it stands; raises ``NoSuchEntry``."""
    row = Entry.objects.filter(pk=urn, retired=False).first()
    if row is None:
        raise NoSuchEntry(name=urn)
    return ref(row)


def known(urn: str) -> EntryRef:
    """The entry as it stands, or as it stood when it was retired; raises ``NoSuchEntry``."""
    row = Entry.objects.filter(pk=urn).first()
    if row is None:
        raise NoSuchEntry(name=urn)
    return ref(row)


def find(kind: Kind, local: str) -> EntryRef:
    """The entry of that kind and local name; raises ``NoSuchEntry``."""
    row = Entry.objects.filter(kind=kind, local=local, retired=False).first()
    if row is None:
        raise NoSuchEntry(name=local)
    return ref(row)


def entries(kind: Kind, **where: Any) -> list[EntryRef]:
    """Entries of a kind in their order; ``where`` as the model's fields."""
    return [ref(row) for row in Entry.objects.filter(kind=kind, retired=False, **where)]


def versions(urn: str) -> list[VersionRef]:
    """Every version of an entry, the newest first."""
    return [_version(row) for row in Version.objects.filter(urn=urn)]


def as_of(urn: str, day: date) -> VersionRef | None:
    """The version that stood at the end of ``day`` (Asia/Shanghai); None before the first or after retirement."""
    end = datetime.combine(day, time.max, clock.SHANGHAI)
    row = Version.objects.filter(urn=urn, at__lte=end).order_by("-version").first()
    return None if row is None or row.change == "retired" else _version(row)


def ref(row: Entry) -> EntryRef:
    return EntryRef(
        urn=row.urn,
        kind=Kind(row.kind),
        id=row.local,
        organisation=row.organisation,
        title=Text(row.title_zh, row.title_en),
        summary=Text(row.summary_zh, row.summary_en),
        parent=row.parent,
        grade=row.grade,
        sharing=row.sharing,
        opening=row.opening,
        update=row.update,
        themes=tuple(row.themes),
        version=row.version,
        changed_at=row.changed_at,
        log_entry=row.log_entry,
        body=row.body,
        retired=row.retired,
    )


def save(
    draft: Draft,
    *,
    version: int,
    change: str,
    log_entry: int,
    order: int | None = None,
    note: Mapping[str, str] | None = None,
) -> None:
    """The entry as it now stands and its version, after the log has been told."""
    sha256 = digest(draft.body)
    if order is None:
        order = Entry.objects.filter(pk=draft.urn).values_list("order", flat=True).first() or 0
    Entry.objects.update_or_create(
        urn=draft.urn,
        defaults={
            **columns(draft),
            "sha256": sha256,
            "version": version,
            "retired": False,
            "order": order,
            "changed_at": clock.now(),
            "log_entry": log_entry,
        },
    )
    _keep(draft.urn, version, change, draft.body, sha256=sha256, log_entry=log_entry, note=note)
    search.put(*found(draft))


def columns(draft: Draft) -> dict[str, Any]:
    """What an entry keeps of a draft."""
    return {
        "kind": draft.kind,
        "local": draft.local,
        "organisation": draft.organisation,
        "title_zh": draft.title.zh,
        "title_en": draft.title.en,
        "summary_zh": draft.summary.zh,
        "summary_en": draft.summary.en,
        "parent": draft.parent,
        "grade": draft.grade,
        "sharing": draft.sharing,
        "opening": draft.opening,
        "update": draft.update,
        "themes": list(draft.themes),
        "body": draft.body,
    }


def found(draft: Draft) -> search.Text:
    """What an entry is found by."""
    return search.Text(
        draft.urn,
        f"{draft.title.zh} {draft.title.en}",
        f"{draft.summary.zh} {draft.summary.en} {draft.words}",
    )


def _last() -> int:
    return (Entry.objects.aggregate(most=Max("order"))["most"] or 0) + 1


def tell(
    urn: str,
    kind: Kind,
    version: int,
    change: str,
    *,
    sha256: str,
    organisation: str,
    note: Mapping[str, str] | None = None,
) -> int:
    """The log entry, the audit record and the event of one change, in its transaction."""
    said = {**told(version, change, sha256), **(note or {})}
    written = ledger.append(f"catalog.{kind}", urn, said, organisation=organisation)
    announce(urn, kind, version, change)
    return written.id


def told(version: int, change: str, sha256: str) -> dict[str, Any]:
    """What the log says of a version."""
    return {"version": version, "change": change, "body_sha256": sha256}


def announce(urn: str, kind: Kind, version: int, change: str) -> None:
    """The audit record and the event of a change."""
    audit.record("catalog.edit", urn, change=change, version=version)
    events.publish(EntryChanged(urn=urn, kind=kind, version=version, change=change))


def _keep(
    urn: str,
    version: int,
    change: str,
    body: Mapping[str, Any],
    *,
    sha256: str,
    log_entry: int,
    note: Mapping[str, str] | None = None,
) -> None:
    Version.objects.create(
        urn=urn,
        version=version,
        change=change,
        actor=audit.origin().actor,
        body=body,
        sha256=sha256,
        log_entry=log_entry,
        note=dict(note or {}),
    )


def _version(row: Version) -> VersionRef:
    return VersionRef(
        row.urn, row.version, row.change, row.at, row.actor, row.body, row.sha256, row.log_entry, row.note
    )
