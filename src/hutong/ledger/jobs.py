"""What the worker does for the log: placing entries that a commit left pending."""

from hutong.kernel import worker
from hutong.ledger import api


@worker.every(2.0, "ledger.integrate")
def integrate_pending() -> None:
    """Entries are placed right after their commit; this catches what a crash left behind."""
    api.integrate()


@worker.every(2.0, "ledger.witness")
def gather_cosignatures() -> None:
    """A checkpoint is published once enough witnesses have cosigned it."""
    api.gather()
