"""Published pairs of signs: how many can be judged, how often a right one is found right, and a wrong one not.

The words were mended while looking at the Beijing pairs (``SEEN``), so what they do there flatters. The Shanghai pairs
were not looked at: neither which of them fail, nor what they are. A pair is taken when its Chinese side is characters
alone and no piece of the prose that the extraction cut into; that rule was written before anything was measured.
"""

import csv
import random
import re
from pathlib import Path
from typing import Any, Final

from hutong.market.modules.sign_check.run import check
from hutong.market.modules.sign_check.shapes import Sign

_NOTE: Final = re.compile(r"[(（][^)）]*[)）]")
_PROSE: Final = re.compile(
    r"[译翻]|表示|一般|通常|情况|形式|应该|可以|如果|例如|作为|以及|其他$|时$|都$|用$|等$"
)
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff0-9]{2,12}")
_RIGHT: Final = ("conforms", "conflict")


def sides(zh: str, en: str) -> tuple[list[str], list[str]]:
    """Each side as the renderings that it lists."""
    return (
        [each for each in re.split(r"[;；、/]", _NOTE.sub("", zh).strip()) if each],
        [each.strip() for each in re.split(r"[/;]", _NOTE.sub("", en)) if each.strip()],
    )


def pairs(shared: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Those looked at while mending, and those not."""
    with (shared / "bilingual" / "standard_signs.csv").open(encoding="utf-8-sig") as file:
        seen = [
            (row["zh"], row["en"]) for row in csv.DictReader(file) if row["zh"].strip() and row["en"].strip()
        ]
    with (shared / "bilingual" / "public_sign_pairs_extracted.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["source"].startswith("Shanghai")]
    unseen = [(row["zh"], row["en"]) for row in rows if whole(row["zh"], row["en"])]
    return seen, unseen


def whole(zh: str, en: str) -> bool:
    chinese, english = sides(zh, en)
    good = (
        chinese and english and all(_CHINESE.fullmatch(each) and not _PROSE.search(each) for each in chinese)
    )
    return bool(good) and all(re.match(r"[A-Z0-9]", each) and len(each) > 2 for each in english)


def verdict(zh: str, en: str) -> str:
    """Right where each Chinese rendering has an English one that is; else the first verdict that says anything."""
    chinese, english = sides(zh, en)
    said = [[check(Sign(zh=one[:200], en=other[:200])).verdict for other in english] for one in chinese]
    if all(any(each in _RIGHT for each in row) for row in said):
        return "right"
    return "differs" if any("differs" in row for row in said) else "unknown"


def figures(given: list[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    said = [verdict(zh, en) for zh, en in given]
    known = [each for each in said if each != "unknown"]
    dice, others = random.Random(7), [en for _zh, en in given]
    dice.shuffle(others)
    crossed = [(zh, other) for (zh, en), other in zip(given, others, strict=True) if other != en]
    taken = sum(verdict(zh, other) == "right" for zh, other in crossed)
    return {
        "found-right": (said.count("right"), len(said)),
        "known": (len(known), len(said)),
        "agrees": (said.count("right"), len(known)),
        "wrong-taken": (taken, len(crossed)),
    }


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    seen, unseen = pairs(shared)
    many = max(10, int(len(unseen) * part)), max(10, int(len(seen) * part))
    on = {
        "": {
            "zh": f"{many[0]} 对公开译法（上海），未用于补充词条，含截取残句",
            "en": f"{many[0]} published pairs (Shanghai) not used to mend the words, some cut badly",
        },
        "-seen": {
            "zh": f"{many[1]} 对公开译法（国标与北京），补充词条时看过，故偏高",
            "en": f"{many[1]} published pairs (national and Beijing) that the words were mended on, so it flatters",
        },
    }
    titles = {
        "found-right": {"zh": "正确的标识判为符合的比例", "en": "Share of right signs found right"},
        "known": {"zh": "能判断的比例（其余答“未知”）", "en": "Share it can judge (the rest is answered as unknown)"},
        "agrees": {"zh": "能判断的之中判为符合的比例", "en": "Share found right of those it can judge"},
        "wrong-taken": {"zh": "配错英文仍判为符合的比例（越低越好）", "en": "Share of wrong pairs taken for right (less is better)"},
    }  # fmt: skip
    rows = [("", figures(unseen[: many[0]])), ("-seen", figures(seen[: many[1]]))]
    return [
        {
            "id": f"{name}{suffix}", "metric": titles[name], "value": round(good / max(1, total), 4), "unit": "share",
            "cases": max(1, total), "data": on[suffix],
        }
        for suffix, found in rows for name, (good, total) in found.items()
    ]  # fmt: skip
