"""An entry as a row of a workbook and back: one flat field for each thing a person edits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hutong.catalog.types import Kind
from hutong.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a sheet, one field of a form. ``path`` is where it lies in the body, as ``sharing.kind``."""

    path: str
    title: Text
    choices: tuple[str, ...] = ()
    kind: str = "text"  # text, list, basis
    required: bool = False


def _field(
    path: str, zh: str, en: str, *, choices: str = "", kind: str = "text", required: bool = False
) -> Field:
    return Field(path, Text(zh=zh, en=en), tuple(choices.split()), kind, required)


_TITLE: Final = (
    _field("title.zh", "名称", "Title", required=True),
    _field("title.en", "英文名称", "Title in English", required=True),
)
FIELDS: Final[Mapping[Kind, tuple[Field, ...]]] = {
    Kind.DUTY: (
        *_TITLE,
        _field("organisation", "履职单位", "Organisation", required=True),
        _field("summary.zh", "摘要", "Summary"),
        _field("summary.en", "英文摘要", "Summary in English"),
        _field("basis", "依据（法规｜条款｜英文）", "Basis (law | article | English)", kind="basis"),
        _field("reference", "出处", "Reference"),
    ),
    Kind.DATASET: (
        *_TITLE,
        _field("summary.zh", "摘要", "Summary", required=True),
        _field("summary.en", "英文摘要", "Summary in English"),
        _field("provider", "提供方", "Provider", required=True),
        _field("provider_code", "提供方代码", "Provider code"),
        _field("duty", "职责", "Duty", required=True),
        _field("code", "信息资源代码", "Resource code", required=True),
        _field("grade", "数据级别", "Grade", required=True,
               choices="core important general-1 general-2 general-3 general-4"),
        _field("format", "信息资源格式", "Format", choices="database spreadsheet document graphics stream other"),
        _field("sharing.kind", "共享类型", "Sharing", required=True, choices="unconditional conditional none"),
        _field("sharing.condition.zh", "共享条件", "Condition of sharing"),
        _field("sharing.condition.en", "共享条件（英文）", "Condition of sharing in English"),
        _field("sharing.by", "共享方式", "Way of sharing", choices="api file database page"),
        _field("opening.kind", "开放属性", "Opening", required=True, choices="open conditional none"),
        _field("opening.condition.zh", "开放条件", "Condition of opening"),
        _field("opening.condition.en", "开放条件（英文）", "Condition of opening in English"),
        _field("update", "更新周期", "Update", required=True),
        _field("published", "发布日期", "Published"),
        _field("themes", "主题（逗号分隔）", "Themes (commas)", kind="list"),
        _field("related", "关联资源（逗号分隔）", "Related datasets (commas)", kind="list"),
        _field("system", "来源系统", "System"),
        _field("reference", "出处", "Reference"),
    ),
    Kind.SYSTEM: (
        *_TITLE,
        _field("named_as", "规划中的名称", "As the plan names it"),
        _field("capability", "清单编号", "Row", required=True),
        _field("owner", "责任单位", "Owner"),
        _field("state", "建设状态", "State", required=True, choices="planned building running"),
        _field("cloud", "入云状态", "Cloud", choices="unknown outside moving in"),
        _field("note.zh", "说明", "Note"),
        _field("note.en", "英文说明", "Note in English"),
        _field("reference", "出处", "Reference"),
    ),
}  # fmt: skip


def flat(kind: Kind, body: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a body as text."""
    return {field.path: _shown(field, _dig(body, field.path)) for field in FIELDS[kind]}


def merged(kind: Kind, body: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """``body`` with the given fields; an empty one takes the key away. Keys that are no field stay as they are."""
    made: dict[str, Any] = _copy(body)
    for field in FIELDS[kind]:
        if field.path in given:
            _put(made, field.path.split("."), _read(field, given[field.path]))
    return made


def titled(kind: Kind, key: str) -> str:
    """A key of a body as people know it: the field's title, with the key where it is only a part of the field."""
    for field in FIELDS[kind]:
        if key == field.path:
            return str(field.title)
        if key.startswith((f"{field.path}[", f"{field.path}.")):
            return f"{field.title} · {key}"
    return key


def _shown(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.kind == "list":
        return "，".join(map(str, value))
    if field.kind == "basis":
        return "\n".join(
            "｜".join((each["title"].get("zh", ""), each.get("article", ""), each["title"].get("en", "")))
            for each in value
        )
    return str(value)


def _read(field: Field, text: str) -> Any:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        return None
    if field.kind == "list":
        return [
            each.strip() for each in text.replace("，", ",").replace("、", ",").split(",") if each.strip()
        ]
    if field.kind == "basis":
        return [_basis(line) for line in text.split("\n") if line.strip()]
    return text


def _basis(line: str) -> dict[str, Any]:
    law, article, english = ([each.strip() for each in line.replace("|", "｜").split("｜")] + ["", ""])[:3]
    made: dict[str, Any] = {"title": {"zh": law, "en": english}}
    if article:
        made["article"] = article
    return made


def _dig(body: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(body, Mapping) or key not in body:
            return None
        body = body[key]
    return body


def _put(body: dict[str, Any], keys: list[str], value: Any) -> None:
    """Set or take away; a mapping that becomes empty goes too."""
    head, *rest = keys
    if rest:
        inner = body.get(head)
        inner = inner if isinstance(inner, dict) else {}
        _put(inner, rest, value)
        value = inner or None
    if value is None:
        body.pop(head, None)
    else:
        body[head] = value


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list | tuple) else value
