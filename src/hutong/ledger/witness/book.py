"""The state of a witness: which logs it knows, what it last cosigned of each, and its alarms."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hutong.ledger.logic.merkle import EMPTY_ROOT
from hutong.ledger.logic.notes import VerifierKey
from hutong.ledger.witness.judging import Known

_TABLES = """
CREATE TABLE IF NOT EXISTS key (origin TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (origin, key));
CREATE TABLE IF NOT EXISTS seen (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, checkpoint TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS alarm (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, origin TEXT NOT NULL, why TEXT NOT NULL,
    cosigned TEXT NOT NULL, offered TEXT NOT NULL
);
"""
MOST_ALARMS = 10_000


class Book:
    """One connection, one writer at a time: what is checked is what is then replaced."""

    def __init__(self, folder: Path) -> None:
        self._alarms = folder / "alarms.jsonl"
        self._lock = threading.RLock()
        self._data = sqlite3.connect(folder / "witness.db", check_same_thread=False, isolation_level=None)
        self._data.execute("PRAGMA journal_mode=WAL")
        self._data.execute("PRAGMA synchronous=FULL")
        self._data.executescript(_TABLES)

    def close(self) -> None:
        self._data.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Checked and written as one; on disk when it ends."""
        with self._lock:
            self._data.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._data.execute("ROLLBACK")
                raise
            self._data.execute("COMMIT")

    def trust(self, key: VerifierKey) -> None:
        with self.change():
            self._data.execute("INSERT OR IGNORE INTO key VALUES (?, ?)", [key.name, str(key)])

    def keys(self, origin: str) -> list[VerifierKey]:
        with self._lock:
            rows = self._data.execute(
                "SELECT key FROM key WHERE origin = ? ORDER BY key", [origin]
            ).fetchall()
        return [VerifierKey.parse(text) for (text,) in rows]

    def origins(self) -> list[str]:
        with self._lock:
            rows = self._data.execute("SELECT DISTINCT origin FROM key ORDER BY origin").fetchall()
        return [origin for (origin,) in rows]

    def known(self, origin: str) -> Known:
        with self._lock:
            row = self._data.execute("SELECT size, root FROM seen WHERE origin = ?", [origin]).fetchone()
        return Known(row[0], bytes(row[1])) if row else Known(0, EMPTY_ROOT)

    def checkpoint(self, origin: str) -> str:
        """The latest cosigned checkpoint; empty when there is none."""
        with self._lock:
            row = self._data.execute("SELECT checkpoint FROM seen WHERE origin = ?", [origin]).fetchone()
        return str(row[0]) if row else ""

    def remember(self, origin: str, known: Known, checkpoint: str) -> None:
        self._data.execute(
            "INSERT INTO seen VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET"
            " size = excluded.size, root = excluded.root, checkpoint = excluded.checkpoint, at = excluded.at",
            [origin, known.size, known.root, checkpoint, int(time.time())],
        )

    def shout(self, origin: str, why: str, offered: str) -> dict[str, Any] | None:
        """Keep both checkpoints as evidence, also in a file of lines; None when this one is known already."""
        with self.change():
            seen = self._data.execute(
                "SELECT 1 FROM alarm WHERE origin = ? AND offered = ?", [origin, offered]
            ).fetchone()
            count = self._data.execute("SELECT count(*) FROM alarm").fetchone()[0]
            if seen or count >= MOST_ALARMS:
                return None
            told = {"at": int(time.time()), "origin": origin, "why": why}
            told |= {"cosigned": self.checkpoint(origin), "offered": offered}
            self._data.execute(
                "INSERT INTO alarm (at, origin, why, cosigned, offered)"
                " VALUES (:at, :origin, :why, :cosigned, :offered)",
                told,
            )
        with self._alarms.open("a", encoding="utf8") as file:
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
        return told

    def alarms(self, limit: int = 100) -> list[dict[str, Any]]:
        with self._lock:
            rows = self._data.execute(
                "SELECT at, origin, why, cosigned, offered FROM alarm ORDER BY id DESC LIMIT ?", [limit]
            ).fetchall()
        return [dict(zip(("at", "origin", "why", "cosigned", "offered"), row, strict=True)) for row in rows]
