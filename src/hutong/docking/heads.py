"""What each peer's log was last seen to be. What it shows next must go on from there, or the peer is not heard again.

Every checkpoint of a peer that comes over the line is compared with the last one kept: the same size must have the
same root, another size needs a consistency proof between the two. A log that was rewritten, put back to an older state
or shown differently to others cannot give one. Then both signed checkpoints, which convict it before anyone, are kept
in our own log, and nothing is exchanged with that peer until a person has settled it.
"""

import logging
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from hutong.docking import peers
from hutong.docking.errors import BadMessage, PeerAlarmed, PeerForked, StaleHead
from hutong.docking.models import Head
from hutong.docking.types import Peer, PeerAlarm
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.errors import HutongError, Invalid
from hutong.kernel.events import publish
from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.ledger import api as ledger
from hutong.ledger.errors import BadProof, NoTile, NotPublished
from hutong.ledger.types import Checkpoint

MAX_REASON = 500
_LOG = logging.getLogger(__name__)
_WHY = {
    "split": Text(
        zh="同一规模的日志出示了两个不同的根：对不同对象各执一词，或历史被改写",
        en="two different roots of a log of one size: it says different things to different people, or was rewritten",
    ),
    "rewritten": Text(
        zh="新出示的日志不是此前日志的延续：历史被改写",
        en="the log shown now does not go on from the one shown before: its history was rewritten",
    ),
    "shorter": Text(
        zh="日志比此前出示的短：被回退或改写",
        en="the log is shorter than it was shown before: it was put back or rewritten",
    ),
}


def urn(peer: Peer) -> str:
    return str(Urn(str(value("HUTONG_PACK")), "peer", peer.name))


def held(peer: Peer) -> int:
    """How large the peer's log was when last seen; 0 before the first time."""
    return Head.objects.filter(pk=peer.name).values_list("size", flat=True).first() or 0


def calm(peer: Peer) -> None:
    """Raises ``PeerAlarmed`` while the peer has not explained itself."""
    row = Head.objects.filter(pk=peer.name, alarm__isnull=False).first()
    if row is not None:
        raise PeerAlarmed(name=peer.name)


def own() -> Checkpoint:
    """What we show: the newest checkpoint our witnesses have cosigned, where they are asked."""
    with suppress(NotPublished):
        return ledger.published()
    return ledger.checkpoint()


def growth(known: int, size: int) -> dict[str, Any] | None:
    """The proof that our log of the one size and that of the other are one; None when we never were so large."""
    low, high = sorted((known, size))
    said: dict[str, Any] = {"from": low, "to": high, "hashes": []}
    if low in {0, high}:
        return said
    try:
        proof = ledger.consistency(low, high)
    except NoTile:
        return None
    return {**said, "hashes": [b64encode(each).decode() for each in proof.hashes]}


def see(peer: Peer, shown: Checkpoint, given: Any, *, asked: int | None = None) -> None:
    """Compare a checkpoint, whose signature was checked, with the last one kept, and keep the larger.

    ``asked``: the size we told the peer that we know, where this answers a question of ours. Raises ``PeerForked``.
    """
    calm(peer)
    row = Head.objects.filter(pk=peer.name).first()
    if shown.size == 0 and row is None:
        return
    if row is None:
        _keep(peer, shown)
        return
    known = ledger.open_checkpoint(row.note, peer.log)
    if known.size == shown.size:
        if known.root != shown.root:
            _shout(peer, known, shown, "split")
        return
    if given is None and shown.size < known.size:
        _shout(peer, known, shown, "shorter")
    hashes = _hashes(given, known.size, shown.size, asked)
    older, newer = sorted((known, shown), key=lambda each: each.size)
    try:
        ledger.check_growth(older, newer, hashes)
    except BadProof:
        _shout(peer, known, shown, "rewritten")
    if newer is shown:
        _keep(peer, shown)


