"""Shapes that the answers of several capabilities have in common, as the OpenAPI says them."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, WithJsonSchema

Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment as ISO 8601 with its offset, to the microsecond."""
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""A SHA-256."""
Exact = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$")]
"""A number as text, so that no digit of it is lost."""
Urn = Annotated[str, Field(pattern="^urn:hutong:", description="resolved at /id/<urn>")]
FILE: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}


class BilingualOut(BaseModel):
    """A text in both languages; one of them may be empty."""

    zh: str
    en: str


class PlaceOut(BaseModel):
    """Where in the input; rows and lines count from 1."""

    file: str | None = None
    row: int | None = None
    column: str | int | None = None
    line: int | None = None
    key: str | None = None


class MishapOut(BaseModel):
    """What went wrong with some work, as the answer to a request would have said it."""

    code: str
    status: Annotated[int, Field(ge=400, le=599)]
    message: BilingualOut
    fix: BilingualOut
    place: PlaceOut | None
    facts: dict[str, Any]
