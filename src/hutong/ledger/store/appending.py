"""Writing entries: in the caller's transaction, so that a change and its entry stand or fall together."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, is_sqlite
from hutong.kernel.settings import value
from hutong.kernel.urn import Urn
from hutong.ledger.logic import entries
from hutong.ledger.logic.merkle import leaf_hash
from hutong.ledger.models import EntryRow
from hutong.ledger.store.integrating import integrate
from hutong.ledger.types import EntryRef, NewEntry

log = logging.getLogger(__name__)


def append(
    kind: str, subject: str, payload: Mapping[str, Any], *, organisation: str | None = None
) -> EntryRef:
    """One entry about ``subject``; ``organisation`` is who made the change, else who is acting now."""
    return append_many([NewEntry(kind, subject, payload, organisation)])[0]


def append_many(new: Sequence[NewEntry]) -> list[EntryRef]:
    """Entries in order, in one write. They get their place in the tree after the commit."""
    if not new:
        return []
    acting, at = audit.origin().organisation, clock.now()
    with atomic():
        rows = []
        for entry_id, each in zip(_reserve(len(new)), new, strict=True):
            by = acting if each.organisation is None else each.organisation
            leaf = entries.leaf(
                entry_id=entry_id,
                kind=each.kind,
                subject=str(each.subject),
                organisation=by,
                at=at,
                payload=each.payload,
            )
            rows.append(
                EntryRow(
                    id=entry_id,
                    kind=each.kind,
                    subject=str(each.subject),
                    organisation=by,
                    at=at,
                    leaf=leaf,
                    leaf_hash=leaf_hash(leaf),
                )
            )
        EntryRow.objects.bulk_create(rows, batch_size=1000)
        _integrate_after_commit()
    return [EntryRef(row.id, entry_urn(row.id), bytes(row.leaf_hash)) for row in rows]


def entry_urn(entry_id: int) -> str:
    return str(Urn(str(value("HUTONG_PACK")), "entry", str(entry_id)))


def _reserve(count: int) -> Sequence[int]:
    """Identifiers of rows about to be written: they are part of what the tree commits to."""
    with connection.cursor() as cursor:
        if is_sqlite():  # the transaction holds the write lock: nobody else reserves now
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'ledger_entry'")
            found = cursor.fetchone()
            first = (found[0] if found else 0) + 1
            return range(first, first + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _integrate_after_commit() -> None:
    """Once a transaction, however many entries it appends; a failure is left to the worker."""
    if not any(waiting[1] is _integrate for waiting in reversed(connection.run_on_commit)):
        transaction.on_commit(_integrate, robust=True)


def _integrate() -> None:
    integrate()
