"""Keeping the map up to date: 65,536 buckets by the first two bytes of the key, two levels of tiles above them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from hutong.ledger.errors import LogDamaged
from hutong.ledger.logic import authmap
from hutong.ledger.logic.authmap import NOTHING, Step, Tally

_BLANK = NOTHING * 256


class MapStore(Protocol):
    """Where the map is kept."""

    def buckets(self, prefixes: Sequence[bytes]) -> dict[bytes, dict[bytes, Tally]]:
        """All whose key begins with one of these two bytes, by those; in the order of the keys."""
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
    by_tile: dict[bytes, list[bytes]] = defaultdict(list)
    for key in new:
        by_tile[key[:1]].append(key)
    top = bytearray(store.tile(b"") or _BLANK)
    tallies, tiles = dict[bytes, Tally](), dict[bytes, bytes]()
    for prefix, keys in by_tile.items():
        tile, slot = store.tile(prefix) or _BLANK, slice(prefix[0] * 32, prefix[0] * 32 + 32)
        if authmap.fold(tile, 8) != top[slot]:
            raise LogDamaged(where=f"map tile {prefix.hex()}")
        tiles[prefix], changed = _extend_tile(store, tile, {key: new[key] for key in keys})
        tallies |= changed
        top[slot] = authmap.fold(tiles[prefix], 8)
    store.put(tallies, {b"": bytes(top), **tiles})
    return authmap.fold(bytes(top), 0)


def _extend_tile(
    store: MapStore, tile: bytes, new: Mapping[bytes, list[bytes]]
) -> tuple[bytes, dict[bytes, Tally]]:
    """The tile after these keys, which all begin with its byte, and their tallies."""
    by_bucket: dict[bytes, list[bytes]] = defaultdict(list)
    for key in new:
        by_bucket[key[:2]].append(key)
    slots, tallies = bytearray(tile), dict[bytes, Tally]()
    for prefix, bucket in store.buckets(sorted(by_bucket)).items():
        slot = slice(prefix[1] * 32, prefix[1] * 32 + 32)
        if _bucket_root(bucket) != slots[slot]:
            raise LogDamaged(where=f"map bucket {prefix.hex()}")
        for key in by_bucket[prefix]:
            tally = bucket.get(key, Tally())
            for each in new[key]:
                tally = tally.follow(each)
            bucket[key] = tallies[key] = tally
        slots[slot] = _bucket_root(bucket)
    return bytes(slots), tallies


def prove(store: MapStore, key: bytes) -> tuple[tuple[bytes, Tally] | None, list[Step]]:
    """Where ``key`` leads, and the way up from there; None in an empty map."""
    top = store.tile(b"") or _BLANK
    if not any(top):
        return None, []
    first, upper = authmap.lead(top, key, 0)
    tile = store.tile(bytes((first,))) or _BLANK
    second, middle = authmap.lead(tile, key, 8)
    (bucket,) = store.buckets([bytes((first, second))]).values()
    if not bucket:
        raise LogDamaged(where=f"map bucket {bytes((first, second)).hex()}")
    leaves = [(each, authmap.leaf(each, tally)) for each, tally in sorted(bucket.items())]
    found, lower = authmap.way(leaves, key, 16)
    return (found, bucket[found]), [*lower, *middle, *upper]


def _bucket_root(bucket: Mapping[bytes, Tally]) -> bytes:
    return authmap.root([(key, authmap.leaf(key, tally)) for key, tally in sorted(bucket.items())], 16)
