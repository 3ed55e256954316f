"""Privacy for programs, under ``/api/privacy``: ask, estimate, and see what is left. Signed in, under a contract."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.exchange.api import contracts
from hutong.exchange.errors import NoSuchContract
from hutong.privacy import asking, reading, run_endpoints
from hutong.privacy.schemas import (
    AskedBeforeOut,
    AskedOut,
    BudgetOut,
    EstimateOut,
    Line,
    Name,
    Number,
    Word,
)
from hutong.privacy.types import Asking, Question

router = Router()
router.add_router("", run_endpoints.router)
Told = dict[str, Any]


class QuestionIn(Schema):
    """A question. ``where``: conditions as column:comparison:value; numbers are written as text, exactly."""

    measure: Literal["people", "count", "sum", "mean", "quantile", "histogram"]
    epsilon: Number
    column: Word = ""
    where: list[Line] = Field(default_factory=list, max_length=20)
    low: Number = ""
    high: Number = ""
    rank: Number = "0.5"

    def question(self) -> Question:
        given = {
            name: getattr(self, name) for name in ("measure", "epsilon", "column", "low", "high", "rank")
        }
        return reading.of(given | {"where": "\n".join(self.where)})


@router.get(
    "/budgets/{contract}",
    response=BudgetOut,
    summary="What is left of the budget of a contract's dataset and consumer",
)
@requires("privacy.view")
def budget(request: HttpRequest, contract: Name) -> Told:
    found = contracts.contract_of(contract)
    actor = current(request)
    if not any(
        may(actor, "privacy.view", Target(each, kind="privacy")) for each in (found.consumer, found.provider)
    ):
        raise NoSuchContract(name=contract[:80])
    left = asking.budget(found.table, found.consumer)
    return {
        "dataset": left.dataset,
        "consumer": left.consumer,
        "granted": str(left.granted),
        "spent": str(left.spent),
        "left": str(left.left),
        "ever": str(left.ever),
        "renews": left.renews.isoformat(),
        "price": str(left.price),
    }


@router.post(
    "/contracts/{contract}/estimate", response=EstimateOut, summary="The error to expect; costs nothing"
)
@requires("privacy.ask")
def estimate(request: HttpRequest, contract: Name, asked: QuestionIn) -> Told:
    found = asking.estimate(current(request), contract, asked.question())
    return {"plus_minus": str(found.plus_minus), "of": found.of, "unit": found.unit, "confidence": 0.95}


@router.post(
    "/contracts/{contract}/ask",
    response=AskedOut,
    summary="Ask once; the same question again is answered for nothing",
)
@requires("privacy.ask")
def ask(request: HttpRequest, contract: Name, asked: QuestionIn) -> Told:
    return _told(asking.ask(current(request), contract, asked.question()))


@router.get(
    "/contracts/{contract}/questions",
    response=AskedBeforeOut,
    summary="Questions asked, newest first; answers to the consumer alone",
)
@requires("privacy.view")
def history(
    request: HttpRequest,
    contract: Name,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Told:
    actor, found = current(request), contracts.contract_of(contract)
    if not may(actor, "privacy.view", Target(found.provider, kind="privacy")):
        allow(actor, "privacy.view", Target(found.consumer, kind="privacy"))
    visible = bool(may(actor, "privacy.ask", Target(found.consumer, kind="privacy")))
    rows = asking.listed(contract=found.id, visible=visible, limit=limit, offset=offset)
    return {"questions": [_told(each) for each in rows]}


def _told(found: Asking) -> Told:
    return {
        "id": found.id,
        "contract": found.contract,
        "dataset": found.dataset,
        "at": found.at.isoformat(),
        "digest": found.digest,
        "epsilon": str(found.epsilon),
        "state": found.state,
        "repeated": found.repeated,
        "log_entry": found.log_entry,
        "snapshot": found.snapshot,
        "unit": found.unit,
        "rank_error": None if found.rank_error is None else str(found.rank_error),
        "cells": [
            {
                "label": cell.label.as_dict(),
                "value": str(cell.value),
                "low": None if cell.low is None else str(cell.low),
                "high": None if cell.high is None else str(cell.high),
            }
            for cell in found.cells
        ],
    }
