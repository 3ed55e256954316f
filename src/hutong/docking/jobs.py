"""The exchange with every peer, hour by hour and on demand."""

from datetime import time, timedelta
from typing import Any

from hutong.docking import exchange, peers
from hutong.kernel.jobs import JobContext, enqueue, job
from hutong.kernel.schedule import scheduled
from hutong.kernel.settings import demo


@job("docking.exchange")
def exchange_with(_context: JobContext, *, peer: str) -> dict[str, Any]:
    """Push, pull, report; taken up again after a stop it goes on where it was."""
    return exchange.everything(peer)


@scheduled("docking.hourly", every=timedelta(hours=1), at=time(0, 20))
def every_hour(_context: JobContext, *, due: str) -> list[str]:
    """Ask for the exchange with each peer; the other side of the demo runs only while somebody shows it."""
    if demo():
        return []
    return [enqueue(exchange_with, key=f"{each} {due}", peer=each) for each in peers.known().peers]
