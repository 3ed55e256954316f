"""Writing entries: in the caller's transaction, so that a change and its entry stand or fall together."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, is_sqlite
from hutong.kernel.settings import value
from hutong.kernel.together import Together
from hutong.kernel.urn import Urn
from hutong.ledger.errors import BadEntry, Locked, NotSigned
from hutong.ledger.logic import entries, locks, statements
from hutong.ledger.logic.merkle import leaf_hash
from hutong.ledger.logic.notes import SignerKey
from hutong.ledger.models import EntryRow
from hutong.ledger.store import organisations
from hutong.ledger.store.integrating import integrate
from hutong.ledger.types import EntryRef, NewEntry, Signature

log = logging.getLogger(__name__)
_CONTROL_LOCK = 0x48_55_03
_PATIENCE = 24 * 3600
_INSERT = """
INSERT INTO ledger_entry (id, kind, subject, organisation, at, leaf, leaf_hash) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


class _Row(NamedTuple):
    """What is stored of an entry before it has its place."""

    id: int
    kind: str
    subject: str
    organisation: str
    at: datetime
    leaf: bytes
    leaf_hash: bytes


class Pens(NamedTuple):
    """The keys of the organisations that sign here, for the log of ``origin``."""

    origin: str
    keys: Mapping[str, SignerKey]

    def sign(self, fields: Mapping[str, Any]) -> Signature:
        key = self.keys[fields["organisation"]]
        text = statements.entry(self.origin, fields)
        return Signature(fields["organisation"], key.verifier.key_id.hex(), key.sign_bytes(text))


def append(
    kind: str, subject: str, payload: Mapping[str, Any], *, organisation: str | None = None
) -> EntryRef:
    """One entry about ``subject``; ``organisation`` is who made the change, else who is acting now.

    In a transaction it joins that; outside one, what several threads append at once is written and signed as one.
    """
    by = audit.origin().organisation if organisation is None else organisation
    new = NewEntry(kind, subject, payload, by)
    return append_many([new])[0] if connection.in_atomic_block else _together.do(new)


def append_many(new: Sequence[NewEntry], *, place: bool = True) -> list[EntryRef]:
    """Entries in order, in one write. They get their place in the tree after the commit; without ``place`` with those
    of the next commit that gives one, or by the worker within seconds.

    What is written in the name of an organisation is signed by its key held here. Locked refuses an entry about a
    locked subject; those are written by ``carry_out``.
    """
    for each in new:
        if each.kind.startswith("ledger."):
            raise BadEntry(reason=f"{each.kind} is written by the ledger itself")
    return write(new, place=place)


def append_signed(new: NewEntry) -> EntryRef:
    """An entry that its organisation signed elsewhere, over ``statements.entry`` with the time in ``at``.

    NotSigned unless a present key of the organisation signed it within a day of now; BadEntry when the very same
    statement is in the log already.
    """
    if new.signature is None or new.at is None or not new.organisation or new.kind.startswith("ledger."):
        raise BadEntry(reason="organisation, time and signature belong to a signed entry")
    ring, subject = organisations.keyring(new.organisation), organisations.subject_of(new.organisation)
    late = abs((clock.now() - new.at).total_seconds()) > _PATIENCE
    if late or not ring.signed(subject, _fields(new, new.organisation, new.at), new.signature):
        raise NotSigned(organisation=new.organisation)
    with atomic():
        same = EntryRow.objects.filter(subject=new.subject, kind=new.kind, at=new.at)
        if any(
            entries.read(bytes(leaf)).get("signature") == new.signature.as_dict() for leaf in _leaves(same)
        ):
            raise BadEntry(reason="this signed statement is in the log already")
        return write([new])[0]


