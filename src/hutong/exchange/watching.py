"""Bodies on their way are looked at again: what ends a contract ends them too, within a second."""

import time
from collections.abc import Callable, Iterator
from typing import Protocol

from hutong.exchange import contracts
from hutong.exchange.errors import GateShut
from hutong.exchange.logic import gate as decision
from hutong.exchange.types import Asked, ContractRef
from hutong.kernel import audit, clock

EVERY = 1.0  # seconds between two looks


class Closable(Protocol):
    """Parts of a body that can be broken off."""

    def __iter__(self) -> Iterator[bytes]: ...

    def close(self) -> None: ...


class Watched:
    """The parts of a body for as long as ``still`` does not raise; whoever reads them gets an end without an end."""

    def __init__(self, parts: Closable, still: Callable[[], None]) -> None:
        self._parts, self._still = parts, still

    def __iter__(self) -> Iterator[bytes]:
        looked = time.monotonic()
        try:
            for part in self._parts:
                if time.monotonic() - looked >= EVERY:
                    self._still()
                    looked = time.monotonic()
                yield part
        finally:
            self._parts.close()

    def close(self) -> None:
        self._parts.close()


def still(asked: Asked, begun: ContractRef) -> Callable[[], None]:
    """Raises ``GateShut`` once the contract that a body was begun under is no longer in force.

    A renewed contract that grants the same is the same contract; one that grants something else is not.
    """

    def look() -> None:
        now = contracts.contract_of(begun.id)
        same = decision.same_grant(now.terms, begun.terms)
        reasons = decision.standing(now, clock.now()) or ([] if same else [decision.SUPERSEDED])
        if not reasons:
            return
        codes = [each.code for each in reasons]
        audit.record(
            "exchange.broken-off",
            begun.urn,
            actor=asked.actor,
            organisation=asked.organisation,
            reasons=codes,
        )
        raise GateShut(
            why_zh="；".join(each.text.in_("zh") for each in reasons),
            why_en="; ".join(each.text.in_("en") for each in reasons),
            reasons=codes,
        )

    return look
