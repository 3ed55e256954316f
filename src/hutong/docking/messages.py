"""Signed messages between peers: who says what to whom, when, once."""

import hashlib
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hutong.docking import peers
from hutong.docking.errors import BadMessage, NotThePeer
from hutong.docking.models import Nonce
from hutong.docking.types import Peer
from hutong.kernel import clock, given
from hutong.kernel.db import atomic
from hutong.kernel.errors import HutongError, NotJson, NotText
from hutong.ledger import api as ledger
from hutong.ledger.types import Signature

FROM, MOMENT, NONCE, KEY, VALUE = "X-Dock-From", "X-Dock-At", "X-Dock-Nonce", "X-Dock-Key", "X-Dock-Signature"
PATIENCE = 300
MAX_BYTES = 8 << 20


def statement(verb: str, sender: str, receiver: str, moment: str, nonce: str, body: bytes) -> bytes:  # noqa: PLR0917 - the parts of one text
    """The exact bytes that are signed."""
    digest = hashlib.sha256(body).hexdigest()
    return f"hutong-docking/1\n{verb}\n{sender}\n{receiver}\n{moment}\n{nonce}\n{digest}\n".encode()


def sign(verb: str, receiver: str, body: bytes, nonce: str = "") -> dict[str, str]:
    """Headers that make ``body`` a message of this instance; an answer carries the nonce of its question."""
    own = peers.known()
    moment, nonce = str(int(clock.now().timestamp())), nonce or secrets.token_hex(16)
    seal = ledger.sign_as(own.organisation, statement(verb, own.name, receiver, moment, nonce, body))
    return {
        FROM: own.name, MOMENT: moment, NONCE: nonce, KEY: seal.key, VALUE: b64encode(seal.value).decode()
    }  # fmt: skip


def verify(verb: str, headers: Mapping[str, str], body: bytes, *, answers: str = "") -> Peer:
    """The peer that signed it; raises ``NotThePeer``. A question is taken once, an answer only to its question."""
    own = peers.known()
    peer = own.peers.get(headers.get(FROM, ""))
    if peer is None:
        raise NotThePeer(reason=headers.get(FROM, "")[:60] or FROM)
    moment, nonce = headers.get(MOMENT, ""), headers.get(NONCE, "")
    late = not moment.isdecimal() or abs(clock.now().timestamp() - int(moment[:12])) > PATIENCE
    if late or not 16 <= len(nonce) <= 64:
        raise NotThePeer(reason="clock")
    try:
        value = b64decode(headers.get(VALUE, ""), validate=True)
    except ValueError as error:
        raise NotThePeer(reason=VALUE) from error
    signature = Signature(peer.organisation, headers.get(KEY, ""), value)
    try:
        ledger.verify_signature(statement(verb, peer.name, own.name, moment, nonce, body), signature)
    except HutongError as error:
        raise NotThePeer(reason=error.code) from error
    if answers and nonce != answers:
        raise NotThePeer(reason=NONCE)
    if not answers:
        _once(f"{peer.name} {nonce}")
    return peer


def _once(value: str) -> None:
    key = hashlib.sha256(value.encode()).hexdigest()
    with atomic():
        Nonce.objects.filter(at__lt=clock.now() - timedelta(seconds=2 * PATIENCE)).delete()
        _row, fresh = Nonce.objects.get_or_create(value=key)
    if not fresh:
        raise NotThePeer(reason="seen before")


def packed(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def unpacked(body: bytes) -> dict[str, Any]:
    """A JSON object of bounded size; raises ``BadMessage``."""
    if len(body) > MAX_BYTES:
        raise BadMessage(reason=f"> {MAX_BYTES} bytes")
    try:
        found = given.read_json(body)
    except (NotJson, NotText) as error:
        raise BadMessage(reason=error.code) from error
    except (ValueError, RecursionError) as error:
        raise BadMessage(reason="JSON") from error
    if not isinstance(found, dict):
        raise BadMessage(reason="JSON object")
    return found
