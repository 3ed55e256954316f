"""Work of the catalog that nobody waits for."""

from typing import Any

from hutong.catalog import locking, suggesting
from hutong.kernel.events import handles
from hutong.kernel.jobs import JobContext, enqueue, job
from hutong.lake.api import SnapshotCommitted
from hutong.ledger import api as ledger
from hutong.ledger.api import ProposalReady


@job("catalog.suggest", background=True)
def suggest_grades(_context: JobContext, *, table: str) -> dict[str, Any]:
    """Look what the columns of a table hold."""
    return {"table": table, "open": suggesting.suggest(table)}


@handles(SnapshotCommitted)
def look_again(told: SnapshotCommitted) -> None:
    """New rows may hold what the rows before did not."""
    enqueue(suggest_grades, key=told.snapshot, table=told.table)


@handles(ProposalReady)
def carry_out(told: ProposalReady) -> None:
    """A change of the catalog has its co-signatures, given here or elsewhere."""
    if told.kind.startswith("catalog.") or ":duty:" in told.subject or ":dataset:" in told.subject:
        locking.carry_out(ledger.proposal(told.proposal))
