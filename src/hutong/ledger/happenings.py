"""Events of the ledger."""

from dataclasses import dataclass

from hutong.kernel.events import event


@event("ledger.proposal-ready")
@dataclass(frozen=True, slots=True)
class ProposalReady:
    """A proposal has the co-signatures its rule asks for; whoever owns the subject carries it out."""

    proposal: str
    kind: str
    subject: str


@event("ledger.witness-alarm")
@dataclass(frozen=True, slots=True)
class WitnessAlarm:
    """A witness found that the log contradicts what it cosigned before: a split view or a rewritten history."""

    witness: str
    size: int
    status: int
    said: str
