"""Identifiers: ``urn:hutong:<scope>:<kind>:<local>``, each resolvable at ``/id/<urn>`` (RFC 8141 syntax)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from hutong.kernel.errors import Invalid
from hutong.kernel.text import Text

_PATTERN = re.compile(
    r"urn:hutong:(?P<scope>[a-z0-9-]+):(?P<kind>[a-z0-9-]+):(?P<local>[\w.~:/@-]{1,240})\Z", re.ASCII
)

Resolver = Callable[["Urn"], str | None]
_resolvers: dict[str, Resolver] = {}


class BadUrn(Invalid):
    """The text is not an identifier of this system."""

    code = "kernel.bad-urn"
    message = Text(zh="“{text}”不是本系统的标识符", en="“{text}” is not an identifier of this system")
    fix = Text(
        zh="写成 urn:hutong:<范围>:<类别>:<编号>，例如 urn:hutong:beijing-dongcheng:dataset:key-firm-monthly",
        en="write urn:hutong:<scope>:<kind>:<local>, as urn:hutong:beijing-dongcheng:dataset:key-firm-monthly",
    )


@dataclass(frozen=True, slots=True, order=True)
class Urn:
    """One thing of the district.

    ``scope`` is the pack or installation it belongs to, ``kind`` what it is (dataset, snapshot, entry …),
    ``local`` its name there.
    """

    scope: str
    kind: str
    local: str

    def __post_init__(self) -> None:
        if not _PATTERN.match(str(self)):
            raise BadUrn(text=str(self))

    def __str__(self) -> str:
        return f"urn:hutong:{self.scope}:{self.kind}:{self.local}"

    @property
    def path(self) -> str:
        """Where it resolves."""
        return f"/id/{self}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a URN; raises ``BadUrn``."""
        found = _PATTERN.match(text)
        if not found:
            raise BadUrn(text=text[:300])
        return cls(**found.groupdict())


def resolver(kind: str) -> Callable[[Resolver], Resolver]:
    """Register how identifiers of ``kind`` become the path of a page (None: no such thing)."""

    def register(function: Resolver) -> Resolver:
        if kind in _resolvers and _resolvers[kind] is not function:
            raise ValueError(f"two resolvers for {kind}")
        _resolvers[kind] = function
        return function

    return register


def resolve(urn: Urn) -> str | None:
    """The path of the page about ``urn``, or None where nothing is known by it."""
    found = _resolvers.get(urn.kind)
    return found(urn) if found else None


def kinds() -> list[str]:
    """Kinds that resolve, sorted."""
    return sorted(_resolvers)
