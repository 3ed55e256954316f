"""The numbers that start headings: 第一章, 一、, （一）, 1., 1.1, （1）, ①, 专栏1."""

import re
from dataclasses import dataclass
from typing import Literal

from hutong.indicators.plan_import.characters import CIRCLED, chinese_number, fold

Kind = Literal[
    "part", "chapter", "section", "article", "cn", "cn_paren", "num", "dec", "num_paren", "circled", "box"
]
RANK: dict[Kind, int] = {
    "part": 0,
    "chapter": 1,
    "section": 2,
    "cn": 3,
    "article": 4,
    "cn_paren": 5,
    "num": 6,
    "dec": 7,
    "num_paren": 8,
    "circled": 9,
    "box": 10,
}
_HAN = "一二三四五六七八九十百零〇两"
_FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第\s*([{_HAN}]{{1,4}}|\d{{1,2}})\s*(?:篇|编|部分)[\s:：、]*")),
    ("chapter", re.compile(rf"第\s*([{_HAN}]{{1,4}}|\d{{1,2}})\s*章[\s:：、]*")),
    ("section", re.compile(rf"第\s*([{_HAN}]{{1,4}}|\d{{1,2}})\s*节[\s:：、]*")),
    ("article", re.compile(rf"第\s*([{_HAN}]{{1,4}}|\d{{1,3}})\s*条(?:[\s:：]+|$)")),
    ("box", re.compile(rf"专栏\s*([{_HAN}]{{1,3}}|\d{{1,2}})?(?:[\s:：、.]+|$|(?=[\u4e00-\u9fff]))")),
    ("cn_paren", re.compile(rf"[（(]\s*([{_HAN}]{{1,3}})\s*[)）]\s*[、.]?\s*")),
    ("cn", re.compile(rf"([{_HAN}]{{1,3}})\s*[、.]\s*")),
    ("dec", re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})(?:[\s、]+|\.\s*(?!\d)|(?=[\u4e00-\u9fff“]))")),
    ("num_paren", re.compile(r"[（(]\s*(\d{1,2})\s*[)）]\s*[、.]?\s*|(\d{1,2})[)）]\s*")),
    ("num", re.compile(r"(\d{1,2})\s*(?:[、]|\.(?!\d))\s*")),
)
_NUMBERED_PROSE = re.compile(r"\d+(?:\.\d+)*\s*(?:个|家|件|%|亿|万|倍|年|月|日|元|公里|平方|余|多|版)")


@dataclass(frozen=True, slots=True)
class Marker:
    """A heading number: ``printed`` without its trailing mark, ``end`` where the title starts."""

    kind: Kind
    value: int
    printed: str
    end: int
    comma: bool = False
    parts: tuple[int, ...] = ()


def read_marker(text: str) -> Marker | None:
    """The heading number at the very start of ``text``."""
    circled = _circled(text)
    if circled:
        return circled
    folded = fold(text)
    for kind, form in _FORMS:
        match = form.match(folded)
        if not match:
            continue
        if kind == "dec":
            return _decimal(text, folded, match)
        digits = next((group for group in match.groups() if group), "") if match.groups() else ""
        value = chinese_number(digits) if digits else 0
        if value is None or (value == 0 and kind != "box"):
            continue
        printed = text[: match.end()].strip().rstrip("、.．:： \u3000").strip()
        return Marker(kind, value, re.sub(r"\s+", "", printed), match.end(), comma="、" in match[0])
    return None


def _decimal(text: str, folded: str, match: re.Match[str]) -> Marker | None:
    if _NUMBERED_PROSE.match(folded):
        return None
    parts = tuple(int(part) for part in match[1].split("."))
    if any(part == 0 for part in parts):
        return None
    return Marker("dec", parts[-1], text[: match.end(1)].strip(), match.end(), parts=parts)


def _circled(text: str) -> Marker | None:
    value = CIRCLED.get(text[:1])
    if value is None:
        return None
    code = ord(text[0])
    kind: Kind = "num_paren" if 0x2474 <= code < 0x2488 else "num" if 0x2488 <= code < 0x249C else "circled"
    if 0x3220 <= code < 0x322A:
        kind = "cn_paren"
    end = 1 + len(text[1:]) - len(text[1:].lstrip(" 、.．\u3000"))
    return Marker(kind, value, text[0], end)
