"""The map of the log, and the entries that commit to it; evidence that nothing about a thing is left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hutong.kernel.db import atomic, exclusive
from hutong.kernel.settings import value
from hutong.kernel.urn import Urn
from hutong.ledger.errors import LogDamaged
from hutong.ledger.logic import authmap, entries, mapping
from hutong.ledger.models import CheckpointRow, EntryRow, MentionRow
from hutong.ledger.store.appending import write
from hutong.ledger.store.integrating import integrate
from hutong.ledger.store.mapstore import KeptMap
from hutong.ledger.types import NewEntry

LOCK = 0x48_55_04
BATCH = 16_384


def index() -> int:
    """Take what has been placed since into the map, and commit to its root with an entry. Returns how many."""
    done = 0
    while taken := _index_batch():
        done += taken
        integrate()
    return done


def index_subject() -> str:
    return str(Urn(str(value("HUTONG_PACK")), "ledger", "index"))


def gather_labels(rows: Iterable[tuple[int, Mapping[str, Any], bytes]]) -> dict[bytes, list[bytes]]:
    """Leaf hashes by key, of (place, fields, leaf hash) in the order of the log."""
    found: dict[bytes, list[bytes]] = defaultdict(list)
    for _, fields, leaf_hash in rows:
        for each in authmap.labels(fields):
            found[authmap.key_of(each)].append(leaf_hash)
    return found


@dataclass(frozen=True, slots=True)
class LabelState:
    """How many entries bear a label among the first ``size``; ``waiting``: entries of the log newer than those."""

    count: int
    size: int
    waiting: int


def label_state(about: str = "", *, by: str = "") -> LabelState:
    """What the map says of a label now."""
    last = last_index()
    size = last[1]["size"] if last else 0
    key = authmap.key_of(authmap.label(about, by))
    tally = KeptMap().tallies([key]).get(key, authmap.Tally())
    newest = CheckpointRow.objects.order_by("-size").values_list("size", flat=True).first() or 0
    return LabelState(tally.count, size, newest - size)


def _index_batch() -> int:
    with atomic():
        exclusive(LOCK)
        last = last_index()
        start = last[1]["size"] if last else 0
        end = CheckpointRow.objects.order_by("-size").values_list("size", flat=True).first() or 0
        end = min(end, start + BATCH)
        placed = EntryRow.objects.filter(leaf_index__gte=start, leaf_index__lt=end).order_by("leaf_index")
        if not placed.exclude(kind=authmap.KIND).exists():
            return 0
        rows = [
            (place or 0, entries.read(bytes(leaf)), bytes(kept))
            for place, leaf, kept in placed.values_list("leaf_index", "leaf", "leaf_hash")
        ]
        store = KeptMap()
        if mapping.root(store).hex() != (last[1]["root"] if last else authmap.NOTHING.hex()):
            raise LogDamaged(where="map")
        root = mapping.extend(store, gather_labels(rows))
        mentions = [
            MentionRow(label=each, leaf_index=at)
            for at, fields, _ in rows
            for each in authmap.further(fields)
        ]
        MentionRow.objects.bulk_create(mentions, batch_size=1000)
        write([NewEntry(authmap.KIND, index_subject(), {"size": end, "root": root.hex()}, "")])
        return len(rows)


def last_index() -> tuple[int, dict[str, Any]] | None:
    """The latest index entry: its number and what it says."""
    row = EntryRow.objects.filter(kind=authmap.KIND).order_by("-id").values_list("id", "leaf").first()
    return (row[0], entries.read(bytes(row[1]))["payload"]) if row else None
