"""Calls of the last while, counted for all processes together: a small database beside the main one.

The counts may be lost with the machine, so nothing waits for the disk; backups leave them out.
"""

import os
import sqlite3
import threading
import time
from pathlib import Path

from hutong.kernel.settings import home

_SCHEMA = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=OFF;
CREATE TABLE IF NOT EXISTS call (key TEXT NOT NULL, until REAL NOT NULL);
CREATE INDEX IF NOT EXISTS call_key ON call (key, until);
CREATE INDEX IF NOT EXISTS call_until ON call (until);
"""
_PATIENCE = 5.0
_mine = threading.local()


def take(key: str, most: int, span: float) -> float | None:
    """Count a call of ``key``; None when it is one of the ``most`` within ``span`` seconds.

    Otherwise it is not counted, and the answer is how many seconds remain until one is let through.
    """
    database = _database()
    database.execute("BEGIN IMMEDIATE")
    now = time.time()  # once it is our turn
    try:
        database.execute(
            "DELETE FROM call WHERE rowid IN (SELECT rowid FROM call WHERE until <= ? LIMIT 100)", (now,)
        )
        (count, soonest) = database.execute(
            "SELECT count(*), min(until) FROM call WHERE key = ? AND until > ?", (key, now)
        ).fetchone()
        if count < most:
            database.execute("INSERT INTO call VALUES (?, ?)", (key, now + span))
    finally:
        database.execute("COMMIT")
    return None if count < most else float(soonest or now + span) - now


def forget() -> None:
    """Begin all counts anew."""
    _database().execute("DELETE FROM call")


def _file() -> Path:
    return home() / "tmp" / "calls.db"


def _database() -> sqlite3.Connection:
    """The connection of this thread; a fork or another home gets one of its own."""
    owner = (os.getpid(), _file())
    if getattr(_mine, "owner", None) != owner:
        if hasattr(_mine, "database"):
            _mine.database.close()
        _file().parent.mkdir(parents=True, exist_ok=True)
        _mine.database = sqlite3.connect(_file(), timeout=_PATIENCE, isolation_level=None)
        _mine.database.executescript(_SCHEMA)
        _mine.owner = owner
    found: sqlite3.Connection = _mine.database
    return found
