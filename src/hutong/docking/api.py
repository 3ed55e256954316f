"""The door of the docking."""

from hutong.docking.endpoints import respond
from hutong.docking.exchange import everything, pull, push, report, trust
from hutong.docking.heads import last as last_checkpoint
from hutong.docking.heads import meet, settle
from hutong.docking.messages import MAX_BYTES
from hutong.docking.peers import known
from hutong.docking.types import Divergence, Moved, Peer, PeerAlarm, Peers

__all__ = [
    "MAX_BYTES",
    "Divergence",
    "Moved",
    "Peer",
    "PeerAlarm",
    "Peers",
    "everything",
    "known",
    "last_checkpoint",
    "meet",
    "pull",
    "push",
    "report",
    "respond",
    "settle",
    "trust",
]
