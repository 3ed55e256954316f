"""Demo mode stays on this machine, unless told twice."""

from collections.abc import Sequence
from ipaddress import ip_address

from hutong.accounts.errors import DemoExposed


def check_bind(host: str, demo: bool, flags: Sequence[bool] = ()) -> None:
    """Refuse to serve demo mode on ``host`` where other machines reach it; raises ``DemoExposed``.

    ``flags`` says whether ``--demo-in-public`` and ``--yes-i-mean-it`` were given; it takes both.
    """
    told_twice = len(flags) >= 2 and all(flags)
    if demo and not is_loopback(host) and not told_twice:
        raise DemoExposed(host=host or "*")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``; a name other than localhost is taken to be reachable."""
    bare = host.strip().strip("[]").partition("%")[0].lower()
    if bare == "localhost":
        return True
    try:
        address = ip_address(bare)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
