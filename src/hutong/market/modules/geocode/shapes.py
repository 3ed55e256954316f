"""What it takes and gives."""

from typing import Literal

from pydantic import Field

from hutong.market.modules.coordinates.shapes import Crs
from hutong.market.types import Shape


class Given(Shape):
    places: list[str] = Field(
        title="地址或坐标 / Addresses or points",
        description="每行一个：地址，或“经度,纬度” / one a line: an address, or “longitude,latitude”",
        min_length=1, max_length=1000,
    )  # fmt: skip
    crs: Crs = Field("wgs-84", title="坐标系 / Reference system of points")


class Placed(Shape):
    """``confidence`` is 0 to 1; ``level`` the smallest area found; points are WGS 84."""

    given: str
    level: Literal["grid", "community", "subdistrict", "district", "outside", "unknown"]
    confidence: float
    district: str = ""
    subdistrict: str = ""
    subdistrict_code: str = ""
    community: str = ""
    community_code: str = ""
    grid: str = ""
    lon: float | None = None
    lat: float | None = None
    reasons: list[str]


class Found(Shape):
    results: list[Placed]
    areas: str
