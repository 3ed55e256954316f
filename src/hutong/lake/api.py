"""The door of the lake.

A contract is defined, sources are loaded against it, and what was committed is read by snapshot: rows by ``query``,
what is known about them by ``profile``, ``quality``, ``drift``, ``lineage`` and ``quarantine``. A ``Lens`` given to
``query`` or ``stream`` makes a table what its reader may see of it.
"""

from collections.abc import Callable
from datetime import datetime

from hutong.kernel.text import Text
from hutong.lake.access import provide as provide_targets
from hutong.lake.access import target as target_of
from hutong.lake.events import SnapshotCommitted
from hutong.lake.logic.masks import check as check_lens
from hutong.lake.logic.masks import for_sample as sample_mask
from hutong.lake.logic.masks import masks_for, shown_conditions
from hutong.lake.logic.parsing import stored as stored_type
from hutong.lake.logic.sql import ident
from hutong.lake.pack import ColumnSpec, RuleSpec, TableSpec, TextSpec
from hutong.lake.reading import drift, lineage, profile, quality, quarantine, rows, sample, tables
from hutong.lake.respelling import spec_of
from hutong.lake.store import contracts, places
from hutong.lake.store import snapshots as kept
from hutong.lake.store.contracts import define
from hutong.lake.store.queries import query
from hutong.lake.store.snapshots import all_of as snapshots
from hutong.lake.store.streams import media_type, stream
from hutong.lake.types import Contract, LoadRef, LoadReport, Mode, SnapshotRef, Source
from hutong.lake.written import Written, is_fen, write

__all__ = [
    "ColumnSpec",
    "RuleSpec",
    "SnapshotCommitted",
    "TableSpec",
    "TextSpec",
    "Written",
    "check_lens",
    "contract",
    "define",
    "drift",
    "ident",
    "is_fen",
    "latest",
    "lineage",
    "load",
    "load_of",
    "loads",
    "masks_for",
    "media_type",
    "profile",
    "provide_targets",
    "quality",
    "quarantine",
    "query",
    "rows",
    "sample",
    "sample_mask",
    "shown_conditions",
    "snapshot",
    "snapshots",
    "spec_of",
    "stored_type",
    "stream",
    "table_urn",
    "tables",
    "target_of",
    "write",
]


def load(
    table: str,
    source: Source,
    *,
    actor: str = "",
    mode: Mode = "replace",
    progress: Callable[[int, int, Text], None] | None = None,
) -> LoadReport:
    """Bring a source into a table; raises the errors of sources and contracts, and then nothing has changed.

    The same content under the same contract is loaded once (``unchanged``). ``actor`` is who asks, else who acts now.
    """
    from hutong.lake import loading  # noqa: PLC0415 - pages that only read need not import what writes

    return loading.load(table, source, actor=actor, mode=mode, progress=progress)


def contract(table: str) -> Contract:
    """The newest contract of a table; raises ``NoSuchTable``."""
    return contracts.current(table)[0]


def latest(table: str, known_at: datetime | None = None) -> SnapshotRef | None:
    """The newest snapshot of a table, or the newest known at a moment; None before the first."""
    found = kept.latest_row(table, known_at)
    return kept.ref(found) if found else None


def snapshot(urn: str) -> SnapshotRef:
    """The snapshot called ``urn``; raises ``NoSuchSnapshot``."""
    return kept.ref(kept.row(urn))


def load_of(load_id: str) -> LoadRef:
    """A load by its id or URN; raises ``NoSuchLoad``."""
    return kept.load_ref(kept.load_row(load_id))


def loads(table: str = "", limit: int = 100) -> list[LoadRef]:
    """The newest loads first, of one table or of all."""
    return kept.loads(table, limit)


def table_urn(table: str) -> str:
    return places.urn("table", table)
