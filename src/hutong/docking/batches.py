"""Batches: versions that go together, told to both logs, each side keeping the other's proof."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from hutong.catalog import api as catalog
from hutong.docking import heads, peers
from hutong.docking.errors import BadMessage
from hutong.docking.models import Batch
from hutong.docking.types import Direction, Item, Peer
from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.kernel.errors import HutongError
from hutong.kernel.settings import value
from hutong.kernel.urn import Urn
from hutong.ledger import api as ledger
from hutong.ledger.types import Checkpoint

PAGE = 200
MOST_BYTES = 1 << 20
_KINDS = {"duty", "dataset", "system"}


def digest(items: Sequence[Sequence[Any]]) -> str:
    """Of what a batch says: which versions, in which order, with which bodies."""
    return hashlib.sha256(
        json.dumps([list(each) for each in items], ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def listed(items: Sequence[Item]) -> list[list[Any]]:
    return [[each.urn, each.version, each.change, each.sha256] for each in items]


def page(peer: Peer, after: int) -> tuple[list[Item], int]:
    """The next versions after a place in our order, and the place of the last.

    A page that was sent and is not proved to have come is the same page again, whatever was written since.
    """
    found = catalog.changes(after, max(1, min(PAGE, int(value("HUTONG_DOCK_PAGE")))))
    waiting = Batch.objects.filter(peer=peer.name, direction="sent", start=after, proof__isnull=True).first()
    if waiting is not None:
        found = [each for each in catalog.changes(after, PAGE) if each.sequence <= waiting.end]
    found = _bounded(found)
    items = [
        Item(each.urn, each.kind, each.version, each.change, each.at.isoformat(), each.sha256, each.body)
        for each in found
    ]
    return items, found[-1].sequence if found else after


def _bounded(found: list[catalog.Change]) -> list[catalog.Change]:
    """As many as fit into a message, one at least."""
    size = 0
    for place, each in enumerate(found):
        size += len(json.dumps(dict(each.body), ensure_ascii=False).encode())
        if size > MOST_BYTES and place:
            return found[:place]
    return found


def outgoing(peer: Peer, items: Sequence[Item], start: int, end: int) -> Batch:
    """The batch as our log tells of it, once; sent again after a cut line it is the same."""
    return _tell(peer, "sent", listed(items), (start, end), {})


def known(peer: Peer, items: Sequence[Item]) -> Batch | None:
    """The batch of these versions, where it came before."""
    return Batch.objects.filter(peer=peer.name, direction="received", sha256=digest(listed(items))).first()


def incoming(
    peer: Peer, items: Sequence[Item], span: tuple[int, int], proof: Any, theirs: dict[str, Any]
) -> tuple[Batch, bool]:
    """A batch that came, with the sender's evidence that its log tells of it; and whether it is new here."""
    found = known(peer, items)
    if found is not None:
        return found, False
    rows = listed(items)
    made = _tell(peer, "received", rows, span, {"theirs": theirs})
    made.proof = proof
    made.save(update_fields=["proof"])
    return made, True


def acknowledge(peer: Peer, sent: Batch, proof: Any, grown: Any, *, asked: int | None = None) -> None:
    """Keep the receiver's evidence of a batch we sent, and tell our log which checkpoint it stands under."""
    theirs, checkpoint = check(peer, "docking.received", sent.sha256, proof)
    heads.see(peer, checkpoint, grown, asked=asked)
    with atomic():
        if Batch.objects.filter(pk=sent.pk, proof__isnull=True).update(proof=proof):
            said = {"batch": sent.sha256, "theirs": theirs}
            ledger.append(
                "docking.acknowledged", heads.urn(peer), said, organisation=peers.known().organisation
            )


def check(peer: Peer, kind: str, sha256: str, proof: Any) -> tuple[dict[str, Any], Checkpoint]:
    """That the peer's log holds, signed by its organisation, that it sent or received the batch; and where."""
    try:
        found = ledger.check_evidence(json.dumps(proof), peer.log)
        fields = found.fields
        held = fields["kind"] == kind and fields["payload"]["batch"] == sha256
    except (HutongError, LookupError, TypeError) as error:
        raise BadMessage(reason=f"evidence: {error}"[:200]) from error
    if not held or peer.organisation not in {*found.signers, *map(_full(peer), found.signers)}:
        raise BadMessage(reason=f"evidence of {kind}")
    said = {
        "origin": found.checkpoint.origin, "size": found.checkpoint.size, "root": found.checkpoint.root.hex(),
        "index": found.index,
    }  # fmt: skip
    return said, found.checkpoint


def read_items(raw: Any) -> list[Item]:
    """Items out of a message; every body is what its digest says. Raises ``BadMessage``."""
    if not isinstance(raw, list) or len(raw) > PAGE:
        raise BadMessage(reason=f"items ≤ {PAGE}")
    found = []
    for each in raw:
        try:
            item = Item(
                str(each["urn"]), str(each["kind"]), int(each["version"]), str(each["change"]), str(each["at"]),
                str(each["sha256"]), dict(each["body"]),
            )  # fmt: skip
            named = Urn.parse(item.urn)
        except (LookupError, TypeError, ValueError, HutongError) as error:
            raise BadMessage(reason=f"item: {error}"[:200]) from error
        if named.kind != item.kind or item.kind not in _KINDS or len(item.urn) > 300:
            raise BadMessage(reason=item.urn[:200])
        if not 0 < item.version < 10**9 or item.change not in {"added", "changed", "retired"}:
            raise BadMessage(reason=f"{item.urn} v{item.version}"[:200])
        if catalog.digest(item.body) != item.sha256:
            raise BadMessage(reason=f"{item.urn}: sha256"[:200])
        found.append(item)
    return found


def _tell(
    peer: Peer, direction: Direction, rows: list[list[Any]], span: tuple[int, int], more: dict[str, Any]
) -> Batch:
    sha256 = digest(rows)
    with atomic():
        known = Batch.objects.filter(peer=peer.name, direction=direction, sha256=sha256).first()
        if known is not None:
            return known
        said = {
            "batch": sha256,
            "peer": peer.organisation,
            "items": len(rows),
            "from": span[0],
            "to": span[1],
            **more,
        }
        written = ledger.append(
            f"docking.{direction}", heads.urn(peer), said, organisation=peers.known().organisation
        )
        audit.record(f"docking.{direction}", heads.urn(peer), batch=sha256, items=len(rows))
        return Batch.objects.create(
            peer=peer.name, direction=direction, sha256=sha256, items=rows, start=span[0], end=span[1],
            entry=written.id,
        )  # fmt: skip


def _full(peer: Peer) -> Any:
    """Signers as the peer's log names them, as URNs of its scope."""
    scope = Urn.parse(peer.organisation).scope

    def full(name: str) -> str:
        return name if name.startswith("urn:") else f"urn:hutong:{scope}:organisation:{name}"

    return full
