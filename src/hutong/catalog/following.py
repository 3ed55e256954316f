"""The catalog follows the pack: entries it names for the first time in one write, changed ones one by one."""

from collections.abc import Callable, Iterable, Sequence

from hutong.catalog import search, store
from hutong.catalog.logic.bodies import digest
from hutong.catalog.models import Entry, Version
from hutong.catalog.store import Draft
from hutong.catalog.types import EntryChanged, Kind
from hutong.kernel import audit, events
from hutong.kernel.db import atomic
from hutong.ledger import api as ledger
from hutong.ledger.types import NewEntry

_BATCH = 200


def put_all(kind: Kind, drafts: Iterable[Draft], *, locked: Callable[[Draft], None] | None = None) -> int:
    """Make the entries of ``kind`` be what a pack says; those it no longer names are retired.

    What a person changed since stays until the pack itself says something new about an entry that nobody edited.
    A locked entry is handed to ``locked``. Returns how many changed.
    """
    with atomic():
        standing = {row.urn: row for row in Entry.objects.filter(kind=kind)}
        ordered = {draft.urn: (order, draft) for order, draft in enumerate(drafts)}
        fresh = [pair for urn, pair in ordered.items() if urn not in standing]
        changed = len(fresh)
        for start in range(0, len(fresh), _BATCH):
            _add(kind, fresh[start : start + _BATCH])
        for urn, row in standing.items():
            if urn in ordered:
                order, draft = ordered[urn]
                changed += _put(draft, row, order, locked)
            elif not row.retired and row.origin_sha256 and ledger.lock_of(urn) is None:
                _retire(row)
                changed += 1
    return changed


def _add(kind: Kind, fresh: Sequence[tuple[int, Draft]]) -> None:
    """First versions: log entries, rows, records, events and search in a write each."""
    drafts = [draft for _order, draft in fresh]
    digests = [digest(draft.body) for draft in drafts]
    written = ledger.append_many(
        [
            NewEntry(f"catalog.{kind}", draft.urn, store.told(1, "added", sha256), draft.organisation)
            for draft, sha256 in zip(drafts, digests, strict=True)
        ]
    )
    logged = [each.id for each in written]
    Entry.objects.bulk_create(
        Entry(
            urn=draft.urn, **store.columns(draft), sha256=sha256, origin_sha256=sha256, order=order, log_entry=entry
        )
        for (order, draft), sha256, entry in zip(fresh, digests, logged, strict=True)
    )  # fmt: skip
    by = audit.origin()
    Version.objects.bulk_create(
        Version(
            urn=draft.urn, version=1, change="added", actor=by.actor, body=draft.body, sha256=sha256, log_entry=entry
        )
        for draft, sha256, entry in zip(drafts, digests, logged, strict=True)
    )  # fmt: skip
    search.put_many([store.found(draft) for draft in drafts])
    audit.record_many(
        "catalog.edit", [(draft.urn, by, {"change": "added", "version": 1}) for draft in drafts]
    )
    events.publish_many([EntryChanged(draft.urn, kind, 1, "added") for draft in drafts])


def _put(draft: Draft, standing: Entry, order: int, locked: Callable[[Draft], None] | None) -> int:
    sha256 = digest(draft.body)
    if standing.origin_sha256 == sha256:
        if standing.order != order:
            Entry.objects.filter(pk=draft.urn).update(order=order)
        return 0
    if not standing.retired:
        edited = bool(standing.origin_sha256) and standing.sha256 != standing.origin_sha256
        if edited or standing.sha256 == sha256:
            Entry.objects.filter(pk=draft.urn).update(origin_sha256=sha256, order=order)
            return 0
        if locked is not None and ledger.lock_of(draft.urn) is not None:
            Entry.objects.filter(pk=draft.urn).update(origin_sha256=sha256, order=order)
            locked(draft)
            return 0
    version, kind = store.next_version(draft.urn)
    log_entry = store.tell(
        draft.urn, draft.kind, version, kind, sha256=sha256, organisation=draft.organisation
    )
    store.save(draft, version=version, change=kind, log_entry=log_entry, order=order)
    Entry.objects.filter(pk=draft.urn).update(origin_sha256=sha256)
    return 1


def _retire(row: Entry) -> None:
    """The pack names it no more: it comes back when the pack names it again."""
    log_entry = store.tell(
        row.urn, Kind(row.kind), row.version + 1, "retired", sha256=row.sha256, organisation=row.organisation
    )
    store.leave(row.urn, log_entry=log_entry, note={})
    Entry.objects.filter(pk=row.urn).update(origin_sha256="")
