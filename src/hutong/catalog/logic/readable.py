"""What differs between two versions of an entry, in words: its fields, and its table column by column, rule by rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hutong.catalog.logic.bodies import differences
from hutong.catalog.logic.fields import titled
from hutong.catalog.logic.typed import TYPES
from hutong.catalog.types import Kind
from hutong.kernel.text import Text

LONG: Final = 400
_COLUMN = Text(zh="字段", en="Column")
_RULE = Text(zh="规则", en="Rule")
_YES, _NO = Text(zh="是", en="yes"), Text(zh="否", en="no")
# What a contract says of a column, in the order in which people ask for it.
COLUMN: Final = {
    "title": Text(zh="名称", en="title"),
    "type": Text(zh="类型", en="type"),
    "unit": Text(zh="单位", en="unit"),
    "grade": Text(zh="定级", en="grade"),
    "required": Text(zh="必填", en="required"),
    "sensitive": Text(zh="敏感", en="sensitive"),
    "optional": Text(zh="可缺列", en="may be absent"),
    "range": Text(zh="取值范围", en="range"),
    "codes": Text(zh="代码", en="codes"),
    "pattern": Text(zh="格式", en="pattern"),
    "length": Text(zh="最大长度", en="longest"),
    "scale": Text(zh="小数位", en="decimals"),
    "crs": Text(zh="坐标系", en="coordinate system"),
    "from": Text(zh="来源列名", en="read from"),
    "sentinels": Text(zh="视为空的值", en="taken for empty"),
    "formats": Text(zh="日期写法", en="date formats"),
    "timezone": Text(zh="时区", en="time zone"),
    "whole_degrees": Text(zh="允许整数度", en="whole degrees"),
    "breach": Text(zh="不合格时", en="when broken"),
    "note": Text(zh="说明", en="note"),
}
RULE: Final = {
    "because": Text(zh="理由", en="reason"),
    "check": Text(zh="检查式", en="check"),
    "breach": Text(zh="不合格时", en="when broken"),
    "dimension": Text(zh="质量维度", en="dimension"),
    "rises": Text(zh="只增不减", en="only rises"),
    "refers": Text(zh="引用", en="refers"),
    "unique": Text(zh="唯一", en="unique"),
    "inside": Text(zh="位于范围内", en="inside"),
}
TABLE: Final = {
    "key": Text(zh="主键", en="Key"),
    "keep": Text(zh="重复时保留", en="Kept of duplicates"),
    "freshness": Text(zh="新鲜度要求", en="Freshness"),
    "source": Text(zh="来源写法", en="How the source is written"),
}
_USUAL: Final = {"type": "text"}  # what is not written, for a column has a type in any case


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that differs. An empty side: it was not there. ``change`` is added, removed or changed."""

    what: str
    before: str
    after: str
    key: str = ""  # of a field, where it lies in the body

    @property
    def change(self) -> str:
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


def readable(kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Said]:
    """Every difference between two bodies of an entry of ``kind``."""
    if kind is Kind.TABLE:
        return list(_table(before, after))
    old, new = _without_table(before), _without_table(after)
    said = [
        Said(titled(kind, each.key), shown(each.before), shown(each.after), each.key)
        for each in differences(old, new)
    ]
    return said + list(_table(before.get("table") or {}, after.get("table") or {}))


def columns(body: Mapping[str, Any]) -> dict[str, str]:
    """Each column of a table's body in one line."""
    return {name: described(each, COLUMN) for name, each in _columns(body).items()}


def described(said: Mapping[str, Any], titles: Mapping[str, Text]) -> str:
    """A column or rule in one line, what people ask for first."""
    parts = [
        _part(key, titles.get(key), said[key])
        for key in (*titles, *(said.keys() - titles.keys()))
        if key in said
    ]
    return " · ".join(each for each in parts if each)


def shown(value: Any) -> str:
    """A value as people read it; nothing for what is not there."""
    if value in (None, "", [], (), {}):
        return ""
    match value:
        case bool():
            return str(_YES if value else _NO)
        case {"zh": str(), **rest} if set(rest) <= {"en"}:
            return f"{value['zh']}（{rest['en']}）" if rest.get("en") else str(value["zh"])
        case Mapping():
            text = "；".join(f"{key}: {shown(each)}" for key, each in value.items())
        case list() | tuple():
            text = "、".join(shown(each) for each in value)
        case _:
            text = str(value)
    return text if len(text) <= LONG else text[: LONG - 1] + "…"


def _table(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Said]:
    for key, title in TABLE.items():
        if before.get(key) != after.get(key):
            yield Said(str(title), shown(before.get(key)), shown(after.get(key)))
    yield from _named(_COLUMN, COLUMN, _columns(before), _columns(after))
    yield from _named(_RULE, RULE, _rules(before), _rules(after))


def _named(
    title: Text,
    titles: Mapping[str, Text],
    before: Mapping[str, Mapping[str, Any]],
    after: Mapping[str, Mapping[str, Any]],
) -> Iterator[Said]:
    """Columns or rules, by their names: those that came, those that went, and what changed of the others."""
    for name in (*after, *(each for each in before if each not in after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            sides = ["" if each is None else described(each, titles) or name for each in (old, new)]
            yield Said(f"{title} {name}", *sides)
            continue
        for key in (*titles, *sorted((old.keys() | new.keys()) - titles.keys())):
            if old.get(key) != new.get(key):
                was, now = _value(key, old.get(key)), _value(key, new.get(key))
                yield from _changed(f"{title} {name} · {titles.get(key, key)}", was, now)


def _changed(what: str, old: Any, new: Any) -> Iterator[Said]:
    """A list of codes is told code by code, for only so can one that changed be seen."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and "zh" not in {*old, *new}:
        for key in (*new, *(each for each in old if each not in new)):
            if old.get(key) != new.get(key):
                yield Said(f"{what} {key}", shown(old.get(key)), shown(new.get(key)))
        return
    yield Said(what, shown(old), shown(new))


def _columns(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    grades = body.get("grades") or {}
    found = {}
    for name, each in (body.get("columns") or {}).items():
        found[name] = {**_USUAL, **each, **({"grade": grades[name]} if name in grades else {})}
    return found


def _rules(body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {
        str(each.get("id", number)): {key: value for key, value in each.items() if key != "id"}
        for number, each in enumerate(body.get("rules") or ())
    }


def _part(key: str, title: Text | None, value: Any) -> str:
    text = shown(_value(key, value))
    if not text or value is False:
        return ""
    if value is True:
        return str(title or key)
    return text if key in {"type", "title", "because", "check"} else f"{title or key} {text}"


def _value(key: str, value: Any) -> Any:
    """What a rule of a column says: a type by its name, a range that is open on one side as a bound."""
    match key, value:
        case "type", str():
            return str(TYPES.get(value, value))
        case "range", [least, None | ""] if least not in {None, ""}:
            return f"≥ {least}"
        case "range", [None | "", most] if most not in {None, ""}:
            return f"≤ {most}"
    return value


def _without_table(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in body.items() if key != "table"}
