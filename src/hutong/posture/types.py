"""What crosses the border of the posture."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from hutong.kernel.events import event
from hutong.kernel.text import Text


class AlertKind(StrEnum):
    """How an access stood out."""

    VOLUME = "volume"  # far more rows or calls than usual
    HOUR = "hour"  # at an hour, or on a kind of day, when it is not usual
    NOVELTY = "novelty"  # a person's first access to a dataset
    ADDRESS = "address"  # from a network never seen of the person
    REFUSED = "refused"  # many refusals in an hour
    LOG = "log"  # a log contradicts what it showed before


class Channel(StrEnum):
    """By which way something was used."""

    EXCHANGE = "exchange"  # under a contract
    DIRECT = "direct"  # rows looked at inside the foundation
    MARKET = "market"  # a module called; its URN stands for the dataset
    PUBLISH = "publish"  # a dataset written into the portal
    OPEN = "open"  # what everyone takes of open data
    LEDGER = "ledger"  # our own log, which a witness contradicts
    DOCKING = "docking"  # the log of a peer


class AlertState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Severity(StrEnum):
    """How much a finding weighs."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class FindingState(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    ACCEPTED = "accepted"  # the risk is accepted until a day
    MENDED = "mended"


class Part(StrEnum):
    """What a risk score is made of."""

    GRADE = "grade"
    EXPOSURE = "exposure"
    ANOMALIES = "anomalies"
    FINDINGS = "findings"


@dataclass(frozen=True, slots=True)
class AlertRef:
    """One alert: who, on what, how much, and why it stood out. ``reasons`` are codes with their figures.

    ``dataset`` is the identifier of a dataset, or the URN of what was used instead; ``contract`` is a subscription's
    identifier in the supermarket.
    """

    id: int
    urn: str
    kind: AlertKind
    state: AlertState
    channel: Channel
    score: int
    dataset: str
    contract: str
    actor: str
    organisation: str
    at: datetime
    rows: int
    calls: int
    reasons: tuple[Mapping[str, Any], ...]
    opened_at: datetime
    settled_by: str
    settled_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class FindingRef:
    """A weakness of how things are set up; ``dataset`` is empty where it is about the district."""

    id: int
    rule: str
    severity: Severity
    state: FindingState
    subject: str
    dataset: str
    facts: Mapping[str, Any]
    link: str
    found_at: datetime
    accepted_until: date | None
    accepted_by: str
    note: str
    what: Text
    fix: Text


@dataclass(frozen=True, slots=True)
class Exposure:
    """Who can reach the data, and what of them they see."""

    opened: bool = False
    organisations: int = 0
    clear: int = 0  # columns some contract shows as they are
    masked: int = 0  # columns every contract that has them masks
    sensitive_clear: int = 0
    keys: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a score: 0 to 100, its weight, and what it comes from."""

    part: Part
    value: float
    weight: float
    why: tuple[Text, ...]
    lowers: Text


@dataclass(frozen=True, slots=True)
class Risk:
    """The risk of a dataset or a system, 0 to 100."""

    urn: str
    id: str
    kind: str
    title: Text
    organisation: str
    grade: str
    score: float
    shares: tuple[Share, ...]
    exposure: Exposure
    at: datetime


@event("posture.alert")
@dataclass(frozen=True, slots=True)
class AlertRaised:
    """Something stood out in how data was used."""

    urn: str
    kind: str
    dataset: str
    organisation: str
    score: int
