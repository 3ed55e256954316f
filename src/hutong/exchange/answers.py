"""What the exchange answers programs, as its OpenAPI says."""

from datetime import date
from typing import Any, Final

from ninja import Schema
from pydantic import JsonValue


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
