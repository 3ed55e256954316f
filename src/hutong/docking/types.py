"""What crosses the border of the docking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hutong.kernel.events import event
from hutong.kernel.text import Text

Rule = Literal["owner", "city", "manual"]
Direction = Literal["sent", "received"]


@dataclass(frozen=True, slots=True)
class Peer:
    """Another instance. ``key`` is the public key its organisation signs with, ``log`` the verifier key of its log.

    ``level`` is what the peer is. ``owns`` are the scopes of the identifiers it owns. ``title`` is what people call it,
    ``title_en`` in English.
    """

    name: str
    url: str
    organisation: str
    key: str
    log: str
    level: Literal["city", "district"]
    rule: Rule = "owner"
    owns: tuple[str, ...] = ()
    title: str = ""
    title_en: str = ""

    @property
    def called(self) -> str:
        """In the reader's language; its name where it has no title."""
        return str(Text(self.title or self.name, self.title_en))


@dataclass(frozen=True, slots=True)
class Peers:
    """``name`` is what the peers call this instance, ``organisation`` signs for it."""

    name: str
    organisation: str
    peers: Mapping[str, Peer]


@dataclass(frozen=True, slots=True)
class Item:
    """One version of an entry on its way."""

    urn: str
    kind: str
    version: int
    change: str
    at: str
    sha256: str
    body: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return {
            "urn": self.urn, "kind": self.kind, "version": self.version, "change": self.change, "at": self.at,
            "sha256": self.sha256, "body": dict(self.body),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """What one push or pull did. ``waiting`` are conflicts left to a person."""

    batches: int
    items: int
    applied: int
    same: int
    kept: int
    waiting: int

    def __add__(self, other: "Moved") -> "Moved":
        return Moved(
            self.batches + other.batches, self.items + other.items, self.applied + other.applied,
            self.same + other.same, self.kept + other.kept, self.waiting + other.waiting,
        )  # fmt: skip


NOTHING = Moved(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Divergence:
    """How two catalogs differ; ``requests`` and ``bytes`` are what it cost to find out."""

    at: datetime
    here: int
    there: int
    only_here: tuple[str, ...]
    only_there: tuple[str, ...]
    differ: tuple[str, ...]
    requests: int
    bytes: int

    @property
    def same(self) -> bool:
        return not (self.only_here or self.only_there or self.differ)

    def as_dict(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(), "here": self.here, "there": self.there, "same": self.same,
            "only_here": list(self.only_here), "only_there": list(self.only_there), "differ": list(self.differ),
            "requests": self.requests, "bytes": self.bytes,
        }  # fmt: skip


@event("docking.peer-alarm")
@dataclass(frozen=True, slots=True)
class PeerAlarm:
    """A peer's log contradicts what it showed before; ``entry`` of our log holds both of its signed checkpoints."""

    peer: str
    why: str
    held: int
    offered: int
    entry: int
