"""What people added to the catalog of late, and what waits for somebody; what came with the pack is not news."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hutong.catalog import unclaimed
from hutong.catalog.models import ColumnGrade, Entry, ProposedChange, Version
from hutong.catalog.types import Kind
from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.ledger import api as ledger

DAYS: Final = 30
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Added:
    """An entry that a person added; it may have been retired since."""

    urn: str
    kind: Kind
    id: str
    title: Text
    organisation: str
    at: datetime
    actor: str
    log_entry: int
    retired: bool


@dataclass(frozen=True, slots=True)
class Awaited:
    """A change of a locked entry, and the organisations that have not answered yet."""

    proposal: str
    urn: str
    title: Text
    organisation: str
    change: str
    at: datetime
    awaited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class News:
    """``suggestions`` counts suggested grades nobody has decided about; ``tables`` are those without a dataset."""

    added: tuple[Added, ...]
    awaited: tuple[Awaited, ...]
    tables: tuple[unclaimed.Unclaimed, ...]
    suggestions: int


def report(organisation: str = "") -> News:
    """Of everyone, or of one organisation alone."""
    asked = {"", organisation}
    tables = [each for each in unclaimed.tables() if not organisation or each.organisation == organisation]
    own = Entry.objects.filter(kind=Kind.DATASET, retired=False)
    if organisation:
        own = own.filter(organisation=organisation)
    open_ones = ColumnGrade.objects.filter(state="open", table__in=own.values_list("local", flat=True))
    return News(
        added=tuple(each for each in _added() if organisation in {"", each.organisation}),
        awaited=tuple(each for each in _awaited() if each.organisation in asked or not organisation),
        tables=tuple(tables),
        suggestions=open_ones.count(),
    )


def _added() -> list[Added]:
    since = clock.now() - timedelta(days=DAYS)
    by_people = Entry.objects.filter(origin_sha256="")
    rows = Version.objects.filter(
        change="added", at__gte=since, urn__in=by_people.values_list("urn", flat=True)
    )
    found = list(rows.order_by("-at", "-pk")[:MOST])
    entries = {each.urn: each for each in Entry.objects.filter(urn__in=[row.urn for row in found])}
    return [
        Added(
            row.urn,
            Kind(entry.kind),
            entry.local,
            Text(entry.title_zh, entry.title_en),
            entry.organisation,
            row.at,
            row.actor,
            row.log_entry,
            entry.retired,
        )
        for row in found
        for entry in (entries[row.urn],)
    ]


def _awaited() -> list[Awaited]:
    changes = {each.proposal: each for each in ProposedChange.objects.all()[:MOST]}
    entries = {
        each.urn: each for each in Entry.objects.filter(urn__in=[each.urn for each in changes.values()])
    }
    found = []
    for proposal in ledger.find_proposals(limit=MOST):
        change = changes.get(proposal.urn)
        if change is None or proposal.state not in {"open", "ready"}:
            continue
        entry = entries.get(change.urn)
        title = Text(entry.title_zh, entry.title_en) if entry else Text(zh=change.urn, en=change.urn)
        waits = tuple(each.rpartition(":")[2] for each in proposal.awaited)
        found.append(
            Awaited(
                proposal.urn,
                change.urn,
                title,
                entry.organisation if entry else proposal.organisation.rpartition(":")[2],
                change.change,
                proposal.at,
                waits,
            )
        )
    return found
