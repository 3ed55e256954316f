"""What crosses the border of the exchange."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from hutong.kernel.events import event
from hutong.kernel.text import Text
from hutong.lake.types import Column, Condition, Lens, Mask


class State(StrEnum):
    """Where a request stands."""

    CHECKING = "checking"  # the data office checks that it is complete and lawful
    DECIDING = "deciding"  # the provider decides
    RETURNED = "returned"  # back with the requester to be completed; the clock stands still
    AGREED = "agreed"  # a contract waits for signatures and delivery
    FULFILLED = "fulfilled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What may happen to a request."""

    PASS = "pass"  # noqa: S105 - a verb
    RETURN = "return"
    COMPLETE = "complete"
    AGREE = "agree"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    FULFIL = "fulfil"


class Sharing(StrEnum):
    """共享类型 of a dataset, as its catalog entry says."""

    UNCONDITIONAL = "unconditional"  # 无条件共享
    CONDITIONAL = "conditional"  # 有条件共享
    NONE = "none"  # 不予共享


class Delivery(StrEnum):
    """How data reach the consumer."""

    API = "api"
    FILE = "file"
    VIEW = "view"
    PUSH = "push"
    ANSWERS = "answers"  # protected answers to questions; no row leaves


class Standing(StrEnum):
    """Where a contract stands. Expiry is not a state: it is what the clock says."""

    PROPOSED = "proposed"  # waits for signatures
    ACTIVE = "active"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"  # a newer version is in force


@dataclass(frozen=True, slots=True)
class Quota:
    """Bounds of a day (Shanghai); 0: none."""

    rows_per_day: int = 0
    calls_per_day: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract grants: columns with their masks, rows, days, purposes, quota and ways of delivery."""

    columns: Mapping[str, Mask]
    where: tuple[Condition, ...] = ()
    start: date = date.min
    end: date = date.max
    purposes: tuple[str, ...] = ()
    quota: Quota = Quota()
    delivery: tuple[Delivery, ...] = (Delivery.API,)
    push_url: str = ""


@dataclass(frozen=True, slots=True)
class RequestRef:
    """A request as lists and pages show it."""

    id: str
    urn: str
    dataset: str
    title: Text
    provider: str
    consumer: str
    purpose: str
    purpose_text: str
    duty: str
    columns: tuple[str, ...]
    where: tuple[Condition, ...]
    start: date
    end: date
    delivery: Delivery
    sharing: Sharing
    state: State
    due: date | None
    overdue: bool
    escalated: bool
    asked_by: str
    asked_at: datetime
    reason: str
    basis: str
    contract: str
    push_url: str = ""
    log_entry: int = 0


@dataclass(frozen=True, slots=True)
class StepRef:
    """One thing that happened to a request, and where the log says so."""

    event: str
    state: State
    at: datetime
    actor: str
    organisation: str
    note: str
    log_entry: int


@dataclass(frozen=True, slots=True)
class ContractRef:
    """One version of a contract between a provider and a consumer about one table."""

    id: str
    version: int
    urn: str
    request: str
    table: str
    title: Text
    provider: str
    consumer: str
    terms: Terms
    standing: Standing
    signatures: Mapping[str, int]  # organisation → entry of the log
    made_at: datetime
    ended_at: datetime | None
    ended_why: str
    terms_sha256: str

    @property
    def signed(self) -> bool:
        return {self.provider, self.consumer} <= set(self.signatures)

    def in_force(self, day: date) -> bool:
        return self.standing is Standing.ACTIVE and self.terms.start <= day <= self.terms.end


@dataclass(frozen=True, slots=True)
class Join:
    """A further contract of a link group, and which columns of the first and of it have to be equal."""

    contract: str
    on: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LinkRef:
    """A link group: several contracts of one consumer, handed over as one table joined by agreed keys.

    ``granted`` is the SHA-256 of the columns and rows of each contract that the parties agreed to have joined.
    """

    id: str
    urn: str
    title: str
    consumer: str
    base: str
    joins: tuple[Join, ...]
    only_matches: bool  # else rows of the first without a partner stay
    granted: Mapping[str, str]
    parties: tuple[str, ...]
    standing: Standing
    signatures: Mapping[str, int]  # organisation → entry of the log
    made_at: datetime
    ended_at: datetime | None
    ended_why: str
    sha256: str

    @property
    def contracts(self) -> tuple[str, ...]:
        return (self.base, *(each.contract for each in self.joins))


@dataclass(frozen=True, slots=True)
class Asked:
    """What someone wants to read: which columns (none named: all that are granted), which rows, for what."""

    actor: str
    organisation: str
    purpose: str
    columns: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()  # column, descending
    limit: int = 100
    offset: int = 0
    channel: Delivery = Delivery.API


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the gate stays shut; the code is stable."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer: a lens, or every reason against it."""

    lens: Lens | None
    reasons: tuple[Reason, ...] = ()
    most_rows: int = 0

    def __bool__(self) -> bool:
        return self.lens is not None


@dataclass(frozen=True, slots=True)
class Used:
    """What a contract's consumer has read today."""

    rows: int = 0
    calls: int = 0


@dataclass(frozen=True, slots=True)
class AccessRef:
    """One access under a contract. ``log_entry`` 0: not in the log yet."""

    id: int
    contract: str
    version: int
    at: datetime
    actor: str
    organisation: str
    channel: str
    purpose: str
    columns: tuple[str, ...]
    allowed: bool
    reasons: tuple[str, ...]
    rows: int
    whole: bool
    log_entry: int


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file made for a contract, to be fetched until it expires."""

    id: str
    contract: str
    form: str
    name: str
    state: str
    size: int
    sha256: str
    rows: int
    made_at: datetime
    expires_at: datetime
    log_entry: int
    job: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows through the gate."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool
    snapshots: tuple[str, ...]
    masked: tuple[str, ...] = ()
    of: Mapping[str, Column] = field(default_factory=dict)  # what the columns are before any mask


class Matter(StrEnum):
    """What an issue is about."""

    CORRECTION = "correction"  # 校核
    DISPUTE = "dispute"  # 争议
    RETURN_FLOW = "return-flow"  # 回流


class IssueState(StrEnum):
    """Where an issue stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class IssueRef:
    """A correction asked for, a dispute, or data asked back from the city."""

    id: str
    urn: str
    matter: Matter
    about: str  # URN of the dataset, request or contract
    title: str
    text: str
    asked_by: str  # organisation
    answers: str  # organisation that decides
    state: IssueState
    due: date | None
    overdue: bool
    escalated: bool
    asked_at: datetime
    answer: str
    result: str  # URN of what came of it
    log_entry: int


@event("exchange.request-moved")
@dataclass(frozen=True, slots=True)
class RequestMoved:
    """A request was made or moved on."""

    urn: str
    state: str
    provider: str
    consumer: str


@event("exchange.contract-moved")
@dataclass(frozen=True, slots=True)
class ContractMoved:
    """A contract was proposed, signed, put in force, superseded or revoked."""

    urn: str
    version: int
    standing: str
    provider: str
    consumer: str


@event("exchange.clock-ran-out")
@dataclass(frozen=True, slots=True)
class ClockRanOut:
    """A term set by the rules has passed without an answer."""

    urn: str
    organisation: str
    due: str
