"""What programs send to the exchange, as its OpenAPI says."""

from datetime import date
from typing import Annotated, Literal

from ninja import Path, Query, Schema
from pydantic import AfterValidator, Field, JsonValue

from hutong.exchange.wishes import LONGEST


def clean(text: str) -> str:
    """Raises ``ValueError`` for what no store can hold."""
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("a character that is none")
    return text


Line = Annotated[str, Field(max_length=250), AfterValidator(clean)]
Long = Annotated[str, Field(max_length=LONGEST), AfterValidator(clean)]
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
