"""Transactions and what differs between SQLite and PostgreSQL."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import connection, transaction

from hutong.kernel.settings import home


def atomic() -> AbstractContextManager[Any]:
    """One transaction; nested ones join it. On SQLite it takes the write lock at once (settings)."""
    return transaction.atomic()


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def exclusive(key: int) -> None:
    """Serialise with every other holder of ``key`` until the transaction ends.

    SQLite writes are serial already (BEGIN IMMEDIATE); PostgreSQL takes an advisory lock.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("exclusive() needs a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def alone(name: str) -> None:
    """As ``exclusive``, for one thing among many: ``name`` says what it is for and which.

    What is read before a change and decides it stands until the transaction ends.
    """
    exclusive(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True))


@contextmanager
def in_line(name: str) -> Iterator[None]:
    """Wait for one's turn among all processes that write under ``name``; taken before the transaction.

    SQLite lets whoever waits for its write lock look again from time to time, so that under a steady stream of short
    transactions one may look for seconds. PostgreSQL wakes those who wait by itself.
    """
    if not is_sqlite() or connection.in_atomic_block:
        yield
        return
    folder = home() / "lines"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        yield
