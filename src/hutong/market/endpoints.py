"""The supermarket for programs: ``/api/market``. Calls carry ``Authorization: Bearer <key>``."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Annotated, Any, Final, Literal

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from hutong.accounts.api import current, requires
from hutong.kernel.answers import BilingualOut, Day, Digest, MishapOut, Moment
from hutong.market import calling, jobs, metering, shelf, subscriptions, training, usage
from hutong.market.errors import BadInput, QuotaSpent, TooMuch
from hutong.market.refusals import noted
from hutong.market.training_endpoints import Share
from hutong.market.training_endpoints import router as training_router
from hutong.market.types import Accuracy, Answer, Holder, Kind, Limits, Module, Subscription

router = Router()
router.add_router("", training_router)
_BODY: Final = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
}
_LINES: Final = {
    "responses": {
        200: {
            "description": "An object a line, in the order of the inputs: ``index`` and ``output`` or ``error``",
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        }
    }
}
_MOST: Final = jobs.MOST_BYTES


class ItemsOut(Schema):
    """Items of a day and of a month in Shanghai."""

    day: int
    month: int


class ServiceOut(Schema):
    """What is promised: the share of calls that are answered, and in how many milliseconds most are."""

    availability: Annotated[float, Field(ge=0, le=1)]
    answer_ms: int


class RatingOut(Schema):
    """How many subscribers rated it, and the mean of their stars."""

    count: int
    mean: Annotated[float, Field(ge=1, le=5)]


class SampleOut(Schema):
    """Something to try the module with."""

    title: BilingualOut
    input: dict[str, Any]


class LearntOut(Schema):
    """The model in use that the district trained: shares of cases it had not seen."""

    number: int
    cases: int
    first: Share
    three: Share
    sha256: Digest


class ModuleOut(Schema):
    """What a module is and what the district offers of it; ``model`` answers where there is one."""

    id: str
    urn: str
    version: str
    kind: Kind
    title: BilingualOut
    summary: BilingualOut
    owner: str
    price: BilingualOut
    approval: Annotated[bool, Field(description="the owner decides about each subscription")]
    quota: ItemsOut
    service: ServiceOut
    limits: Limits
    accuracy: list[Accuracy]
    learns: Annotated[bool, Field(description="the district can train it on its own handled cases")]
    model: LearntOut | None
    rating: RatingOut | None


class OneModuleOut(ModuleOut):
    """``input_schema`` and ``output_schema`` are JSON Schema."""

    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    samples: list[SampleOut]


class AnswerOut(Schema):
    """``output`` is as the module's ``output_schema`` says; ``items`` were metered, ``left`` is what remains."""

    module: str
    version: str
    output: dict[str, Any]
    items: int
    ms: int
    left: ItemsOut


class RunOut(Schema):
    id: str
    module: str
    state: Literal["waiting", "running", "done", "failed"]
    done: Annotated[int, Field(description="inputs worked on")]
    total: int
    keep_until: Annotated[Moment, Field(description="until when the result may be fetched")]
    error: MishapOut | None


class SubscriptionOut(Schema):
    id: str
    urn: str
    module: str
    organisation: str
    purpose: str
    state: Literal["waiting", "active", "refused", "ended"]
    asked_at: datetime
    quota: ItemsOut
    left: ItemsOut


class SubscriptionIn(Schema):
    module: str
    purpose: str


class KeyOut(Schema):
    """``key`` is shown this once."""

    key: str


class UseOut(Schema):
    day: Day
    items: int
    failed: int


@router.get("/modules", response=list[ModuleOut], summary="The shelf")
@requires("market.view")
def modules(request: HttpRequest, q: str = "", kind: str = "") -> list[dict[str, Any]]:  # noqa: ARG001 - the guard reads it
    found, _counts = shelf.find(q[:200], {"kind": kind})
    return [_module(each) for each in found]


@router.get("/modules/{name}", response=OneModuleOut, summary="One module with its schemas and samples")
@requires("market.view")
def module(request: HttpRequest, name: str) -> dict[str, Any]:  # noqa: ARG001 - the guard reads it
    found = shelf.module(name)
    samples = [each.model_dump() for each in found.manifest.samples]
    return {
        **_module(found), "input_schema": found.input_schema, "output_schema": found.output_schema,
        "samples": samples,
    }  # fmt: skip


