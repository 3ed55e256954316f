"""Where data may be pushed to: public addresses only, unless the installation allows inner ones."""

import ipaddress
from urllib.parse import urlsplit

from hutong.exchange.errors import BadAddress


def checked(url: str, *, private: bool) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of a URL; raises ``BadAddress``. Plain HTTP is for inner addresses alone."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise BadAddress(reason=str(error)) from error
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.password:
        raise BadAddress(reason="https://host/path")
    if parts.scheme == "http" and not private:
        raise BadAddress(reason="http")
    if any(ord(each) <= 32 or ord(each) == 127 for each in url):
        raise BadAddress(reason="white space")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not target.isascii() or not parts.hostname.isascii():
        raise BadAddress(reason="ASCII")
    return parts.scheme, parts.hostname, port, target


def allowed(address: str, *, private: bool) -> bool:
    """Whether an IP address may be connected to; every address a name resolves to is asked about."""
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if inner is not None:
        found = inner
    if found.is_multicast or found.is_unspecified or found.is_link_local:
        return False
    return found.is_global or (private and (found.is_private or found.is_loopback))
