"""Push, pull and report: pages of versions over the line, each taken once, going on where the line was cut."""

from dataclasses import replace
from typing import Any

from hutong.docking import applying, batches, heads, line, peers
from hutong.docking.errors import BadMessage
from hutong.docking.logic import ranges
from hutong.docking.models import Batch, Progress
from hutong.docking.types import NOTHING, Divergence, Moved, Peer
from hutong.kernel import clock
from hutong.kernel.db import alone, atomic
from hutong.kernel.errors import HutongError
from hutong.ledger import api as ledger

MOST_PAGES = 10_000
MOST_RANGES = 256


def push(name: str, *, pages: int = MOST_PAGES) -> Moved:
    """Send what changed here since the last page the peer acknowledged."""
    talk, done = line.to(name), NOTHING
    shown = look(talk)
    for _ in range(pages):
        at = _progress(name).pushed
        items, end = batches.page(talk.peer, at)
        if not items:
            break
        sent = batches.outgoing(talk.peer, items, at, end)
        proof, known = ledger.evidence(sent.entry), heads.held(talk.peer)
        said = {
            "items": [each.as_dict() for each in items],
            "from": at,
            "to": end,
            "proof": proof,
            "grown": heads.growth(shown, proof["size"]),
            "held": known,
        }
        answer = talk.ask("push", said)
        shown = max(shown, proof["size"])
        batches.acknowledge(talk.peer, sent, answer.get("proof"), answer.get("grown"), asked=known)
        Progress.objects.filter(pk=name).update(pushed=end, at=clock.now(), error=None)
        done += _moved(answer.get("moved"))
    return done


def pull(name: str, *, pages: int = MOST_PAGES) -> Moved:
    """Fetch what changed there since the last page taken in here, and hand the peer our proof of each page."""
    talk, done = line.to(name), NOTHING
    shown = look(talk)
    for _ in range(pages):
        at, known = _progress(name).pulled, heads.held(talk.peer)
        answer = talk.ask("pull", {"after": at, "held": known})
        items, end = batches.read_items(answer.get("items")), answer.get("to")
        if not items:
            break
        if not isinstance(end, int) or end <= at:
            raise BadMessage(reason="to")
        moved, batch = take_in(
            talk.peer, items, (at, end), answer.get("proof"), answer.get("grown"), asked=known
        )
        with atomic():
            Progress.objects.filter(pk=name).update(pulled=end, at=clock.now(), error=None)
        proof = ledger.evidence(batch.entry)
        receipt = {"batch": batch.sha256, "proof": proof, "grown": heads.growth(shown, proof["size"])}
        talk.ask("receipt", receipt)
        shown = max(shown, proof["size"])
        done += moved
    return done


def look(talk: line.Line) -> int:
    """See where the peer's log stands, and that it goes on from where it stood; returns how far it knows ours."""
    heads.calm(talk.peer)
    known = heads.held(talk.peer)
    answer = talk.ask("checkpoint", {"held": known})
    heads.see(talk.peer, heads.read(talk.peer, answer.get("checkpoint")), answer.get("grown"), asked=known)
    found = answer.get("held")
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise BadMessage(reason="held")
    return found


def take_in(
    peer: Peer, items: list[Any], span: tuple[int, int], proof: Any, grown: Any, *, asked: int | None = None
) -> tuple[Moved, Batch]:
    """A page that came, once: coming again it finds the answer that was given."""
    before = batches.known(peer, items)
    if before is not None:
        return _moved(before.answer), before
    theirs, checkpoint = batches.check(peer, "docking.sent", batches.digest(batches.listed(items)), proof)
    heads.see(peer, checkpoint, grown, asked=asked)
    with atomic():
        alone(f"docking.batch {peer.name}")
        batch, fresh = batches.incoming(peer, items, span, proof, theirs)
        if not fresh:
            return _moved(batch.answer), batch
        moved = applying.apply(peer, items, batch.pk)
        batch.answer = told(moved)
        batch.save(update_fields=["answer"])
    return moved, batch


def report(name: str) -> Divergence:
    """How the two sides differ, found by comparing digests of ranges."""
    talk = line.to(name)
    heads.calm(talk.peer)
    entries = applying.standing()
    ours = ranges.Ranges(entries)
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    waiting, there = [""], 0
    while waiting:
        asked, waiting = waiting[:MOST_RANGES], waiting[MOST_RANGES:]
        answer = talk.ask("ranges", {"prefixes": asked, "root": ours.digest("")})
        there = int(answer.get("entries", 0))
        if answer.get("same"):
            break
        for prefix in asked:
            told = answer.get("ranges", {}).get(prefix)
            if not isinstance(told, dict):
                raise BadMessage(reason=f"range {prefix}")
            if "entries" in told:
                for kept, new in zip(
                    found, ranges.compare(ours.within(prefix), told["entries"]), strict=True
                ):
                    kept.extend(new)
            else:
                waiting += ranges.wanted(ours, prefix, told)
    only_here, only_there, differ = (tuple(sorted(each)) for each in found)
    made = Divergence(
        clock.now(), len(entries), there, only_here, only_there, differ, talk.requests, talk.bytes
    )
    _progress(name)
    shown = replace(
        made, only_here=only_here[:500], only_there=only_there[:500], differ=differ[:500]
    ).as_dict()
    counts = {"only_here": len(only_here), "only_there": len(only_there), "differ": len(differ)}
    Progress.objects.filter(pk=name).update(report={**shown, "counts": counts})
    return made


def everything(name: str) -> dict[str, Any]:
    """Push, pull and report; a failure is kept where people see it, and raised."""
    try:
        pushed, pulled, found = push(name), pull(name), report(name)
    except HutongError as error:
        _progress(name)
        Progress.objects.filter(pk=name).update(error=error.as_dict(), at=clock.now())
        raise
    return {"pushed": told(pushed), "pulled": told(pulled), "same": found.same}


def trust(name: str) -> str:
    """Tell our log the key that the peer's organisation signs with. Safe to repeat."""
    peer = peers.peer(name)
    known = ledger.organisation_keys(peer.organisation)
    if not any(each.key == peer.key for each in known):
        ledger.add_key(peer.organisation, peer.key)
    return peer.key


def _progress(name: str) -> Progress:
    return Progress.objects.get_or_create(pk=name)[0]


def told(moved: Moved) -> dict[str, int]:
    names = ("batches", "items", "applied", "same", "kept", "waiting")
    return {each: getattr(moved, each) for each in names}


def _moved(told: Any) -> Moved:
    try:
        return Moved(
            **{name: int(told[name]) for name in ("batches", "items", "applied", "same", "kept", "waiting")}
        )
    except (LookupError, TypeError, ValueError) as error:
        raise BadMessage(reason="moved") from error
