"""Which address a request comes from."""

from ipaddress import ip_address

from django.http import HttpRequest

from hutong.accounts.binding import is_loopback
from hutong.kernel.settings import value


def from_this_machine(request: HttpRequest) -> bool:
    """Whether a program of this machine asks, and not a proxy on behalf of another."""
    return is_loopback(str(request.META.get("REMOTE_ADDR", ""))) and "X-Forwarded-For" not in request.headers


def client_address(request: HttpRequest) -> str | None:
    """The client's address, believing as many X-Forwarded-For hops as there are proxies of ours."""
    hops = [str(request.META.get("REMOTE_ADDR", ""))]
    proxies = int(value("HUTONG_TRUSTED_PROXIES"))
    if proxies > 0:
        hops = [*(each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")), *hops]
    named = hops[max(0, len(hops) - 1 - proxies)]
    try:
        return str(ip_address(named))
    except ValueError:
        return None
