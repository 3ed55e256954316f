"""Who signed what: types of organisation keys, signatures, lock rules and proposals (see ``types``)."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hutong.ledger.errors import BadEntry


@dataclass(frozen=True, slots=True)
class Signature:
    """``key`` is the key id, hexadecimal, among the keys of the organisation."""

    organisation: str
    key: str
    value: bytes

    def as_dict(self) -> dict[str, Any]:
        return {"key": self.key, "value": b64encode(self.value).decode()}

    @classmethod
    def from_dict(cls, organisation: str, given: Any) -> "Signature":
        try:
            return cls(organisation, str(given["key"]), b64decode(given["value"], validate=True))
        except (LookupError, TypeError, ValueError) as error:
            raise BadEntry(reason="malformed signature") from error


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A co-signer's signature of a proposed entry, at the co-signer's own time."""

    organisation: str
    key: str
    at: datetime
    value: bytes

    def as_dict(self) -> dict[str, Any]:
        return {
            "organisation": self.organisation,
            "key": self.key,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "value": b64encode(self.value).decode(),
        }

    @classmethod
    def from_dict(cls, given: Any) -> "Cosignature":
        try:
            at = datetime.fromisoformat(given["at"])
            value = b64decode(given["value"], validate=True)
            return cls(str(given["organisation"]), str(given["key"]), at, value)
        except (LookupError, TypeError, ValueError) as error:
            raise BadEntry(reason="malformed co-signature") from error


@dataclass(frozen=True, slots=True)
class OrganisationKey:
    """One key of an organisation and how long it held. ``subject`` is the organisation as the log names it."""

    subject: str
    key: str
    hosted: bool
    added_by: int
    added_at: datetime
    revoked_by: int | None = None
    revoked_at: datetime | None = None

    @property
    def id(self) -> str:
        return self.key.split("+")[1]


@dataclass(frozen=True, slots=True)
class Rule:
    """``needed`` of ``organisations`` must co-sign. ``kinds`` are beginnings of entry kinds that it covers, all
    when empty; ``basis`` is the legal basis, in words.
    """

    organisations: tuple[str, ...]
    needed: int
    kinds: tuple[str, ...] = ()
    basis: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "organisations": list(self.organisations),
            "needed": self.needed,
            "kinds": list(self.kinds),
            "basis": self.basis,
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed entry and who has said what to it.

    ``state`` is open, ready (enough co-signatures: carry it out), done, refused or withdrawn.
    """

    urn: str
    kind: str
    subject: str
    payload: Mapping[str, Any]
    organisation: str
    rule: Rule
    at: datetime
    state: str
    cosignatures: tuple[Cosignature, ...] = ()
    refusals: tuple[tuple[str, str], ...] = ()
    entry: int | None = None

    @property
    def awaited(self) -> tuple[str, ...]:
        """Organisations of the rule that have said nothing yet."""
        said = {each.organisation for each in self.cosignatures} | {name for name, _ in self.refusals}
        return tuple(each for each in self.rule.organisations if each not in said)
