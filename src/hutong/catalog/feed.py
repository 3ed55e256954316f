"""What changed after a place in the order of changes, and what stands: for those who keep a copy of the catalog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hutong.catalog.models import Entry, Version


@dataclass(frozen=True, slots=True)
class Change:
    """One version in the order in which versions were written; ``sequence`` only grows."""

    sequence: int
    urn: str
    kind: str
    version: int
    change: str
    at: datetime
    body: Mapping[str, Any]
    sha256: str
    log_entry: int


def changes(after: int, limit: int) -> list[Change]:
    """Versions written after ``after``, the oldest first."""
    return [_change(row) for row in Version.objects.filter(pk__gt=after).order_by("pk")[:limit]]


def waiting(after: int) -> int:
    """How many versions were written after ``after``."""
    return Version.objects.filter(pk__gt=after).count()


def newest(urns: Sequence[str]) -> list[Change]:
    """The newest version of each entry."""
    found: dict[str, Version] = {}
    for row in Version.objects.filter(urn__in=list(urns)).order_by("version"):
        found[row.urn] = row
    return [_change(row) for row in found.values()]


def digests() -> dict[str, str]:
    """The digest of every standing entry, by URN."""
    return dict(Entry.objects.filter(retired=False).values_list("urn", "sha256"))


def last() -> int:
    """The place of the newest change; 0 before the first."""
    return Version.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _change(row: Version) -> Change:
    kind = row.urn.split(":", 4)[3]
    return Change(row.pk, row.urn, kind, row.version, row.change, row.at, row.body, row.sha256, row.log_entry)