def read(peer: Peer, note: Any) -> Checkpoint:
    """A checkpoint of the peer's log out of a message; raises ``BadMessage``."""
    try:
        return ledger.open_checkpoint(str(note), peer.log)
    except HutongError as error:
        raise BadMessage(reason=f"checkpoint: {error}"[:200]) from error


def last(name: str) -> str:
    """The last checkpoint of a peer's log that went on from the one before, as signed; empty before the first."""
    return Head.objects.filter(pk=name).values_list("note", flat=True).first() or ""


def meet(name: str, note: str) -> None:
    """A checkpoint of a peer's log that came by another way than the line. Raises ``PeerForked``."""
    found = peers.peer(name)
    see(found, read(found, note), None)


def settle(name: str, reason: str, actor: str) -> None:
    """A person has cleared up what happened: the peer is trusted anew, from the checkpoint it was refused for."""
    peer = peers.peer(name)
    if not reason.strip() or len(reason) > MAX_REASON:
        raise Invalid(reason=str(Text(zh="须写明理由", en="a reason is needed")))
    with atomic():
        row = Head.objects.select_for_update().filter(pk=name).first()
        if row is None or row.alarm is None:
            raise Invalid(reason=name)
        offered = ledger.open_checkpoint(row.alarm["offered"], peer.log)
        said = {"size": offered.size, "root": offered.root.hex(), "reason": reason.strip()}
        ledger.append("docking.trusted-anew", urn(peer), said, organisation=peers.known().organisation)
        audit.record("docking.trust", urn(peer), actor=actor, reason=reason.strip())
        _write(peer, offered, alarm=None)


def _hashes(given: Any, known: int, shown: int, asked: int | None) -> list[bytes]:
    """The hashes of a proof between the two sizes; a proof between others is of a moment that has passed."""
    try:
        low, high = int(given["from"]), int(given["to"])
        hashes = [b64decode(each, validate=True) for each in given["hashes"]]
    except (LookupError, TypeError, ValueError) as error:
        raise BadMessage(reason="consistency") from error
    if (low, high) != tuple(sorted((known, shown))):
        if asked == known:
            return []  # it was told what we know, and proves something else: no proof
        raise StaleHead(known=known)
    return hashes


def _keep(peer: Peer, shown: Checkpoint) -> None:
    with atomic():
        row = Head.objects.select_for_update().filter(pk=peer.name).first()
        if row is None or row.size < shown.size:
            _write(peer, shown, alarm=None)


def _write(peer: Peer, shown: Checkpoint, alarm: Mapping[str, Any] | None) -> None:
    seen = {
        "size": shown.size,
        "root": shown.root.hex(),
        "note": shown.text,
        "at": clock.now(),
        "alarm": alarm,
    }
    Head.objects.update_or_create(pk=peer.name, defaults=seen)


def _shout(peer: Peer, known: Checkpoint, shown: Checkpoint, why: str) -> None:
    """Keep what convicts the peer where nobody can take it away, tell everyone, and refuse."""
    with atomic():
        told = {"why": why, "held": known.text, "offered": shown.text}
        written = ledger.append("docking.alarm", urn(peer), told, organisation=peers.known().organisation)
        audit.record("docking.alarm", urn(peer), why=why, held=known.size, offered=shown.size)
        alarm = {
            **told,
            "text": _WHY[why].as_dict(),
            "sizes": [known.size, shown.size],
            "roots": [known.root.hex(), shown.root.hex()],
            "entry": written.id,
            "at": clock.now().isoformat(),
        }
        Head.objects.filter(pk=peer.name).update(alarm=alarm)
        publish(PeerAlarm(peer.name, why, known.size, shown.size, written.id))
    _LOG.error("docking: the log of %s: %s (%s, %s)", peer.name, _WHY[why].en, known.size, shown.size)
    raise PeerForked(name=peer.name, why=str(_WHY[why]))
