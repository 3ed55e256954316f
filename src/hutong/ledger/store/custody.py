"""Adding, replacing and revoking keys of organisations; each is an entry of the log."""

from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.ledger.errors import BadKey
from hutong.ledger.logic.keyring import REVOKED
from hutong.ledger.logic.notes import VerifierKey
from hutong.ledger.store import organisations
from hutong.ledger.store.appending import write
from hutong.ledger.types import EntryRef, NewEntry, OrganisationKey


def add_key(organisation: str, key: str = "") -> OrganisationKey:
    """A key for the organisation: ``key`` is the public key of one that signs elsewhere; none makes one here.

    BadKey when the key is known already, or when the organisation has a valid key held here.
    """
    with atomic():
        ring, subject = organisations.keyring(organisation), organisations.subject_of(organisation)
        if key:
            public = VerifierKey.parse(key.strip())
        elif any(each.hosted for each in ring.valid(subject)):
            raise BadKey(reason="the organisation has a key held here; revoke it first")
        else:
            public = organisations.make(organisation, ring).verifier
        if any(each.id == public.key_id.hex() for each in ring.keys(subject)):
            raise BadKey(reason="the key is known already")
        kind, about, payload = organisations.added(organisation, public, hosted=not key)
        write([NewEntry(kind, about, payload, "")], control=True)
        audit.record("ledger.key-added", subject, key=str(public))
    return organisations.organisation_keys(organisation)[-1]


def revoke_key(organisation: str, key_id: str, reason: str) -> EntryRef:
    """From this entry on nothing signed by the key counts. Entries before it stay what they are."""
    with atomic():
        subject = organisations.subject_of(organisation)
        found = [each for each in organisations.keyring(organisation).valid(subject) if each.id == key_id]
        if not found:
            raise BadKey(reason="the organisation has no such valid key")
        said = {"organisation": organisation, "key": found[0].key, "reason": reason}
        written = write([NewEntry(REVOKED, subject, said, "")], control=True)[0]
        audit.record("ledger.key-revoked", subject, key=found[0].key, reason=reason)
    return written


def keyholders() -> dict[str, tuple[OrganisationKey, ...]]:
    """Every organisation the log knows keys of, by its URN."""
    ring = organisations.keyring()
    return {subject: ring.keys(subject) for subject in ring.subjects()}
