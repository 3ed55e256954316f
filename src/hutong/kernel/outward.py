"""Connections that somebody else's words begin: to public addresses only, unless the installation allows inner ones.

Whoever names a URL must not reach, through us, what only we can reach. So the very address that was checked is the one
connected to, and where a redirect is followed at all, each step is checked like the first.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from hutong.kernel.errors import Invalid

_MOVED = {301, 302, 303, 307, 308}
_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a URL; ``target`` is path and query, at least "/"."""

    scheme: str
    host: str
    port: int
    target: str


def address(url: str, refused: type[Invalid], *, private: bool) -> Address:
    """The parts of a URL, or ``refused`` with its reason; plain HTTP only where inner addresses are allowed."""
    if not url.isascii() or any(ord(each) <= 32 or ord(each) == 127 for each in url):
        raise refused(reason="ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise refused(reason=str(error)) from error
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.password:
        raise refused(reason="https://host/path")
    if parts.scheme == "http" and not private:
        raise refused(reason="http")
    if parts.fragment:
        raise refused(reason="#")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, parts.hostname, port, target)


def allowed(number: str, *, private: bool) -> bool:
    """Whether an IP address may be connected to; every address that a name resolves to is asked about."""
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(number.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if inner is not None:
        found = inner
    if found.is_multicast or found.is_unspecified or found.is_link_local:
        return False
    return found.is_global or (private and (found.is_private or found.is_loopback))


def connect(to: Address, refused: type[Invalid], *, private: bool, seconds: float) -> socket.socket:
    """A socket to the host, with TLS for https; ``refused`` when any of the host's addresses is not allowed.

    Raises ``OSError`` where the host does not resolve or answer.
    """
    listed = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    found = {str(each[4][0]) for each in listed}
    if wrong := sorted(each for each in found if not allowed(each, private=private)):
        raise refused(reason=wrong[0])
    wire: socket.socket = socket.create_connection((min(found), to.port), timeout=seconds)
    if to.scheme != "https":
        return wire
    try:
        return ssl.create_default_context().wrap_socket(wire, server_hostname=to.host)
    except OSError:
        wire.close()
        raise


@contextmanager
def fetch(
    url: str, refused: type[Invalid], *, private: bool, seconds: float
) -> Iterator[http.client.HTTPResponse]:
    """The answer to a GET, its body not read yet; five redirects at most.

    Raises ``refused``, or ``OSError`` and ``http.client.HTTPException`` where the other side fails.
    """
    for _ in range(_REDIRECTS + 1):
        to = address(url, refused, private=private)
        connection = http.client.HTTPConnection(to.host, to.port, timeout=seconds)
        connection.sock = connect(to, refused, private=private, seconds=seconds)
        try:
            connection.request("GET", to.target, headers={"Accept": "*/*", "Accept-Encoding": "identity"})
            with connection.getresponse() as answer:
                elsewhere = answer.headers.get("Location", "") if answer.status in _MOVED else ""
                if not elsewhere:
                    yield answer
                    return
        finally:
            connection.close()
        url = urljoin(url, elsewhere)
    raise refused(reason=f"> {_REDIRECTS} redirects")
