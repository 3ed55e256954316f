"""How often: Ninja's cache-based throttle, for the interfaces as a whole and for sign-in."""

from django.http import HttpRequest
from ninja.throttling import SimpleRateThrottle

from hutong.accounts.access import current
from hutong.accounts.address import client_address


class Throttle(SimpleRateThrottle):
    """``Throttle("sign-in", "20/min", key)`` lets ``key`` through 20 times a minute."""

    def __init__(self, purpose: str, rate: str, key: str) -> None:
        self.ident = f"hutong-throttle:{purpose}:{key}"
        super().__init__(rate)

    def get_cache_key(self, request: HttpRequest) -> str:  # noqa: ARG002 - the throttle's signature
        return self.ident

    def seconds(self) -> int:
        """How long to wait, for Retry-After."""
        return max(1, round(self.wait() or self.duration or 1))


def whose(request: HttpRequest) -> str:
    """Whom to count: the person where one is signed in, else the address."""
    actor = current(request)
    return actor.urn if actor.is_authenticated else address(request)


def address(request: HttpRequest) -> str:
    return client_address(request) or "unknown"
