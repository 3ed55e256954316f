"""Words of the tree found in a petition, more in its first sentence; the sum decides and the words are told."""

import math
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from hutong.market.modules.petition_triage.shapes import Found, Given, Option, Sorted, Word
from hutong.market.running import Context, module

_FIRST: Final = 2.2  # how much more the first sentence counts
_UNSURE: Final = 0.35
_STOP: Final = re.compile(r"[。！？!?\n；;]")
_OTHER: Final = ("其他", "其他", "其他")
Leaf = tuple[str, str, str]


@cache
def words() -> dict[str, list[tuple[Leaf, float]]]:
    """Each word and the leaves it tells; longer words weigh more, words of several leaves less."""
    tree = yaml.safe_load((Path(__file__).parent / "tree.yaml").read_text("utf8"))
    found: dict[str, list[tuple[Leaf, float]]] = defaultdict(list)
    for level1, under in tree.items():
        for level2, leaves in under.items():
            for level3, said in leaves.items():
                for each in str(said).split():
                    word = each.rstrip("*")
                    weight = (2.0 if each.endswith("*") else 1.0) * (1 + 0.25 * (min(len(word), 5) - 2))
                    found[word].append(((level1, level2, level3), weight))
    return dict(found)


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(words(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


@module("petition-triage")
def run(given: Given, _context: Context) -> Found:
    return Found(results=[sort(each) for each in given.texts])


def sort(text: str) -> Sorted:
    """One petition."""
    told = _told(text)
    by_leaf: dict[Leaf, float] = defaultdict(float)
    by_top: dict[str, float] = defaultdict(float)
    for weight, leaves in told.values():
        for leaf, own in leaves:
            by_leaf[leaf] += own * weight
            by_top[leaf[0]] += own * weight
    if not by_leaf:
        return Sorted(level1=_OTHER[0], level2=_OTHER[1], level3=_OTHER[2], confidence=0.0, review=True, reasons=[], others=[])  # fmt: skip
    scores = {leaf: score + 0.5 * by_top[leaf[0]] for leaf, score in by_leaf.items()}
    order = sorted(scores, key=lambda leaf: -scores[leaf])
    best = order[0]
    rival = next((scores[leaf] for leaf in order if leaf[0] != best[0]), 0.0)
    confidence = round(1 - rival / scores[best], 2)
    return Sorted(
        level1=best[0], level2=best[1], level3=best[2], confidence=confidence,
        review=confidence < _UNSURE or by_leaf[best] < 2,
        reasons=_reasons(told, best), others=[Option(category="/".join(leaf), score=round(scores[leaf], 2)) for leaf in order[1:4]],
    )  # fmt: skip


def ranked(text: str) -> list[str]:
    """First-level categories, the likeliest first; those without a word are left out."""
    by_top: dict[str, float] = defaultdict(float)
    best: dict[str, float] = {}
    by_leaf: dict[Leaf, float] = defaultdict(float)
    for weight, leaves in _told(text).values():
        for leaf, own in leaves:
            by_leaf[leaf] += own * weight
            by_top[leaf[0]] += own * weight
    for leaf, score in by_leaf.items():
        best[leaf[0]] = max(best.get(leaf[0], 0.0), score)
    return sorted(best, key=lambda top: -(best[top] + 0.5 * by_top[top]))


def _told(text: str) -> dict[tuple[str, str], tuple[float, list[tuple[Leaf, float]]]]:
    """Each word with where it stands and how much that counts; a word said often counts a little more."""
    head = _STOP.split(text.strip(), maxsplit=1)[0][:60]
    found: dict[tuple[str, str], tuple[float, list[tuple[Leaf, float]]]] = {}
    for where, part, weight in (("首句", head, _FIRST), ("正文", text[len(head) : 1500], 0.6)):
        counts: dict[str, int] = defaultdict(int)
        for each in _pattern().finditer(part):
            counts[each[0]] += 1
        for word, count in counts.items():
            leaves = words().get(word) or words().get(word.upper()) or []
            found[word, where] = (weight * (1 + math.log(count)), leaves)
    return found


def _reasons(told: dict[tuple[str, str], tuple[float, list[tuple[Leaf, float]]]], best: Leaf) -> list[Word]:
    found = [
        Word(word=word, weight=round(own * weight, 2), where=where)
        for (word, where), (weight, leaves) in told.items()
        for leaf, own in leaves
        if leaf[0] == best[0]
    ]
    return sorted(found, key=lambda each: -each.weight)[:8]
