"""Private parts of payloads, their keys, and erasure.

The keys lie in a small file of their own in the keys folder, which overwrites what is deleted from it.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from typing import Any

from django.db import transaction

from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.kernel.settings import home
from hutong.ledger.errors import Erased, NoEntry, TooLong
from hutong.ledger.logic import entries, private
from hutong.ledger.models import EntryRow, KeptRow
from hutong.ledger.store import files
from hutong.ledger.store.appending import write
from hutong.ledger.types import EntryRef, NewEntry

ERASED = "ledger.erased"
LARGEST = 1 << 20


def commit_private(value: Any) -> dict[str, str]:
    """Put a JSON value away and return what goes into the payload in its place.

    Part of the caller's transaction; the key is on disk before.
    """
    sealed = private.seal(value)
    if len(sealed.data) > LARGEST:
        raise TooLong(size=len(sealed.data), limit=LARGEST)
    with _keys() as data:
        data.execute("INSERT INTO key VALUES (?, ?)", [sealed.commitment.hex(), sealed.key])
    files.keep(sha256(sealed.data).hexdigest(), sealed.data)
    return sealed.part()


def reveal(part: Mapping[str, str]) -> Any:
    """The value of a private part; Erased when its key is gone. Who may see it is the caller's question."""
    return _open(part)[0]


def disclose(part: Mapping[str, str]) -> dict[str, Any]:
    """Value and salt: with them anyone sees that SHA-256(03 ‖ salt ‖ canonical value) is the commitment."""
    value, salt = _open(part)
    return {"commitment": part["private"], "salt": salt.hex(), "value": value}


def erase(
    parts: Sequence[Mapping[str, str]], *, subject: str, basis: str, organisation: str | None = None
) -> EntryRef:
    """Make values unreadable for good. The log says that it was done and on what legal basis; proofs stay valid."""
    gone = [each["private"] for each in parts]
    with atomic():
        acting = audit.origin().organisation if organisation is None else organisation
        said = {"erased": gone, "basis": basis}
        written = write([NewEntry(ERASED, subject, said, acting)])[0]
        audit.record("ledger.erase", subject, erased=len(gone), basis=basis)
        transaction.on_commit(lambda: shred(gone))
    return written


def shred(commitments: Sequence[str]) -> int:
    """Delete their keys. Returns how many there still were."""
    with _keys() as data:
        found = data.executemany("DELETE FROM key WHERE commitment = ?", [(each,) for each in commitments])
        return found.rowcount


def shred_pending() -> int:
    """Keys that a crash left after their erasure was on the log."""
    return shred(sorted(erased_on_log() & kept_keys())) if _file().exists() else 0


def erased_on_log() -> set[str]:
    rows = EntryRow.objects.filter(kind=ERASED).values_list("leaf", flat=True)
    return {each for leaf in rows.iterator(200) for each in entries.read(bytes(leaf))["payload"]["erased"]}


def kept_keys() -> set[str]:
    if not _file().exists():
        return set()
    with _keys() as data:
        return {name for (name,) in data.execute("SELECT commitment FROM key")}


def find_key(commitment: str) -> bytes | None:
    if not _file().exists():
        return None
    with _keys() as data:
        row = data.execute("SELECT key FROM key WHERE commitment = ?", [commitment]).fetchone()
    return row[0] if row else None


def _open(part: Mapping[str, str]) -> tuple[Any, bytes]:
    key = find_key(part["private"])
    if key is None:
        raise Erased(commitment=part["private"])
    row = KeptRow.objects.filter(pk=part["sealed"]).first()
    if row is None:
        raise NoEntry(what=part["sealed"])
    return private.unseal(bytes.fromhex(part["private"]), bytes(row.data), key)


def _file() -> Any:
    return home() / "keys" / "private.db"


@contextmanager
def _keys() -> Iterator[sqlite3.Connection]:
    """One change of the key file, on disk when it ends. No write-ahead log: nothing of a deleted key stays."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    with closing(sqlite3.connect(file, timeout=30)) as data:
        for each in ("journal_mode=TRUNCATE", "synchronous=FULL", "secure_delete=ON"):
            data.execute(f"PRAGMA {each}")
        data.execute("CREATE TABLE IF NOT EXISTS key (commitment TEXT PRIMARY KEY, key BLOB NOT NULL)")
        with data:
            yield data
