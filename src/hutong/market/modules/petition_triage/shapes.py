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
    """A word of the table (``where`` is 首句 or 正文), or a piece that the district's model learnt (片段)."""

    word: str
    weight: float
    where: str


class Option(Shape):
    """A near miss, with the words or pieces that speak for it."""

    category: str
    score: float
    words: list[str]


class Sorted(Shape):
    """``label`` is what was decided: the first level, or the category or department that the district's model learnt.

    ``confidence`` compares the best with the next, or is the model's share; ``review`` asks a person to look.
    """

    label: str
    level1: str
    level2: str
    level3: str
    confidence: float
    review: bool
    reasons: list[Word]
    others: list[Option]


class Found(Shape):
    results: list[Sorted]
