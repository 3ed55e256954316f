"""What the columns of a table are, by their header words."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from hutong.indicators.plan_import.characters import fold, tidy
from hutong.indicators.plan_import.units import is_unit, normal

Role = Literal[
    "seq", "group", "name", "unit", "nature", "expected", "binding", "target", "baseline", "year", "growth", "owner",
    "deadline", "task", "note", "other",
]  # fmt: skip
_WORDS: tuple[tuple[Role, str], ...] = (
    ("seq", r"序号?|编号|序|No\.?|NO\.?|#|№"),
    ("expected", r"预期性(?:指标)?"),
    ("binding", r"约束性(?:指标)?"),
    ("nature", r"(?:指标)?(?:属性|性质)|指标类型|属性类别|(?:预期性|约束性)?[/／]?(?:预期性|约束性)"),
    ("unit", r"(?:计量|指标)?单位|计量单位"),
    ("owner", r"(?:责任|牵头|主责|主管|承担|实施|配合|落实|完成)(?:单位|部门|主体|委办局|科室)(?:[和及、/].*)?|数据来源|统计部门"),  # noqa: E501 - a list of words
    ("deadline", r"(?:完成|办结|计划)?(?:时限|时间|期限|节点)|时间节点|完成时间|年度安排"),
    ("task", r"(?:重点|主要|工作|具体)?(?:任务|工程|项目|举措|措施|事项)(?:名称|内容|清单)?"),
    ("group", r"(?:一级)(?:指标|类别|分类)|(?:指标)?(?:类别|分类|类型|领域|维度|方面|板块|大类|目标类别)|(?:发展|指标)?(?:领域|维度|方向)|(?:一级)?目标(?:领域|维度)"),  # noqa: E501 - a list of words
    ("name", r"(?:二级|三级|具体|主要|核心|关键|规划|发展|量化|监测|细化)?指标(?:名称|内容|项|项目)?|指标名称及单位|(?:指标)?名称|项目指标|主要发展指标|项目"),  # noqa: E501 - a list of words
    ("growth", r".*(?:年均|累计|增速|增长率|增幅|增长).*|\[?累计\]?"),
    ("baseline", r".*(?:基期|基数|基准|现状|现值|基础值|实际|完成|期末值|当前).*|[“\"]?十[一二三]五[”\"]?末?.*"),
    ("target", r".*(?:目标|规划值|预期值|计划值|预计).*|指标值|数值|[“\"]?十[四五六]五[”\"]?末?(?:指标|目标)?值?|值"),
    ("note", r"备注|说明|注|内涵|解释|计算方法|口径|指标解释|指标说明"),
)  # fmt: skip
_YEAR = re.compile(r"(20\d\d)\s*年?(?:底|末)?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its role, the year its header names, the unit in its header."""

    role: Role
    text: str
    year: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table and how many rows its header takes."""

    columns: tuple[Column, ...] = field(default=())
    rows: int = 0

    def find(self, *roles: Role) -> int | None:
        return next(
            (i for role in roles for i, column in enumerate(self.columns) if column.role == role), None
        )

    def all(self, *roles: Role) -> list[int]:
        return [i for i, column in enumerate(self.columns) if column.role in roles]


@lru_cache(maxsize=4096)
def column_of(text: str) -> Column:
    """The role of one header cell; ``other`` when its words are not known."""
    words = re.sub(r"\s+", "", fold(tidy(text)))
    unit = ""
    bracket = re.search(r"[(（](?:单位[:：])?([^()（）]{1,10})[)）]$", words)
    if bracket and bracket.start() > 0:
        unit = normal(bracket[1]) if is_unit(bracket[1]) else ""
        words = words[: bracket.start()] if unit or re.search("年|单位|性", bracket[1]) else words
    years = _YEAR.findall(words) or (_YEAR.findall(bracket[1]) if bracket else [])
    year = int(years[-1]) if years else None
    for role, pattern in _WORDS:
        if re.fullmatch(pattern, words) and words:
            return Column(role, words, year, unit)
    if year and len(words) <= 14:
        return Column("year", words, year, unit)
    return Column("other", words, None, unit)


def is_header_word(text: str) -> bool:
    """Whether the text could be a header cell."""
    return len(text) <= 24 and column_of(text).role != "other"


def read_header(rows: list[list[str]], start: int = 0) -> Header | None:
    """The header that starts at row ``start``, of one to three rows; ``None`` if that row is no header."""
    if start >= len(rows):
        return None
    combined = [tidy(text) for text in rows[start]]
    best = _scored(combined, 1)
    for size in (2, 3):
        if start + size > len(rows):
            break
        row = [tidy(text) for text in rows[start + size - 1]]
        if len(row) != len(combined) or not _header_like(row, combined):
            break
        combined = [_stacked(upper, lower) for upper, lower in zip(combined, row, strict=True)]
        best = _scored(combined, size) or best
    return best


def _header_like(row: list[str], above: list[str]) -> bool:
    """A second header row repeats what spans it and otherwise names years or parts of the header above."""
    new = [text for text, upper in zip(row, above, strict=True) if text and text != upper]
    if not new:
        return True
    return all(
        is_header_word(text) or _YEAR.fullmatch(text) or text in {"值", "绝对值", "年均", "累计"}
        for text in new
    )


def _stacked(upper: str, lower: str) -> str:
    return upper if not lower or lower == upper else lower if not upper or upper in lower else upper + lower


def _scored(row: list[str], rows: int) -> Header | None:
    columns = tuple(column_of(text) for text in row)
    roles = {column.role for column in columns}
    known = [column for column in columns if column.role != "other"]
    if (
        len(known) < 2
        or not roles & {"name", "group", "task"}
        or len(known) < len([t for t in row if t]) * 0.5
    ):
        return None
    header = Header(_named(columns), rows)
    return header if header.find("name", "task") is not None else None


def _named(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Exactly one name column: of 类别 | 指标 the second, of 指标 | 指标名称 the more telling one."""
    names = [i for i, column in enumerate(columns) if column.role == "name"]
    groups = [i for i, column in enumerate(columns) if column.role == "group"]
    roles: list[Role] = [column.role for column in columns]
    if not names and len(groups) >= 1 and "task" not in roles:
        roles[groups[-1]] = "name"
    for index in names[:-1]:
        roles[index] = "group"
    return tuple(Column(role, c.text, c.year, c.unit) for role, c in zip(roles, columns, strict=True))
