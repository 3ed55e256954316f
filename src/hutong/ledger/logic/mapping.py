"""Keeping the map up to date: 65,536 buckets by the first two bytes of the key, two levels of tiles above them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol

from hutong.ledger.errors import LogDamaged
from hutong.ledger.logic import authmap
from hutong.ledger.logic.authmap import NOTHING, Step, Tally

_BLANK = NOTHING * 256


class MapStore(Protocol):
    """Where the map is kept."""

    def tallies(self, keys: Iterable[bytes]) -> dict[bytes, Tally]: ...
    def bucket(self, prefix: bytes) -> list[tuple[bytes, Tally]]:
        """All whose key begins with the two bytes, in order."""
        ...

    def tile(self, prefix: bytes) -> bytes | None: ...
    def put(self, tallies: Mapping[bytes, Tally], tiles: Mapping[bytes, bytes]) -> None: ...


def root(store: MapStore) -> bytes:
    return authmap.fold(store.tile(b"") or _BLANK, 0)


def extend(store: MapStore, new: Mapping[bytes, list[bytes]]) -> bytes:
    """Let each key's entries, given by their leaf hashes in order, follow. Returns the new root.

    LogDamaged when what is stored of a bucket is not what its tile says.
    """
    if not new:
        return root(store)
    tallies = store.tallies(new)
    for key, hashes in new.items():
        tally = tallies.get(key, Tally())
        for each in hashes:
            tally = tally.follow(each)
        tallies[key] = tally
    changed: dict[bytes, dict[int, bytes]] = defaultdict(dict)
    by_bucket: dict[bytes, dict[bytes, Tally]] = defaultdict(dict)
    for key, tally in tallies.items():
        by_bucket[key[:2]][key] = tally
    tiles: dict[bytes, bytearray] = {}
    for prefix, fresh in by_bucket.items():
        tile = tiles.setdefault(prefix[:1], bytearray(store.tile(prefix[:1]) or _BLANK))
        kept = dict(store.bucket(prefix))
        if _bucket_root(kept) != tile[prefix[1] * 32 : prefix[1] * 32 + 32]:
            raise LogDamaged(where=f"map bucket {prefix.hex()}")
        changed[prefix[:1]][prefix[1]] = _bucket_root({**kept, **fresh})
    top = bytearray(store.tile(b"") or _BLANK)
    for prefix, slots in changed.items():
        if authmap.fold(bytes(tiles[prefix]), 8) != top[prefix[0] * 32 : prefix[0] * 32 + 32]:
            raise LogDamaged(where=f"map tile {prefix.hex()}")
        for slot, value in slots.items():
            tiles[prefix][slot * 32 : slot * 32 + 32] = value
        top[prefix[0] * 32 : prefix[0] * 32 + 32] = authmap.fold(bytes(tiles[prefix]), 8)
    store.put(tallies, {b"": bytes(top), **{prefix: bytes(tile) for prefix, tile in tiles.items()}})
    return authmap.fold(bytes(top), 0)


def prove(store: MapStore, key: bytes) -> tuple[tuple[bytes, Tally] | None, list[Step]]:
    """Where ``key`` leads, and the way up from there; None in an empty map."""
    top = store.tile(b"") or _BLANK
    if not any(top):
        return None, []
    first, upper = authmap.lead(top, key, 0)
    tile = store.tile(bytes((first,))) or _BLANK
    second, middle = authmap.lead(tile, key, 8)
    bucket = dict(store.bucket(bytes((first, second))))
    if not bucket:
        raise LogDamaged(where=f"map bucket {bytes((first, second)).hex()}")
    leaves = [(each, authmap.leaf(each, tally)) for each, tally in sorted(bucket.items())]
    found, lower = authmap.way(leaves, key, 16)
    return (found, bucket[found]), [*lower, *middle, *upper]


def _bucket_root(bucket: Mapping[bytes, Tally]) -> bytes:
    return authmap.root([(key, authmap.leaf(key, tally)) for key, tally in sorted(bucket.items())], 16)
