"""Training for programs: ``/api/market/modules/{name}/models``."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from hutong.accounts.api import Target, allow, current, requires
from hutong.kernel.answers import Digest, MishapOut, Urn
from hutong.market import shelf, training
from hutong.market.types import Asked, Training

router = Router()
Share = Annotated[float, Field(ge=0, le=1)]


class TrainIn(Schema):
    """The lake table of handled cases, its columns, and the seed on which the order of learning depends."""

    table: str
    text: str
    label: str
    seed: int = 1


class UseIn(Schema):
    """``number`` of the model to use; 0 is the module as it ships."""

    number: int


class LabelOut(Schema):
    """Of one label: its cases, the share found, the share right where it was said, what it was mostly taken for."""

    label: str
    cases: int
    found: Share
    right: Share | None
    instead: str
    telling: list[str]


class FiguresOut(Schema):
    """Shares: the first label right, one of three right, what always saying the most frequent label would give.

    ``unattended`` is not handed to a person, ``sure`` how much of that is right.
    """

    first: Share
    three: Share
    usual: Share
    unattended: Share
    sure: Share | None = None


class ShippedOut(Schema):
    """The shipped module on the same cases, where their labels are its own."""

    first: Share
    three: Share


class TrainingOut(Schema):
    """A model. ``figures`` and ``labels`` are of cases it had not seen; ``beside`` is the shipped module on them."""

    urn: Urn
    module: str
    number: int
    state: Literal["waiting", "running", "failed", "ready", "active"]
    done: int
    total: int
    table: str
    text: str
    label: str
    seed: int
    asked_at: datetime
    organisation: str
    snapshots: list[str]
    cases: int
    figures: FiguresOut | None
    beside: ShippedOut | None
    labels: list[LabelOut]
    left_out: dict[str, int]
    sha256: Digest | None
    size: int
    entry: int | None
    trained_at: datetime | None
    active_since: datetime | None
    error: MishapOut | None


class InUseOut(Schema):
    """Which model answers; ``number`` 0 and no ``sha256`` where the module works as shipped."""

    module: str
    number: int
    sha256: Digest | None


@router.get("/modules/{name}/models", response=list[TrainingOut], summary="Models that a module learnt")
@requires("market.train")
def models(request: HttpRequest, name: str) -> list[dict[str, Any]]:
    _allowed(request, name)
    return [_training(each) for each in training.trainings(name)]


@router.post("/modules/{name}/models", response={202: TrainingOut}, summary="Train a module on a table")
@requires("market.train")
def train(request: HttpRequest, name: str, asked: TrainIn) -> Any:
    made = training.ask(current(request), name, Asked(asked.table, asked.text, asked.label, asked.seed))
    return Status(202, _training(made))


@router.get("/modules/{name}/models/{number}", response=TrainingOut, summary="One model, or how far it is")
@requires("market.train")
def model(request: HttpRequest, name: str, number: int) -> dict[str, Any]:
    _allowed(request, name)
    return _training(training.training(name, number))


@router.put(
    "/modules/{name}/model", response=InUseOut, summary="Put a model to use, or go back to the shipped one"
)
@requires("market.train")
def use(request: HttpRequest, name: str, asked: UseIn) -> dict[str, Any]:
    found = training.use(current(request), name, asked.number)
    return {"module": name, "number": found.number if found else 0, "sha256": found.sha256 if found else None}


def _allowed(request: HttpRequest, name: str) -> None:
    allow(current(request), "market.train", Target(shelf.module(name).offer.owner))


def _training(found: Training) -> dict[str, Any]:
    return {
        "urn": found.urn, "module": found.module, "number": found.number, "state": found.state,
        "done": found.done, "total": found.total, "table": found.asked.table, "text": found.asked.text,
        "label": found.asked.label, "seed": found.asked.seed, "asked_at": found.asked_at,
        "organisation": found.organisation, "snapshots": list(found.snapshots), "cases": found.cases,
        "figures": found.figures or None, "beside": found.beside or None, "labels": list(found.labels),
        "left_out": found.left_out, "sha256": found.sha256 or None, "size": found.size, "entry": found.entry or None,
        "trained_at": found.trained_at, "active_since": found.active_since, "error": found.error,
    }  # fmt: skip
