"""What it takes and gives."""

from typing import Annotated

from pydantic import Field, StringConstraints

from hutong.market.types import Shape

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Given(Shape):
    names: list[Name] = Field(
        title="要找的名称 / Names", description="每行一个 / one a line", min_length=1, max_length=1000
    )
    candidates: list[Name] = Field(
        title="名录 / Candidates", description="每行一个 / one a line", min_length=1, max_length=20_000
    )
    best: int = Field(3, title="每个给出几个 / How many each", ge=1, le=10)


class Candidate(Shape):
    name: str
    score: float
    reasons: list[str]


class Matched(Shape):
    name: str
    sure: bool
    candidates: list[Candidate]


class Found(Shape):
    results: list[Matched]
