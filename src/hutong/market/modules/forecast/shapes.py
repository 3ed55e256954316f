"""What it takes and gives."""

from typing import Annotated

from pydantic import Field

from hutong.market.types import Shape

Value = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]


class Given(Shape):
    values: list[Value] = Field(
        title="历史值 / Values so far", description="按时间先后，空格或逗号分隔 / oldest first", min_length=6, max_length=5000,
    )  # fmt: skip
    season: int = Field(
        1,
        title="季节长度 / Season",
        description="月度 12，日度 7，小时 24；1 为无 / 12 monthly, 7 daily, 24 hourly; 1 none",
        ge=1,
        le=400,
    )
    horizon: int = Field(6, title="预测几步 / Steps ahead", ge=1, le=200)


class Ahead(Shape):
    step: int
    value: float
    low: float
    high: float


class Tried(Shape):
    """``error``: mean absolute error on the last part of the past, over that of repeating the last season."""

    method: str
    error: float


class Found(Shape):
    forecast: list[Ahead]
    method: str
    tried: list[Tried]
    note: str
