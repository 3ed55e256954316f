"""Transactions and what differs between SQLite and PostgreSQL."""

from contextlib import AbstractContextManager
from typing import Any

from django.db import connection, transaction


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
