"""Drafts: what a person has written of an entry and not handed in. Each sees one's own alone."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hutong.catalog.errors import NoSuchDraft
from hutong.catalog.models import Unfinished
from hutong.catalog.types import Kind
from hutong.kernel import clock
from hutong.kernel.errors import TooLarge
from hutong.kernel.text import Text

MOST: Final = 40  # of one person; the oldest goes when there are more
LONGEST: Final = 400_000  # characters of one draft


@dataclass(frozen=True, slots=True)
class DraftRef:
    """One draft. ``urn`` is empty of a new entry; ``table`` is the table of the lake that it is to describe."""

    id: str
    kind: Kind
    urn: str
    table: str
    given: Mapping[str, str]
    at: datetime

    @property
    def title(self) -> str:
        said = Text(zh=self.given.get("title.zh", ""), en=self.given.get("title.en", ""))
        return str(said) or self.table or self.urn


def keep(
    actor: str, kind: Kind, given: Mapping[str, str], *, name: str = "", urn: str = "", table: str = ""
) -> str:
    """Keep what is written under ``name``, one's draft from before, or a new one; returns its id."""
    if sum(map(len, given.values())) > LONGEST:
        raise TooLarge(limit=f"{LONGEST:,}")
    same = Unfinished.objects.filter(pk=name, actor=actor, kind=kind).first() if name else None
    if same is None and urn:
        same = Unfinished.objects.filter(actor=actor, urn=urn).first()
    made, _new = Unfinished.objects.update_or_create(
        id=same.id if same else uuid.uuid4().hex,
        defaults={
            "actor": actor, "kind": kind, "urn": urn, "table": table, "given": dict(given), "at": clock.now()
        },
    )  # fmt: skip
    for old in Unfinished.objects.filter(actor=actor)[MOST:]:
        old.delete()
    return str(made.id)


def of(actor: str) -> list[DraftRef]:
    """One's drafts, the newest first."""
    return [_ref(each) for each in Unfinished.objects.filter(actor=actor)]


def find(actor: str, name: str) -> DraftRef:
    """One's draft; raises ``NoSuchDraft``."""
    row = Unfinished.objects.filter(pk=name, actor=actor).first()
    if row is None:
        raise NoSuchDraft
    return _ref(row)


def about(actor: str, urn: str) -> DraftRef | None:
    """One's draft of a change of that entry."""
    row = Unfinished.objects.filter(actor=actor, urn=urn).first()
    return _ref(row) if row else None


def drop(actor: str, name: str) -> None:
    """Throw one's draft away; nothing happens where there is none."""
    Unfinished.objects.filter(pk=name, actor=actor).delete()


def _ref(row: Unfinished) -> DraftRef:
    return DraftRef(row.id, Kind(row.kind), row.urn, row.table, row.given, row.at)
