"""What it takes and gives."""

from typing import Annotated

from pydantic import Field, StringConstraints

from hutong.market.types import Shape

Petition = Annotated[str, StringConstraints(max_length=5000)]


class Given(Shape):
    texts: list[Petition] = Field(
        title="诉求 / Petitions", description="每行一件，首句作标题 / one a line; its first sentence is its title",
        min_length=1, max_length=500,
    )  # fmt: skip


class Word(Shape):
    word: str
    weight: float
    where: str


class Option(Shape):
    category: str
    score: float


class Sorted(Shape):
    """``confidence`` compares the best with the next; ``review`` asks a person to look."""

    level1: str
    level2: str
    level3: str
    confidence: float
    review: bool
    reasons: list[Word]
    others: list[Option]


class Found(Shape):
    results: list[Sorted]
