"""Reading the log: entries, checkpoints, proofs, tiles."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db.models import CharField, Count, Func, Q, QuerySet

from hutong.ledger.errors import NoEntry, NoTile, NotPlaced, NotPublished
from hutong.ledger.logic import bundles, checkpoints, entries, notes, tiles
from hutong.ledger.logic.evidence import build
from hutong.ledger.models import CheckpointRow, EntryRow
from hutong.ledger.store import keys, witnessing
from hutong.ledger.store.appending import entry_urn
from hutong.ledger.store.integrating import integrate, read_tiles, sign_empty
from hutong.ledger.store.organisations import organisation_keys
from hutong.ledger.types import Checkpoint, ConsistencyProof, Entry, EntryPage, InclusionProof


def checkpoint() -> Checkpoint:
    """The latest one; a log without entries signs its empty checkpoint first."""
    row = CheckpointRow.objects.order_by("-size").first()
    if row is None:
        sign_empty()
        row = CheckpointRow.objects.latest("size")
    return _checkpoint(row)


def published() -> Checkpoint:
    """The newest checkpoint that enough witnesses have cosigned (the newest at all where none are asked).

    Its ``text`` has their lines. NotPublished while there is none.
    """
    latest = checkpoint()
    raw = witnessing.published_note()
    if raw is None:
        raise NotPublished(size=latest.size)
    text = raw.decode()
    return checkpoints.parse_body(notes.parse(text).text, text)


def checkpoint_at(size: int) -> Checkpoint:
    """The one of this size; NoTile when the log has signed none."""
    row = CheckpointRow.objects.filter(size=size).first()
    if row is None:
        raise NoTile(what=str(size))
    return _checkpoint(row)


def read_checkpoint(raw: bytes) -> Checkpoint:
    """A checkpoint of this log out of a file. BadNote or BadSignature when it is not one."""
    note, _ = notes.open_note(raw, [keys.verifier()])
    return checkpoints.parse_body(note.text, str(note))


def verifier_key() -> str:
    """What a third party needs to check the log: name+hash+base64 of the public key."""
    checkpoint()
    return str(keys.verifier())


def entry(entry_id: int) -> Entry:
    found = _entries(EntryRow.objects.filter(pk=entry_id))
    if not found:
        raise NoEntry(what=entry_id)
    return found[0]


def entries_about(subject: str, *, limit: int = 100) -> tuple[Entry, ...]:
    """Newest first."""
    return tuple(_entries(EntryRow.objects.filter(subject=str(subject)).order_by("-id")[:limit]))


def find(
    *,
    kind: str = "",
    subject: str = "",
    organisation: str = "",
    text: str = "",
    offset: int = 0,
    limit: int = 50,
) -> EntryPage:
    """Entries that match, newest first; ``text`` is looked for in subject, kind and organisation."""
    rows: QuerySet[EntryRow] = EntryRow.objects.order_by("-id")
    exact = {"kind": kind, "subject": subject, "organisation": organisation}
    if any("\0" in wanted for wanted in (*exact.values(), text)):
        return EntryPage((), 0)  # no text of an entry holds it, and PostgreSQL would refuse the question
    rows = rows.filter(**{name: wanted for name, wanted in exact.items() if wanted})
    if text.isascii() and text.isdigit() and len(text) < 19:
        rows = rows.filter(pk=int(text))
    elif text:
        rows = rows.filter(
            Q(subject__icontains=text) | Q(kind__icontains=text) | Q(organisation__icontains=text)
        )
    return EntryPage(tuple(_entries(rows[offset : offset + limit])), rows.count())


def counts() -> Mapping[str, int]:
    """Entries by kind, in the order of their names."""
    found = EntryRow.objects.order_by("kind").values_list("kind").annotate(Count("id"))
    return dict(found)


def organisations() -> list[str]:
    found = EntryRow.objects.exclude(organisation="").order_by("organisation")
    return list(found.values_list("organisation", flat=True).distinct())


class _Month(Func):
    """2026-03 of a moment, by the calendar of Shanghai (UTC+8 without exception since 1992)."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "strftime('%%%%Y-%%%%m', %(expressions)s, '+8 hours')"
        return super().as_sqlite(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "to_char(%(expressions)s AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"
        return self.as_sql(compiler, connection, template=template, **context)


def activity() -> list[tuple[str, str, int]]:
    """(month as 2026-03, kind, entries) in order of time, by the calendar of Shanghai."""
    months = EntryRow.objects.annotate(month=_Month("at")).values_list("month", "kind")
    return list(months.annotate(Count("id")).order_by("month", "kind"))


def inclusion(entry_id: int, *, settle: bool = True) -> InclusionProof:
    """Proof in the latest checkpoint. An entry still pending gets its place first; NotPlaced where ``settle`` is not
    wanted, since that writes.
    """
    placed = EntryRow.objects.filter(pk=entry_id, leaf_index__isnull=False)
    found = placed.values_list("leaf_index", "leaf_hash").first()
    if found is None and not settle and EntryRow.objects.filter(pk=entry_id).exists():
        raise NotPlaced(what=entry_id)
    if found is None and settle:
        integrate()
        found = placed.values_list("leaf_index", "leaf_hash").first()
    if found is None:
        raise NoEntry(what=entry_id)
    index, leaf = found[0] or 0, found[1]
    latest = _covering(index)
    hashes = tiles.read_ranges(tiles.proof_ranges(index, index + 1, latest.size), read_tiles)
    return InclusionProof(index, latest.size, bytes(leaf), tuple(hashes), latest)


def _covering(index: int) -> Checkpoint:
    """The published checkpoint when the leaf is in it; else the newest, which no witness may have seen yet."""
    with suppress(NotPublished):
        found = published()
        if index < found.size:
            return found
    return checkpoint()


def evidence(entry_id: int, *, settle: bool = True) -> dict[str, Any]:
    """The file a third party checks offline (see docs/ledger.md); ``settle`` as for ``inclusion``."""
    proof = inclusion(entry_id, settle=settle)
    rule, found = witnessing.policy(), entry(entry_id)
    return build(
        found.leaf, proof, verifier_key(), rule.text() if rule else "", _keys_of(found.leaf, proof.size)
    )


def _keys_of(leaf: bytes, size: int) -> list[tuple[int, bytes, list[bytes]]]:
    """The entries that made known the keys that signed this one, each with its inclusion proof."""
    fields = entries.read(leaf)
    signature = entries.signature(fields)
    signed = [(one.organisation, one.key) for one in entries.cosignatures(fields)]
    signed += [(signature.organisation, signature.key)] if signature else []
    numbers = {key.added_by for name, wanted in signed for key in organisation_keys(name) if key.id == wanted}
    rows = EntryRow.objects.filter(pk__in=numbers, leaf_index__lt=size).order_by("leaf_index")
    return [
        (place, bytes(each), tiles.read_ranges(tiles.proof_ranges(place, place + 1, size), read_tiles))
        for place, each in rows.values_list("leaf_index", "leaf")
        if place is not None
    ]


def consistency(size1: int, size2: int) -> ConsistencyProof:
    """Proof between any two sizes of the log, 1 ≤ size1 ≤ size2 ≤ its size."""
    if not 1 <= size1 <= size2 <= checkpoint().size:
        raise NoTile(what=f"{size1}-{size2}")
    hashes = tiles.read_ranges(tiles.proof_ranges(0, size1, size2), read_tiles)
    roots = tiles.read_ranges([(0, size1), (0, size2)], read_tiles)
    return ConsistencyProof(size1, size2, roots[0], roots[1], tuple(hashes))


def tile(path: tiles.TilePath) -> bytes:
    """Bytes of a hash tile or entry bundle as the log serves it; NoTile when it is not there (yet)."""
    level = path.level or 0
    size = CheckpointRow.objects.order_by("-size").values_list("size", flat=True).first() or 0
    if tiles.width_at(size, level, path.index) < path.width:
        raise NoTile(what=str(path))
    if path.level is None:
        first = path.index * tiles.WIDTH
        rows = EntryRow.objects.filter(leaf_index__gte=first, leaf_index__lt=first + path.width)
        return bundles.encode(rows.order_by("leaf_index").values_list("leaf", flat=True))
    found = read_tiles([(level, path.index)])
    if not found:
        raise NoTile(what=str(path))
    return found[level, path.index][: path.width * 32]


def _checkpoint(row: CheckpointRow) -> Checkpoint:
    text = bytes(row.note).decode()
    return checkpoints.parse_body(notes.parse(text).text, text)


def _entries(rows: QuerySet[EntryRow]) -> list[Entry]:
    """Read from the leaves alone: the searched columns are copies, and not believed."""
    found = rows.values_list("id", "leaf", "leaf_hash", "leaf_index")
    return [_entry(number, bytes(leaf), bytes(kept), index) for number, leaf, kept, index in found]


def _entry(entry_id: int, leaf: bytes, kept: bytes, index: int | None) -> Entry:
    fields: dict[str, Any] = entries.read(leaf)
    return Entry(
        entry_id,
        entry_urn(entry_id),
        fields["kind"],
        fields["subject"],
        fields["organisation"],
        fields["at"],
        fields["payload"],
        leaf,
        kept,
        index,
    )
