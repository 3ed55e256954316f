"""One question to a peer: to the very address that was checked, following no redirect, bounded in time and size."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hutong.docking import messages, peers
from hutong.docking.errors import BadAddress, LineCut
from hutong.docking.types import Peer
from hutong.kernel import outward
from hutong.kernel.settings import demo, value
from hutong.kernel.text import Text

_SECONDS = 30


class Line:
    """Questions to one peer; counts what they cost."""

    def __init__(self, peer: Peer) -> None:
        self.peer, self.requests, self.bytes = peer, 0, 0

    def ask(self, verb: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """The peer's verified answer; raises ``LineCut``, ``NotThePeer`` or ``BadAddress``."""
        body = messages.packed(said)
        headers = messages.sign(verb, self.peer.name, body)
        try:
            status, told, answer = _post(self.peer, verb, headers, body)
        except (OSError, http.client.HTTPException) as error:
            why = _why(error)
            raise LineCut(name=self.peer.name, reason_zh=why.zh, reason_en=why.en) from error
        self.requests += 1
        self.bytes += len(body) + len(answer)
        if status != 200:
            text = f"HTTP {status} {answer[:300].decode('utf8', 'replace')}"
            raise LineCut(name=self.peer.name, reason_zh=text, reason_en=text)
        messages.verify(f"{verb}:answer", told, answer, answers=headers[messages.NONCE])
        return messages.unpacked(answer)


def _why(error: Exception) -> Text:
    """What most often cuts a line, in words; anything else as the system names it."""
    match error:
        case ConnectionRefusedError():
            return Text(zh="对方拒绝连接，可能未在运行", en="it refuses connections; it may not be running")
        case TimeoutError():
            return Text(zh=f"对方 {_SECONDS} 秒内没有应答", en=f"no answer within {_SECONDS} seconds")
        case socket.gaierror():
            return Text(zh="找不到对方的地址", en="its address cannot be found")
    text = f"{type(error).__name__}: {error}"[:200]
    return Text(zh=text, en=text)


def _post(
    peer: Peer, verb: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    private = bool(value("HUTONG_DOCK_PRIVATE")) or demo()  # the demo's other side is on this machine
    to = checked(peer.url, private=private)
    connection = http.client.HTTPConnection(to.host, to.port, timeout=_SECONDS)
    connection.sock = outward.connect(to, BadAddress, private=private, seconds=_SECONDS)
    try:
        sent = {**headers, "Content-Type": "application/json", "Accept": "application/json"}
        connection.request("POST", f"{to.target}/api/docking/{verb}", body, sent)
        answer = connection.getresponse()
        text = answer.read(messages.MAX_BYTES + 1)
        names = (messages.FROM, messages.MOMENT, messages.NONCE, messages.KEY, messages.VALUE)
        return answer.status, {name: answer.headers.get(name, "") for name in names}, text
    finally:
        connection.close()


def checked(url: str, *, private: bool) -> outward.Address:
    """The parts of a peer's address, whose interface lies below its path; raises ``BadAddress``."""
    found = outward.address(url, BadAddress, private=private)
    if "?" in found.target:
        raise BadAddress(reason="https://host/path")
    return replace(found, target=found.target.rstrip("/"))


def to(name: str) -> Line:
    """A line to the peer called ``name``."""
    return Line(peers.peer(name))
