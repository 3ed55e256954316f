"""Entries: their bytes, their stored hash, their place, and the columns copied out of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from django.db import connection

from hutong.kernel.db import is_sqlite
from hutong.kernel.text import Text
from hutong.ledger.errors import BadEntry
from hutong.ledger.logic import entries, tiles
from hutong.ledger.logic.locate import Spot, difference, wrong_byte
from hutong.ledger.logic.merkle import leaf_hash
from hutong.ledger.models import CheckpointRow
from hutong.ledger.types import Fault

LEAF = Text(zh="条目内容已被改动", en="the content of the entry was changed")
REWRITTEN = Text(zh="条目及其散列一并被改写", en="the entry was rewritten together with its hash")
HASH_COLUMN = Text(zh="保存的散列与条目不符", en="the stored hash differs from the entry")
COLUMN = Text(zh="与条目内容不符", en="differs from the content of the entry")
PLACE = Text(zh="序号不对，应为 {index}", en="it is out of its place, which is {index}")
STRAY = Text(zh="不在日志中的条目占了序号", en="a row that is not in the log claims a place in it")
MISSING = Text(zh="条目缺失", en="the entry is missing")

_TEXTS = ("kind", "subject", "organisation")
_SEARCHES = 32  # a search takes up to 15 s for the longest leaf; where all is lost, places do not help


class Leaf(NamedTuple):
    """One row, raw: on SQLite even what is no longer valid text or time can be read."""

    place: int | None
    id: int
    kind: bytes
    subject: bytes
    organisation: bytes
    at: Any
    leaf: bytes
    leaf_hash: bytes

    @property
    def name(self) -> str:
        return f"entry {self.id}"


def chunks(size: int) -> Iterator[tuple[int, list[Leaf | None]]]:
    """(tile index, its leaves) for the first ``size`` places; None where no row claims the place."""
    following = 0
    rows = _rows("leaf_index >= 0 AND leaf_index < %s ORDER BY leaf_index", [size])
    for number, group in groupby(rows, key=lambda row: (row.place or 0) // tiles.WIDTH):
        for skipped in range(following, number):
            yield skipped, [None] * tiles.width_at(size, 0, skipped)
        chunk: list[Leaf | None] = [None] * tiles.width_at(size, 0, number)
        for row in group:
            chunk[(row.place or 0) % tiles.WIDTH] = row
        yield number, chunk
        following = number + 1
    for skipped in range(following, -(-size // tiles.WIDTH)):
        yield skipped, [None] * tiles.width_at(size, 0, skipped)


class Follows(Protocol):
    """Whoever goes on to what entries say."""

    def take(self, row: Leaf) -> None: ...
    def give_up(self) -> None: ...


class LeafCheck:
    """Blames entries once the truth about their hashes is settled."""

    def __init__(self, size: int, faults: list[Fault], checked: Counter[str], follower: Follows) -> None:
        self.size, self.faults, self.checked, self.follower = size, faults, checked, follower
        self.missing: dict[bytes, int] = {}
        self.searches = _SEARCHES

    def likely(self, chunk: Sequence[Leaf | None], slots: Sequence[bytes]) -> list[bytes]:
        """The hash of each leaf by the majority of entry, stored hash and tile."""
        found = []
        for row, slot in zip(chunk, slots, strict=True):
            if row is None:
                found.append(slot)
                continue
            computed = leaf_hash(row.leaf)
            agreed = slot if slot == row.leaf_hash != computed else computed
            found.append(agreed)
        return found

    def accept(self, chunk: Sequence[Leaf | None]) -> None:
        """A chunk in which every leaf is what it should be."""
        self.checked["entries"] += len(chunk)
        for row in chunk:
            if row is not None:
                self.follower.take(row)

    def check(self, first: int, chunk: Sequence[Leaf | None], truth: Sequence[bytes]) -> None:
        for index, row, true in zip(range(first, first + len(chunk)), chunk, truth, strict=True):
            self.checked["entries"] += 1
            if row is None:
                self.missing[true] = index
                self.follower.give_up()
            else:
                self._check_row(row, true)

    def check_outside(self) -> None:
        """Rows with a place beyond the log, and rows that wait for one."""
        rows = list(
            _rows(
                "leaf_index IS NULL OR leaf_index < 0 OR leaf_index >= %s ORDER BY leaf_index IS NULL, leaf_index, id",
                [self.size],
            )
        )
        latest = CheckpointRow.objects.order_by("-size").values_list("size", flat=True).first() or 0
        for row in rows:
            computed = leaf_hash(row.leaf)
            index = self.missing.pop(computed, None)
            if index is not None:
                self.faults.append(Fault("entry", row.name, PLACE.format(index=index), "leaf_index"))
            elif row.place is not None and not self.size <= row.place < latest:
                self.faults.append(Fault("entry", row.name, STRAY, "leaf_index"))
            elif row.place is None:
                self.checked["pending"] += 1
                self._check_row(row, self._pending_truth(row, computed))
            else:
                self.follower.take(row)  # placed while we were at it
        self.faults += [Fault("entry", f"leaf {index}", MISSING) for index in self.missing.values()]

    def _check_row(self, row: Leaf, true: bytes) -> None:
        if leaf_hash(row.leaf) == true:
            self._check_hash(row, true)
            self.follower.take(row)
            return
        self.follower.give_up()
        spot = self._search(row.leaf, true)
        whole = Spot(0, len(row.leaf))
        what = REWRITTEN if leaf_hash(row.leaf) == row.leaf_hash else LEAF
        self.faults.append(Fault("entry", row.name, what, "leaf", *(spot or whole)))
        if spot is not None and spot.bit is not None:
            mended = bytearray(row.leaf)
            mended[spot.offset] ^= 1 << spot.bit
            self._check_hash(row, true)
            self.faults += check_columns(row, bytes(mended))

    def _check_hash(self, row: Leaf, true: bytes) -> None:
        if what_differs := difference(row.leaf_hash, true):
            self.faults.append(Fault("entry", row.name, HASH_COLUMN, "leaf_hash", *what_differs))

    def _pending_truth(self, row: Leaf, computed: bytes) -> bytes:
        """A pending entry is known twice only: believe the stored hash if one wrong byte explains it."""
        if computed == row.leaf_hash:
            return computed
        return row.leaf_hash if self._search(row.leaf, row.leaf_hash) else computed

    def _search(self, leaf: bytes, true: bytes) -> Spot | None:
        self.searches -= 1
        return wrong_byte(leaf, true, b"\x00") if self.searches >= 0 else None


def check_columns(row: Leaf, leaf: bytes, fields: Mapping[str, Any] | None = None) -> list[Fault]:
    """The columns beside a leaf against it; ``fields`` when it has been read already."""
    if fields is None:
        try:
            fields = entries.read(leaf)
        except BadEntry:
            return [Fault("entry", row.name, LEAF, "leaf", 0, len(leaf))]
    faults = []
    if fields["id"] != row.id:
        faults.append(Fault("entry", f"entry {fields['id']}", COLUMN, "id"))
    for column, stored in zip(_TEXTS, (row.kind, row.subject, row.organisation), strict=True):
        said = str(fields[column]).encode()
        if stored != said:
            faults.append(Fault("entry", row.name, COLUMN, column, *(difference(stored, said) or ())))
    at = fields["at"]
    if not isinstance(row.at, bytes):
        return faults + [Fault("entry", row.name, COLUMN, "at")] * (row.at != at)
    said = str(at.astimezone(UTC).replace(tzinfo=None)).encode()
    if row.at != said:
        faults.append(Fault("entry", row.name, COLUMN, "at", *(difference(row.at, said) or ())))
    return faults


def _rows(where: str, parameters: list[Any]) -> Iterator[Leaf]:
    sqlite = is_sqlite()
    raw = "CAST({} AS BLOB)" if sqlite else "convert_to({}, 'UTF8')"
    columns = ", ".join(raw.format(column) for column in _TEXTS)
    at = "CAST(at AS BLOB)" if sqlite else "at"
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT leaf_index, id, {columns}, {at}, leaf, leaf_hash FROM ledger_entry WHERE {where}",
            parameters,
        )
        while batch := cursor.fetchmany(1000):
            for place, entry_id, kind, subject, organisation, when, leaf, kept in batch:
                texts = bytes(kind or b""), bytes(subject or b""), bytes(organisation or b"")
                yield Leaf(place, entry_id, *texts, bytes(when) if sqlite else when, bytes(leaf), bytes(kept))
