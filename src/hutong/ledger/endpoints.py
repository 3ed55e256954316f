"""Machine interfaces: the log by C2SP tlog-tiles under ``/ledger/``, entries and proofs as JSON under ``/api``."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.http import require_safe
from ninja import Field, Query, Router, Schema
from pydantic import ValidationError

from hutong.accounts.api import current, may, requires
from hutong.ledger import api
from hutong.ledger.errors import BadQuestion
from hutong.ledger.logic import completeness
from hutong.ledger.logic.tiles import WIDTH, TilePath
from hutong.ledger.types import Entry

FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"
NOW = "no-cache"
_FILE = {"Cache-Control": NOW, "Content-Disposition": "attachment; filename=evidence.json"}


@require_safe
@requires("ledger.view")
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The newest published checkpoint, a signed note with the cosignatures of witnesses."""
    return _serve(api.published().text.encode(), "text/plain; charset=utf-8", NOW)


@require_safe
@requires("ledger.view")
def pending(_request: HttpRequest) -> HttpResponse:
    """The newest checkpoint the log has signed, whether witnesses have seen it or not."""
    return _serve(api.checkpoint().text.encode(), "text/plain; charset=utf-8", NOW)


@require_safe
@requires("ledger.view")
def witness_policy(_request: HttpRequest) -> HttpResponse:
    """The witness policy (C2SP tlog-policy) the log publishes by, without addresses."""
    rule = api.policy()
    text = rule.text() if rule else f"log {api.verifier_key()}\nquorum none\n"
    return _serve(text.encode(), "text/plain; charset=utf-8", NOW)


@require_safe
@requires("ledger.view")
def tile(_request: HttpRequest, rest: str) -> HttpResponse:
    """A hash tile or an entry bundle; a full one never changes."""
    wanted = TilePath.parse(rest)
    cache = FOREVER if wanted.width == WIDTH else BRIEFLY
    return _serve(api.tile(wanted), "application/octet-stream", cache)


@require_safe
@requires("ledger.view")
def verifier(_request: HttpRequest) -> HttpResponse:
    """The verifier key, for those who have no better way to get it."""
    return _serve(f"{api.verifier_key()}\n".encode(), "text/plain; charset=utf-8", NOW)


@require_safe
@requires("ledger.view")
def about_file(request: HttpRequest) -> StreamingHttpResponse | HttpResponse:
    """As ``/api/ledger/about``, a line for each entry. More than 5,000 are for those who audit: it is much work."""
    try:
        wanted = About.model_validate(request.GET.dict())
    except ValidationError as error:
        raise BadQuestion(reason=str(error.errors()[0]["msg"])) from error
    if not may(current(request), "audit.view"):
        found = api.evidence_about(wanted.subject, by=wanted.by, skip=wanted.skip, fresh=False)
        body = "".join(completeness.lines(found, found["entries"]))
        return HttpResponse(body, content_type="application/json", headers=_FILE)
    lines = api.evidence_lines(wanted.subject, by=wanted.by, skip=wanted.skip, fresh=False)
    return StreamingHttpResponse(lines, content_type="application/json", headers=_FILE)


def _serve(body: bytes, kind: str, cache: str) -> HttpResponse:
    return HttpResponse(
        body,
        content_type=kind,
        headers={"Cache-Control": cache, "Access-Control-Allow-Origin": "*"},
    )


urlpatterns = [
    path("ledger/checkpoint", checkpoint, name="ledger-checkpoint"),
    path("ledger/checkpoint/pending", pending, name="ledger-checkpoint-pending"),
    path("ledger/policy", witness_policy, name="ledger-policy"),
    path("ledger/verifier", verifier, name="ledger-verifier"),
    path("ledger/about/evidence.json", about_file, name="ledger-about-file"),
    path("ledger/tile/<path:rest>", tile, name="ledger-tile"),
]

router = Router()


class LogEntryOut(Schema):
    """One entry. ``leaf`` is the exact text the tree commits to; ``index`` is null while it is pending."""

    id: int
    urn: str
    kind: str
    subject: str
    organisation: str
    at: datetime
    index: int | None
    leaf_hash: str = Field(description="SHA-256, hexadecimal, of a zero byte and the leaf")
    payload: dict[str, Any]
    leaf: str

    @classmethod
    def of(cls, entry: Entry) -> "LogEntryOut":
        return cls(
            id=entry.id,
            urn=entry.urn,
            kind=entry.kind,
            subject=entry.subject,
            organisation=entry.organisation,
            at=entry.at,
            index=entry.index,
            leaf_hash=entry.leaf_hash.hex(),
            payload=dict(entry.payload),
            leaf=entry.leaf.decode(),
        )


class EntriesOut(Schema):
    """A page of entries, newest first, and how many match in all."""

    total: int
    entries: list[LogEntryOut]


