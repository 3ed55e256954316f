"""The map of the log, and the entries that commit to it; evidence that nothing about a thing is left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hutong.kernel.db import atomic, exclusive
from hutong.kernel.settings import value
from hutong.kernel.urn import Urn
from hutong.ledger.errors import LogDamaged, NotIndexed, TooManyEntries
from hutong.ledger.logic import authmap, completeness, entries, mapping, tiles
from hutong.ledger.models import CheckpointRow, EntryRow, MentionRow
from hutong.ledger.store import reading, witnessing
from hutong.ledger.store.appending import write
from hutong.ledger.store.integrating import integrate, read_tiles
from hutong.ledger.store.mapstore import KeptMap
from hutong.ledger.types import NewEntry

LOCK = 0x48_55_04
BATCH = 16_384
MOST = 5_000


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


def evidence_about(about: str = "", *, by: str = "", skip: int = 0, fresh: bool = True) -> dict[str, Any]:
    """One file: these are all the entries about a thing, by someone, or both, up to a size of the log.

    ``fresh`` takes the newest entries into the map first, which writes to the log; without it the file reaches to what
    the worker took in last (NotIndexed when that is nothing). ``skip`` leaves out the first ones; the proof then says
    that the rest are all after them. At most 5,000 entries fit: TooManyEntries names the ``skip`` that does. The
    file is checked by `hutong ledger check`.
    """
    if fresh:
        integrate()
        index()
    label = authmap.label(about, by)
    last = _last()
    if last is None:
        raise NotIndexed
    number, said = last
    places = _places(about, by, said["size"])
    if len(places) - skip > MOST:
        raise TooManyEntries(count=len(places), limit=MOST, skip=len(places) - MOST)
    found, steps = mapping.prove(KeptMap(), authmap.key_of(label))
    tally = authmap.check(authmap.key_of(label), steps, found, bytes.fromhex(said["root"]))
    if tally.count != len(places):
        raise LogDamaged(where=f"map {label!r}")
    proof = reading.inclusion(number, settle=fresh)
    leaves = _leaves(places)
    before = authmap.Tally()
    for place in places[:skip]:
        before = before.follow(leaves[place][1])
    shown = [(place, leaves[place][0], _hashes(place, proof.size)) for place in places[skip:]]
    rule = witnessing.policy()
    return completeness.build(
        label=(about, by),
        before=before,
        entries=shown,
        way=(found, steps),
        index=(reading.entry(number).leaf, proof),
        verifier=reading.verifier_key(),
        policy=rule.text() if rule else "",
    )


@dataclass(frozen=True, slots=True)
class LabelState:
    """How many entries bear a label among the first ``size``; ``waiting``: entries of the log newer than those."""

    count: int
    size: int
    waiting: int


def label_state(about: str = "", *, by: str = "") -> LabelState:
    """What the map says of a label now."""
    last = _last()
    size = last[1]["size"] if last else 0
    key = authmap.key_of(authmap.label(about, by))
    tally = KeptMap().tallies([key]).get(key, authmap.Tally())
    newest = CheckpointRow.objects.order_by("-size").values_list("size", flat=True).first() or 0
    return LabelState(tally.count, size, newest - size)


def _index_batch() -> int:
    with atomic():
        exclusive(LOCK)
        last = _last()
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


def _last() -> tuple[int, dict[str, Any]] | None:
    """The latest index entry: its number and what it says."""
    row = EntryRow.objects.filter(kind=authmap.KIND).order_by("-id").values_list("id", "leaf").first()
    return (row[0], entries.read(bytes(row[1]))["payload"]) if row else None


def _places(about: str, by: str, size: int) -> list[int]:
    """Places of the entries that bear the label, in the order of the log."""
    if "\0" in about + by:
        return []  # no text of an entry holds it, and PostgreSQL would refuse the question
    found: set[int] | None = None
    for column, name, label in (
        ("subject", about, authmap.label(about)),
        ("organisation", by, authmap.label("", by)),
    ):
        if name:
            rows = EntryRow.objects.filter(**{column: name}, leaf_index__lt=size)
            own = {place or 0 for place in rows.values_list("leaf_index", flat=True)}
            named = MentionRow.objects.filter(label=label, leaf_index__lt=size)
            own |= set(named.values_list("leaf_index", flat=True))
            found = own if found is None else found & own
    return sorted(found or ())


def _leaves(places: list[int]) -> dict[int, tuple[bytes, bytes]]:
    found: dict[int, tuple[bytes, bytes]] = {}
    for at in range(0, len(places), 500):
        rows = EntryRow.objects.filter(leaf_index__in=places[at : at + 500])
        for place, leaf, kept in rows.values_list("leaf_index", "leaf", "leaf_hash"):
            found[place or 0] = bytes(leaf), bytes(kept)
    return found


def _hashes(place: int, size: int) -> list[bytes]:
    return tiles.read_ranges(tiles.proof_ranges(place, place + 1, size), read_tiles)
