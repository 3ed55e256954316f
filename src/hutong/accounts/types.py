"""What crosses the border of the capability: who acts, on what, and the answer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hutong.kernel.events import event
from hutong.kernel.text import Text


class Role(StrEnum):
    """What a person is in an organisation. ``public`` is everyone, signed in or not."""

    PUBLIC = "public"
    STEWARD = "steward"
    DATA_OFFICE = "data_office"
    LEADER = "leader"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SECURITY = "security"
    DEVELOPER = "developer"

    @property
    def label(self) -> Text:
        return ROLE_TITLES[self]


ROLE_TITLES: Final = {
    Role.PUBLIC: Text(zh="公众", en="Public"),
    Role.STEWARD: Text(zh="部门数据管理员", en="Department steward"),
    Role.DATA_OFFICE: Text(zh="数据主管部门", en="Data office"),
    Role.LEADER: Text(zh="领导", en="Leader"),
    Role.OPERATOR: Text(zh="运行值守员", en="Operator"),
    Role.AUDITOR: Text(zh="审计员", en="Auditor"),
    Role.SECURITY: Text(zh="数据安全管理员", en="Data security officer"),
    Role.DEVELOPER: Text(zh="数据用户", en="Outside developer"),
    Role.ADMINISTRATOR: Text(zh="系统管理员", en="Administrator"),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person, the public, or the system itself.

    ``organisation`` is the id of the home organisation. ``reach`` lists each role that is bound to organisations
    with each one it covers, subtrees included; left out, every role covers the home organisation alone.
    """

    urn: str
    name: str = ""
    organisation: str = ""
    roles: frozenset[str] = frozenset({Role.PUBLIC.value})
    is_authenticated: bool = False
    reach: frozenset[tuple[str, str]] | None = None

    def covers(self, role: str, organisation: str) -> bool:
        """Whether the actor holds ``role`` for this very organisation."""
        if role not in self.roles or not organisation:
            return False
        if self.reach is None:
            return organisation == self.organisation
        return (role, organisation) in self.reach


ANONYMOUS: Final = Actor(urn="anonymous")


@dataclass(frozen=True, slots=True)
class Target:
    """The thing an action is about, described only by what decides.

    ``organisation``: id or URN of the organisation that answers for it; empty: the district as a whole.
    ``grade``: core, important, general or general-1 … general-4; empty or unknown counts as core where data
    are shown. ``public``: it has been opened to everyone. ``kind`` is named in the log of refusals.
    """

    organisation: str = ""
    grade: str = ""
    kind: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer and why, in both languages. True where the action is allowed."""

    allowed: bool
    reason: Text

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """An organisation as other capabilities see it. ``parent`` is an id, empty at the top."""

    id: str
    urn: str
    title: Text
    kind: str
    parent: str
    division: str
    abbreviation: Text


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person as other capabilities see them."""

    login: str
    urn: str
    name: Text
    organisation: str
    roles: frozenset[str]
    active: bool
    demo: bool


def organisation_id(name: str) -> str:
    """The id of an organisation given by id or URN."""
    return name.rpartition(":")[2]


@event("accounts.organisation-changed")
@dataclass(frozen=True, slots=True)
class OrganisationChanged:
    """An organisation was added, changed or closed. ``change`` is added, changed or closed."""

    urn: str
    id: str
    parent: str
    kind: str
    title_zh: str
    title_en: str
    division: str
    change: str
