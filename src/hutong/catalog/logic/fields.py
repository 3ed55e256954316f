"""The fields of an entry as forms, workbooks and the interface use them: by kind, by group, by key of the body."""

import re
from collections.abc import Mapping
from typing import Final

from hutong.catalog.logic.metadata import DATASET, DUTY, SYSTEM, Field
from hutong.catalog.types import Kind
from hutong.kernel.text import Text

GROUPS: Final[Mapping[str, Text]] = {
    "what": Text(zh="是什么", en="What it is"),
    "whose": Text(zh="谁负责，依据什么", en="Whose it is, and on what basis"),
    "code": Text(zh="分类与定级", en="Class and grade"),
    "sharing": Text(zh="共享与开放", en="Sharing and opening"),
    "time": Text(zh="更新与发布", en="Update and publication"),
    "more": Text(zh="关联与出处", en="Relations and reference"),
    "columns": Text(zh="信息项", en="Items of information"),
}


FIELDS: Final[Mapping[Kind, tuple[Field, ...]]] = {
    Kind.DUTY: DUTY,
    Kind.DATASET: DATASET,
    Kind.SYSTEM: SYSTEM,
}


_PARTS: Final[Mapping[str, Text]] = {
    "article": Text(zh="条款", en="article"),
    "title.zh": Text(zh="名称", en="name"),
    "title.en": Text(zh="英文名称", en="name in English"),
}


def titled(kind: Kind, key: str) -> str:
    """A key of a body as people know it: the field's title, and which part of the field it is."""
    for field in FIELDS[kind]:
        if key == field.path:
            return str(field.title)
        if key.startswith(f"{field.path}["):
            number, _bracket, part = key.removeprefix(f"{field.path}[").partition("]")
            place = int(number) + 1 if number.isdigit() else number
            said = _PARTS.get(part.lstrip("."), Text(zh=part.lstrip("."), en=part.lstrip(".")))
            head = re.split(r"[（(]", str(field.title))[0].strip()
            return " · ".join(filter(None, (head, str(place), str(said))))
        if key.startswith(f"{field.path}."):
            return f"{field.title} · {key}"
    return key


def field_of(kind: Kind, key: str) -> str:
    """The path of the field where a fault at ``key`` of the body is mended; ``key`` itself where there is none."""
    paths = [each.path for each in FIELDS[kind]]
    if key in paths:
        return key
    within = [path for path in paths if key.startswith((f"{path}.", f"{path}["))]
    under = [path for path in paths if path.startswith(f"{key}.")]
    return next(iter([*within, *under]), "table.columns" if key.startswith("table") else key)
