"""English of signs as words that can be compared: short forms written out, numbers as figures, marks dropped."""

import re
import unicodedata
from functools import lru_cache
from itertools import product
from typing import Final

from pypinyin import Style, pinyin

SMALL: Final = frozenset(
    ("of", "the", "for", "to", "in", "a", "an", "and", "on", "at", "this", "please", "by", "with", "from")
)
_SHORT: Final = {
    "st": "street", "rd": "road", "ave": "avenue", "blvd": "boulevard", "hwy": "highway", "expwy": "expressway",
    "br": "bridge", "ln": "lane", "sq": "square", "bldg": "building", "dept": "department", "mt": "mount",
    "ctr": "center", "centre": "center", "theatre": "theater", "harbour": "harbor", "co": "company", "univ": "university",
    "e": "east", "s": "south", "w": "west", "n": "north", "restroom": "toilet", "washroom": "toilet",
    "prohibition": "prohibited", "wifi": "wi fi",
}  # fmt: skip
_NUMBERS: Final = {
    "one": "1", "first": "1", "two": "2", "second": "2", "three": "3", "third": "3", "four": "4", "fourth": "4",
    "five": "5", "fifth": "5", "six": "6", "sixth": "6", "seven": "7", "seventh": "7", "eight": "8", "eighth": "8",
    "nine": "9", "ninth": "9", "ten": "10", "tenth": "10",
}  # fmt: skip
_SYLLABLES: Final = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|o|u)g?)+"
)
_MOST_READINGS: Final = 64


@lru_cache(maxsize=4096)
def words(english: str) -> tuple[str, ...]:
    """Lower case, without accents and possessives, short forms and numbers written alike, plurals as singulars."""
    plain = unicodedata.normalize("NFKD", english.replace("’", "'").replace("&", " and "))
    plain = "".join(each for each in plain if not unicodedata.combining(each)).lower()
    plain = re.sub(r"'s\b", "", plain).replace("'", "")
    found: list[str] = []
    for each in re.findall(r"[a-z0-9]+", plain):
        ordinal = re.fullmatch(r"([0-9]+)(?:st|nd|rd|th)", each)
        word = ordinal[1] if ordinal else _NUMBERS.get(each, _SHORT.get(each, each))
        found += [_single(part) for part in word.split()]
    return tuple(found)


def same(one: str, other: str) -> bool:
    """Whether two renderings differ in nothing but form."""
    return _bare(one) == _bare(other)


def is_small(word: str) -> bool:
    return word in SMALL


@lru_cache(maxsize=1024)
def readings(chinese: str) -> frozenset[str]:
    """Every way the characters may be read, in Pinyin without tones and blanks."""
    options = pinyin(chinese, style=Style.NORMAL, heteronym=True, errors="ignore")
    found = {"".join(each) for each, _turn in zip(product(*options), range(_MOST_READINGS), strict=False)}
    usual = "".join(each[0] for each in pinyin(chinese, style=Style.NORMAL, errors="ignore"))
    return frozenset(each.replace("v", "u") for each in found | {usual})


def looks_like_pinyin(word: str) -> bool:
    return bool(_SYLLABLES.fullmatch(word))


def _single(word: str) -> str:
    return (
        word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    )


def _bare(english: str) -> tuple[str, ...]:
    return tuple(each for each in words(english) if not is_small(each))
