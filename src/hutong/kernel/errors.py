"""The error tree.

HutongError
├── Invalid (422)      what was given breaks a rule
│   ├── TooLarge (413) it is larger than its bound
│   ├── NotText (400)  it holds a character that no text may have
│   ├── NotJson (400)  it holds a number that JSON has not
│   └── OutOfBounds    a value is longer, larger or later than the database keeps
├── NotFound (404)
├── Conflict (409)     it collides with what is there
├── Forbidden (403)
└── Unavailable (503)  a part that is needed does not answer

A capability derives its own errors from these in its ``errors.py``. The docstring says what happened in
plain English; ``message`` and ``fix`` say it to the user in both languages, with places for facts.
"""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from hutong.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input the fault is. Rows, columns (by number) and lines count from 1."""

    file: str | None = None
    row: int | None = None
    column: str | int | None = None
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        parts = {
            "": self.file,
            "line ": self.line,
            "row ": self.row,
            "column ": self.column,
            "key ": self.key,
        }
        return ", ".join(f"{name}{value}" for name, value in parts.items() if value is not None)

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}


class HutongError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "hutong.error"
    status: ClassVar[int] = 500
    message: ClassVar[Text] = Text(zh="出错了", en="Something went wrong")
    fix: ClassVar[Text] = Text(zh="", en="")

    def __init__(self, *, place: Place | None = None, **facts: Any) -> None:
        self.place = place
        self.facts = facts
        super().__init__(self.message.format(**facts).in_("en"))

    @property
    def said(self) -> Text:
        """The message with its facts."""
        return self.message.format(**self.facts)

    @property
    def mend(self) -> Text:
        """What the user can do, with its facts."""
        return self.fix.format(**self.facts)

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return f"{self.said}{where}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.place, self.facts)

    def as_dict(self) -> dict[str, Any]:
        """The error as a machine reads it."""
        return {
            "code": self.code,
            "status": self.status,
            "message": self.said.as_dict(),
            "fix": self.mend.as_dict(),
            "place": self.place.as_dict() if self.place else None,
            "facts": {name: _plain(value) for name, value in self.facts.items()},
        }


def _rebuild(kind: type[HutongError], place: Place | None, facts: dict[str, Any]) -> HutongError:
    return kind(place=place, **facts)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return str(value)


class Invalid(HutongError):
    """What was given breaks a rule."""

    code = "hutong.invalid"
    status = 422
    message = Text(zh="输入不符合要求：{reason}", en="The input is not valid: {reason}")


class TooLarge(Invalid):
    """The input is larger than its bound."""

    code = "hutong.too-large"
    status = 413
    message = Text(zh="输入过大，上限为 {limit}", en="The input is too large; the limit is {limit}")


class NotText(Invalid):
    """It holds a character that no text may have."""

    code = "hutong.not-text"
    status = 400
    message = Text(
        zh="输入含有文本中不允许的字符（空字符 U+0000 或不成对的代理码位）",
        en="The input holds a character that no text may have: NUL (U+0000) or half of a surrogate pair",
    )
    fix = Text(zh="去掉该字符后重新提交", en="remove that character and send it again")


class NotJson(Invalid):
    """It holds a number that JSON has not."""

    code = "hutong.not-json"
    status = 400
    message = Text(
        zh="输入含有 JSON 不允许的数值（NaN 或无穷大）",
        en="The input holds a number that JSON has not: NaN or infinity",
    )
    fix = Text(zh="没有数值时写 null", en="write null where there is no number")


class OutOfBounds(Invalid):
    """A value is longer, larger or later than the database keeps."""

    code = "hutong.out-of-bounds"
    message = Text(
        zh="有一项输入过长，或数值、日期超出可保存的范围",
        en="A value is too long, or a number or day is beyond what can be kept",
    )
    fix = Text(zh="缩短文字，核对数值和日期", en="shorten the text, check numbers and days")


class NotFound(HutongError):
    """There is no such thing here."""

    code = "hutong.not-found"
    status = 404
    message = Text(zh="没有找到 {what}", en="{what} was not found")


class Conflict(HutongError):
    """It collides with what is there already."""

    code = "hutong.conflict"
    status = 409
    message = Text(zh="与已有内容冲突：{reason}", en="It conflicts with what is there: {reason}")


class Forbidden(HutongError):
    """The actor may not do this."""

    code = "hutong.forbidden"
    status = 403
    message = Text(zh="您没有权限：{reason}", en="You may not do this: {reason}")


class Unavailable(HutongError):
    """A part that is needed does not answer."""

    code = "hutong.unavailable"
    status = 503
    message = Text(zh="{part} 暂不可用", en="{part} is not available now")
