"""What indicators answer programs, as the OpenAPI says it. Numbers are in the unit of their indicator."""

from typing import Annotated

from ninja import Schema
from pydantic import Field, RootModel

from hutong.indicators.logic.periods import Period
from hutong.indicators.types import Direction, Nature, State
from hutong.kernel.answers import BilingualOut, Day, Digest, Moment, Urn

Entry = Annotated[int, Field(description="number of the entry in the log, /api/ledger/entries/<number>")]


class GoalOut(Schema):
    """What is to be reached by the end of ``year``: from ``low`` to ``high``, null where it is open."""

    year: int
    low: float | None
    high: float | None
    about: Annotated[bool, Field(description="the plan says “about”")]


class IndicatorOut(Schema):
    """An indicator as its pack defines it."""

    id: str
    urn: Urn
    hash: Annotated[Digest, Field(description="SHA-256 of everything that decides its values")]
    title: BilingualOut
    summary: BilingualOut
    unit: BilingualOut
    group: str
    period: Annotated[Period, Field(description="how often it has a value")]
    direction: Annotated[Direction, Field(description="which way is better")]
    nature: Annotated[Nature, Field(description="what a plan makes of it: 预期性, 约束性, or watched only")]
    reference: Annotated[str, Field(description="the source of the definition")]
    tables: Annotated[list[str], Field(description="identifiers of the tables its query reads")]
    dimensions: Annotated[list[str], Field(description="by what it is broken down")]
    targets: list[GoalOut]
    query: Annotated[str, Field(description="SQL; $as_of is the day")]
    file: Annotated[str, Field(description="where in the pack")]
    line: int


class FigureOut(Schema):
    """A figure on a day. Changes are shares: 0.05 is 5%."""

    indicator: str
    urn: Urn
    title: BilingualOut
    unit: BilingualOut
    as_of: Day
    period: Annotated[Day | None, Field(description="first day of the period it is about")]
    dims: Annotated[dict[str, str], Field(description="member by dimension; empty: the total")]
    value: Annotated[float | None, Field(description="null: not computed for that day, or withheld")]
    text: Annotated[str, Field(description="the value exactly, as text")]
    withheld: Annotated[
        bool, Field(description="there is a value, but it counts too few people to be shown to the reader")
    ]
    previous: Annotated[float | None, Field(description="the value of the period before")]
    change: Annotated[float | None, Field(description="against the period before")]
    year_before: float | None
    change_year: Annotated[float | None, Field(description="against the year before")]
    state: Annotated[State, Field(description="against its target")]
    series: Annotated[
        list[tuple[Day | None, str]],
        Field(
            description="first day of a period and its exact value, oldest first; empty where it is withheld"
        ),
    ]
    snapshots: Annotated[list[Urn], Field(description="states of tables it was computed from")]
    entry: Annotated[int | None, Field(description="number of its entry in the log")]
    computed_at: Moment | None
    url: str


class PartOut(Schema):
    """One member of a breakdown; ``before``: its value a period earlier."""

    member: str
    name: BilingualOut
    value: float | None
    before: float | None
    withheld: Annotated[bool, Field(description="it counts too few people to be shown to the reader")]


class ReadingOut(Schema):
    """One state of a table that a computation read."""

    table: str
    urn: Urn
    sequence: Annotated[int, Field(ge=1, description="counts from 1 in its table")]
    iceberg_id: Annotated[
        str, Field(description="the snapshot's number in Iceberg, as text", pattern="^[0-9]+$")
    ]
    rows: int
    entry: Entry
    committed_at: Moment


class ComputationOut(Schema):
    """One run of an indicator's query."""

    urn: Urn
    indicator: str
    as_of: Day
    known_at: Annotated[Moment | None, Field(description="states of tables as they were known then")]
    definition: Annotated[Digest, Field(description="hash of the definition it ran by")]
    query: str
    result: Annotated[Digest, Field(description="SHA-256 of all its values, which the log holds")]
    points: Annotated[int, Field(description="how many values")]
    entry: Entry
    computed_at: Moment
    elapsed_ms: float
    snapshots: list[ReadingOut]


class WalkOut(Schema):
    """A figure walked back: definition, computation, and the queries as they ran."""

    definition: IndicatorOut
    computation: ComputationOut
    sql: Annotated[str, Field(description="DuckDB")]
    rows_sql: Annotated[str, Field(description="the rows behind the figure")]
    spark: Annotated[str, Field(description="the same query for Spark")]


class AgainOut(ComputationOut):
    """A computation and what it gave when it was computed once more: ``same`` when nothing differs."""

    same: bool
    result: Annotated[Digest, Field(description="of the values as computed now")]
    expected: Annotated[Digest, Field(description="of the values as the log holds it")]


Valued = Annotated[
    tuple[Day | None, dict[str, str], str],
    Field(description="first day of the period, member by dimension (none: the total), exact value"),
]


class SaltedOut(Schema):
    """Values with the salt that their hash was taken with, so that nobody finds small values by trying."""

    salt: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    values: list[Valued]


class ValuesOut(RootModel[SaltedOut | list[Valued]]):
    """All values of a computation as the hash in the log was taken over: these bytes. A bare list before salts."""
