"""What it takes and gives."""

from typing import Annotated, Literal

from pydantic import Field

from hutong.market.types import Shape

Crs = Literal["wgs-84", "cgcs2000", "gcj-02", "bd-09"]


class Point(Shape):
    """Degrees."""

    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


class Given(Shape):
    points: list[Point] = Field(title="坐标点 / Points", min_length=1, max_length=10_000)
    source: Crs = Field("gcj-02", title="原坐标系 / From")
    target: Crs = Field("wgs-84", title="目标坐标系 / To")


class Moved(Point):
    moved_m: float
    outside: bool


class Found(Shape):
    points: list[Moved]
    note: str
