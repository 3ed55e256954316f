"""Link groups for programs, under ``/api/exchange/links``: contracts handed over as one table."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.exchange import joined, links, reading
from hutong.exchange.answers import BODIES, LinkOut, LinksOut, PageOut
from hutong.exchange.bodies import plain
from hutong.exchange.errors import NoSuchLink
from hutong.exchange.schemas import LinkIn, Name, NoteIn, Offset, SignIn, Size
from hutong.exchange.types import Join, LinkRef
from hutong.lake.types import BodyFormat

router = Router()
Told = dict[str, Any]


@router.get("", response=LinksOut, summary="Link groups one may see, newest first")
@requires("exchange.view")
def list_links(request: HttpRequest, offset: Offset = 0, limit: Size = 100) -> Told:
    actor = current(request)
    everything = bool(may(actor, "exchange.view", Target(kind="exchange")))
    if not everything:
        allow(actor, "exchange.view", Target(actor.organisation, kind="exchange"))
    whose = "" if everything else actor.organisation
    return {"links": plain(links.listed(organisation=whose, limit=limit, offset=offset))}


@router.post("", response=LinkOut, summary="Ask that contracts be handed over joined")
@requires("exchange.request")
def propose(request: HttpRequest, wished: LinkIn) -> Told:
    joins = [Join(each.contract, tuple(each.on)) for each in wished.joins]
    made = links.propose(current(request), wished.title, wished.base, joins, only_matches=wished.only_matches)
    return dict(plain(made))


@router.get("/{name}", response=LinkOut, summary="A link group")
@requires("exchange.view")
def one(request: HttpRequest, name: Name) -> Told:
    return dict(plain(_seen(request, name)))


@router.post("/{name}/sign", response=LinkOut, summary="Consent for one's organisation, as a provider")
@requires("exchange.decide")
def sign(request: HttpRequest, name: Name, said: SignIn) -> Told:
    _seen(request, name)
    return dict(plain(links.sign(current(request), name, said.terms_sha256)))


@router.post("/{name}/end", response=LinkOut, summary="End it now")
@requires("exchange.view")
def end(request: HttpRequest, name: Name, said: NoteIn) -> Told:
    _seen(request, name)
    return dict(plain(links.end(current(request), name, said.note)))


@router.get(
    "/{name}/rows",
    response=PageOut,
    summary="Joined rows, as a page or a body of any size",
    openapi_extra=BODIES,
)
@requires("site.open")
def rows(  # noqa: PLR0917 - parameters of an address
    request: HttpRequest,
    name: Name,
    columns: Annotated[str, Query(max_length=4000)] = "",
    filter: Annotated[list[str], Query(max_length=50)] = [],  # noqa: A002, B006 - the name in the address; Ninja copies the list
    order: Annotated[str, Query(max_length=1000)] = "",
    format: Literal["json", "csv", "ndjson", "geojson", "parquet", "arrow", "xlsx"] = "json",  # noqa: A002
    limit: Annotated[int, Query(ge=0, le=10_000_000)] = 100,
    offset: Offset = 0,
    mark: bool = False,
) -> HttpResponse:
    """Columns are named as in the group; the key of its first contract opens it. Else as the rows of a contract."""
    reading.known(request)
    most = min(max(limit, 1), 10_000) if format == "json" else limit
    wish = reading.wish(columns, filter, order, limit=most, offset=offset, purpose="")
    found = links.link_of(name)
    asked = reading.who_of_group(request, found, **wish)
    if format == "json":
        return reading.page_of_group(asked, found)
    body = joined.stream(asked, found, BodyFormat(format), mark=mark)
    return reading.sent(body, found.id, found.urn)  # type: ignore[return-value]


def _seen(request: HttpRequest, name: str) -> LinkRef:
    found = links.link_of(name)
    if not links.visible(current(request), found):
        raise NoSuchLink(name=name[:80])
    return found
