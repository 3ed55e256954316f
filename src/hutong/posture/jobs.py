"""Clocks of the posture: look at accesses, score everything, seal the audit trail."""

from datetime import time, timedelta
from typing import Any

from hutong.docking.api import PeerAlarm
from hutong.kernel.events import handles
from hutong.kernel.jobs import JobContext
from hutong.kernel.schedule import scheduled
from hutong.ledger.api import WitnessAlarm
from hutong.posture import alerts, contradictions, scoring, seals


@scheduled("posture.watch", every=timedelta(hours=1), at=time(0, 10))
def watch(_context: JobContext, *, due: str) -> dict[str, Any]:
    """Judge the accesses since the last look, then score everything."""
    seen = alerts.watch()
    scoring.renew()
    return {"due": due, "accesses": seen.accesses, "alerts": seen.found, "dropped": seen.dropped}


@handles(WitnessAlarm)
def look_again(told: WitnessAlarm) -> None:
    """A witness that contradicts the log is on the posture page at once, not after the next look."""
    contradictions.of_witness(told)
    scoring.renew()


@handles(PeerAlarm)
def hear_of_peer(told: PeerAlarm) -> None:
    """So is a peer whose log contradicts itself."""
    contradictions.of_peer(told)
    scoring.renew()


@scheduled("posture.seal", every=timedelta(hours=6), at=time(0, 0))
def seal(_context: JobContext, *, due: str) -> dict[str, Any]:
    """Tell the log of the audit records since the last seal."""
    return {"due": due, "seals": seals.seal()}
