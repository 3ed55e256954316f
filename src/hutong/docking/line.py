"""One question to a peer: to the very address that was checked, following no redirect, bounded in time and size."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from hutong.docking import messages, peers
from hutong.docking.errors import BadAddress, LineCut
from hutong.docking.types import Peer
from hutong.kernel.settings import value

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
            raise LineCut(name=self.peer.name, reason=f"{type(error).__name__}: {error}"[:200]) from error
        self.requests += 1
        self.bytes += len(body) + len(answer)
        if status != 200:
            raise LineCut(
                name=self.peer.name, reason=f"HTTP {status} {answer[:300].decode('utf8', 'replace')}"
            )
        messages.verify(f"{verb}:answer", told, answer, answers=headers[messages.NONCE])
        return messages.unpacked(answer)


def _post(
    peer: Peer, verb: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    scheme, host, port, base = checked(peer.url, private=bool(value("HUTONG_DOCK_PRIVATE")))
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    wire: socket.socket = socket.create_connection((_resolve(host, port), port), timeout=_SECONDS)
    try:
        if scheme == "https":
            wire = ssl.create_default_context().wrap_socket(wire, server_hostname=host)
        connection.sock = wire
        sent = {**headers, "Content-Type": "application/json", "Accept": "application/json"}
        connection.request("POST", f"{base}/api/docking/{verb}", body, sent)
        answer = connection.getresponse()
        text = answer.read(messages.MAX_BYTES + 1)
        names = (messages.FROM, messages.MOMENT, messages.NONCE, messages.KEY, messages.VALUE)
        return answer.status, {name: answer.headers.get(name, "") for name in names}, text
    finally:
        connection.close()
        wire.close()


def checked(url: str, *, private: bool) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of a peer's address; raises ``BadAddress``."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise BadAddress(reason=str(error)) from error
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.password:
        raise BadAddress(reason="https://host")
    if parts.scheme == "http" and not private:
        raise BadAddress(reason="http")
    if parts.query or parts.fragment or not url.isascii() or any(ord(each) <= 32 for each in url):
        raise BadAddress(reason="https://host/path")
    return parts.scheme, parts.hostname, port, parts.path.rstrip("/")


def allowed(address: str, *, private: bool) -> bool:
    """Whether an IP address may be connected to."""
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if inner is not None:
        found = inner
    if found.is_multicast or found.is_unspecified or found.is_link_local:
        return False
    return found.is_global or (private and (found.is_private or found.is_loopback))


def _resolve(host: str, port: int) -> str:
    """One address of the host; refused when any of its addresses is not allowed."""
    private = bool(value("HUTONG_DOCK_PRIVATE"))
    found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if refused := sorted(each for each in found if not allowed(each, private=private)):
        raise BadAddress(reason=refused[0])
    return min(found)


def to(name: str) -> Line:
    """A line to the peer called ``name``."""
    return Line(peers.peer(name))
