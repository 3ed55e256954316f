"""The map, recomputed from the entries: every root the log committed to, and what is stored of it now."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from hutong.kernel.text import Text
from hutong.ledger.logic import authmap, entries, mapping
from hutong.ledger.logic.locate import difference
from hutong.ledger.models import EntryRow, MapTileRow, MentionRow, TallyRow
from hutong.ledger.store.indexing import BATCH, gather_labels
from hutong.ledger.store.mapstore import ScratchMap
from hutong.ledger.types import Fault

ROOT = Text(
    zh="索引根与条目不符：有条目被隐去或虚增",
    en="the map's root is not that of the entries: something is hidden",
)
STORED = Text(zh="保存的索引与条目不符", en="what is stored of the map differs from the entries")


def check(checked: Counter[str]) -> Iterator[Fault]:
    """Every index entry against a map replayed from the log, then the stored map against the replayed one."""
    scratch, start = ScratchMap(), 0
    mentioned = sha256()
    try:
        rows = EntryRow.objects.filter(kind=authmap.KIND, leaf_index__isnull=False).order_by("leaf_index")
        for number, place, leaf in rows.values_list("id", "leaf_index", "leaf").iterator(500):
            said = entries.read(bytes(leaf))["payload"]
            checked["map roots"] += 1
            size = said.get("size")
            if not isinstance(size, int) or not start <= size <= (place or 0):
                yield Fault("entry", f"entry {number}", ROOT, "payload")
                return
            while start < size:
                end = min(size, start + BATCH)
                _follow(scratch, start, end, mentioned)
                start = end
            if mapping.root(scratch).hex() != said.get("root"):
                yield Fault("entry", f"entry {number}", ROOT, "payload")
        yield from _stored(scratch, mentioned.hexdigest())
    finally:
        scratch.close()


def _follow(scratch: ScratchMap, start: int, end: int, mentioned: Any) -> None:
    rows = EntryRow.objects.filter(leaf_index__gte=start, leaf_index__lt=end).order_by("leaf_index")
    read = [
        (place or 0, entries.read(bytes(leaf)), bytes(kept))
        for place, leaf, kept in rows.values_list("leaf_index", "leaf", "leaf_hash")
    ]
    for place, fields, _ in read:
        for each in sorted(authmap.further(fields)):
            mentioned.update(f"{place}\n{each}\n\n".encode())
    mapping.extend(scratch, gather_labels(read))


def _stored(scratch: ScratchMap, mentioned: str) -> Iterator[Fault]:
    tallies = TallyRow.objects.order_by("key").values_list("key", "count", "chain").iterator(1000)
    for found, wanted in zip_longest(tallies, scratch.everything()):
        if found is None or wanted is None or (bytes(found[0]), found[1], bytes(found[2])) != tuple(wanted):
            name = bytes((wanted or found)[0]).hex()
            yield Fault("map", f"map key {name}", STORED, _column(found, wanted))
            break
    wanted_tiles = scratch.prefixes()
    for prefix, data in MapTileRow.objects.order_by("prefix").values_list("prefix", "data"):
        if prefix not in wanted_tiles:
            yield Fault("map", f"map tile {prefix}", STORED, "prefix")
            continue
        wanted_tiles.discard(prefix)
        spot = difference(bytes(data), scratch.tile(bytes.fromhex(prefix)) or b"")
        if spot:
            yield Fault("map", f"map tile {prefix}", STORED, "data", *spot)
    for prefix in sorted(wanted_tiles):
        yield Fault("map", f"map tile {prefix}", STORED, "prefix")
    digest = sha256()
    for place, label in (
        MentionRow.objects.order_by("leaf_index", "label").values_list("leaf_index", "label").iterator()
    ):
        digest.update(f"{place}\n{label}\n\n".encode())
    if digest.hexdigest() != mentioned:
        yield Fault("map", "mentions", STORED)


def _column(found: Any, wanted: Any) -> str:
    if found is None or wanted is None or bytes(found[0]) != wanted[0]:
        return "key"
    return "count" if found[1] != wanted[1] else "chain"
