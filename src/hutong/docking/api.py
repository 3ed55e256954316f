"""The door of the docking."""

from hutong.docking.exchange import everything, pull, push, report, trust
from hutong.docking.peers import known
from hutong.docking.types import Divergence, Moved, Peer, PeerAlarm, Peers

__all__ = [
    "Divergence",
    "Moved",
    "Peer",
    "PeerAlarm",
    "Peers",
    "everything",
    "known",
    "pull",
    "push",
    "report",
    "trust",
]
