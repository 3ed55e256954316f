"""What it takes and gives."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hutong.market.types import Shape

Side = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Context = Literal["any", "road", "transit", "scenic", "public"]


class Sign(Shape):
    zh: Side
    en: Side


class Given(Shape):
    signs: list[Sign] = Field(
        title="标识 / Signs", description="JSON：zh 与 en / JSON: zh and en", min_length=1, max_length=1000
    )
    context: Context = Field(
        "any",
        title="场合 / Context",
        description="道路、交通站点、景区、公共场所 / road, transit, scenic, public",
    )


class Basis(Shape):
    """The standard, its edition and where it applies: a verdict is never without."""

    standard: str
    edition: str
    context: str
    wanted: list[str]


class Verdict(Shape):
    zh: str
    en: str
    verdict: Literal["conforms", "differs", "conflict", "unknown"]
    basis: list[Basis]
    reasons: list[str]


class Found(Shape):
    results: list[Verdict]
    counts: dict[str, int]
