"""How the district is set up, as the rules look at it, and what they may say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from hutong.catalog.types import EntryRef
from hutong.exchange.types import ContractRef, Delivery
from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType, MaskKind

PERSONAL: Final = frozenset({ColumnType.IDNUMBER, ColumnType.PHONE})


@dataclass(frozen=True, slots=True)
class Witness:
    """How a witness of the log does."""

    name: str
    seen_at: datetime | None
    alarm: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account."""

    urn: str
    name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class OutsideKey:
    """A key to the supermarket or the portal's interface; ``title`` says whose and for what."""

    subject: str
    title: Text
    link: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """How the district is set up now."""

    now: datetime
    today: date
    datasets: tuple[EntryRef, ...] = ()
    systems: tuple[EntryRef, ...] = ()
    columns: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    contracts: tuple[ContractRef, ...] = ()
    keys: Mapping[str, tuple[int, datetime]] = field(default_factory=dict)
    used: Mapping[str, datetime] = field(default_factory=dict)
    outside: tuple[OutsideKey, ...] = ()
    people: tuple[Person, ...] = ()
    organisations: frozenset[str] = frozenset()
    witnesses: tuple[Witness, ...] = ()
    verified_at: datetime | None = None
    sealed_at: datetime | None = None
    records: int = 0

    @property
    def in_force(self) -> list[ContractRef]:
        return [each for each in self.contracts if each.in_force(self.today)]

    def graded(self, *grades: str) -> set[str]:
        return {each.id for each in self.datasets if each.grade in grades}


class Bounds(Protocol):
    """From when on something is a weakness; the pack's ``rules``."""

    @property
    def key_days(self) -> int: ...
    @property
    def idle_days(self) -> int: ...
    @property
    def witness_hours(self) -> int: ...
    @property
    def verify_days(self) -> int: ...
    @property
    def off(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Weakness:
    """What a rule saw."""

    rule: str
    subject: str
    dataset: str = ""
    link: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def shown_clear(contract: ContractRef) -> list[str]:
    """Columns that a contract shows as they are; none where it gives protected answers and no rows."""
    if set(contract.terms.delivery) <= {Delivery.ANSWERS}:
        return []
    return [name for name, mask in contract.terms.columns.items() if mask.kind is MaskKind.KEEP]


def sensitive_shown(contract: ContractRef, columns: tuple[Column, ...]) -> list[str]:
    """Sensitive columns that a contract shows as they are."""
    sensitive = {each.name for each in columns if each.sensitive or each.type in PERSONAL}
    return [name for name in shown_clear(contract) if name in sensitive]
