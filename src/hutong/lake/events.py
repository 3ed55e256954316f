"""What the lake tells the others."""

from dataclasses import dataclass

from hutong.kernel import events


@events.event("lake.snapshot-committed")
@dataclass(frozen=True, slots=True)
class SnapshotCommitted:
    """A table has a new state."""

    table: str
    snapshot: str
    sequence: int
    rows: int
    entry_id: int
    load: str
