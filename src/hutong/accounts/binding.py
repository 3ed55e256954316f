"""Demo mode stays on this machine, unless told twice."""

from collections.abc import Collection
from ipaddress import ip_address
from typing import Final

from hutong.accounts.errors import DemoExposed

TOLD_TWICE: Final = frozenset({"demo-in-public", "yes-i-mean-it"})


def check_bind(host: str, demo: bool, flags: Collection[str] = ()) -> None:
    """Refuse to serve demo mode on ``host`` where other machines reach it; raises ``DemoExposed``.

    ``flags`` are the names of the command-line flags given, without their dashes.
    """
    if demo and not is_loopback(host) and not set(flags) >= TOLD_TWICE:
        raise DemoExposed(host=host or "*")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``; a name other than localhost is taken to be reachable."""
    bare = host.strip().removeprefix("[").removesuffix("]").partition("%")[0].lower()
    if bare == "localhost":
        return True
    try:
        address = ip_address(bare)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
