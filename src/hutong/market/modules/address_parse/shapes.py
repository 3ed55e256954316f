"""What it takes and gives."""

from typing import Literal

from pydantic import Field

from hutong.market.types import Shape

Level = Literal[
    "province", "city", "district", "subdistrict", "zone", "community", "road", "road_number", "place",
    "building", "unit", "floor", "room", "other",
]  # fmt: skip


class Given(Shape):
    addresses: list[str] = Field(
        title="地址 / Addresses", description="每行一个，至多 1000 个 / one a line, 1,000 at most",
        min_length=1, max_length=1000,
    )  # fmt: skip


class Part(Shape):
    """``start`` counts characters of the address as given."""

    level: Level
    text: str
    start: int


class Parsed(Shape):
    address: str
    parts: list[Part]
    province: str = ""
    city: str = ""
    district: str = ""
    subdistrict: str = ""
    community: str = ""
    road: str = ""
    road_number: str = ""
    place: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""


class Found(Shape):
    results: list[Parsed]
