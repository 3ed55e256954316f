"""What the security officer of the demo has to look at. Synthetic, planted once: someone reads at three at night, a
module is called at that hour, and keys are guessed. What a peer's log gives to look at comes of the docking.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from hutong.accounts.api import ANONYMOUS
from hutong.demo.exchange import steward
from hutong.exchange.api import contracts, gate
from hutong.kernel import audit, clock
from hutong.market import api as market
from hutong.market.errors import BadKey
from hutong.posture.api import alerts, scoring, seals

_READER = "culture-tourism-bureau"
_TABLE = "key-firm-monthly"
_MODULE, _CALLER = "geocode", "city-management-commission"
_GUESSES, _STRANGER = 14, "203.0.113.77"  # an address of RFC 5737 that nobody has


def seed() -> int:
    """Plant the reading where nobody has looked yet, look, score and seal; returns how many alerts were raised."""
    if alerts.last_watch() is not None:
        return 0
    night = clock.local(clock.now() - timedelta(days=1)).replace(hour=3, minute=12, second=0)
    found = [
        each for each in contracts.listed(organisation=_READER, table=_TABLE) if each.consumer == _READER
    ]
    for contract in found[:1]:
        with clock.freeze(night):
            asked = gate.asked_by(steward(_READER), contract, limit=10_000)
            if gate.decide(asked, contract):
                gate.read(asked, contract)
    _call(night)
    _guess(night)
    raised = alerts.watch(clock.now() - timedelta(days=2)).found
    scoring.renew()
    seals.seal()
    return raised


def _call(night: datetime) -> None:
    """In one night more addresses are placed than in a month."""
    for held in market.of_modules([_MODULE], "active"):
        if held.organisation == _CALLER:
            with clock.freeze(night):
                holder = market.holder_of(held)
                market.book(holder, market.module(_MODULE).manifest.version, 12_000, 280)


def _guess(night: datetime) -> None:
    """Someone tries keys that never were."""
    module = market.modules().get(_MODULE)
    if module is None:
        return
    with clock.freeze(night), audit.acting(audit.Origin(ANONYMOUS.urn, "", _STRANGER)):
        for number in range(_GUESSES):
            with suppress(BadKey), market.noted(ANONYMOUS, f"hm_guess{number}", _MODULE):
                market.holder(ANONYMOUS, f"hm_guess{number}", module)
