"""The catalog for programs: ``/api/catalog``. Entries themselves are in ``entry_endpoints``."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.catalog import closure as closing
from hutong.catalog import entry_endpoints, news, proposing, unclaimed
from hutong.catalog.entry_endpoints import TextOut
from hutong.catalog.errors import NotTheirs
from hutong.catalog.permitting import allow_some
from hutong.catalog.shown import organisation_title

router = Router()
router.add_router("", entry_endpoints.router)
Told = dict[str, Any]
Name = Annotated[str, Field(max_length=120)]


class LineOut(Schema):
    """One open end and how to mend it."""

    gap: str
    urn: str
    title: TextOut
    organisation: str
    url: str
    what: TextOut
    mend: TextOut
    mend_url: str


class ClosureOut(Schema):
    """Where duties, data, tables and systems do not meet."""

    at: str
    checked: dict[str, int]
    counts: dict[str, int]
    lines: list[LineOut]


class UnclaimedOut(Schema):
    """A table of the lake without a dataset; ``organisation`` is the one that is to catalogue it, if anybody said."""

    table: str
    title: TextOut
    rows: int
    columns: int
    organisation: str


class ProposedOut(Schema):
    """A body to begin with: names, columns and the grade that the values suggest."""

    table: str
    body: dict[str, Any]


class HandIn(Schema):
    """The id of the organisation that is to catalogue the table."""

    organisation: Annotated[str, Field(max_length=100)]


class AddedOut(Schema):
    """An entry that a person added of late."""

    urn: str
    kind: str
    title: TextOut
    organisation: str
    at: str
    log_entry: int
    retired: bool


class AwaitedOut(Schema):
    """A change of a locked entry that waits for these organisations."""

    proposal: str
    urn: str
    title: TextOut
    organisation: str
    change: str
    at: str
    awaited: list[str]


class NewsOut(Schema):
    """What people added in the last thirty days, and what waits."""

    added: list[AddedOut]
    awaited: list[AwaitedOut]
    tables: list[UnclaimedOut]
    suggestions: int


@router.get("/closure", response=ClosureOut, summary="Where duties, data, tables and systems do not meet")
@requires("catalog.view")
def closure(request: HttpRequest, organisation: str = "") -> dict[str, Any]:
    """Of everyone, or of one organisation alone."""
    actor = current(request)
    allow(actor, "catalog.view", Target(kind="closure"))
    return closing.report(actor, organisation).as_dict()


@router.get("/unclaimed", response=list[UnclaimedOut], summary="Tables of the lake without a dataset")
@requires("catalog.edit")
def unclaimed_tables(request: HttpRequest) -> list[Told]:
    """To the data office all, to others those that were handed to them."""
    allow_some(current(request))
    return [_table(each) for each in unclaimed.tables() if _may_claim(request, each)]


@router.get("/unclaimed/{table}", response=ProposedOut, summary="A dataset to begin with, from its table")
@requires("catalog.edit")
def proposed(request: HttpRequest, table: Name) -> Told:
    allow_some(current(request))
    found = unclaimed.find(table)
    if not _may_claim(request, found):
        raise NotTheirs(table=table, organisation=organisation_title(current(request).organisation))
    return {"table": table, "body": proposing.of_table(table, found.organisation)}


@router.put("/unclaimed/{table}", response=UnclaimedOut, summary="Hand a table to an organisation")
@requires("catalog.hand")
def hand(request: HttpRequest, table: Name, wished: HandIn) -> Told:
    allow(current(request), "catalog.hand", Target(kind="table"))
    unclaimed.hand(table, wished.organisation)
    return _table(unclaimed.find(table))


@router.get("/news", response=NewsOut, summary="What was added of late, and what waits")
@requires("catalog.view")
def latest(request: HttpRequest, organisation: Name = "") -> Told:
    allow(current(request), "catalog.view", Target(kind="closure"))
    found = news.report(organisation)
    return {
        "added": [
            {
                "urn": each.urn,
                "kind": each.kind.value,
                "title": each.title.as_dict(),
                "organisation": each.organisation,
                "at": each.at.isoformat(),
                "log_entry": each.log_entry,
                "retired": each.retired,
            }
            for each in found.added
        ],
        "awaited": [
            {
                "proposal": each.proposal,
                "urn": each.urn,
                "title": each.title.as_dict(),
                "organisation": each.organisation,
                "change": each.change,
                "at": each.at.isoformat(),
                "awaited": list(each.awaited),
            }
            for each in found.awaited
        ],
        "tables": [_table(each) for each in found.tables],
        "suggestions": found.suggestions,
    }


def _may_claim(request: HttpRequest, found: unclaimed.Unclaimed) -> bool:
    actor = current(request)
    if may(actor, "catalog.hand"):
        return True
    aim = Target(found.organisation, "general", "dataset")
    return bool(found.organisation) and bool(may(actor, "catalog.edit", aim))


def _table(each: unclaimed.Unclaimed) -> Told:
    return {
        "table": each.table,
        "title": each.title.as_dict(),
        "rows": each.rows,
        "columns": each.columns,
        "organisation": each.organisation,
    }