class CheckpointOut(Schema):
    """The latest checkpoint, read and as signed."""

    origin: str
    size: int
    root: str
    text: str
    verifier: str


class ConsistencyOut(Schema):
    """That the tree of ``size1`` begins the tree of ``size2`` (RFC 6962); hashes are hexadecimal."""

    size1: int
    size2: int
    root1: str
    root2: str
    hashes: list[str]


class IncludedOut(Schema):
    """An entry and its inclusion proof, from the leaf up."""

    index: int
    leaf: str
    hashes: list[str]


class EvidenceOut(Schema):
    """What a third party checks offline; hashes are base64, from the leaf up."""

    format: str
    leaf: str
    index: int
    size: int
    hashes: list[str]
    checkpoint: str
    verifier: str
    policy: str
    keys: list[IncludedOut]


class Wanted(Schema):
    """Which entries: exact kind, subject, organisation; ``q`` is looked for in all three."""

    kind: str = ""
    subject: str = ""
    organisation: str = ""
    q: str = ""
    offset: int = Field(0, ge=0, le=2**53)
    limit: int = Field(50, ge=1, le=500)


class About(Schema):
    """Which entries: about a thing, by someone, or both; ``skip`` leaves out the earliest."""

    subject: str = Field("", max_length=300)
    by: str = Field("", max_length=300)
    skip: int = Field(0, ge=0, le=2**53)


class CompletenessOut(Schema):
    """All the entries that bear a label, and the proof that there are no others; see docs/ledger.md."""

    format: str
    about: str
    by: str
    skipped: int
    before: str
    entries: list[IncludedOut]
    map: dict[str, Any]
    map_entry: IncludedOut
    size: int
    checkpoint: str
    verifier: str
    policy: str


class WitnessOut(Schema):
    """A witness; ``lag``: entries it has not cosigned yet; ``alarm``: what it found wrong with the log."""

    name: str
    key: str
    size: int
    lag: int
    seen_at: datetime | None
    error: str
    alarm: str
    alarm_at: datetime | None


Size = Annotated[int, Query(ge=1, le=2**53)]


@router.get("/checkpoint", response=CheckpointOut, summary="The latest checkpoint")
@requires("ledger.view")
def read_checkpoint(request: HttpRequest) -> CheckpointOut:  # noqa: ARG001 - ninja hands it over by name
    found = api.checkpoint()
    return CheckpointOut(
        origin=found.origin,
        size=found.size,
        root=found.root.hex(),
        text=found.text,
        verifier=api.verifier_key(),
    )


@router.get("/entries", response=EntriesOut, summary="Entries that match, newest first")
@requires("ledger.view")
def list_entries(request: HttpRequest, wanted: Query[Wanted]) -> EntriesOut:  # noqa: ARG001 - ninja
    found = api.find(
        kind=wanted.kind,
        subject=wanted.subject,
        organisation=wanted.organisation,
        text=wanted.q,
        offset=wanted.offset,
        limit=wanted.limit,
    )
    return EntriesOut(total=found.total, entries=[LogEntryOut.of(each) for each in found.entries])


@router.get("/entries/{int:entry_id}", response=LogEntryOut, summary="One entry")
@requires("ledger.view")
def read_entry(request: HttpRequest, entry_id: int) -> LogEntryOut:  # noqa: ARG001 - ninja hands it over by name
    return LogEntryOut.of(api.entry(entry_id))


@router.get(
    "/entries/{int:entry_id}/proof", response=EvidenceOut, summary="Evidence that an entry is in the log"
)
@requires("ledger.view")
def read_proof(request: HttpRequest, entry_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja hands it over by name
    return api.evidence(entry_id, settle=False)


@router.get(
    "/about", response=CompletenessOut, summary="Evidence that these are all the entries about a thing"
)
@requires("ledger.view")
def read_about(request: HttpRequest, wanted: Query[About]) -> dict[str, Any]:  # noqa: ARG001 - ninja
    return api.evidence_about(wanted.subject, by=wanted.by, skip=wanted.skip, fresh=False)


@router.get("/witnesses", response=list[WitnessOut], summary="Witnesses of the log and how far each has come")
@requires("ledger.view")
def read_witnesses(request: HttpRequest) -> list[WitnessOut]:  # noqa: ARG001 - ninja hands it over by name
    return [
        WitnessOut(**{name: getattr(each, name) for name in WitnessOut.model_fields})
        for each in api.witnesses()
    ]


@router.get("/consistency", response=ConsistencyOut, summary="Proof that the log only grew")
@requires("ledger.view")
def read_consistency(request: HttpRequest, size1: Size, size2: Size) -> ConsistencyOut:  # noqa: ARG001 - ninja
    found = api.consistency(size1, size2)
    return ConsistencyOut(
        size1=found.size1,
        size2=found.size2,
        root1=found.root1.hex(),
        root2=found.root2.hex(),
        hashes=[each.hex() for each in found.hashes],
    )
