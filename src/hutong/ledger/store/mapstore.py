"""The map in the database, and in a temporary file where it is recomputed to be compared."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from hutong.ledger.logic.authmap import Tally
from hutong.ledger.models import MapTileRow, TallyRow

_PUT_TALLY = """
INSERT INTO ledger_tally (key, count, chain) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET count = excluded.count, chain = excluded.chain
"""
_BUCKET = "SELECT key, count, chain FROM ledger_tally WHERE key >= %s AND key <= %s ORDER BY key"
_PUT_TILE = """
INSERT INTO ledger_map_tile (prefix, data) VALUES (%s, %s)
ON CONFLICT (prefix) DO UPDATE SET data = excluded.data
"""


def _range(prefix: bytes) -> tuple[bytes, bytes]:
    return prefix + bytes(30), prefix + b"\xff" * 30


class KeptMap:
    """The map beside the log."""

    def tallies(self, keys: Iterable[bytes]) -> dict[bytes, Tally]:
        wanted, found = list(keys), dict[bytes, Tally]()
        for at in range(0, len(wanted), 500):
            rows = TallyRow.objects.filter(key__in=wanted[at : at + 500]).values_list("key", "count", "chain")
            found |= {bytes(key): Tally(count, bytes(chain)) for key, count, chain in rows}
        return found

    def bucket(self, prefix: bytes) -> list[tuple[bytes, Tally]]:
        with (
            connection.cursor() as cursor
        ):  # there may be thousands in a batch: built by hand, a tenth of the time
            cursor.execute(_BUCKET, _range(prefix))
            return [(bytes(key), Tally(count, bytes(chain))) for key, count, chain in cursor.fetchall()]

    def tile(self, prefix: bytes) -> bytes | None:
        found = MapTileRow.objects.filter(pk=prefix.hex()).values_list("data", flat=True).first()
        return None if found is None else bytes(found)

    def put(self, tallies: Mapping[bytes, Tally], tiles: Mapping[bytes, bytes]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(_PUT_TALLY, [(key, each.count, each.chain) for key, each in tallies.items()])
            cursor.executemany(_PUT_TILE, [(prefix.hex(), data) for prefix, data in tiles.items()])


class ScratchMap:
    """A map of its own, in a file that is gone with it: the log's may be larger than memory."""

    def __init__(self) -> None:
        self._data = sqlite3.connect("", isolation_level=None)
        self._data.executescript(
            "CREATE TABLE tally (key BLOB PRIMARY KEY, count INTEGER, chain BLOB) WITHOUT ROWID;"
            "CREATE TABLE tile (prefix BLOB PRIMARY KEY, data BLOB) WITHOUT ROWID; BEGIN;"
        )

    def close(self) -> None:
        self._data.close()

    def tallies(self, keys: Iterable[bytes]) -> dict[bytes, Tally]:
        found: dict[bytes, Tally] = {}
        for key in keys:
            row = self._data.execute("SELECT count, chain FROM tally WHERE key = ?", [key]).fetchone()
            if row:
                found[key] = Tally(*row)
        return found

    def bucket(self, prefix: bytes) -> list[tuple[bytes, Tally]]:
        question = "SELECT key, count, chain FROM tally WHERE key >= ? AND key <= ? ORDER BY key"
        return [
            (key, Tally(count, chain)) for key, count, chain in self._data.execute(question, _range(prefix))
        ]

    def tile(self, prefix: bytes) -> bytes | None:
        row = self._data.execute("SELECT data FROM tile WHERE prefix = ?", [prefix]).fetchone()
        return row[0] if row else None

    def put(self, tallies: Mapping[bytes, Tally], tiles: Mapping[bytes, bytes]) -> None:
        rows = [(key, each.count, each.chain) for key, each in tallies.items()]
        self._data.executemany("INSERT OR REPLACE INTO tally VALUES (?, ?, ?)", rows)
        self._data.executemany("INSERT OR REPLACE INTO tile VALUES (?, ?)", list(tiles.items()))

    def prefixes(self) -> set[str]:
        return {bytes(prefix).hex() for (prefix,) in self._data.execute("SELECT prefix FROM tile")}

    def everything(self) -> Any:
        return self._data.execute("SELECT key, count, chain FROM tally ORDER BY key")
