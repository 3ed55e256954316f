"""Keys of organisations: files in the home folder, history on the log.

A key held here is made at first use. An organisation that signs elsewhere registers its public key alone.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from hutong.kernel.settings import home, value
from hutong.kernel.urn import BadUrn, Urn
from hutong.ledger.errors import NotSigned, SignElsewhere
from hutong.ledger.logic import entries, statements
from hutong.ledger.logic.keyring import ADDED, Keyring
from hutong.ledger.logic.notes import SignerKey, VerifierKey
from hutong.ledger.models import CONTROL, EntryRow
from hutong.ledger.store import keys
from hutong.ledger.store.files_once import place
from hutong.ledger.types import OrganisationKey, Signature

# The condition is written out as in the index that answers it; a parameter would hide that from SQLite.
_CONTROL = """
SELECT id, leaf FROM ledger_entry
WHERE kind IN ('ledger.key-added', 'ledger.key-revoked', 'ledger.lock', 'ledger.unlock') AND subject IN ({})
ORDER BY id
"""


def subject_of(organisation: str) -> str:
    """The URN of an organisation given by id or URN; a name that cannot be one stays as it is."""
    try:
        return str(Urn.parse(organisation))
    except BadUrn:
        pass
    try:
        return str(Urn(str(value("HUTONG_PACK")), "organisation", organisation))
    except BadUrn:
        return organisation


def control_entries(subjects: Iterable[str]) -> list[tuple[int, bytes]]:
    """Entries about the keys and locks of these subjects, oldest first."""
    wanted = sorted(
        {each for each in subjects if "\0" not in each}
    )  # PostgreSQL refuses to be asked for that
    found: list[tuple[int, bytes]] = []
    for at in range(0, len(wanted), 500):
        part = wanted[at : at + 500]
        with connection.cursor() as cursor:
            cursor.execute(_CONTROL.format(", ".join(["%s"] * len(part))), part)
            found += [(number, bytes(leaf)) for number, leaf in cursor.fetchall()]
    return sorted(found)


def keyring(*organisations: str) -> Keyring:
    """What the log says of the keys of these organisations; of all when none is named."""
    ring = Keyring(keys.origin())
    if organisations:
        rows: Iterable[tuple[int, bytes | memoryview]] = control_entries(map(subject_of, organisations))
    else:
        rows = EntryRow.objects.filter(kind__in=CONTROL[:2]).order_by("id").values_list("id", "leaf")
    for number, leaf in rows:
        ring.take(number, entries.read(bytes(leaf)))
    return ring


def organisation_keys(organisation: str) -> tuple[OrganisationKey, ...]:
    """Every key it has or had, oldest first."""
    return keyring(organisation).keys(subject_of(organisation))


def key_file(organisation: str) -> Path:
    """Where a key held here lies. The name is the organisation's id, or its whole URN when it is not of this home."""
    subject = subject_of(organisation)
    own = f"urn:hutong:{value('HUTONG_PACK')}:organisation:"
    return home() / "keys" / "organisations" / f"{quote(subject.removeprefix(own), safe='')}.skey"


def held(organisation: str) -> SignerKey | None:
    """The key held here, if there is one."""
    file = key_file(organisation)
    try:
        seen = file.stat()
    except FileNotFoundError:
        return None
    return _load(file, seen.st_mtime_ns, seen.st_size)


def make(organisation: str, ring: Keyring) -> SignerKey:
    """The key held here, made now if there is none that may be used; readable by its owner only."""
    file, kept = key_file(organisation), held(organisation)
    if kept and any(each.key == str(kept.verifier) for each in ring.keys(subject_of(organisation))):
        retire_file(organisation)
    for folder in (file.parent.parent, file.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        name = quote(subject_of(organisation), safe=":/@.~-_")
        place(file, SignerKey.generate(name).encoded(), 0o600)
    found = held(organisation)
    if found is None:
        raise SignElsewhere(organisation=organisation)
    return found


def retire_file(organisation: str) -> None:
    """Put the file of a revoked key aside under its key id, so that it is not used again."""
    file, key = key_file(organisation), held(organisation)
    if key is not None:
        file.replace(file.with_suffix(f".{key.verifier.key_id.hex()}.revoked"))


def signing_key(organisation: str, ring: Keyring) -> SignerKey | None:
    """The key held here, when the log says it is valid; None when the log knows no key of the organisation yet."""
    subject = subject_of(organisation)
    known = ring.valid(subject)
    key = held(organisation)
    if key is not None and any(each.key == str(key.verifier) for each in known):
        return key
    if known:
        raise SignElsewhere(organisation=organisation)
    return None


def added(organisation: str, key: VerifierKey, *, hosted: bool) -> tuple[str, str, dict[str, str]]:
    """Kind, subject and payload of the entry that makes a key known."""
    said = {"organisation": organisation, "key": str(key), "held": "here" if hosted else "elsewhere"}
    return ADDED, subject_of(organisation), said


def sign_as(organisation: str, message: bytes) -> Signature:
    """A signature over any message, by the key held here. It can never pass for that of an entry."""
    key = signing_key(organisation, keyring(organisation))
    if key is None:
        raise SignElsewhere(organisation=organisation)
    return Signature(organisation, key.verifier.key_id.hex(), key.sign_bytes(statements.message(message)))


def verify_signature(message: bytes, signature: Signature) -> None:
    """That ``signature`` is of a key its organisation has now; NotSigned when not."""
    ring, subject = keyring(signature.organisation), subject_of(signature.organisation)
    if not ring.accepts(subject, signature.key, statements.message(message), signature.value):
        raise NotSigned(organisation=signature.organisation)


@lru_cache(maxsize=512)
def _load(file: Path, _changed: int, _size: int) -> SignerKey:
    return SignerKey.parse(file.read_text("utf8").strip())
