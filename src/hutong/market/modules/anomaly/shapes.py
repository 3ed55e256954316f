"""What it takes and gives."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hutong.market.modules.forecast.shapes import Value
from hutong.market.types import Shape


class Given(Shape):
    values: list[Value] = Field(
        title="数值 / Values", description="按时间先后，空格或逗号分隔 / oldest first", min_length=8, max_length=20_000,
    )  # fmt: skip
    labels: list[Annotated[str, StringConstraints(max_length=60)]] = Field(
        [], title="时间标签 / Labels", description="可省略；与数值同样多 / may be left out; as many as values", max_length=20_000,
    )  # fmt: skip
    season: int = Field(1, title="季节长度 / Season", ge=1, le=400)
    threshold: float = Field(
        4.0,
        title="阈值 / Threshold",
        description="偏离多少个稳健标准差 / robust standard deviations",
        ge=2,
        le=20,
    )


class Odd(Shape):
    """``place`` counts from 0."""

    place: int
    label: str
    value: float
    usual: float
    score: float
    kind: Literal["high", "low"]
    reason: str


class Found(Shape):
    anomalies: list[Odd]
    checked: int
    spread: float
