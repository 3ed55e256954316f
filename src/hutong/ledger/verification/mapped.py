"""The map, recomputed from the entries: every root the log committed to, and what is stored of it now."""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from hutong.kernel.text import Text
from hutong.ledger.errors import BadEntry
from hutong.ledger.logic import authmap, entries, mapping
from hutong.ledger.logic.locate import difference
from hutong.ledger.models import EntryRow, MapTileRow, MentionRow, TallyRow
from hutong.ledger.store.indexing import BATCH
from hutong.ledger.store.mapstore import ScratchMap
from hutong.ledger.types import Fault

ROOT = Text(
    zh="索引根与条目不符：有条目被隐去或虚增",
    en="the map's root is not that of the entries: something is hidden",
)
STORED = Text(zh="保存的索引与条目不符", en="what is stored of the map differs from the entries")

_REMEMBERED = 1 << 14


class MapCheck:
    """Follows a log entry by entry beside a map of its own.

    Roots of the first ``known`` entries were found right before: only the map they lead to is made again.
    """

    def __init__(self, checked: Counter[str], known: int) -> None:
        self.scratch, self.faults = ScratchMap(), list[Fault]()
        self._mentioned, self._new = sha256(), defaultdict[bytes, list[bytes]](list)
        self._waiting = 0
        self._seen: dict[tuple[str, str], tuple[list[bytes], list[str]]] = {}
        self._roots = self._promised(checked, known)
        self._next = next(self._roots, None)

    def close(self) -> None:
        self._roots.close()  # its rows are let go while the database is still there
        self.scratch.close()

    def take(self, place: int, fields: dict[str, Any], leaf_hash: bytes) -> None:
        """The next entry of the log."""
        while self._next is not None and self._next[1] <= place:
            self._compare(*self._next)
        if self._next is None:
            return
        keys, further = self._labels(fields)
        for key in keys:
            self._new[key].append(leaf_hash)
        for each in further:
            self._mentioned.update(f"{place}\n{each}\n\n".encode())
        self._waiting += 1
        if self._waiting == BATCH:
            self._follow()

    def finish(self) -> Iterator[Fault]:
        """What is wrong with index entries, and with what is stored unless they are wrong themselves."""
        yield from self.faults
        if not self.faults:
            yield from _stored(self.scratch, self._mentioned.hexdigest())

    def _compare(self, number: int, _size: int, root: object) -> None:
        self._follow()
        if mapping.root(self.scratch).hex() != root:
            self.faults.append(Fault("entry", f"entry {number}", ROOT, "payload"))
        self._next = next(self._roots, None)

    def _follow(self) -> None:
        mapping.extend(self.scratch, self._new)
        self._new.clear()
        self._waiting = 0

    def _promised(self, checked: Counter[str], known: int) -> Generator[tuple[int, int, object]]:
        """(number, size, root) of each index entry to be looked at; none after one that cannot be right."""
        rows = EntryRow.objects.filter(kind=authmap.KIND, leaf_index__isnull=False).order_by("leaf_index")
        last, before = None, 0
        for number, place, leaf in rows.values_list("id", "leaf_index", "leaf").iterator(500):
            try:
                said = entries.read(bytes(leaf))["payload"]
                size = said.get("size")
            except (BadEntry, LookupError, TypeError, AttributeError):
                size = None
            if not isinstance(size, int) or not before <= size <= (place or 0):
                self.faults.append(Fault("entry", f"entry {number}", ROOT, "payload"))
                return
            before, last = size, (number, size, said.get("root"))
            if size > known:
                checked["map roots"] += 1
                yield last
                last = None
        if last is not None:
            yield last  # what is stored is compared with a map of as many entries

    def _labels(self, fields: dict[str, Any]) -> tuple[list[bytes], list[str]]:
        """Keys of its labels, and those labels that are mentioned. Most entries are by few about the same things."""
        payload = fields["payload"]
        usual = "about" not in payload and "by" not in payload
        pair = fields["subject"], fields["organisation"]
        if usual and pair in self._seen:
            return self._seen[pair]
        found = [authmap.key_of(each) for each in authmap.labels(fields)], sorted(authmap.further(fields))
        if usual:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[pair] = found
        return found


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
