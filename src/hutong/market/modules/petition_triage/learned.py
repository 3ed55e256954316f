"""A petition by the model that the district trained: its label, the pieces and words that decided, and near misses."""

from typing import Final

from hutong.market.logic.learned import Decision, Learned
from hutong.market.modules.petition_triage.learning import MARK, evidence
from hutong.market.modules.petition_triage.run import Told, reasons, weighed, words, words_in
from hutong.market.modules.petition_triage.shapes import Option, Sorted, Word

_TOLD: Final = 8
_WORDS: Final = 3
_NEAR: Final = 3


def sort(text: str, model: Learned) -> Sorted:
    """One petition. Second and third level, which the model did not learn, are the best leaf of the table under it."""
    decision, told = model.decide(text, evidence), words_in(text)
    label, share = decision.ranked[0]
    level1, level2, level3 = _levels(text, label)
    return Sorted(
        label=label, level1=level1, level2=level2, level3=level3, confidence=round(share, 2), review=not decision.sure,
        reasons=_reasons(told, decision.reasons), others=_others(told, decision),
    )  # fmt: skip


def _levels(text: str, label: str) -> tuple[str, str, str]:
    """The label's own levels where it writes them with strokes, else where the table of words puts the petition."""
    parts = label.split("/")
    if len(parts) > 1:
        return parts[0], parts[1], parts[2] if len(parts) > 2 else ""
    by_leaf, _by_top = weighed(text)
    own = {leaf: score for leaf, score in by_leaf.items() if leaf[0] == label}
    if own:
        return max(own, key=lambda leaf: own[leaf])
    if label in _tops() or not by_leaf:
        return label, "", ""
    return max(by_leaf, key=lambda leaf: by_leaf[leaf])


def _tops() -> set[str]:
    return {leaf[0] for leaves in words().values() for leaf, _weight in leaves}


def _reasons(told: Told, said: tuple[tuple[str, float], ...]) -> list[Word]:
    """Pieces as they are; what the table said by the words it was said with, each with its part of the weight."""
    found: dict[tuple[str, str], float] = {}
    for name, value in said:
        if not name.startswith(MARK):
            found[name, "片段"] = found.get((name, "片段"), 0.0) + value
            continue
        own = reasons(told, name.removeprefix(MARK))
        whole = sum(each.weight for each in own)
        for each in own:
            found[each.word, each.where] = (
                found.get((each.word, each.where), 0.0) + value * each.weight / whole
            )
    order = sorted(found, key=lambda each: (-found[each], each))
    return [
        Word(word=word, weight=round(found[word, where], 3), where=where) for word, where in order[:_TOLD]
    ]


def _others(told: Told, decision: Decision) -> list[Option]:
    """The next labels; what speaks for the nearest of them against the first is told."""
    rival = [each.word for each in _reasons(told, decision.against)]
    return [
        Option(category=label, score=round(share, 2), words=[] if number else rival[:_WORDS])
        for number, (label, share) in enumerate(decision.ranked[1 : _NEAR + 1])
    ]
