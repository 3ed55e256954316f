"""Words of the tree found in a petition, more in its first sentence; the sum decides and the words are told.

Where the district has trained a model on its own handled cases, that decides, and the words are part of what it weighs.
"""

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
Told = dict[tuple[str, str], tuple[float, list[tuple[Leaf, float]]]]


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
def run(given: Given, context: Context) -> Found:
    if context.model is None:
        return Found(results=[sort(each) for each in given.texts])
    from hutong.market.modules.petition_triage import learned  # noqa: PLC0415 - numpy is for learned models alone

    return Found(results=[learned.sort(each, context.model) for each in given.texts])


def sort(text: str) -> Sorted:
    """One petition."""
    told = words_in(text)
    by_leaf, by_top = _weighed(told)
    if not by_leaf:
        return Sorted(
            label=_OTHER[0], level1=_OTHER[0], level2=_OTHER[1], level3=_OTHER[2], confidence=0.0, review=True,
            reasons=[], others=[],
        )  # fmt: skip
    scores = {leaf: score + 0.5 * by_top[leaf[0]] for leaf, score in by_leaf.items()}
    order = sorted(scores, key=lambda leaf: -scores[leaf])
    best = order[0]
    rival = next((scores[leaf] for leaf in order if leaf[0] != best[0]), 0.0)
    confidence = round(1 - rival / scores[best], 2)
    return Sorted(
        label=best[0], level1=best[0], level2=best[1], level3=best[2], confidence=confidence,
        review=confidence < _UNSURE or by_leaf[best] < 2, reasons=reasons(told, best[0])[:8],
        others=[
            Option(category="/".join(leaf), score=round(scores[leaf], 2), words=_words_for(told, leaf))
            for leaf in order[1:4]
        ],
    )  # fmt: skip


def ranked(text: str) -> list[str]:
    """First-level categories, the likeliest first; those without a word are left out."""
    _by_leaf, by_top = weighed(text)
    return sorted(by_top, key=lambda top: -by_top[top])


def weighed(text: str) -> tuple[dict[Leaf, float], dict[str, float]]:
    """What the words say of each leaf, and of each first level: its best leaf and half of all its words."""
    by_leaf, by_top = _weighed(words_in(text))
    best: dict[str, float] = {}
    for leaf, score in by_leaf.items():
        best[leaf[0]] = max(best.get(leaf[0], 0.0), score)
    return by_leaf, {top: score + 0.5 * by_top[top] for top, score in best.items()}


def words_in(text: str) -> Told:
    """Each word with where it stands and how much that counts; a word said often counts a little more."""
    head = _STOP.split(text.strip(), maxsplit=1)[0][:60]
    found: Told = {}
    for where, part, weight in (("首句", head, _FIRST), ("正文", text[len(head) : 1500], 0.6)):
        counts: dict[str, int] = defaultdict(int)
        for each in _pattern().finditer(part):
            counts[each[0]] += 1
        for word, count in counts.items():
            leaves = words().get(word) or words().get(word.upper()) or []
            found[word, where] = (weight * (1 + math.log(count)), leaves)
    return found


def reasons(told: Told, said: str) -> list[Word]:
    """The words that speak for a first level, or for a leaf written with strokes, the weightiest first."""
    found = [
        Word(word=word, weight=round(own * weight, 2), where=where)
        for (word, where), (weight, leaves) in told.items()
        for leaf, own in leaves
        if said in {leaf[0], "/".join(leaf)}
    ]
    return sorted(found, key=lambda each: -each.weight)


def _weighed(told: Told) -> tuple[dict[Leaf, float], dict[str, float]]:
    by_leaf: dict[Leaf, float] = defaultdict(float)
    by_top: dict[str, float] = defaultdict(float)
    for weight, leaves in told.values():
        for leaf, own in leaves:
            by_leaf[leaf] += own * weight
            by_top[leaf[0]] += own * weight
    return by_leaf, by_top


def _words_for(told: Told, leaf: Leaf) -> list[str]:
    return list(dict.fromkeys(each.word for each in reasons(told, "/".join(leaf))))[:3]