def write(new: Sequence[NewEntry], *, control: bool = False, place: bool = True) -> list[EntryRef]:
    """As ``append_many``, for the ledger's own kinds too. ``control``: keys or locks change."""
    if not new:
        return []
    acting, at = audit.origin().organisation, clock.now()
    with atomic():
        order(control=control)
        by = [acting if each.organisation is None else each.organisation for each in new]
        new = [replace(each, organisation=name) for each, name in zip(new, by, strict=True)]
        _refuse_locked(new)
        pens, first = _pens(new)
        wanted = [(each, each.at or at) for each in [*first, *new]]
        rows = [_row(number, *each, pens) for number, each in zip(_reserve(len(wanted)), wanted, strict=True)]
        _insert(rows)
        if place:
            _integrate_after_commit()
    scope = str(value("HUTONG_PACK"))
    refs = rows[len(first) :]
    return [EntryRef(row.id, f"urn:hutong:{scope}:entry:{row.id}", row.leaf_hash) for row in refs]


def entry_urn(entry_id: int) -> str:
    return str(Urn(str(value("HUTONG_PACK")), "entry", str(entry_id)))


def _row(number: int, new: NewEntry, at: datetime, pens: Pens) -> _Row:
    by = new.organisation or ""
    fields = _fields(new, by, at)
    leaf = entries.leaf(
        entry_id=number,
        **fields,
        signature=new.signature or (pens.sign(fields) if by else None),
        proposal=new.proposal,
        cosignatures=new.cosignatures,
    )
    return _Row(number, new.kind, fields["subject"], by, at, leaf, leaf_hash(leaf))


def _insert(rows: Sequence[_Row]) -> None:
    """By hand: building the rows through the ORM took as long as signing them."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, [(*row[:4], adapt(row.at), *row[5:]) for row in rows])


def _fields(new: NewEntry, by: str, at: datetime) -> dict[str, Any]:
    return {
        "kind": new.kind,
        "subject": str(new.subject),
        "organisation": by,
        "at": at,
        "payload": new.payload,
    }


def _pens(new: Sequence[NewEntry]) -> tuple[Pens, list[NewEntry]]:
    """The key of each organisation that signs here, and the entries that make first keys known."""
    wanted = {each.organisation for each in new if each.organisation and not each.signature}
    if not wanted:
        return Pens("", {}), []
    ring = organisations.keyring(*wanted)
    found: dict[str, SignerKey] = {}
    first: dict[str, NewEntry] = {}
    for by in sorted(wanted):
        key = organisations.signing_key(by, ring)
        if key is None:
            key = organisations.make(by, ring)
            kind, subject, payload = organisations.added(by, key.verifier, hosted=True)
            first[subject] = NewEntry(kind, subject, payload, "")
        found[by] = key
    return Pens(ring.origin, found), list(first.values())


def _refuse_locked(new: Sequence[NewEntry]) -> None:
    about = {str(each.subject) for each in new if not each.proposal}
    for subject, lock in in_force(about).items():
        refused = [each.kind for each in new if str(each.subject) == subject and not each.proposal]
        if any(locks.covers(lock.rule, kind) for kind in refused):
            names = "、".join(lock.rule.organisations)
            raise Locked(subject=subject, organisations=names, needed=lock.rule.needed)


def in_force(subjects: Collection[str]) -> dict[str, locks.Lock]:
    """The locks of these subjects."""
    found: dict[str, locks.Lock] = {}
    for number, leaf in organisations.control_entries(subjects):
        fields = entries.read(leaf)
        if fields["kind"] == locks.LOCK:
            rule = locks.read_rule(fields["payload"]["rule"])
            found[fields["subject"]] = locks.Lock(fields["subject"], rule, number)
        elif fields["kind"] == locks.UNLOCK:
            found.pop(fields["subject"], None)
    return found


def order(*, control: bool) -> None:
    """Changes of keys and locks are alone in their transaction, so that the log has them in the order they took
    effect. SQLite writes one transaction at a time anyway.
    """
    if is_sqlite():
        return
    function = "pg_advisory_xact_lock" if control else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_CONTROL_LOCK])


def _leaves(rows: Any) -> list[bytes]:
    return [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]


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


_together = Together(append_many)
