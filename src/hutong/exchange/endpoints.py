"""The exchange for programs, under ``/api/exchange``. Rows are read with the key of a grant or signed in."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import AfterValidator, Field, JsonValue

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.exchange import contracts, delivery, issues, reading, requests, usage
from hutong.exchange.bodies import plain
from hutong.exchange.errors import BadTerms, NoSuchContract, NoSuchIssue, NoSuchRequest
from hutong.exchange.logic import terms
from hutong.exchange.types import ContractRef, Delivery, IssueState, Matter, RequestRef
from hutong.lake import api as lake
from hutong.lake.types import BodyFormat

router = Router()
Told = dict[str, Any]


def _clean(text: str) -> str:
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("a character that is none")
    return text


Line = Annotated[str, Field(max_length=250), AfterValidator(_clean)]
Long = Annotated[str, Field(max_length=requests.LONGEST), AfterValidator(_clean)]
Name = Annotated[str, Path(max_length=120), AfterValidator(_clean)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]
Size = Annotated[int, Query(ge=1, le=500)]


class ConditionIn(Schema):
    """A condition on rows."""

    column: Line
    op: Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "between", "prefix", "contains", "null", "not-null"]
    values: list[JsonValue] = Field(default_factory=list, max_length=1000)


class RequestIn(Schema):
    """What an organisation asks for."""

    dataset: Line
    purpose: Line
    purpose_text: Long
    duty: Line
    columns: Annotated[list[Line], Field(min_length=1, max_length=500)]
    where: list[ConditionIn] = Field(default_factory=list, max_length=50)
    start: date
    end: date
    delivery: Literal["api", "file", "view", "push", "answers"] = "api"
    push_url: Annotated[str, Field(max_length=500), AfterValidator(_clean)] = ""


class NoteIn(Schema):
    note: Long = ""


class RefusalIn(Schema):
    """A refusal is reasoned and names the law."""

    reason: Long
    basis: Long


class SignIn(Schema):
    """The SHA-256 of the terms that were read, so that nothing else is signed."""

    terms_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class RenewIn(Schema):
    end: date


class FileIn(Schema):
    format: Literal["csv", "xlsx", "parquet", "ndjson"] = "csv"


class IssueIn(Schema):
    matter: Literal["correction", "dispute", "return-flow"]
    about: Line
    title: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_clean)]
    text: Long


class AnswerIn(Schema):
    state: Literal["accepted", "rejected", "done"]
    text: Long
    result: Line = ""


@router.get("/requests", summary="Requests one may see, newest first")
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
        organisation=organisation, state=_clean_or(state), overdue=overdue, limit=limit, offset=offset
    )
    return {"requests": plain(found)}


@router.post("/requests", summary="Ask for data in the name of one's organisation")
@requires("exchange.request")
def ask(request: HttpRequest, wished: RequestIn) -> Told:
    where = terms.read_conditions([each.dict() for each in wished.where])
    wish = requests.Wish(
        wished.dataset, wished.purpose, wished.purpose_text, wished.duty, tuple(wished.columns), where,
        wished.start, wished.end, Delivery(wished.delivery), wished.push_url,
    )  # fmt: skip
    return _told(requests.submit(current(request), wish))


@router.get("/requests/{name}", summary="A request and everything that happened to it")
@requires("exchange.view")
def one_request(request: HttpRequest, name: Name) -> Told:
    return _told(_seen_request(request, name))


@router.post("/requests/{name}/check", summary="Pass the compliance check")
@requires("exchange.check")
def check(request: HttpRequest, name: Name) -> Told:
    return _told(requests.check(current(request), name))


@router.post("/requests/{name}/return", summary="Send back to be completed; the clock stands still")
@requires("exchange.view")
def send_back(request: HttpRequest, name: Name, said: NoteIn) -> Told:
    _seen_request(request, name)
    return _told(requests.send_back(current(request), name, said.note))


@router.post("/requests/{name}/complete", summary="Completed; the clock runs on")
@requires("exchange.request")
def complete(request: HttpRequest, name: Name, said: NoteIn) -> Told:
    return _told(requests.complete(current(request), name, said.note))


@router.post("/requests/{name}/withdraw", summary="Withdraw")
@requires("exchange.request")
def withdraw(request: HttpRequest, name: Name, said: NoteIn) -> Told:
    return _told(requests.withdraw(current(request), name, said.note))


@router.post("/requests/{name}/agree", summary="Agree to what was asked, masked by the dataset's rule")
@requires("exchange.decide")
def agree(request: HttpRequest, name: Name) -> Told:
    return _told(requests.agree(current(request), name))


@router.post("/requests/{name}/refuse", summary="Refuse, with the reason and its legal basis")
@requires("exchange.view")
def refuse(request: HttpRequest, name: Name, said: RefusalIn) -> Told:
    _seen_request(request, name)
    return _told(requests.refuse(current(request), name, said.reason, said.basis))


@router.get("/contracts", summary="Contracts one may see, newest first")
@requires("exchange.view")
def list_contracts(request: HttpRequest, offset: Offset = 0, limit: Size = 100) -> Told:
    return {"contracts": plain(contracts.listed(organisation=_scope(request), limit=limit, offset=offset))}


@router.get("/contracts/{name}", summary="A contract and its versions")
@requires("exchange.view")
def one_contract(request: HttpRequest, name: Name) -> Told:
    found = _seen_contract(request, name)
    return {**plain(found), "versions": plain(contracts.versions(found.id))}


@router.post("/contracts/{name}/sign", summary="Sign the newest version for one's organisation")
@requires("exchange.sign")
def sign(request: HttpRequest, name: Name, said: SignIn) -> Told:
    return dict(plain(contracts.sign(current(request), name, said.terms_sha256)))


@router.post("/contracts/{name}/renew", summary="Propose a new version with a later end")
@requires("exchange.decide")
def renew(request: HttpRequest, name: Name, said: RenewIn) -> Told:
    return dict(plain(contracts.renew(current(request), name, said.end)))


@router.post("/contracts/{name}/revoke", summary="End it now")
@requires("exchange.view")
def revoke(request: HttpRequest, name: Name, said: NoteIn) -> Told:
    _seen_contract(request, name)
    return dict(plain(contracts.revoke(current(request), name, said.note)))


@router.post("/contracts/{name}/keys", summary="A new key of the grant, shown this once")
@requires("exchange.sign")
def issue_key(request: HttpRequest, name: Name) -> Told:
    return {"key": contracts.issue_key(current(request), name)}


@router.delete("/contracts/{name}/keys", summary="Make every key of the grant useless")
@requires("exchange.sign")
def revoke_keys(request: HttpRequest, name: Name) -> Told:
    return {"revoked": contracts.revoke_keys(current(request), name)}


@router.get("/contracts/{name}/usage", summary="Accesses by day, and the newest one by one")
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


@router.get("/contracts/{name}/rows", summary="Rows through the gate, as a page or a body of any size")
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
    for text in (columns, order, purpose, *filter):
        _clean_or(text)
    if any(len(each) > 4000 for each in filter):
        raise BadTerms(reason="filter > 4000")
    most = min(max(limit, 1), 10_000) if format == "json" else limit
    wish = reading.wish(columns, filter, order, limit=most, offset=offset, purpose=purpose)
    asked, contract = reading.who(request, name, **wish)
    if format == "json":
        return reading.page(asked, contract)
    return reading.whole(asked, contract, BodyFormat(format), mark=mark)  # type: ignore[return-value]


@router.post("/contracts/{name}/files", summary="Ask for a marked file; it is made by the worker")
@requires("exchange.read")
def make_file(request: HttpRequest, name: Name, said: FileIn) -> Told:
    return dict(plain(delivery.ask(current(request), name, BodyFormat(said.format))))


@router.get("/files/{name}", summary="Whether a file is ready")
@requires("exchange.read")
def one_file(request: HttpRequest, name: Name) -> Told:
    row = delivery.file_row(name)
    allow(
        current(request),
        "exchange.read",
        Target(contracts.contract_of(row.contract).consumer, kind="exchange-file"),
    )
    return dict(plain(delivery.ref(row)))


@router.get("/files/{name}/content", summary="The file, or a range of it")
@requires("exchange.read")
def file_content(request: HttpRequest, name: Name) -> HttpResponse:
    found, path = delivery.fetch(current(request), name)
    media = lake.media_type(BodyFormat(found.form))
    return reading.file(request, path, found.name, media)  # type: ignore[return-value]


@router.get("/issues", summary="Corrections, disputes and return flow one may see")
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
        organisation=organisation, matter=_clean_or(matter), overdue=overdue, limit=limit, offset=offset
    )
    return {"issues": plain(found)}


@router.post("/issues", summary="Raise a correction, a dispute or a wish for return flow")
@requires("exchange.issue")
def raise_issue(request: HttpRequest, said: IssueIn) -> Told:
    return dict(
        plain(issues.raise_issue(current(request), Matter(said.matter), said.about, said.title, said.text))
    )


@router.get("/issues/{name}", summary="One issue")
@requires("exchange.view")
def one_issue(request: HttpRequest, name: Name) -> Told:
    found = issues.issue(name)
    if not requests.visible(current(request), found.answers, found.asked_by):
        raise NoSuchIssue(name=name)
    return dict(plain(found))


@router.post("/issues/{name}/answer", summary="Accept, reject or finish")
@requires("exchange.view")
def answer(request: HttpRequest, name: Name, said: AnswerIn) -> Told:
    one_issue(request, name)
    return dict(plain(issues.answer(current(request), name, IssueState(said.state), said.text, said.result)))


@router.get("/board", summary="How sharing stands in the district")
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


def _clean_or(text: str) -> str:
    try:
        return _clean(text)
    except ValueError as error:
        raise BadTerms(reason=str(error)) from error
