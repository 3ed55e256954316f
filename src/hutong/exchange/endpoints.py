"""The exchange for programs, under ``/api/exchange``. Rows are read with the key of a grant or signed in."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.exchange import contracts, delivery, issues, link_endpoints, reading, requests, usage
from hutong.exchange.answers import (
    BODIES,
    FILES,
    BoardOut,
    ContractOut,
    ContractsOut,
    FileOut,
    GrantKeyOut,
    IssueOut,
    IssuesOut,
    OneContractOut,
    OneRequestOut,
    PageOut,
    RequestsOut,
    RevokedOut,
    UsageOut,
)
from hutong.exchange.bodies import plain
from hutong.exchange.errors import NoSuchContract, NoSuchIssue, NoSuchRequest
from hutong.exchange.logic import terms
from hutong.exchange.schemas import (
    AnswerIn,
    FileIn,
    IssueIn,
    Name,
    NoteIn,
    Offset,
    RefusalIn,
    RenewIn,
    RequestIn,
    SignIn,
    Size,
)
from hutong.exchange.types import ContractRef, Delivery, IssueState, Matter, RequestRef
from hutong.exchange.wishes import Wish
from hutong.lake import api as lake
from hutong.lake.types import BodyFormat

router = Router()
router.add_router("/links", link_endpoints.router)
Told = dict[str, Any]


@router.get("/requests", response=RequestsOut, summary="Requests one may see, newest first")
@requires("exchange.view")
def list_requests(
    request: HttpRequest,
    state: Annotated[str, Query(max_length=12)] = "",
    *,
    overdue: bool = False,
    offset: Offset = 0,
    limit: Size = 100,
) -> Told:
    organisation = _scope(request)
    found = requests.listed(
        organisation=organisation, state=reading.clean(state), overdue=overdue, limit=limit, offset=offset
    )
    return {"requests": plain(found)}


@router.post("/requests", response=OneRequestOut, summary="Ask for data in the name of one's organisation")
@requires("exchange.request")
def ask(request: HttpRequest, wished: RequestIn) -> Told:
    where = terms.read_conditions([each.dict() for each in wished.where])
    wish = Wish(
        wished.dataset, wished.purpose, wished.purpose_text, wished.duty, tuple(wished.columns), where,
        wished.start, wished.end, Delivery(wished.delivery), wished.push_url,
    )  # fmt: skip
    return _told(requests.submit(current(request), wish))


@router.get(
    "/requests/{name}", response=OneRequestOut, summary="A request and everything that happened to it"
)
@requires("exchange.view")
def one_request(request: HttpRequest, name: Name) -> Told:
    return _told(_seen_request(request, name))


@router.post("/requests/{name}/check", response=OneRequestOut, summary="Pass the compliance check")
@requires("exchange.check")
def check(request: HttpRequest, name: Name) -> Told:
    return _told(requests.check(current(request), name))


@router.post(
    "/requests/{name}/return",
    response=OneRequestOut,
    summary="Send back to be completed; the clock stands still",
)
@requires("exchange.view")
def send_back(request: HttpRequest, name: Name, said: NoteIn) -> Told:
    _seen_request(request, name)
    return _told(requests.send_back(current(request), name, said.note))


@router.post("/requests/{name}/complete", response=OneRequestOut, summary="Completed; the clock runs on")
@requires("exchange.request")
def complete(request: HttpRequest, name: Name, said: NoteIn) -> Told:
    return _told(requests.complete(current(request), name, said.note))


@router.post("/requests/{name}/withdraw", response=OneRequestOut, summary="Withdraw")
@requires("exchange.request")
def withdraw(request: HttpRequest, name: Name, said: NoteIn) -> Told:
    return _told(requests.withdraw(current(request), name, said.note))


@router.post(
    "/requests/{name}/agree",
    response=OneRequestOut,
    summary="Agree to what was asked, masked by the dataset's rule",
)
@requires("exchange.decide")
def agree(request: HttpRequest, name: Name) -> Told:
    return _told(requests.agree(current(request), name))


@router.post(
    "/requests/{name}/refuse", response=OneRequestOut, summary="Refuse, with the reason and its legal basis"
)
@requires("exchange.view")
def refuse(request: HttpRequest, name: Name, said: RefusalIn) -> Told:
    _seen_request(request, name)
    return _told(requests.refuse(current(request), name, said.reason, said.basis))


@router.get("/contracts", response=ContractsOut, summary="Contracts one may see, newest first")
@requires("exchange.view")
def list_contracts(request: HttpRequest, offset: Offset = 0, limit: Size = 100) -> Told:
    return {"contracts": plain(contracts.listed(organisation=_scope(request), limit=limit, offset=offset))}


@router.get("/contracts/{name}", response=OneContractOut, summary="A contract and its versions")
@requires("exchange.view")
def one_contract(request: HttpRequest, name: Name) -> Told:
    found = _seen_contract(request, name)
    return {**plain(found), "versions": plain(contracts.versions(found.id))}


@router.post(
    "/contracts/{name}/sign", response=ContractOut, summary="Sign the newest version for one's organisation"
)
@requires("exchange.sign")
def sign(request: HttpRequest, name: Name, said: SignIn) -> Told:
    return dict(plain(contracts.sign(current(request), name, said.terms_sha256)))


@router.post(
    "/contracts/{name}/renew", response=ContractOut, summary="Propose a new version with a later end"
)
@requires("exchange.decide")
def renew(request: HttpRequest, name: Name, said: RenewIn) -> Told:
    return dict(plain(contracts.renew(current(request), name, said.end)))


@router.post("/contracts/{name}/revoke", response=ContractOut, summary="End it now")
@requires("exchange.view")
def revoke(request: HttpRequest, name: Name, said: NoteIn) -> Told:
    _seen_contract(request, name)
    return dict(plain(contracts.revoke(current(request), name, said.note)))


@router.post(
    "/contracts/{name}/keys", response=GrantKeyOut, summary="A new key of the grant, shown this once"
)
@requires("exchange.sign")
def issue_key(request: HttpRequest, name: Name) -> Told:
    return {"key": contracts.issue_key(current(request), name)}


@router.delete("/contracts/{name}/keys", response=RevokedOut, summary="Make every key of the grant useless")
@requires("exchange.sign")
def revoke_keys(request: HttpRequest, name: Name) -> Told:
    return {"revoked": contracts.revoke_keys(current(request), name)}


@router.get(
    "/contracts/{name}/usage", response=UsageOut, summary="Accesses by day, and the newest one by one"
)
@requires("exchange.view")
def use(
    request: HttpRequest,
    name: Name,
    days: Annotated[int, Query(ge=1, le=400)] = 30,
    offset: Offset = 0,
    limit: Size = 50,
) -> Told:
    found = _seen_contract(request, name)
    return {
        "days": plain(usage.by_day(found.id, days)),
        "accesses": plain(usage.accesses(found.id, limit=limit, offset=offset)),
    }


@router.get(
    "/contracts/{name}/rows",
    response=PageOut,
    summary="Rows through the gate, as a page or a body of any size",
    openapi_extra=BODIES,
)
@requires("site.open")
def rows(  # noqa: PLR0917 - parameters of an address
    request: HttpRequest,
    name: Name,
    columns: Annotated[str, Query(max_length=4000)] = "",
    filter: Annotated[list[str], Query(max_length=50)] = [],  # noqa: A002, B006 - the name in the address; Ninja copies the list
    order: Annotated[str, Query(max_length=1000)] = "",
    purpose: Annotated[str, Query(max_length=60)] = "",
    format: Literal["json", "csv", "ndjson", "geojson", "parquet", "arrow", "xlsx"] = "json",  # noqa: A002
    limit: Annotated[int, Query(ge=0, le=10_000_000)] = 100,
    offset: Offset = 0,
    mark: bool = False,
) -> HttpResponse:
    """``filter`` is ``column:comparison:value`` (``in`` and ``between`` separate values by a bar), ``order`` column
    names, falling after a minus. A page has 1 to 10,000 rows; in the other formats ``limit=0`` asks for all.
    """
    reading.known(request)
    most = min(max(limit, 1), 10_000) if format == "json" else limit
    wish = reading.wish(columns, filter, order, limit=most, offset=offset, purpose=purpose)
    asked, contract = reading.who(request, name, **wish)
    if format == "json":
        return reading.page(asked, contract)
    return reading.whole(asked, contract, BodyFormat(format), mark=mark)  # type: ignore[return-value]


@router.post(
    "/contracts/{name}/files", response=FileOut, summary="Ask for a marked file; it is made by the worker"
)
@requires("exchange.read")
def make_file(request: HttpRequest, name: Name, said: FileIn) -> Told:
    return dict(plain(delivery.ask(current(request), name, BodyFormat(said.format))))


@router.get("/files/{name}", response=FileOut, summary="Whether a file is ready")
@requires("exchange.read")
def one_file(request: HttpRequest, name: Name) -> Told:
    row = delivery.file_row(name)
    allow(
        current(request),
        "exchange.read",
        Target(contracts.contract_of(row.contract).consumer, kind="exchange-file"),
    )
    return dict(plain(delivery.ref(row)))


@router.get("/files/{name}/content", summary="The file, or a range of it", openapi_extra=FILES)
@requires("exchange.read")
def file_content(request: HttpRequest, name: Name) -> HttpResponse:
    found, path = delivery.fetch(current(request), name)
    media = lake.media_type(BodyFormat(found.form))
    still = delivery.still(current(request), name)
    return reading.file(request, path, found.name, media, still)  # type: ignore[return-value]


@router.get("/issues", response=IssuesOut, summary="Corrections, disputes and return flow one may see")
@requires("exchange.view")
def list_issues(
    request: HttpRequest,
    matter: Annotated[str, Query(max_length=12)] = "",
    *,
    overdue: bool = False,
    offset: Offset = 0,
    limit: Size = 100,
) -> Told:
    organisation = _scope(request)
    found = issues.listed(
        organisation=organisation, matter=reading.clean(matter), overdue=overdue, limit=limit, offset=offset
    )
    return {"issues": plain(found)}


@router.post("/issues", response=IssueOut, summary="Raise a correction, a dispute or a wish for return flow")
@requires("exchange.issue")
def raise_issue(request: HttpRequest, said: IssueIn) -> Told:
    return dict(
        plain(issues.raise_issue(current(request), Matter(said.matter), said.about, said.title, said.text))
    )


@router.get("/issues/{name}", response=IssueOut, summary="One issue")
@requires("exchange.view")
def one_issue(request: HttpRequest, name: Name) -> Told:
    found = issues.issue(name)
    if not requests.visible(current(request), found.answers, found.asked_by):
        raise NoSuchIssue(name=name)
    return dict(plain(found))


@router.post("/issues/{name}/answer", response=IssueOut, summary="Accept, reject or finish")
@requires("exchange.view")
def answer(request: HttpRequest, name: Name, said: AnswerIn) -> Told:
    one_issue(request, name)
    return dict(plain(issues.answer(current(request), name, IssueState(said.state), said.text, said.result)))


@router.get("/board", response=BoardOut, summary="How sharing stands in the district")
@requires("exchange.view")
def board(request: HttpRequest) -> Told:
    allow(current(request), "exchange.view", Target(kind="exchange-board"))
    found = usage.board()
    return {**plain(found), "shareable": found.shareable}


def _scope(request: HttpRequest) -> str:
    """The organisation whose things are listed; empty for those who may see all."""
    actor = current(request)
    if may(actor, "exchange.view", Target(kind="exchange")):
        return ""
    allow(actor, "exchange.view", Target(actor.organisation, kind="exchange"))
    return actor.organisation


def _seen_request(request: HttpRequest, name: str) -> RequestRef:
    found = requests.request(name)
    if not requests.visible(current(request), found.provider, found.consumer):
        raise NoSuchRequest(name=name)
    return found


def _seen_contract(request: HttpRequest, name: str) -> ContractRef:
    found = contracts.contract_of(name)
    if not requests.visible(current(request), found.provider, found.consumer):
        raise NoSuchContract(name=name)
    return found


def _told(found: RequestRef) -> Told:
    return {**plain(found), "steps": plain(requests.steps(found.id))}
