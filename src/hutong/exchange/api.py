"""The door of the exchange.

``requests`` are made and decided, ``contracts`` signed, renewed and revoked, and everything that is read under one
goes through ``gate``: ``gate.decide`` says whether and how, ``gate.read`` and ``gate.stream`` do it and leave their
trace. ``links`` are contracts handed over as one table joined by agreed keys, ``joined`` reads them. ``issues`` are
corrections, disputes and return flow; ``usage`` tells what was read. ``said`` puts conditions on rows into words.
"""

from hutong.exchange import (
    contracts,
    delivery,
    escalation,
    gate,
    issues,
    joined,
    links,
    requests,
    rules,
    usage,
)
from hutong.exchange.narrowing import say as said
from hutong.exchange.wishes import Wish

__all__ = [
    "Wish",
    "contracts",
    "delivery",
    "escalation",
    "gate",
    "issues",
    "joined",
    "links",
    "requests",
    "rules",
    "said",
    "usage",
]
