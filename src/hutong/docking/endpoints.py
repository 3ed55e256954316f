"""What a peer asks: signed questions at ``/api/docking/<verb>``, signed answers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from hutong.accounts.api import requires
from hutong.docking import applying, batches, exchange, heads, messages
from hutong.docking.errors import BadMessage
from hutong.docking.logic import ranges
from hutong.docking.models import Batch
from hutong.docking.types import Peer
from hutong.kernel.audit import Origin, acting
from hutong.ledger import api as ledger

router = Router()
Handler = Callable[[Peer, dict[str, Any]], dict[str, Any]]


def _push(peer: Peer, said: dict[str, Any]) -> dict[str, Any]:
    items = batches.read_items(said.get("items"))
    span = (_number(said, "from"), _number(said, "to"))
    moved, batch = exchange.take_in(peer, items, span, said.get("proof"), said.get("grown"))
    proof = ledger.evidence(batch.entry)
    grown = heads.growth(_number(said, "held"), proof["size"])
    return {"moved": exchange.told(moved), "proof": proof, "grown": grown}


def _checkpoint(peer: Peer, said: dict[str, Any]) -> dict[str, Any]:
    """Where our log stands, that it goes on from where the peer saw it, and how far we know the peer's."""
    own = heads.own()
    grown = heads.growth(_number(said, "held"), own.size)
    return {"checkpoint": own.text, "grown": grown, "held": heads.held(peer)}


def _pull(peer: Peer, said: dict[str, Any]) -> dict[str, Any]:
    after = _number(said, "after")
    items, end = batches.page(peer, after)
    if not items:
        return {"items": [], "to": end}
    sent = batches.outgoing(peer, items, after, end)
    proof = ledger.evidence(sent.entry)
    return {
        "items": [each.as_dict() for each in items],
        "to": end,
        "proof": proof,
        "grown": heads.growth(_number(said, "held"), proof["size"]),
    }


def _receipt(peer: Peer, said: dict[str, Any]) -> dict[str, Any]:
    sent = Batch.objects.filter(peer=peer.name, direction="sent", sha256=str(said.get("batch"))[:64]).first()
    if sent is None:
        raise BadMessage(reason="batch")
    batches.acknowledge(peer, sent, said.get("proof"), said.get("grown"))
    return {"kept": True}


def _ranges(_peer: Peer, said: dict[str, Any]) -> dict[str, Any]:
    prefixes = said.get("prefixes")
    if not isinstance(prefixes, list) or len(prefixes) > exchange.MOST_RANGES:
        raise BadMessage(reason="prefixes")
    known = applying.standing()
    ours = ranges.Ranges(known)
    if said.get("root") == ours.digest(""):
        return {"same": True, "entries": len(known)}
    wanted = [each for each in prefixes if isinstance(each, str) and set(each) <= set("0123456789abcdef")]
    return {"same": False, "entries": len(known), "ranges": {each: ours.answer(each) for each in wanted}}


_VERBS: dict[str, Handler] = {
    "checkpoint": _checkpoint, "push": _push, "pull": _pull, "receipt": _receipt, "ranges": _ranges,
}  # fmt: skip


@router.post("/{verb}", response={200: dict[str, Any]}, summary="A signed question of a peer")
@requires("site.open")
def answer(request: HttpRequest, verb: str) -> HttpResponse:
    """Answers only whoever signs as a peer that is set up here."""
    told, signed = respond(verb, request.headers, request.body)
    return HttpResponse(told, content_type="application/json", headers=signed)


def respond(verb: str, headers: Mapping[str, str], body: bytes) -> tuple[bytes, dict[str, str]]:
    """The answer to a signed question, and the headers that sign it."""
    peer = messages.verify(verb, headers, body)
    handler = _VERBS.get(verb)
    if handler is None:
        raise BadMessage(reason=verb[:40])
    heads.calm(peer)
    with acting(Origin(f"peer:{peer.name}")):
        told = messages.packed(handler(peer, messages.unpacked(body)))
    return told, messages.sign(f"{verb}:answer", peer.name, told, nonce=headers[messages.NONCE])


def _number(said: dict[str, Any], name: str) -> int:
    found = said.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 2**62:
        raise BadMessage(reason=name)
    return found
