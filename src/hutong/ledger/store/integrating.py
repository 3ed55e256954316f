"""Giving pending entries their place: indices, tiles and a signed checkpoint, in one transaction."""

from collections.abc import Mapping, Sequence

from django.db import connection

from hutong.kernel.db import atomic, exclusive
from hutong.ledger.errors import LogDamaged
from hutong.ledger.logic import checkpoints, notes, tiles
from hutong.ledger.logic.merkle import EMPTY_ROOT, leaf_hash
from hutong.ledger.models import CheckpointRow
from hutong.ledger.store import keys

LOCK = 0x48_55_02
BATCH = 16_384

# Entries are taken in the order of their identifiers. One statement both chooses and places them, so that
# an entry committed meanwhile cannot slip in between.
_PLACE = """
UPDATE ledger_entry SET leaf_index = chosen.place
FROM (SELECT pending.entry, %s + row_number() OVER (ORDER BY pending.entry) - 1 AS place
      FROM (SELECT id AS entry FROM ledger_entry WHERE leaf_index IS NULL ORDER BY id LIMIT %s) AS pending
     ) AS chosen
WHERE ledger_entry.id = chosen.entry
RETURNING leaf_index, id, leaf, leaf_hash
"""
_KEEP = """
INSERT INTO ledger_tile (level, "index", data) VALUES (%s, %s, %s)
ON CONFLICT (level, "index") DO UPDATE SET data = excluded.data
"""


def integrate() -> int:
    """Place all pending entries; returns how many. Safe to call anywhere, any number of times.

    Inside a transaction that is rolled back later, the checkpoint signed here is gone with it: do not hand out
    proofs from within an open transaction.
    """
    done = 0
    while _pending():
        taken = _integrate_batch()
        done += taken
        if taken < BATCH:
            break
    return done


def _pending() -> bool:
    with connection.cursor() as cursor:  # asked with every commit: by the ORM it takes five times as long
        cursor.execute("SELECT 1 FROM ledger_entry WHERE leaf_index IS NULL LIMIT 1")
        return cursor.fetchone() is not None


def sign_empty() -> None:
    """The checkpoint of the empty log, made with the key when a log begins."""
    with atomic():
        exclusive(LOCK)
        if not CheckpointRow.objects.exists():
            keys.create()
            _sign(0, EMPTY_ROOT)


def _integrate_batch() -> int:
    with atomic():
        exclusive(LOCK)
        last = CheckpointRow.objects.order_by("-size").first()
        size = last.size if last else 0
        if last is None:
            keys.create()
        edge = read_tiles(tiles.right_edge(size))
        if last and not _continues(size, bytes(last.root), edge):
            raise LogDamaged(where=f"checkpoint {size}")
        placed = _place(size)
        if not placed:
            return 0
        changed = tiles.extend(size, edge, b"".join(placed))
        with connection.cursor() as cursor:
            cursor.executemany(_KEEP, [(*address, data) for address, data in changed.items()])
        size += len(placed)
        _sign(size, tiles.root_at(size, lambda _: {**edge, **changed}))
        return len(placed)


def read_tiles(addresses: Sequence[tiles.TileId]) -> Mapping[tiles.TileId, bytes]:
    """The tiles that are there, in one query."""
    if not addresses:
        return {}
    either = " OR ".join(['(level = %s AND "index" = %s)'] * len(addresses))
    with connection.cursor() as cursor:  # half of a proof's time went into building this query by the ORM
        cursor.execute(
            f'SELECT level, "index", data FROM ledger_tile WHERE {either}',
            [number for address in addresses for number in address],
        )
        return {(level, index): bytes(data) for level, index, data in cursor.fetchall()}


def _continues(size: int, root: bytes, edge: Mapping[tiles.TileId, bytes]) -> bool:
    """Whether the tiles to build on give the root last signed; a damaged log must not be signed further."""
    try:
        return tiles.root_at(size, lambda _: edge) == root
    except KeyError:
        return False


def _place(size: int) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [size, BATCH])
        rows = sorted(cursor.fetchall(), key=lambda row: row[0])
    hashes = []
    for _, entry_id, leaf, kept in rows:
        computed = leaf_hash(leaf)
        if computed != bytes(kept):
            raise LogDamaged(where=f"entry {entry_id}")
        hashes.append(computed)
    return hashes


def _sign(size: int, root: bytes) -> None:
    key = keys.signer()
    note = notes.sign(checkpoints.body(key.name, size, root), key)
    CheckpointRow.objects.create(size=size, root=root, note=str(note).encode())
