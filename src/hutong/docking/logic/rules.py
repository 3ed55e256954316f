"""Which side of a difference stands. No I/O."""

from dataclasses import dataclass
from typing import Literal

from hutong.docking.types import Peer

Outcome = Literal["same", "take", "keep", "ask"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """An entry that came: its scope, our digest of it (empty: not here), theirs, and the last both agreed on."""

    scope: str
    ours: str
    theirs: str
    agreed: str


def outcome(peer: Peer, own_scope: str, met: Meeting) -> Outcome:
    """What to do with it.

    Where only the peer changed it since both agreed, its version is newer and is taken, if the rule lets the peer
    change it at all; where only we did, ours stands.
    """
    if met.ours == met.theirs:
        return "same"
    if peer.rule == "manual":
        return "ask"
    if met.agreed and met.theirs == met.agreed:
        return "keep"
    theirs_wins = peer.level == "city" if peer.rule == "city" else _owns(peer, own_scope, met.scope)
    if theirs_wins:
        return "take"
    return "take" if peer.rule == "city" and met.agreed and met.ours == met.agreed else "keep"


def _owns(peer: Peer, own_scope: str, scope: str) -> bool:
    return scope in peer.owns or (scope != own_scope and not peer.owns)
