"""Entries for programs: search, read as of any day, add, change, retire.

What is checked, who may and what is written are those of the form. An identifier may hold slashes, so what stands
behind it in an address comes before the address of the entry itself.
"""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.responses import Status

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.catalog import beside, browse, editing, history, store
from hutong.catalog.errors import NoSuchEntry
from hutong.catalog.logic.bodies import differences
from hutong.catalog.logic.readable import readable
from hutong.catalog.permitting import allow_write, target
from hutong.catalog.types import EntryRef, Kind

router = Router()
Told = dict[str, Any]
Body = Annotated[dict[str, Any], Field(description="As in a pack's file: duties, datasets, systems")]
Reason = Annotated[str, Field(max_length=500)]
Version = Annotated[int, Field(ge=1, le=1_000_000_000)]


class TextOut(Schema):
    zh: str
    en: str


class EntryOut(Schema):
    """An entry as it stands."""

    urn: str
    kind: str
    id: str
    organisation: str
    title: TextOut
    summary: TextOut
    parent: str
    grade: str
    sharing: str
    opening: str
    update: str
    themes: list[str]
    version: int
    changed_at: str
    log_entry: int
    body: dict[str, Any]
    retired: bool = False
    origin: str = ""


class BesideItemOut(Schema):
    title: TextOut
    url: str
    organisation: str


class BesideOut(Schema):
    """A list kept elsewhere in this installation of which something fits: datasets registered in the open portal."""

    title: TextOut
    url: str
    total: int
    items: list[BesideItemOut]


class FoundOut(Schema):
    """A page of results. ``facets`` counts all results by value."""

    total: int
    entries: list[EntryOut]
    facets: dict[str, dict[str, int]]
    beside: list[BesideOut] = Field(default_factory=list)


class DifferenceOut(Schema):
    """``key`` is the path in the body, ``before`` and ``after`` what stood there."""

    key: str
    before: Any = None
    after: Any = None


class SaidOut(Schema):
    """A difference in words."""

    what: str
    before: str
    after: str
    change: str


class VersionOut(Schema):
    """One version and what it changed; ``note`` has its reason, where one was given, and what follows when retired."""

    version: int
    change: str
    at: str
    actor: str
    sha256: str
    log_entry: int
    body: dict[str, Any]
    differences: list[DifferenceOut]
    said: list[SaidOut]
    note: dict[str, str]


class Asked(Schema):
    """Words and facet values; ``limit`` 1 to 200, ``offset`` to 5,000. ``retired`` asks for what stands no more."""

    q: str = ""
    kind: str = ""
    organisation: str = ""
    grade: str = ""
    sharing: str = ""
    opening: str = ""
    theme: str = ""
    origin: str = ""
    retired: bool = False
    offset: int = 0
    limit: int = 20


class AddIn(Schema):
    """A new entry; its URN follows from its kind and body."""

    kind: Literal["duty", "dataset", "system"]
    body: Body
    reason: Reason = ""


class ChangeIn(Schema):
    """The whole entry as it shall be, and the version that it changes."""

    version: Version
    body: Body
    reason: Reason = ""


class RetireIn(Schema):
    """Why the entry stands no more, and the URN of what follows it."""

    version: Version
    reason: Reason
    successor: Annotated[str, Field(max_length=300)] = ""


class WrittenOut(Schema):
    """``version`` is 0 where the entry is locked: ``proposal`` then waits for its co-signatures."""

    urn: str
    version: int
    proposal: str


