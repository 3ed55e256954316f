"""What the worker does for the log: placing entries that a commit left pending."""

from hutong.kernel import worker
from hutong.ledger import api
from hutong.ledger.store import private


@worker.every(2.0, "ledger.integrate")
def integrate_pending() -> None:
    """Entries are placed right after their commit; this catches what a crash left behind."""
    api.integrate()


@worker.every(30.0, "ledger.index")
def index_new_entries() -> None:
    """The map that completeness proofs rest on follows the log."""
    api.index()


@worker.every(2.0, "ledger.witness")
def gather_cosignatures() -> None:
    """A checkpoint is published once enough witnesses have cosigned it."""
    api.gather()


@worker.every(300.0, "ledger.shred")
def shred_keys() -> None:
    """What the log says was erased has no key left, even after a crash between the two."""
    private.shred_pending()
