"""Figures promised in running text: listed as candidates for a person, never taken as indicators."""

import re

from hutong.indicators.plan_import.characters import fold, tidy
from hutong.indicators.plan_import.lines import Paragraph
from hutong.indicators.plan_import.sections import Node, Outline
from hutong.indicators.plan_import.types import Indicator, Unread

_FIGURE = re.compile(
    r"(?:达到?|超过|突破|不低于|不少于|不高于|控制在|提高到|提升到|提升至|增长到|增至|降至|保持在|力争|高于|≥|≧|增长|新增|建成|[:：])"
    r"[^，。；、\d]{0,6}?\d[\d,.]*\s*(?:万亿|亿|万|千)?\s*(?:个百分点|[%‰]|[\u4e00-\u9fff])[^，。；]{0,10}"
)
_PAST = re.compile(r"十三五|以来|截至|同比|比上年|较上年|已")
_MOST = 60


def prose_candidates(outline: Outline, paragraphs: list[Paragraph], known: list[Indicator]) -> list[Unread]:
    """Clauses with a figure in the goals sections, unless the table has an indicator of that name."""
    names = [each.name for each in known]
    found: list[Unread] = []
    for node in outline.nodes:
        if not _about_goals(node):
            continue
        for index, start in [(node.index, node.rest), *((i, 0) for i in node.body)]:
            found += _of_paragraph(paragraphs[index], start, names)
    return found[:_MOST]


def _about_goals(node: Node) -> bool:
    above: Node | None = node
    while above:
        if re.search(r"目标|指标", above.section.title):
            return True
        above = above.parent
    return False


def _of_paragraph(paragraph: Paragraph, start: int, names: list[str]) -> list[Unread]:
    found = []
    for match in re.finditer(r"[^，。；]+(?:，(?![^，。；]*\d)[^，。；]{0,6})?", paragraph.text[start:]):
        clause = match[0]
        figure = _FIGURE.search(fold(clause))
        if not figure or _PAST.search(clause) or any(name in clause for name in names):
            continue
        place = paragraph.place(start + match.start(), len(clause))
        found.append(
            Unread("indicator-candidate", tidy(clause)[:120], "正文中的量化目标，请人工确认是否作为指标",
                   "a figure in running text; a person decides whether it is an indicator", place)
        )  # fmt: skip
    return found
