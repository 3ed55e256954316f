"""What privacy is sent by programs and answers them, as the OpenAPI says it. Numbers are text, exactly."""

from typing import Annotated, Literal

from ninja import Path, Schema
from pydantic import AfterValidator, Field

from hutong.kernel.answers import BilingualOut, Day, Digest, Exact, MishapOut, Moment


def _clean(text: str) -> str:
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("a character that is none")
    return text


Name = Annotated[str, Path(max_length=120), AfterValidator(_clean)]
Word = Annotated[str, Field(max_length=120), AfterValidator(_clean)]
Line = Annotated[str, Field(max_length=1000), AfterValidator(_clean)]
Number = Annotated[str, Field(max_length=40), AfterValidator(_clean)]
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


class MatchOut(Schema):
    """One side of a joint run on record; what came out is told to that side alone, and not where it is of few."""

    run: str
    contract: str
    side: Annotated[str, Field(description="the organisation")]
    at: Moment
    state: Literal["reserved", "done", "failed"]
    why: Annotated[str, Field(description="code of what went wrong; empty: nothing")]
    rows: Annotated[int, Field(ge=0, description="own keys")]
    common: Annotated[int | None, Field(description="keys that both have")]
    chosen: Annotated[int | None, Field(description="common rows that the consumer chose, noisy")]
    chosen_within: Annotated[int, Field(ge=0, description="with 95% the truth is so near")]
    sum: Annotated[int | None, Field(description="of the chosen rows, in the unit of the column, noisy")]
    sum_within: Annotated[int, Field(ge=0)]
    column: Annotated[str, Field(description="what is summed; empty: the intersection alone")]
    epsilon: Epsilon
    purpose: str
    match_ms: Annotated[int, Field(ge=0)]
    sum_ms: Annotated[int, Field(ge=0)]
    log_entry: Annotated[int, Field(ge=0, description="number of the entry in the log; 0: none yet")]


class MatchesOut(Schema):
    runs: list[MatchOut]


class SideOut(Schema):
    """One side of a joint run as it was written down, how far it is, and what came out or went wrong."""

    id: str
    contract: str
    organisation: str
    role: Literal["provider", "consumer"]
    run: str
    stage: Annotated[
        Literal["ready", "asked", "preparing", "waiting", "computing", "done", "failed"],
        Field(
            description="ready: not started; asked: the worker has not begun; waiting: for the other side; "
            "failed: start it again under its name, which costs nothing more"
        ),
    ]
    stopping: bool
    attempt: Annotated[int, Field(ge=0, description="how often it was started")]
    at: Moment
    begun: Moment | None
    table: Annotated[str, Field(description="of the lake; empty: a file was handed over")]
    file: str
    key: str
    value: str
    where: list[str]
    column: str
    epsilon: Epsilon
    purpose: str
    own: Annotated[str, Field(description="where this side listens; empty: not chosen yet")]
    peer: str
    here: Annotated[bool, Field(description="both sides meet on this machine")]
    seconds: int
    wait: int
    error: MishapOut | None
    result: MatchOut | None


class SidesOut(Schema):
    sides: list[SideOut]


class DoorsOut(Schema):
    """What a side of a joint run under a contract may choose from."""

    engine: Annotated[bool, Field(description="whether the engine is installed here")]
    sides: Annotated[list[str], Field(description="parties in whose name whoever asks may run a side")]
    own: Annotated[list[str], Field(description="addresses where this installation may listen")]
    peers: Annotated[
        dict[str, list[str]],
        Field(description="where each party is to be called; none: it is met on this machine"),
    ]
    columns: Annotated[list[str], Field(description="columns of the dataset that may be summed")]
