"""What becomes of entries that came: a copy is kept, our own catalog changes only where the rule says so."""

import json
from collections.abc import Sequence

from hutong.catalog import api as catalog
from hutong.docking import foreign
from hutong.docking.errors import NoSuchPeer
from hutong.docking.logic import rules
from hutong.docking.models import Conflict, Copy
from hutong.docking.types import Item, Moved, Peer
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.errors import HutongError, Invalid
from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn

MAX_REASON = 500


def apply(peer: Peer, items: Sequence[Item], batch: int | None = None) -> Moved:
    """Take the items of ``batch`` in, in the caller's transaction."""
    ours = catalog.digests()
    counted = {"same": 0, "take": 0, "keep": 0, "ask": 0}
    for item in items:
        counted[_one(peer, item, ours, batch)] += 1
    return Moved(1, len(items), counted["take"], counted["same"], counted["keep"], counted["ask"])


def standing() -> dict[str, str]:
    """Everything this side holds, URN to digest: its own entries and the copies of others'."""
    copies = Copy.objects.exclude(change="retired").values_list("urn", "sha256")
    return {**dict(copies), **catalog.digests()}


def settle(number: int, *, take: bool, reason: str, actor: str) -> Conflict:
    """A person decides an open conflict, with a reason."""
    if not reason.strip() or len(reason) > MAX_REASON:
        raise Invalid(reason=str(Text(zh="须写明理由", en="a reason is needed")))
    with atomic():
        row = Conflict.objects.select_for_update().filter(pk=number, state="open").first()
        if row is None:
            raise NoSuchPeer(name=str(number))
        if take:
            _take(row, reason.strip())
        row.state, row.reason, row.actor = ("theirs" if take else "ours"), reason.strip(), actor
        row.save()
        audit.record("docking.settle", row.urn, taken=take, reason=row.reason)
    return row


def _one(peer: Peer, item: Item, ours: dict[str, str], batch: int | None) -> rules.Outcome:
    before = Copy.objects.filter(peer=peer.name, urn=item.urn).first()
    if before is not None and before.version > item.version:
        return "same"
    met = rules.Meeting(
        Urn.parse(item.urn).scope, ours.get(item.urn, ""), item.sha256, before.sha256 if before else ""
    )
    _keep(peer, item, batch)
    if not met.ours:
        return "same" if before is not None and before.sha256 == item.sha256 else "take"
    if item.change == "retired":
        return _ask(peer, item, met, Text(zh="对方已停用", en="the peer has retired it"))
    found = rules.outcome(peer, str(value("HUTONG_PACK")), met)
    if found == "take":
        try:
            with atomic():
                _write(item.urn, dict(item.body))
        except HutongError as error:
            return _ask(peer, item, met, error.said)
        ours[item.urn] = item.sha256
    elif found == "ask":
        return _ask(peer, item, met, Text(zh="双方均有修改", en="both sides differ"))
    elif found == "keep":
        _note(peer, item, met, "ours", Text(zh="按规则保留本方", en="ours stands by the rule"))
    return found


def _ask(peer: Peer, item: Item, met: rules.Meeting, why: Text) -> rules.Outcome:
    _note(peer, item, met, "open", why)
    return "ask"


def _note(peer: Peer, item: Item, met: rules.Meeting, state: str, why: Text) -> None:
    Conflict.objects.filter(peer=peer.name, urn=item.urn, state="open").exclude(
        ours=met.ours, theirs=item.sha256
    ).update(state="past")
    Conflict.objects.get_or_create(
        peer=peer.name,
        urn=item.urn,
        ours=met.ours,
        theirs=item.sha256,
        defaults={
            "body": item.body,
            "rule": peer.rule,
            "state": state,
            "why": json.dumps(why.as_dict(), ensure_ascii=False),
        },
    )


def _take(row: Conflict, reason: str) -> None:
    """What the peer says becomes ours: its text, or that the entry stands no more."""
    copy = Copy.objects.filter(peer=row.peer, urn=row.urn).first()
    if copy is not None and copy.change == "retired" and copy.sha256 == row.theirs:
        catalog.retire(row.urn, expected=catalog.entry(row.urn).version, reason=reason)
        return
    _write(row.urn, row.body)


def _write(urn: str, body: dict[str, object]) -> None:
    entry = catalog.entry(urn)
    catalog.edit(entry.kind, urn, body, expected=entry.version, reason="docking")


def _keep(peer: Peer, item: Item, batch: int | None) -> None:
    title = item.body.get("title")
    row, _fresh = Copy.objects.update_or_create(
        peer=peer.name,
        urn=item.urn,
        defaults={
            "kind": item.kind,
            "title": str(title.get("zh", ""))[:300] if isinstance(title, dict) else "",
            "version": item.version,
            "change": item.change,
            "sha256": item.sha256,
            "body": item.body,
            "batch": batch,
            "received_at": clock.now(),
        },
    )
    foreign.index(row)
