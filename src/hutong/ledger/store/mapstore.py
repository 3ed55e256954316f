"""The map in the database, and in a temporary file where it is recomputed to be compared."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from hutong.ledger.logic.authmap import Tally
from hutong.ledger.models import MapTileRow, TallyRow

_PUT_TALLY = """
INSERT INTO ledger_tally (key, count, chain) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET count = excluded.count, chain = excluded.chain
"""
# One question for all buckets of a tile: a range of the index each.
_BUCKETS = """
WITH wanted (low, high) AS (VALUES {})
SELECT key, count, chain FROM wanted JOIN {} ON key >= low AND key <= high ORDER BY key
"""
_PUT_TILE = """
INSERT INTO ledger_map_tile (prefix, data) VALUES (%s, %s)
ON CONFLICT (prefix) DO UPDATE SET data = excluded.data
"""


def _asked(prefixes: Sequence[bytes], table: str, pair: str) -> tuple[str, list[bytes]]:
    """The question for these buckets, and its parameters."""
    ends = (bytes(30), b"\xff" * 30)
    return (
        _BUCKETS.format(", ".join([pair] * len(prefixes)), table),
        [prefix + end for prefix in prefixes for end in ends],
    )


def _sorted(
    prefixes: Sequence[bytes], rows: Iterable[tuple[Any, int, Any]]
) -> dict[bytes, dict[bytes, Tally]]:
    found: dict[bytes, dict[bytes, Tally]] = {prefix: {} for prefix in prefixes}
    for key, count, chain in rows:
        name = bytes(key)
        found[name[:2]][name] = Tally(count, bytes(chain))
    return found


class KeptMap:
    """The map beside the log."""

    def tallies(self, keys: Iterable[bytes]) -> dict[bytes, Tally]:
        wanted, found = list(keys), dict[bytes, Tally]()
        for at in range(0, len(wanted), 500):
            rows = TallyRow.objects.filter(key__in=wanted[at : at + 500]).values_list("key", "count", "chain")
            found |= {bytes(key): Tally(count, bytes(chain)) for key, count, chain in rows}
        return found

    def buckets(self, prefixes: Sequence[bytes]) -> dict[bytes, dict[bytes, Tally]]:
        question, parameters = _asked(prefixes, "ledger_tally", "(%s, %s)")
        with connection.cursor() as cursor:
            cursor.execute(question, parameters)
            return _sorted(prefixes, cursor.fetchall())

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

    def buckets(self, prefixes: Sequence[bytes]) -> dict[bytes, dict[bytes, Tally]]:
        return _sorted(prefixes, self._data.execute(*_asked(prefixes, "tally", "(?, ?)")))

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
