"""Building blocks for the models of sections, and the manifest every pack has."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hutong.kernel.text import Text

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_HAN = re.compile(r"[\u3400-\u9fff]")


class Wrong(ValueError):
    """Raised by a validator of a section's model to say in both languages what was expected and the fix."""

    def __init__(self, expected: Text, fix: Text, *, code: str = "wrong-value") -> None:
        super().__init__(expected.in_("en"))
        self.expected, self.fix, self.code = expected, fix, code


@dataclass(frozen=True, slots=True)
class RefTo:
    """``Annotated[str, RefTo("organisations")]``: the text must be an id declared in that section."""

    section: str


@dataclass(frozen=True, slots=True)
class RefToSource:
    """``Annotated[str, RefToSource()]``: the text must be the id of a source declared in pack.yaml."""


class Spec(BaseModel):
    """A model of something written in a pack: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, str_strip_whitespace=True)


def _kebab(value: str) -> str:
    if not _KEBAB.match(value) or len(value) > 80:
        raise Wrong(
            Text(
                zh="用连字符连接的小写英文编号，如 key-firm-monthly（不超过 80 个字符）",
                en="a kebab-case id such as key-firm-monthly, 80 characters at most",
            ),
            Text(
                zh=f"改写为 {kebab(value)}" if kebab(value) else "只用小写字母、数字和连字符",
                en=f"write {kebab(value)}"
                if kebab(value)
                else "use lower-case letters, digits and hyphens only",
            ),
            code="bad-id",
        )
    return value


def kebab(value: str) -> str:
    """The nearest kebab-case id to a text; empty where it has no letter or digit to keep."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", value)
    return re.sub(r"[^a-z0-9]+", "-", split.lower()).strip("-")[:80]


Id = Annotated[str, AfterValidator(_kebab)]


def _some(value: str) -> str:
    if not value:
        raise Wrong(
            Text(zh="一段文字", en="a text"), Text(zh="补上文字", en="write the text"), code="empty-text"
        )
    return value


def _english(value: str) -> str:
    if _HAN.search(value):
        raise Wrong(
            Text(zh="不含汉字的英文", en="English without Chinese characters"),
            Text(zh="译成英文；名称可用拼音", en="translate it; a name may be written in pinyin"),
            code="not-english",
        )
    return value


class TextSpec(Spec):
    """``{zh: 中文, en: English}``; English may be left out where only Chinese readers see it."""

    zh: Annotated[str, AfterValidator(_some)]
    en: Annotated[str, AfterValidator(_english)] = ""

    @property
    def text(self) -> Text:
        return Text(zh=self.zh, en=self.en)


class Title(TextSpec):
    """A title: Chinese and English, both always, and no longer than is kept of one."""

    zh: Annotated[str, Field(max_length=200), AfterValidator(_some)]
    en: Annotated[str, Field(max_length=300), AfterValidator(_some), AfterValidator(_english)]


class SourceSpec(Spec):
    """A document that facts of this pack come from."""

    id: Id
    title: Title
    published: date | None = None
    document_number: str = ""
    note: TextSpec | None = None


class Manifest(Spec):
    """pack.yaml."""

    id: Id
    kind: Literal["district", "solution"]
    title: Title
    division: Annotated[str, Field(pattern=r"^([0-9]{6})?$")] = ""
    needs: tuple[Id, ...] = ()
    sources: tuple[SourceSpec, ...] = ()
