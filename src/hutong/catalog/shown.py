"""Names for people of the closed lists the catalog uses."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from hutong.accounts.api import organisation, people
from hutong.catalog import foreign, store
from hutong.catalog.logic.fields import FIELDS
from hutong.catalog.logic.rows import flat
from hutong.catalog.logic.themes import THEMES
from hutong.catalog.logic.typed import TYPES
from hutong.catalog.types import Kind
from hutong.kernel.text import Text

FACET_TITLES: Final = {
    "kind": Text(zh="类别", en="Kind"),
    "organisation": Text(zh="单位", en="Organisation"),
    "grade": Text(zh="数据级别", en="Grade"),
    "sharing": Text(zh="共享", en="Sharing"),
    "opening": Text(zh="开放", en="Opening"),
    "theme": Text(zh="主题", en="Theme"),
    "origin": Text(zh="来源目录", en="Catalog it is from"),
}
_CHOICES: Final = {
    "kind": {each.value: each.shown for each in Kind},
    "grade": {
        "core": Text(zh="核心数据", en="Core"),
        "important": Text(zh="重要数据", en="Important"),
        "general": Text(zh="一般数据", en="General"),
        "general-1": Text(zh="一般数据 1 级", en="General 1"),
        "general-2": Text(zh="一般数据 2 级", en="General 2"),
        "general-3": Text(zh="一般数据 3 级", en="General 3"),
        "general-4": Text(zh="一般数据 4 级", en="General 4"),
    },
    "sharing": {
        "unconditional": Text(zh="无条件共享", en="Unconditional"),
        "conditional": Text(zh="有条件共享", en="Conditional"),
        "none": Text(zh="不予共享", en="Not shared"),
    },
    "opening": {
        "open": Text(zh="开放", en="Open"),
        "conditional": Text(zh="有条件开放", en="Conditional"),
        "none": Text(zh="不开放", en="Not open"),
    },
    "theme": THEMES,
    "format": {
        "database": Text(zh="数据库", en="Database"),
        "spreadsheet": Text(zh="电子表格", en="Spreadsheet"),
        "document": Text(zh="电子文件", en="Document"),
        "graphics": Text(zh="图形图像", en="Graphics"),
        "stream": Text(zh="流媒体", en="Stream"),
        "other": Text(zh="其他", en="Other"),
    },
    "by": {
        "api": Text(zh="接口", en="Interface"),
        "file": Text(zh="文件", en="File"),
        "database": Text(zh="库表", en="Table"),
        "page": Text(zh="网页", en="Page"),
    },
    "graded": {
        "open": Text(zh="待确认", en="To decide"),
        "confirmed": Text(zh="已确认", en="Confirmed"),
        "rejected": Text(zh="已驳回", en="Rejected"),
    },
    "proposal": {
        "open": Text(zh="待会签", en="Waits for signatures"),
        "ready": Text(zh="会签已满", en="Signed"),
        "done": Text(zh="已生效", en="Carried out"),
        "refused": Text(zh="未通过", en="Refused"),
        "withdrawn": Text(zh="已撤回", en="Withdrawn"),
    },
    "state": {
        "planned": Text(zh="规划", en="Planned"),
        "building": Text(zh="在建", en="Being built"),
        "running": Text(zh="运行", en="Running"),
    },
    "cloud": {
        "unknown": Text(zh="未知", en="Unknown"),
        "outside": Text(zh="未入云", en="Outside"),
        "moving": Text(zh="迁移中", en="Moving"),
        "in": Text(zh="已入云", en="In the cloud"),
    },
    "type": TYPES,
    "change": {
        "added": Text(zh="新增", en="Added"),
        "changed": Text(zh="变更", en="Changed"),
        "retired": Text(zh="停用", en="Retired"),
    },
}
_SYSTEM: Final = Text(zh="系统", en="the system itself")
_HERE: Final = Text(zh="本区目录", en="This catalog")
RHYTHMS: Final = {
    "realtime": Text(zh="实时", en="Real time"),
    "hourly": Text(zh="每小时", en="Hourly"),
    "daily": Text(zh="每日", en="Daily"),
    "weekly": Text(zh="每周", en="Weekly"),
    "monthly": Text(zh="每月", en="Monthly"),
    "quarterly": Text(zh="每季度", en="Quarterly"),
    "half-yearly": Text(zh="每半年", en="Half-yearly"),
    "yearly": Text(zh="每年", en="Yearly"),
    "irregular": Text(zh="不定期", en="Irregular"),
}


_CLASSES: Final = {
    "1": Text(zh="基础信息资源", en="Base"),
    "2": Text(zh="主题信息资源", en="Theme"),
    "3": Text(zh="部门信息资源", en="Department"),
}


def told(kind: Kind, body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a body says, field by field, by the names people know; a table's columns are ``readable.columns``."""
    said = flat(kind, body)
    return [
        (plain(str(field.title)), _valued(field.path, said[field.path]))
        for field in FIELDS[kind]
        if said[field.path] and field.kind != "columns"
    ]


