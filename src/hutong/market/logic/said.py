"""The reasons that modules give in Chinese, told in English on the pages of those who read that."""

import re
from typing import Final

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_PHRASES: Final = tuple(
    (re.compile(pattern), english)
    for pattern, english in (
        # signs
        (r"^逐词与(.+)一致$", r"word by word as \1 has it"),
        (r"^与(.+)一致：地名用汉语拼音$", r"as \1 has it: names of places in Pinyin"),
        (
            r"^与(.+)（地名标志）一致，与(.+)不同：通名译作 (.+)$",
            r"as \1 (signs of place names) has it, unlike \2: \3",
        ),
        (r"^与(.+)一致，与(.+)不同$", r"as \1 has it, unlike \2"),
        (r"^与(.+)一致$", r"as \1 has it"),
        (r"^专名用汉语拼音$", "the name in Pinyin"),
        (r"^专名按意译，未核对$", "the name is translated by its meaning, which was not checked"),
        (r"^“(.+)”的拼音与 (.+) 不符$", r"“\1” is not spelt \2 in Pinyin"),
        (r"^“(.+)”应在专名之后$", r"“\1” belongs after the name"),
        (r"^“(.+)”与英文不符$", r"“\1” is another in the English"),
        (r"^通名“(.+)”应译作 (.+)$", r"the generic “\1” is \2"),
        (r"^(.+)：(.+) 译作 (.+)$", r"\1: \2 is \3"),
        (r"^所收译法为 (.+)，此译法未收录$", r"held here is \1; this one is not"),
        (r"^所收标准条目不足以判断此标识$", "what is held of the standards does not tell"),
        (r"^英文中夹有汉字$", "Chinese characters in the English"),
        (r"^英文用了全角标点$", "full-width marks in the English"),
        (r"^常见误译$", "a usual mistranslation"),
        (r"^空格不当$", "blanks in the wrong place"),
        # identifiers
        (r"^姓氏加称呼$", "surname and form of address"),
        (r"^称谓之后的姓名$", "after a word that names a person"),
        (r"^姓氏加常见名字用字$", "surname and characters usual in given names"),
        (r"^电话号段$", "range of telephone numbers"),
        (r"^18 位，校验码相符$", "18 characters, check digit fits"),
        (r"^18 位，两个校验码相符$", "18 characters, both check digits fit"),
        (r"^邮箱格式$", "form of an e-mail address"),
        (r"^Luhn 校验相符$", "Luhn check fits"),
        (r"^车牌格式$", "form of a number plate"),
        (r"^地名加门牌$", "place and house number"),
        (r"^列名说明$", "the name of the column says so"),
        # petitions: where a word stands
        (r" · 首句$", " · first sentence"),
        (r" · 正文$", " · text"),
        (r" · 片段$", " · learnt piece"),
        # places and names
        (r"^落在(.+)范围内$", r"inside \1"),
        (r"^距边界仅 ([0-9]+) 米$", r"only \1 m from the edge"),
        (r"^不在任何街道范围内$", "in no subdistrict"),
        (r"^不在本区范围内$", "outside the district"),
        (r"^地址写的是(.+)$", r"the address says \1"),
        (r"^地址写明本区$", "the address names the district"),
        (r"^街道与社区相符：(.+)$", r"subdistrict and community agree: \1"),
        (r"^未写街道或社区$", "no subdistrict or community is named"),
        (r"^(.+)不属于(.+)，以街道为准$", r"\1 is not in \2; the subdistrict decides"),
        (r"^写明(.+)$", r"names \1"),
        (r"^同名社区：(.+)$", r"communities of one name: \1"),
        (r"^社区名唯一：(.+)$", r"the only community of that name: \1"),
        (r"^坐标为该范围的标注点$", "the point is the label point of the area"),
        (r"^经纬度超出范围$", "no such longitude or latitude"),
        (r"^全名相同$", "the same full name"),
        (r"^字号相同：(.+)$", r"the same trade name: \1"),
        (r"^按序包含：(.+)$", r"holds in order: \1"),
        (r"^缺：(.+)$", r"lacks: \1"),
    )
)
_PARTS: Final = re.compile(r"(；|\n)")


def in_english(said: str) -> str:
    """A cell with its reasons in English; what is none of them stays as it is."""
    if not _HAN.search(said):
        return said
    return "".join("; " if part == "；" else _one(part) for part in _PARTS.split(said))


def _one(said: str) -> str:
    left, slash, right = said.partition(" / ")
    if slash and _HAN.search(left) and not _HAN.search(right):
        return right
    for pattern, english in _PHRASES:
        if pattern.search(said):
            return pattern.sub(english, said)
    return said
