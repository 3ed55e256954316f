"""What is wrong with an entry, field by field and in both languages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hutong.catalog.logic.fields import FIELDS, field_of
from hutong.catalog.types import Kind
from hutong.kernel.text import Text
from hutong.packs.api import Wrong

MUST: Final = Text(zh="必填", en="must be given")
_REASON: Final = Text(zh="理由", en="Reason")  # of the change; no field of the entry itself
_SAID: Final[Mapping[str, Text]] = {
    "missing": MUST,
    "string_too_short": MUST,
    "string_type": Text(zh="应为文字", en="must be a text"),
    "too_short": Text(zh="至少写一项", en="write one at least"),
    "too_long": Text(zh="最多 {max_length} 项", en="{max_length} at most"),
    "string_too_long": Text(zh="最多 {max_length} 个字", en="{max_length} characters at most"),
    "literal_error": Text(zh="须是列出的选项之一", en="must be one of the choices listed"),
    "enum": Text(zh="须是列出的选项之一", en="must be one of the choices listed"),
    "date": Text(zh="须是日期，如 2026-01-31", en="must be a date such as 2026-01-31"),
    "string_pattern_mismatch": Text(zh="写法不符合要求", en="is not written as it has to be"),
    "extra_forbidden": Text(zh="没有这一项", en="there is no such key"),
    "dict_type": Text(zh="须是一组键和值", en="must be keys with values"),
    "model_type": Text(zh="须是一组键和值", en="must be keys with values"),
    "tuple_type": Text(zh="须是列表", en="must be a list"),
    "bool": Text(zh="须是 true 或 false", en="must be true or false"),
    "int": Text(zh="须是整数", en="must be a whole number"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. ``key`` lies in the body, ``field`` is the path of the form's field where it is mended."""

    key: str
    field: str
    what: Text

    def as_dict(self) -> dict[str, Any]:
        return {"key": self.key, "field": self.field, "what": self.what.as_dict()}


def of(kind: Kind, error: ValidationError) -> tuple[Fault, ...]:
    """Every fault that pydantic found, one for each key."""
    found: dict[str, Fault] = {}
    for each in error.errors(include_url=False):
        key = ".".join(map(str, each["loc"]))
        found.setdefault(key, fault(kind, key, _said(kind, key, each)))
    return tuple(found.values())


def fault(kind: Kind, key: str, what: Text) -> Fault:
    return Fault(key, field_of(kind, key), what)


def together(kind: Kind, faults: Iterable[Fault]) -> Text:
    """The faults in a line, by the names of their fields."""
    zh, en = zip(*_lines(kind, faults), strict=True)
    return Text(zh="；".join(zh), en="; ".join(en))


def _lines(kind: Kind, faults: Iterable[Fault]) -> Iterator[tuple[str, str]]:
    titles = {each.path: each.title for each in FIELDS[kind]} | {"reason": _REASON}
    for each in faults:
        name = titles.get(each.field, Text(zh=each.key, en=each.key))
        yield f"{name.zh}：{each.what.zh}", f"{name.in_('en')}: {each.what.in_('en')}"


def _said(kind: Kind, key: str, detail: ErrorDetails) -> Text:
    context = dict(detail.get("ctx") or {})
    raised = context.get("error")
    if isinstance(raised, Wrong):
        return Text(
            zh=f"应为{raised.expected.zh}；{raised.fix.zh}",
            en=f"expected {raised.expected.in_('en')}; {raised.fix.in_('en')}",
        )
    name = detail["type"]
    known = next((_SAID[each] for each in (name, name.split("_")[0]) if each in _SAID), None)
    if known is None:
        said = detail["msg"].removeprefix("Value error, ")
        return _within(key, Text(zh=said, en=said))
    if name == "string_pattern_mismatch":
        known = _as_hinted(kind, key, known)
    return _within(key, known.format(**context))


def _as_hinted(kind: Kind, key: str, said: Text) -> Text:
    hint = next((each.hint for each in FIELDS[kind] if each.path == key), Text(zh="", en=""))
    return Text(zh=f"{said.zh}：{hint.zh}", en=f"{said.en}: {hint.en}") if hint.zh else said


def _within(key: str, said: Text) -> Text:
    """What is wrong with one column or one law of several, named."""
    path = key.split(".")
    if path[:2] == ["table", "columns"] and len(path) > 2:
        inside = ".".join(path[2:])
        return Text(zh=f"“{inside}”{said.zh}", en=f"“{inside}” {said.en}")
    if path[0] == "basis" and len(path) > 1 and path[1].isdigit():
        number = int(path[1]) + 1
        return Text(zh=f"第 {number} 行：{said.zh}", en=f"line {number}: {said.en}")
    return said
