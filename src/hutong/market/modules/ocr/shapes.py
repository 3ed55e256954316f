"""What it takes and gives."""

from pydantic import Field

from hutong.market.types import Shape


class Given(Shape):
    image: str = Field(
        title="图片或 PDF / Image or PDF",
        description="PNG、JPEG 或 PDF，至多 4 MB / PNG, JPEG or PDF, 4 MB at most",
        max_length=6_000_000, json_schema_extra={"format": "base64"},
    )  # fmt: skip
    page: int = Field(1, title="PDF 页码 / Page of a PDF", ge=1, le=2000)


class Line(Shape):
    """``box``: x and y of the four corners, clockwise from the upper left, in pixels."""

    text: str
    confidence: float
    box: list[float]


class Found(Shape):
    text: str
    lines: list[Line]
    width: int
    height: int
