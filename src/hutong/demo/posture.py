"""What the security officer of the demo has to look at. Synthetic, planted once: someone reads at three at night."""

from datetime import timedelta

from hutong.demo.exchange import steward
from hutong.exchange.api import contracts, gate
from hutong.kernel import clock
from hutong.posture.api import alerts, scoring, seals

_READER = "culture-tourism-bureau"
_TABLE = "key-firm-monthly"


def seed() -> int:
    """Plant the reading where nobody has looked yet, look, score and seal; returns how many alerts were raised."""
    if alerts.last_watch() is not None:
        return 0
    found = [
        each for each in contracts.listed(organisation=_READER, table=_TABLE) if each.consumer == _READER
    ]
    for contract in found[:1]:
        night = clock.local(clock.now() - timedelta(days=1)).replace(hour=3, minute=12, second=0)
        with clock.freeze(night):
            asked = gate.asked_by(steward(_READER), contract, limit=10_000)
            if gate.decide(asked, contract):
                gate.read(asked, contract)
    raised = alerts.watch(clock.now() - timedelta(days=2)).found
    scoring.renew()
    seals.seal()
    return raised
