"""Evidence that nothing about a thing is left out, of any length."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hutong.ledger.errors import BadQuestion, LogDamaged, NotIndexed, TooManyEntries
from hutong.ledger.logic import authmap, completeness, mapping, tiles
from hutong.ledger.models import EntryRow, MentionRow
from hutong.ledger.store import reading, witnessing
from hutong.ledger.store.indexing import index, last_index
from hutong.ledger.store.integrating import integrate, read_tiles
from hutong.ledger.store.mapstore import KeptMap

MOST = 5_000
_AT_ONCE = 500
_TILES = 1_024
_ROOTS = 8_192


def evidence_about(about: str = "", *, by: str = "", skip: int = 0, fresh: bool = True) -> dict[str, Any]:
    """One file: these are all the entries about a thing, by someone, or both, up to a size of the log.

    ``fresh`` takes the newest entries into the map first, which writes to the log; without it the file reaches to what
    the worker took in last (NotIndexed when that is nothing). ``skip`` leaves out the first ones; the proof then says
    that the rest are all after them. At most 5,000 entries fit into such an answer: TooManyEntries names the ``skip``
    that does, and ``evidence_lines`` has no limit. The file is checked by `hutong ledger check`.
    """
    head, entries = _evidence(about, by, skip, fresh=fresh, most=MOST)
    return {**head, "entries": list(entries)}


def evidence_lines(about: str = "", *, by: str = "", skip: int = 0, fresh: bool = True) -> Iterator[str]:
    """As ``evidence_about``, piece by piece, in memory that does not grow with it."""
    return completeness.lines(*_evidence(about, by, skip, fresh=fresh, most=None))


def _evidence(
    about: str, by: str, skip: int, *, fresh: bool, most: int | None
) -> tuple[dict[str, Any], Iterator[Mapping[str, Any]]]:
    if not about and not by:
        raise BadQuestion(reason="subject, by")
    if fresh:
        integrate()
        index()
    last = last_index()
    if last is None:
        raise NotIndexed
    number, said = last
    places = _places(about, by, said["size"])
    if most is not None and len(places) - skip > most:
        raise TooManyEntries(count=len(places), limit=most, skip=len(places) - most)
    key = authmap.key_of(authmap.label(about, by))
    way = mapping.prove(KeptMap(), key)
    tally = authmap.check(key, way[1], way[0], bytes.fromhex(said["root"]))
    if tally.count != len(places):
        raise LogDamaged(where=f"map {authmap.label(about, by)!r}")
    proof = reading.inclusion(number, settle=fresh)
    rule = witnessing.policy()
    head = completeness.build(
        label=(about, by),
        before=_chain(places[:skip]),
        way=way,
        index=(reading.entry(number).leaf, proof),
        verifier=reading.verifier_key(),
        policy=rule.text() if rule else "",
    )
    return head, _shown(places[skip:], proof.size)


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


def _chain(places: Sequence[int]) -> authmap.Tally:
    """Over the entries that are left out."""
    tally = authmap.Tally()
    for _, _, leaf_hash in _read(places):
        tally = tally.follow(leaf_hash)
    return tally


def _shown(places: Sequence[int], size: int) -> Iterator[Mapping[str, Any]]:
    near = _Tiles()
    for place, leaf, _ in _read(places):
        yield completeness.shown(place, leaf, near.roots(tiles.proof_ranges(place, place + 1, size)))


def _read(places: Sequence[int]) -> Iterator[tuple[int, bytes, bytes]]:
    """Place, leaf and leaf hash of each, in order."""
    for at in range(0, len(places), _AT_ONCE):
        rows = EntryRow.objects.filter(leaf_index__in=places[at : at + _AT_ONCE]).order_by("leaf_index")
        for place, leaf, kept in rows.values_list("leaf_index", "leaf", "leaf_hash"):
            yield place or 0, bytes(leaf), bytes(kept)


class _Tiles:
    """Neighbours need the same tiles, and all but a few of the same hashes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tiles.TileId, bytes] = OrderedDict()
        self._roots: dict[tiles.Range, bytes] = {}

    def roots(self, ranges: Sequence[tiles.Range]) -> list[bytes]:
        """Root of each range of leaves."""
        if len(self._roots) > _ROOTS:
            self._roots.clear()
        new = [each for each in ranges if each not in self._roots]
        self._roots |= zip(new, tiles.read_ranges(new, self.read), strict=True)
        return [self._roots[each] for each in ranges]

    def read(self, wanted: Sequence[tiles.TileId]) -> Mapping[tiles.TileId, bytes]:
        for each, data in read_tiles([each for each in wanted if each not in self._kept]).items():
            self._kept[each] = bytes(data)
        found = {each: self._kept[each] for each in wanted}
        for each in wanted:
            self._kept.move_to_end(each)
        while len(self._kept) > _TILES:
            self._kept.popitem(last=False)
        return found
