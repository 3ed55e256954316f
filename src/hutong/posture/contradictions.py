"""Logs that contradict themselves, as alerts: a witness says so of ours, or a peer's log does not go on from before."""

from hutong.docking.api import PeerAlarm
from hutong.kernel import clock
from hutong.ledger.api import WitnessAlarm
from hutong.posture import alerts, gathering
from hutong.posture.logic.anomalies import Anomaly
from hutong.posture.types import AlertKind, Channel

SCORE = 95  # nothing else puts all that is proved in doubt


def of_peer(told: PeerAlarm) -> None:
    """A peer's log; ``entry`` of our log holds both of the peer's signatures. Safe to repeat."""
    reason = {
        "code": "peer-log", "why": told.why, "held": told.held, "offered": told.offered, "entry": told.entry,
    }  # fmt: skip
    _raise(Channel.DOCKING, gathering.urn("peer", told.peer), str(told.entry), reason)


def of_witness(told: WitnessAlarm) -> None:
    """Our own log, as a witness saw it. Safe to repeat."""
    reason = {"code": "witness-log", "witness": told.witness, "size": told.size, "said": told.said[:300]}
    _raise(Channel.LEDGER, gathering.urn("witness", told.witness), f"{told.size}|{told.said}", reason)


def _raise(channel: Channel, thing: str, once: str, reason: dict[str, object]) -> None:
    seen = Anomaly(
        AlertKind.LOG,
        f"{AlertKind.LOG}|{thing}|{once}",
        channel,
        clock.now(),
        thing,
        "",
        thing,
        "",
        0,
        1,
        1.0,
        reason,
    )
    alerts.put(seen, SCORE)
