"""What programs send to the exchange and what it answers them, as its OpenAPI says."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from ninja import Path, Query, Schema
from pydantic import AfterValidator, Field, JsonValue

from hutong.exchange import requests


def clean(text: str) -> str:
    """Raises ``ValueError`` for what no store can hold."""
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("a character that is none")
    return text


Line = Annotated[str, Field(max_length=250), AfterValidator(clean)]
Long = Annotated[str, Field(max_length=requests.LONGEST), AfterValidator(clean)]
Short = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(clean)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, Path(max_length=120), AfterValidator(clean)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]
Size = Annotated[int, Query(ge=1, le=500)]
_Op = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "between", "prefix", "contains", "null", "not-null"]


class ConditionIn(Schema):
    """A condition on rows."""

    column: Line
    op: _Op
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
    push_url: Annotated[str, Field(max_length=500), AfterValidator(clean)] = ""


class NoteIn(Schema):
    note: Long = ""


class RefusalIn(Schema):
    """A refusal is reasoned and names the law."""

    reason: Long
    basis: Long


class SignIn(Schema):
    """The SHA-256 of what was read, so that nothing else is signed."""

    terms_sha256: Digest


class RenewIn(Schema):
    end: date


class FileIn(Schema):
    format: Literal["csv", "xlsx", "parquet", "ndjson"] = "csv"


class JoinIn(Schema):
    """A further contract, and which columns of the first and of it have to be equal."""

    contract: Line
    on: Annotated[list[tuple[Line, Line]], Field(min_length=1, max_length=4)]


class LinkIn(Schema):
    """Contracts to be handed over as one table."""

    title: Short
    base: Line
    joins: Annotated[list[JoinIn], Field(min_length=1, max_length=5)]
    only_matches: bool = True


class IssueIn(Schema):
    matter: Literal["correction", "dispute", "return-flow"]
    about: Line
    title: Short
    text: Long


class AnswerIn(Schema):
    state: Literal["accepted", "rejected", "done"]
    text: Long
    result: Line = ""


class WordsOut(Schema):
    zh: str
    en: str


class ConditionOut(Schema):
    column: str
    op: str
    values: list[Any]


class RequestOut(Schema):
    """A request as it stands. ``due``: the last day of the clock that runs."""

    id: str
    urn: str
    dataset: str
    title: WordsOut
    provider: str
    consumer: str
    purpose: str
    purpose_text: str
    duty: str
    columns: list[str]
    where: list[ConditionOut]
    start: date
    end: date
    delivery: str
    sharing: str
    state: str
    due: date | None
    overdue: bool
    escalated: bool
    asked_by: str
    asked_at: str
    reason: str
    basis: str
    contract: str
    push_url: str
    log_entry: int


class StepOut(Schema):
    """One thing that happened to a request, and its entry in the log."""

    event: str
    state: str
    at: str
    actor: str
    organisation: str
    note: str
    log_entry: int


class OneRequestOut(RequestOut):
    steps: list[StepOut]


class RequestsOut(Schema):
    requests: list[RequestOut]


class MaskOut(Schema):
    """How a column is shown; the numbers that belong to its kind."""

    kind: str
    first: int | None = None
    last: int | None = None
    step: str | None = None
    value: str | None = None


class QuotaOut(Schema):
    """Bounds of a day; 0: none."""

    rows_per_day: int
    calls_per_day: int


class TermsOut(Schema):
    """What a contract grants: columns with their masks, rows, days, purposes, quota, ways of delivery.

    ``order``: the columns as they are delivered.
    """

    order: list[str]
    columns: dict[str, MaskOut]
    where: list[ConditionOut]
    start: date
    end: date
    purposes: list[str]
    quota: QuotaOut
    delivery: list[str]
    push_url: str


class ContractOut(Schema):
    """One version. ``signatures``: the entry of the log by organisation."""

    id: str
    version: int
    urn: str
    request: str
    table: str
    title: WordsOut
    provider: str
    consumer: str
    terms: TermsOut
    standing: str
    signatures: dict[str, int]
    made_at: str
    ended_at: str | None
    ended_why: str
    terms_sha256: str
    signed: bool


class OneContractOut(ContractOut):
    versions: list[ContractOut]


class ContractsOut(Schema):
    contracts: list[ContractOut]


class GrantKeyOut(Schema):
    """``key`` is shown this once."""

    key: str


class RevokedOut(Schema):
    """How many keys were useless from now on."""

    revoked: int


class DayOut(Schema):
    day: date
    calls: int
    rows: int
    refused: int


class AccessOut(Schema):
    """One access. ``log_entry`` 0: not in the log yet; ``whole``: it came to its end."""

    id: int
    contract: str
    version: int
    at: str
    actor: str
    organisation: str
    channel: str
    purpose: str
    columns: list[str]
    allowed: bool
    reasons: list[str]
    rows: int
    whole: bool
    log_entry: int


class UsageOut(Schema):
    days: list[DayOut]
    accesses: list[AccessOut]


class FileOut(Schema):
    """A file made for a contract, to be fetched until it expires."""

    id: str
    contract: str
    form: str
    name: str
    state: str
    size: int
    sha256: str
    rows: int
    made_at: str
    expires_at: str
    log_entry: int
    job: str


class JoinOut(Schema):
    contract: str
    on: list[tuple[str, str]]


class LinkOut(Schema):
    """A link group. ``granted``: the digest of what each contract granted when it was agreed."""

    id: str
    urn: str
    title: str
    consumer: str
    base: str
    joins: list[JoinOut]
    only_matches: bool
    granted: dict[str, str]
    parties: list[str]
    standing: str
    signatures: dict[str, int]
    made_at: str
    ended_at: str | None
    ended_why: str
    sha256: str


class LinksOut(Schema):
    links: list[LinkOut]


class IssueOut(Schema):
    """A correction, a dispute or data asked back from the city."""

    id: str
    urn: str
    matter: str
    about: str
    title: str
    text: str
    asked_by: str
    answers: str
    state: str
    due: date | None
    overdue: bool
    escalated: bool
    asked_at: str
    answer: str
    result: str
    log_entry: int


class IssuesOut(Schema):
    issues: list[IssueOut]


class BoardOut(Schema):
    """How sharing stands. ``shareable``: the share of datasets outside core data that may be shared."""

    datasets: int
    unconditional: int
    conditional: int
    refused_by_catalog: int
    states: dict[str, int]
    overdue: int
    replied_in_time: int
    replied: int
    refusals: list[list[str | int]]  # basis and how many
    shareable: float | None


class PageOut(Schema):
    """Some rows. Money is whole fen; ``next_offset`` is there when there are more; ``masked`` names columns."""

    columns: list[str]
    rows: list[list[JsonValue]]
    more: bool
    next_offset: int | None
    masked: list[str]
    snapshots: list[str]
    contract: str
    version: int


_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
_TEXT: Final = {"schema": {"type": "string"}}
# The bodies of rows beside pages of JSON. The document is merged with this by Ninja.
BODIES: Final = {
    "responses": {
        200: {
            "content": {
                "text/csv": _TEXT,
                "application/x-ndjson": _TEXT,
                "application/geo+json": {"schema": {"type": "object"}},
                "application/vnd.apache.parquet": _BYTES,
                "application/vnd.apache.arrow.stream": _BYTES,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _BYTES,
            }
        }
    }
}
_FILE_KINDS: Final = {
    "text/csv": _TEXT,
    "application/x-ndjson": _TEXT,
    "application/vnd.apache.parquet": _BYTES,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _BYTES,
}
FILES: Final = {
    "responses": {
        200: {
            "description": "The whole file",
            "content": _FILE_KINDS,
        },
        206: {"description": "The range that was asked for", "content": _FILE_KINDS},
        416: {"description": "No such range"},
    }
}
