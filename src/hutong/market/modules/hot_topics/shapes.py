"""What it takes and gives."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from hutong.market.types import Shape


class Message(Shape):
    """``weight`` counts support such as likes; it matters little beside the number of messages."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    text: Annotated[str, StringConstraints(min_length=1, max_length=3000)]
    time: datetime | None = None
    weight: int = Field(0, ge=0, le=1_000_000)


class Given(Shape):
    messages: list[Message] = Field(
        title="诉求 / Messages", description="JSON：id、text、time、weight / JSON: id, text, time, weight",
        min_length=1, max_length=5000,
    )  # fmt: skip
    half_life_days: float = Field(30, title="半衰期（天） / Half-life in days", gt=0, le=3650)
    least: int = Field(2, title="至少几件成一题 / Messages that make a topic", ge=2, le=100)
    most: int = Field(20, title="至多几个话题 / Topics at most", ge=1, le=100)


class Topic(Shape):
    title: str
    heat: float
    messages: int
    support: int
    places: list[str]
    words: list[str]
    first: datetime | None
    last: datetime | None
    ids: list[str]


class Found(Shape):
    topics: list[Topic]
    alone: int