def plain(title: str) -> str:
    """A field's title without what tells a writer how to write it; whether it is in English stays."""
    return re.split(r"[（(](?!英文[）)])", title)[0].strip()


def titled(path: str, text: str) -> str:
    """The value of a field of an entry of ours as people say it."""
    if path in {"organisation", "provider", "owner"}:
        return organisation_title(text)
    if path in {"duty", "system"} and text:
        return next((str(each.title) for each in store.entries(Kind(path), local=text)), text)
    return _valued(path, text) if text else ""


def _valued(path: str, text: str) -> str:
    if path == "update":
        return update_title(text)
    if path == "themes":
        listed = [str(THEMES.get(each, each)) for each in re.split(r"[,，、]\s*", text)]
        return str(Text(zh="、".join(listed), en=", ".join(listed)))
    return choice_title("by" if path == "sharing.by" else path.partition(".")[0], text)


def class_title(code: str) -> str:
    """Class, item, object, detail and serial of a resource code, in words and numbers (类 项 目 细目 顺序码)."""
    head, _slash, serial = code.partition("/")
    if head[:1] not in _CLASSES:
        return code
    detail = Text(zh=f"，细目 {head[6:]}", en=f", detail {head[6:]}") if head[6:] else Text(zh="", en="")
    kind = _CLASSES[head[:1]]
    return str(
        Text(
            zh=f"{kind.zh}，项 {head[1:3]}，目 {head[3:6]}{detail.zh}，顺序码 {serial}",
            en=f"{kind.en}, item {head[1:3]}, object {head[3:6]}{detail.en}, serial {serial}",
        )
    )


def actor_titles() -> Callable[[str], str]:
    """Tells the name of whoever acted, by URN: a person's, the system's; else the URN itself."""
    names = {each.urn: str(each.name) for each in people()} | {"system": str(_SYSTEM)}
    return lambda urn: names.get(urn, urn)


def choice_title(kind: str, value: str) -> str:
    """The name of a choice; the value itself where the list is open."""
    if kind == "organisation":
        return organisation_title(value)
    if kind == "origin":
        return str(_HERE) if value == "here" else foreign.title_of(value)
    return str(_CHOICES.get(kind, {}).get(value, value))


def organisation_title(name: str) -> str:
    """The organisation's name; its id where it is not known."""
    found = organisation(name) if name else None
    return str(found.title) if found else name


def update_title(update: str) -> str:
    """``monthly by day 15`` as people say it."""
    rhythm, _by, until = update.partition(" by ")
    title = RHYTHMS.get(rhythm, Text(zh=update, en=update))
    if until.startswith("day "):
        day = until.removeprefix("day ")
        title = Text(zh=f"{title.zh} {day} 日前", en=f"{title.en} by day {day}")
    elif until:
        title = Text(zh=f"{title.zh} {until} 前", en=f"{title.en} by {until}")
    return str(title)
