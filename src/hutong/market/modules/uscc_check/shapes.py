"""What it takes and gives."""

from pydantic import Field

from hutong.market.types import Shape


class Given(Shape):
    codes: list[str] = Field(
        title="统一社会信用代码 / Codes", description="每行一个，至多 1000 个 / one a line, 1,000 at most",
        min_length=1, max_length=1000,
    )  # fmt: skip


class Checked(Shape):
    given: str
    valid: bool
    code: str
    reason: str
    authority: str = ""
    category: str = ""
    division: str = ""
    organisation_code: str = ""
    suggestion: str = ""


class Found(Shape):
    results: list[Checked]
    valid: int
