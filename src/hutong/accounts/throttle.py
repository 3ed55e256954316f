"""How often: Ninja's throttle with counts that all processes share, for the interfaces as a whole and for sign-in."""

from django.http import HttpRequest
from ninja.throttling import SimpleRateThrottle

from hutong.accounts import calls
from hutong.accounts.access import current
from hutong.accounts.address import client_address


class Throttle(SimpleRateThrottle):
    """``Throttle("sign-in", "20/min", key)`` lets ``key`` through 20 times a minute."""

    def __init__(self, purpose: str, rate: str, key: str) -> None:
        self.ident = f"{purpose}:{key}"
        self.left: float | None = None
        super().__init__(rate)

    def allow_request(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the throttle's signature
        if self.num_requests is None or not self.duration:
            return True
        self.left = calls.take(self.ident, self.num_requests, self.duration)
        return self.left is None

    def seconds(self) -> int:
        """How long to wait, for Retry-After."""
        return max(1, round(self.left or self.duration or 1))


def wait(purpose: str, request: HttpRequest, rate: str) -> float | None:
    """Count what whoever asks does for ``purpose``; None, or how many seconds to wait once over ``rate`` ("10/h")."""
    throttle = Throttle(purpose, rate, whose(request))
    return None if throttle.allow_request(request) else throttle.seconds()


def whose(request: HttpRequest) -> str:
    """Whom to count: the person where one is signed in, else the address."""
    actor = current(request)
    return actor.urn if actor.is_authenticated else address(request)


def address(request: HttpRequest) -> str:
    return client_address(request) or "unknown"
