"""What it takes and gives."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hutong.market.types import Shape

Long = Annotated[str, StringConstraints(max_length=20_000)]
Kind = Literal["id_number", "phone", "bank_card", "plate", "uscc", "email", "name", "address"]


class Given(Shape):
    texts: list[Long] = Field(
        [], title="文本 / Texts", description="每行一段 / one a line", max_length=1000,
    )  # fmt: skip
    rows: list[dict[str, str | int | float | bool | None]] = Field(
        [], title="表格行 / Rows of a table",
        description="JSON 对象的列表；列名帮助识别 / a list of JSON objects; column names help", max_length=5000,
    )  # fmt: skip
    mode: Literal["mask", "hash", "replace"] = Field(
        "mask", title="方式 / How", description="遮盖、加盐摘要或替换为类别 / mask, salted digest, or the kind",
    )  # fmt: skip
    salt: str = Field("", title="盐 / Salt", description="摘要方式必填 / needed for hash", max_length=100)
    keep: list[Kind] = Field([], title="不处理的类别 / Kinds to leave")


class Hit(Shape):
    """``item`` counts texts, then rows, from 0; ``column`` for rows. What was found itself is not repeated."""

    item: int
    column: str = ""
    kind: Kind
    start: int
    length: int
    reason: str


class Found(Shape):
    texts: list[str]
    rows: list[dict[str, str | int | float | bool | None]]
    hits: list[Hit]
    counts: dict[str, int]
