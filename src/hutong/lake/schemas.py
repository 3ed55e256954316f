"""What the lake answers programs, as the OpenAPI says it."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from hutong.kernel.answers import BilingualOut, MishapOut, Urn
from hutong.lake.types import Dimension

Count = Annotated[int, Field(ge=0)]
Score = Annotated[float | None, Field(ge=0, le=100, description="0 to 100; null: nothing is checked")]


class SnapshotOut(Schema):
    """One committed state of a table."""

    table: str
    sequence: Annotated[int, Field(ge=1, description="counts from 1 in its table")]
    iceberg_id: Annotated[int, Field(description="the snapshot's number in Iceberg, 64 bits")]
    committed_at: datetime
    rows: Count
    urn: Urn
    entry_id: Annotated[int, Field(description="number of the entry in the log")]
    contract_version: int
    load_id: str


class TableOut(Schema):
    """A table and its newest state, null before the first."""

    table: str
    sql_name: Annotated[str, Field(description="its name in queries")]
    title: BilingualOut
    urn: Urn
    contract_version: int
    latest: SnapshotOut | None
    score: Score
    bytes: Annotated[Count, Field(description="size of its files")]


class DefectOut(Schema):
    """One kind of defect in one column or rule, and in how many rows."""

    code: str
    column: Annotated[str, Field(description="the column or the rule; empty: the file as a whole")]
    count: Count
    outcome: Annotated[
        Literal["quarantined", "warned", "emptied", "noted"],
        Field(description="what became of the value or row"),
    ]
    dimension: Dimension
    what: BilingualOut
    fix: BilingualOut
    rows: Annotated[list[int], Field(description="the first few, counted as a spreadsheet does")]


class DimensionOut(Schema):
    """The share of cells or rows without a defect of a dimension of quality (GB/T 36344-2018), in percent."""

    dimension: Dimension
    score: Score
    affected: Count
    checked: Count
    why: BilingualOut


class QualityOut(Schema):
    """The quality of a snapshot as its load found it; ``score``: the mean of the dimensions that are checked."""

    score: Annotated[float, Field(ge=0, le=100)]
    dimensions: list[DimensionOut]
    findings: list[DefectOut]
    rows_in: Count
    rows_loaded: Count
    rows_quarantined: Count


class LoadOut(Schema):
    """What a load did, or how far it is. ``snapshot`` is the URN of what it made; ``error`` says why it failed."""

    load_id: str
    urn: Urn
    table: str
    state: Literal["running", "committed", "unchanged", "failed", "interrupted"]
    source: str
    sha256: Annotated[
        str, Field(description="of what came, empty until it is there", pattern="^([0-9a-f]{64})?$")
    ]
    mode: Literal["replace", "append", "upsert"]
    actor: str
    started_at: datetime
    finished_at: datetime | None
    rows_in: Count
    rows_loaded: Count
    rows_quarantined: Count
    findings: list[DefectOut]
    snapshot: str
    error: MishapOut | None


class PutAsideOut(Schema):
    """One reason why one row stayed out. ``row`` counts as a spreadsheet does: the first line is 1."""

    row: int
    column: str
    code: str
    what: BilingualOut
    original: Annotated[str, Field(description="the value as it came, or the row where it is not one value")]
    fix: BilingualOut


class QuarantineOut(Schema):
    """Some of the reasons, and how many there are in all; ``load_id``: the load that put the rows aside."""

    total: Count
    rows: list[PutAsideOut]
    load_id: str
