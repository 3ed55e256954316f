"""Durable work of the exchange: files, pushes, clocks that ran out, accesses that the log has not been told of."""

from datetime import time, timedelta
from typing import Any

from hutong.exchange import delivery, escalation, gate
from hutong.kernel import worker
from hutong.kernel.jobs import JobContext, job
from hutong.kernel.schedule import scheduled


@job("exchange.file")
def make_file(_context: JobContext, *, file: str) -> dict[str, Any]:
    """Write a file for a consumer."""
    made = delivery.make(file)
    return {"file": made.pk, "rows": made.rows, "sha256": made.sha256}


@job("exchange.push")
def push_file(_context: JobContext, *, file: str) -> dict[str, Any]:
    """Hand a file to the consumer's address."""
    return {"file": file, "status": delivery.push(file)}


MAKE, PUSH = make_file, push_file


@scheduled("exchange.clocks", every=timedelta(hours=1), at=time(0, 5))
def look_at_clocks(_context: JobContext, *, due: str) -> dict[str, Any]:
    """Tell the data office of every clock that has run out, and take expired files away."""
    return {"due": due, "escalated": escalation.escalate(), "expired": delivery.expire()}


@worker.every(2, "exchange.accesses")
def tell_of_accesses() -> int:
    """Accesses that ended since the last entry of their contract."""
    return gate.flush()
