"""What an alert bears on: the datasets and systems whose risk it adds to.

An alert about a dataset bears on it. What is used of the foundation itself belongs to the system that gives it, which
the pack says by its row of the list of systems; a module bears on the datasets it reads as well.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from hutong.catalog.types import EntryRef
from hutong.posture.types import AlertRef, Channel

GIVEN_BY: Final[Mapping[Channel, str]] = {
    Channel.LEDGER: "A2", Channel.DOCKING: "A3", Channel.PUBLISH: "A5", Channel.MARKET: "A6",
}  # fmt: skip


def subjects(
    alert: AlertRef, systems: Sequence[EntryRef], reads: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Identifiers of datasets and URNs of systems; ``reads``: the datasets of a module, by its URN."""
    capability = GIVEN_BY.get(alert.channel)
    if capability is None:
        return (alert.dataset,)
    given = [each.urn for each in systems if each.body.get("capability") == capability]
    return (*given, *reads.get(alert.dataset, ()))


def channels(capability: str) -> tuple[Channel, ...]:
    """The ways of use that a system with this row of the list answers for."""
    return tuple(channel for channel, row in GIVEN_BY.items() if row == capability)