def _told(view: Callable[..., Any]) -> Callable[..., Any]:
    """Quota answers say in a header when to come again."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, *args, **kwargs)
        except QuotaSpent as error:
            answer = JsonResponse(
                error.as_dict(), status=429, content_type="application/problem+json",
                json_dumps_params={"ensure_ascii": False},
            )  # fmt: skip
            answer.headers["Retry-After"] = str(error.facts["seconds"])
            return answer

    return guarded


@router.post("/modules/{name}/call", response=AnswerOut, summary="Call a module", openapi_extra=_BODY)
@_told
@requires("market.view")
def call(request: HttpRequest, name: str) -> dict[str, Any]:
    found = shelf.module(name)
    with noted(current(request), _key(request), name):
        who = _holder(request, found)
        given, size = _json(request, found.manifest.limits.bytes)
        return _answer(calling.call(found, who, given, size))


@router.post("/modules/{name}/jobs", response={202: RunOut}, summary="Send a long input", openapi_extra=_BODY)
@_told
@requires("market.view")
def submit(request: HttpRequest, name: str) -> Any:
    """``{"inputs": [input, …]}``: each as for a call, 1,000 at the most."""
    found = shelf.module(name)
    with noted(current(request), _key(request), name):
        who = _holder(request, found)
        given, size = _json(request, _MOST)
        if not isinstance(given, dict) or not isinstance(given.get("inputs"), list) or len(given) > 1:
            raise BadInput(
                key="inputs", reason='must be {"inputs": [...]}', reason_zh='应为 {"inputs": [...]}'
            )
        return Status(202, jobs.submit(found, who, given["inputs"], size))


@router.get("/modules/{name}/jobs/{run}", response=RunOut, summary="How far a job is")
@requires("market.view")
def run(request: HttpRequest, name: str, run: str) -> Any:
    with noted(current(request), _key(request), name):
        return jobs.status(_holder(request, shelf.module(name)), run)


@router.get(
    "/modules/{name}/jobs/{run}/result", openapi_extra=_LINES, summary="The result, a JSON line an input"
)
@requires("market.view")
def result(request: HttpRequest, name: str, run: str) -> HttpResponse | StreamingHttpResponse:
    with noted(current(request), _key(request), name):
        body = jobs.result(_holder(request, shelf.module(name)), run)
    answer = StreamingHttpResponse(body, content_type="application/x-ndjson")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{run[:8]}.ndjson"'
    return answer


@router.get("/subscriptions", response=list[SubscriptionOut], summary="One's organisation's subscriptions")
@requires("market.subscribe")
def mine(request: HttpRequest) -> list[dict[str, Any]]:
    actor = current(request)
    held = subscriptions.of_organisations([actor.organisation]) if actor.organisation else []
    return [_subscription(subscriptions.own(actor, each.id)) for each in held]


@router.post("/subscriptions", response={201: SubscriptionOut}, summary="Subscribe to a module")
@requires("market.subscribe")
def subscribe(request: HttpRequest, asked: SubscriptionIn) -> Any:
    return Status(201, _subscription(subscriptions.subscribe(current(request), asked.module, asked.purpose)))


@router.get("/subscriptions/{name}/usage", response=list[UseOut], summary="What it used in the last 30 days")
@requires("market.subscribe")
def used(request: HttpRequest, name: str) -> list[dict[str, Any]]:
    found = subscriptions.own(current(request), name)
    rows = usage.by_day([subscriptions.holder_of(found).name])
    return [{"day": day.isoformat(), "items": items, "failed": failed} for day, items, failed in rows]


@router.post("/subscriptions/{name}/keys", response={201: KeyOut}, summary="Make a key")
@requires("market.subscribe")
def make_key(request: HttpRequest, name: str) -> Any:
    return Status(201, {"key": subscriptions.make_key(current(request), name)})


@router.delete("/subscriptions/{name}/keys/{hint}", response={204: None}, summary="Revoke a key")
@requires("market.subscribe")
def revoke_key(request: HttpRequest, name: str, hint: str) -> Any:
    subscriptions.revoke_key(current(request), name, hint)
    return Status(204, None)


def _holder(request: HttpRequest, found: Module) -> Holder:
    return calling.holder(current(request), _key(request), found)


def _key(request: HttpRequest) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


def _json(request: HttpRequest, limit: int) -> tuple[Any, int]:
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > limit:
        raise TooMuch(given=f"{size} B", limit=f"{limit} B")
    body = request.body
    try:
        return orjson.loads(body), len(body)
    except orjson.JSONDecodeError as error:
        where = f"第 {error.lineno} 行第 {error.colno} 列"
        raise BadInput(
            key="body", reason=f"not JSON: {error}", reason_zh=f"不是有效的 JSON（{where}）"
        ) from error


def _answer(found: Answer) -> dict[str, Any]:
    return {
        "module": found.module, "version": found.version, "output": found.output, "items": found.items,
        "ms": found.ms, "left": {"day": found.left.day, "month": found.left.month},
    }  # fmt: skip


def _subscription(found: Subscription) -> dict[str, Any]:
    left = metering.left(subscriptions.holder_of(found))
    return {
        "id": found.id, "urn": found.urn, "module": found.module, "organisation": found.organisation,
        "purpose": found.purpose, "state": found.state, "asked_at": found.asked_at,
        "quota": {"day": found.day, "month": found.month}, "left": {"day": left.day, "month": left.month},
    }  # fmt: skip


def _module(found: Module) -> dict[str, Any]:
    manifest, offer = found.manifest, found.offer
    score = usage.scores().get(found.id)
    learnt = training.active(found.id) if manifest.learns else None
    return {
        "id": found.id, "urn": found.urn, "version": manifest.version, "kind": manifest.kind,
        "title": manifest.title.model_dump(), "summary": manifest.summary.model_dump(), "owner": offer.owner,
        "price": offer.price.as_dict(), "approval": offer.approval,
        "quota": {"day": offer.day, "month": offer.month},
        "service": {"availability": offer.availability, "answer_ms": offer.answer_ms},
        "limits": manifest.limits.model_dump(),
        "accuracy": [each.model_dump(mode="json") for each in manifest.accuracy],
        "learns": manifest.learns,
        "model": {
            "number": learnt.number, "cases": learnt.cases, "first": learnt.figures["first"],
            "three": learnt.figures["three"], "sha256": learnt.sha256,
        } if learnt else None,
        "rating": {"count": score.count, "mean": score.mean} if score else None,
    }  # fmt: skip
