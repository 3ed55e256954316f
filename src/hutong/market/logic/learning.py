"""Learning a model from labelled texts, and how well it does on cases that it did not see.

Mini-batches of plain gradient steps, in an order that the seed decides. A piece that fewer than ``LEAST`` texts hold
is no part of a model, so that what one person wrote is not in it. Five parts by the digest of the text (the same text
never stands on both sides), each told by what was learnt from the other four.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hutong.market.logic.learned import Evidence, Floats, Ints, Learned
from hutong.market.logic.pieces import pieces

LEAST: Final = 5
MOST_PIECES: Final = 60_000
PARTS: Final = 5
SURE: Final = 0.85  # what is not handed to a person should be right this often
_ROUNDS: Final = (6, 30)  # at the least and the most; as many as keep the steps of a training below
_STEPS: Final = 60_000
_BATCH: Final = 16
_STEP: Final = 6.0
_DECAY: Final = 1e-4
_NEVER: Final = 1.01
_LEAST_SHARE: Final = 0.4  # what has less is handed to a person, however well the rest does

Row = tuple[Ints, Floats]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Case:
    """A text and its label; several labels where any of them is right."""

    text: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How well it did on the parts it was not taught: ``guesses`` are labels, the likeliest first, by case."""

    guesses: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    first: float
    three: float
    threshold: float
    sure: float | None
    sure_cases: int


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The cases as a model sees them, made once for every part: numbers of pieces in ``names`` with their counts."""

    names: tuple[str, ...]
    pieces: tuple[Ints, ...]
    counts: tuple[Floats, ...]
    said: tuple[Mapping[str, float], ...]
    wanted: Floats
    labels: tuple[str, ...]


def learn(
    cases: Sequence[Case],
    evidence: Evidence,
    *,
    seed: int,
    facts: Mapping[str, Any],
    progress: Progress | None = None,
) -> tuple[Learned, HeldOut]:
    """A model of all cases, and what models of four fifths of them said of the fifth they had not seen."""
    ready = _prepared(cases, evidence)
    parts = np.array([_part(case.text) for case in cases])
    guesses: list[tuple[str, ...]] = [()] * len(cases)
    shares = [0.0] * len(cases)
    for part in range(PARTS):
        model, rows = _fit(ready, np.flatnonzero(parts != part), seed)
        for each in np.flatnonzero(parts == part):
            told = model.shares(*rows[each])
            order = np.argsort(-told, kind="stable")
            guesses[each] = tuple(model.labels[place] for place in order)
            shares[each] = float(told[order[0]])
        if progress:
            progress(part + 1, PARTS + 1)
    held = _judged(cases, guesses, shares)
    model, _rows = _fit(ready, np.arange(len(cases)), seed)
    if progress:
        progress(PARTS + 1, PARTS + 1)
    return (
        Learned(model.labels, model.vocabulary, model.evidence, model.weights, held.threshold, dict(facts)),
        held,
    )


def by_label(cases: Sequence[Case], held: HeldOut) -> list[dict[str, Any]]:
    """Of each label: how many cases, the share found, the share of what was called so that is, the usual mix-up."""
    found = []
    for label in sorted({one for case in cases for one in case.labels}):
        own = [each for each, case in enumerate(cases) if label in case.labels]
        called = [each for each, guess in enumerate(held.guesses) if guess[0] == label]
        right = sum(held.guesses[each][0] in cases[each].labels for each in own)
        missed = Counter(
            held.guesses[each][0] for each in own if held.guesses[each][0] not in cases[each].labels
        )
        found.append({
            "label": label, "cases": len(own), "found": round(right / len(own), 4),
            "right": round(sum(label in cases[each].labels for each in called) / len(called), 4) if called else None,
            "instead": min(missed, key=lambda one: (-missed[one], one)) if missed else "",
        })  # fmt: skip
    return found


def _prepared(cases: Sequence[Case], evidence: Evidence) -> _Prepared:
    labels = tuple(sorted({label for case in cases for label in case.labels}))
    wanted = np.zeros((len(cases), len(labels)), np.float32)
    for each, case in enumerate(cases):
        for label in case.labels:
            wanted[each, labels.index(label)] = 1 / len(case.labels)
    numbers: dict[str, int] = {}
    held, counts = [], []
    for case in cases:
        found = pieces(case.text)
        held.append(np.array([numbers.setdefault(each, len(numbers)) for each in found], dtype=np.int64))
        counts.append(np.array(list(found.values()), dtype=np.float32))
    said = tuple(evidence(case.text) for case in cases)
    return _Prepared(tuple(numbers), tuple(held), tuple(counts), said, wanted, labels)


def _part(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0] % PARTS


def _fit(ready: _Prepared, train: "Ints", seed: int) -> tuple[Learned, list[Row]]:
    """A model of the cases of those numbers, and every case as that model sees it."""
    many = np.zeros(len(ready.names), np.int64)
    for each in train:
        many[ready.pieces[each]] += 1
    common = sorted(
        (-int(many[each]), ready.names[each], int(each)) for each in np.flatnonzero(many >= LEAST)
    )
    chosen = sorted((piece, each) for _many, piece, each in common[:MOST_PIECES])
    words = tuple(piece for piece, _each in chosen)
    places = np.full(len(ready.names), -1, np.int64)
    places[[each for _piece, each in chosen]] = np.arange(len(chosen))
    own = tuple(sorted({name for each in train for name in ready.said[each]}))
    weights = np.zeros((len(words) + len(own) + 1, len(ready.labels)), np.float32)
    model = Learned(ready.labels, words, own, weights, _NEVER, {})
    rows = [_row(model, places, *each) for each in zip(ready.pieces, ready.counts, ready.said, strict=True)]
    dice = np.random.default_rng(seed)
    order = np.array(train)
    least, most = _ROUNDS
    for turn in range(max(least, min(most, _STEPS // len(order)))):
        dice.shuffle(order)
        step = _STEP / (1 + turn / 4)
        for start in range(0, len(order), _BATCH):
            _step(weights, [(rows[each], ready.wanted[each]) for each in order[start : start + _BATCH]], step)
    return model, rows


def _row(model: Learned, places: Ints, held: Ints, counts: Floats, said: Mapping[str, float]) -> Row:
    """A case as the model sees it, the same as ``Learned.row`` makes of its text."""
    where = places[held]
    known = np.flatnonzero(where >= 0)
    known = known[np.argsort(where[known], kind="stable")]
    return model.joined(where[known], counts[known], said)


def _step(weights: Floats, batch: list[tuple[Row, Floats]], step: float) -> None:
    """One gradient step; only the rows that the batch holds are touched, and only they decay."""
    places, inside = np.unique(np.concatenate([row[0] for row, _wanted in batch]), return_inverse=True)
    dense = np.zeros((len(batch), len(places)), np.float32)
    at = 0
    for number, (row, _wanted) in enumerate(batch):
        dense[number, inside[at : at + len(row[0])]] = row[1]
        at += len(row[0])
    held = weights[places]
    scores = dense @ held
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    wanted = np.stack([each for _row, each in batch])
    off = grown / grown.sum(axis=1, keepdims=True) - wanted
    weights[places] = held - np.float32(step) * (dense.T @ off / len(batch) + np.float32(_DECAY) * held)


def _judged(cases: Sequence[Case], guesses: Sequence[tuple[str, ...]], shares: Sequence[float]) -> HeldOut:
    right = [guess[0] in case.labels for guess, case in zip(guesses, cases, strict=True)]
    three = sum(bool(set(guess[:3]) & set(case.labels)) for guess, case in zip(guesses, cases, strict=True))
    threshold = max(_LEAST_SHARE, _threshold(right, shares))
    kept = [good for good, share in zip(right, shares, strict=True) if share >= threshold]
    return HeldOut(
        tuple(guesses), tuple(shares), sum(right) / len(cases), three / len(cases), threshold,
        sum(kept) / len(kept) if kept else None, len(kept),
    )  # fmt: skip


def _threshold(right: Sequence[bool], shares: Sequence[float]) -> float:
    """The least share at which what is said is right often enough; above all where it never is."""
    order = sorted(zip(shares, right, strict=True), reverse=True)
    found, good = _NEVER, 0
    for many, (share, was_right) in enumerate(order, 1):
        good += was_right
        if many >= 20 and good / many >= SURE:
            found = round(share, 4)
    return found
