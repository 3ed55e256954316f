"""What privacy answers programs, as the OpenAPI says it. Numbers are text, exactly."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from hutong.kernel.answers import BilingualOut, Day, Digest, Exact, Moment

Epsilon = Annotated[Exact, Field(description="ε, to the millionth")]


class BudgetOut(Schema):
    """What is left of the budget of a dataset and a consumer in this period; ``ever``: spent since the beginning."""

    dataset: str
    consumer: Annotated[str, Field(description="the organisation")]
    granted: Epsilon
    spent: Epsilon
    left: Epsilon
    ever: Epsilon
    renews: Annotated[Day, Field(description="the day the period begins anew")]
    price: Annotated[Exact, Field(description="CNY for an answer")]


class EstimateOut(Schema):
    """95% of answers lie within ``plus_minus`` of the truth."""

    plus_minus: Exact
    of: Annotated[
        Literal["value", "cell", "rank", "mean"],
        Field(
            description="what it is the error of; rank: rows that a quantile may be off; mean: of 1,000 rows"
        ),
    ]
    unit: str
    confidence: Annotated[float, Field(ge=0, le=1)]


class CellOut(Schema):
    """One number of an answer; with 95% the truth is between ``low`` and ``high``, of a quantile its rank in rows."""

    label: BilingualOut
    value: Exact
    low: Exact | None
    high: Exact | None


class AskedOut(Schema):
    """A question and its answer. ``repeated``: it had been answered, nothing was spent."""

    id: int
    contract: str
    dataset: str
    at: Moment
    digest: Annotated[
        Digest, Field(description="the same for the same question about the same state of the data")
    ]
    epsilon: Epsilon
    state: Annotated[
        Literal["reserved", "answered"],
        Field(description="reserved: paid for, and never answered; ask it again"),
    ]
    repeated: bool
    log_entry: Annotated[int, Field(ge=0, description="number of the entry in the log; 0: none yet")]
    snapshot: Annotated[str, Field(description="URN of the state of the data; empty: there was none")]
    unit: str
    rank_error: Annotated[
        Exact | None, Field(description="of a quantile: rows its rank may be off, with 95%")
    ]
    cells: Annotated[list[CellOut], Field(description="empty for whoever is not the consumer")]


class AskedBeforeOut(Schema):
    questions: list[AskedOut]