@router.get("/entries", response=FoundOut, summary="Search the catalog")
@requires("catalog.view")
def search(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    chosen = {facet: getattr(asked, facet) for facet in browse.FACETS}
    only_open = not may(current(request), "catalog.view", Target())
    found = browse.find(
        asked.q,
        chosen,
        offset=min(max(asked.offset, 0), 5000),
        limit=min(max(asked.limit, 1), 200),
        only_open=only_open,
        retired=asked.retired,
    )
    return {
        "total": found.total,
        "entries": [_out(hit.entry) for hit in found.hits],
        "facets": found.facets,
        "beside": [] if asked.retired else [_list(each) for each in beside.found(asked.q, chosen)],
    }


def _list(found: beside.Beside) -> dict[str, Any]:
    items = [
        {"title": each.title.as_dict(), "url": each.url, "organisation": each.organisation}
        for each in found.items
    ]
    return {"title": found.title.as_dict(), "url": found.url, "total": found.total, "items": items}


@router.post("/entries", response={201: WrittenOut}, summary="Add a duty, a dataset or a system")
@requires("catalog.edit")
def add(request: HttpRequest, wished: AddIn) -> Status[Told]:
    kind = Kind(wished.kind)
    allow_write(current(request), editing.draft_new(kind, wished.body))
    return Status(201, _written(editing.add(kind, wished.body, reason=wished.reason)))


@router.get("/entries/{path:urn}/versions", response=list[VersionOut], summary="Every version of an entry")
@requires("catalog.view")
def versions(request: HttpRequest, urn: str) -> list[dict[str, Any]]:
    kind = _seen(request, urn).kind
    found = history.versions(urn)
    before = {each.version: each.body for each in found}
    return [
        {
            "version": each.version,
            "change": each.change,
            "at": each.at.isoformat(),
            "actor": each.actor,
            "sha256": each.sha256,
            "log_entry": each.log_entry,
            "body": each.body,
            "differences": [
                {"key": one.key, "before": one.before, "after": one.after}
                for one in differences(before.get(each.version - 1, {}), each.body)
            ],
            "said": [
                {"what": one.what, "before": one.before, "after": one.after, "change": one.change}
                for one in readable(kind, before.get(each.version - 1, {}), each.body)
            ],
            "note": dict(each.note),
        }
        for each in found
    ]


@router.post("/entries/{path:urn}/retire", response=WrittenOut, summary="Retire an entry, with the reason")
@requires("catalog.edit")
def retire(request: HttpRequest, urn: str, wished: RetireIn) -> Told:
    allow(current(request), "catalog.edit", target(store.entry(urn)))
    return _written(
        editing.retire(urn, expected=wished.version, reason=wished.reason, successor=wished.successor)
    )


@router.get("/entries/{path:urn}", response=EntryOut, summary="One entry as it stands, or as of a day")
@requires("catalog.view")
def entry(request: HttpRequest, urn: str, as_of: date | None = None) -> dict[str, Any]:
    found = _seen(request, urn)
    if as_of is None:
        return _out(found)
    version = history.as_of(urn, as_of)
    if version is None:
        raise NoSuchEntry(name=f"{urn} @ {as_of}")
    return {**_out(found), "version": version.version, "body": version.body, "log_entry": version.log_entry}


@router.put(
    "/entries/{path:urn}", response=WrittenOut, summary="Change an entry; where it is locked, propose it"
)
@requires("catalog.edit")
def change(request: HttpRequest, urn: str, wished: ChangeIn) -> Told:
    standing = store.entry(urn)
    allow(current(request), "catalog.edit", target(standing))
    allow_write(current(request), editing.draft_of(standing.kind, urn, wished.body))
    return _written(
        editing.write(standing.kind, urn, wished.body, expected=wished.version, reason=wished.reason)
    )


def _seen(request: HttpRequest, urn: str) -> EntryRef:
    found = history.entry(urn)
    kind = str(Kind.DATASET if found.kind is Kind.TABLE else found.kind)
    allow(
        current(request),
        "catalog.view",
        Target(found.organisation, found.grade, kind, public=found.is_open),
    )
    return found


def _out(found: EntryRef) -> dict[str, Any]:
    return {
        "urn": found.urn,
        "kind": Kind(found.kind).value,
        "id": found.id,
        "organisation": found.organisation,
        "title": found.title.as_dict(),
        "summary": found.summary.as_dict(),
        "parent": found.parent,
        "grade": found.grade,
        "sharing": found.sharing,
        "opening": found.opening,
        "update": found.update,
        "themes": list(found.themes),
        "version": found.version,
        "changed_at": found.changed_at.isoformat(),
        "log_entry": found.log_entry,
        "body": dict(found.body),
        "retired": found.retired,
        "origin": found.origin,
    }


def _written(written: editing.Written) -> Told:
    return {"urn": written.urn, "version": written.version, "proposal": written.proposal}
