"""What crosses the border of the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from hutong.kernel.events import event
from hutong.kernel.text import Text


class Kind(StrEnum):
    """The three levels and the register of systems."""

    DUTY = "duty"  # 职责
    DATASET = "dataset"  # 数据
    TABLE = "table"  # 库表
    SYSTEM = "system"  # 信息系统

    @property
    def shown(self) -> Text:
        return _KINDS[self]


_KINDS = {
    Kind.DUTY: Text(zh="职责", en="Duty"),
    Kind.DATASET: Text(zh="数据集", en="Dataset"),
    Kind.TABLE: Text(zh="库表", en="Table"),
    Kind.SYSTEM: Text(zh="信息系统", en="System"),
}


@dataclass(frozen=True, slots=True)
class EntryRef:
    """An entry of the catalog as it stands. ``body`` is what the pack or an editor wrote, as JSON.

    ``retired``: it stands no more; this is how it last stood. ``origin``: where it came from, when not from here.
    """

    urn: str
    kind: Kind
    id: str
    organisation: str
    title: Text
    summary: Text
    parent: str
    grade: str
    sharing: str
    opening: str
    update: str
    themes: tuple[str, ...]
    version: int
    changed_at: datetime
    log_entry: int
    body: Mapping[str, Any]
    retired: bool = False
    origin: str = ""

    @property
    def is_open(self) -> bool:
        return self.opening == "open" or self.kind in {Kind.DUTY, Kind.SYSTEM}


@dataclass(frozen=True, slots=True)
class VersionRef:
    """One version of an entry: what changed, when, by whom, and where the log says so.

    ``note``: the ``reason`` where one was given; of a retirement also the URN of the ``successor``.
    """

    urn: str
    version: int
    change: str  # added, changed, retired
    at: datetime
    actor: str
    body: Mapping[str, Any]
    sha256: str
    log_entry: int
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result; ``fragment`` shows where the words were found, in parts (text, found)."""

    entry: EntryRef
    fragment: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of search results and, for each facet, how many of all results have each value."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One key that differs between two versions; a side is None where it is not written."""

    key: str
    before: Any
    after: Any


@event("catalog.entry-changed")
@dataclass(frozen=True, slots=True)
class EntryChanged:
    """An entry of the catalog was added, changed or retired."""

    urn: str
    kind: str
    version: int
    change: str
