"""A learned model of texts: which label, how surely, and which pieces of the text decided.

Softmax regression over runs of one to three characters and over the evidence of the module's own rules. Plain arrays
and no program in the file: reading one never runs anything. The same cases and seed give the same bytes.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hutong.market.logic.pieces import pieces

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Evidence = Callable[[str], Mapping[str, float]]

MAGIC: Final = b"hutong-model 1\n"
BIAS: Final = 0.3
_MOST_HEADER: Final = 64 * 2**20
_TOLD: Final = 8


class BadModel(ValueError):
    """The bytes are no model, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Labels with their shares, the likeliest first; pieces with what each added to the first over the second.

    ``against``: what speaks for the second over the first.
    """

    ranked: tuple[tuple[str, float], ...]
    reasons: tuple[tuple[str, float], ...]
    against: tuple[tuple[str, float], ...]
    sure: bool


@dataclass(frozen=True)
class Learned:
    """``weights`` has a row for each piece, then for each evidence, then one for what all texts share."""

    labels: tuple[str, ...]
    vocabulary: tuple[str, ...]
    evidence: tuple[str, ...]
    weights: Floats
    threshold: float
    facts: Mapping[str, Any]

    @cached_property
    def places(self) -> dict[str, int]:
        return {piece: place for place, piece in enumerate(self.vocabulary)}

    @cached_property
    def evidence_places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.evidence, len(self.vocabulary))}

    def row(self, counts: Counter[str], said: Mapping[str, float]) -> tuple[Ints, Floats]:
        """The text as places and values: pieces of length one together, evidence as it is, and the bias."""
        places = self.places
        known = sorted((places[piece], count) for piece, count in counts.items() if piece in places)
        where = np.array([place for place, _count in known], dtype=np.int64)
        return self.joined(where, np.array([count for _place, count in known], dtype=np.float32), said)

    def joined(self, where: Ints, counts: Floats, said: Mapping[str, float]) -> tuple[Ints, Floats]:
        """``row`` from the places of its pieces, in order, and how often each is there."""
        values = np.log1p(counts)
        length = float(np.linalg.norm(values))
        values = values / np.float32(length) if length else values
        own = sorted(
            (self.evidence_places[name], value)
            for name, value in said.items()
            if name in self.evidence_places
        )
        ends = [place for place, _value in own] + [len(self.weights) - 1]
        tail = np.array([value for _place, value in own] + [BIAS], dtype=np.float32)
        places = np.concatenate([where, np.array(ends, dtype=np.int64)])
        return places, np.concatenate([values.astype(np.float32), tail])

    def shares(self, where: Ints, values: Floats) -> Floats:
        scores = values @ self.weights[where]
        grown = np.exp(scores - scores.max())
        found: Floats = (grown / grown.sum()).astype(np.float32)
        return found

    def decide(self, text: str, evidence: Evidence) -> Decision:
        """What the text is, and why: the pieces that speak for the first label and against the second."""
        where, values = self.row(pieces(text), evidence(text))
        shares = self.shares(where, values)
        order = np.argsort(-shares, kind="stable")
        first, second = order[0], order[min(1, len(order) - 1)]
        added = values * (self.weights[where, first] - self.weights[where, second])
        named = [
            (self._name(int(place)), float(value))
            for place, value in zip(where[:-1], added[:-1], strict=True)
        ]
        ranked = tuple((self.labels[place], float(shares[place])) for place in order)
        against = [(name, -value) for name, value in named]
        return Decision(ranked, _told(named), _told(against), float(shares[first]) >= self.threshold)

    def telling(self, label: str, many: int = 12) -> tuple[str, ...]:
        """The pieces that speak most for a label, those inside a longer one left out."""
        place = self.labels.index(label)
        own = self.weights[: len(self.vocabulary)]
        lead = own[:, place] - own.mean(axis=1)
        order = np.argsort(-lead, kind="stable")[: many * 8]
        named = [(self.vocabulary[each], float(lead[each])) for each in order if lead[each] > 0]
        return tuple(piece for piece, _value in _told(named, many))

    def _name(self, place: int) -> str:
        if place < len(self.vocabulary):
            return self.vocabulary[place]
        return self.evidence[place - len(self.vocabulary)]


def _told(named: list[tuple[str, float]], many: int = _TOLD) -> tuple[tuple[str, float], ...]:
    """The weightiest that speak for it, without pieces that are part of one told already or hold one."""
    found: list[tuple[str, float]] = []
    speaking = [each for each in named if each[1] > 0 and len(each[0]) > 1]
    for piece, value in sorted(speaking, key=lambda each: (-each[1], each[0])):
        if not any(piece in one or one in piece for one, _value in found):
            found.append((piece, round(value, 4)))
        if len(found) == many:
            break
    return tuple(found)


def dump(model: Learned) -> bytes:
    """The model as bytes: a line that names the form, the length of the head, the head as JSON, the weights."""
    head = json.dumps(
        {
            "labels": model.labels,
            "vocabulary": model.vocabulary,
            "evidence": model.evidence,
            "threshold": round(model.threshold, 4),
            "facts": dict(model.facts),
        },
        ensure_ascii=False,
        sort_keys=True,
    ).encode()
    return MAGIC + len(head).to_bytes(8, "big") + head + model.weights.astype("<f4").tobytes()


def parse(body: bytes) -> Learned:
    """The model in those bytes; raises ``BadModel``."""
    start = len(MAGIC) + 8
    if not body.startswith(MAGIC) or len(body) < start:
        raise BadModel("no model")
    size = int.from_bytes(body[len(MAGIC) : start], "big")
    if size > _MOST_HEADER or len(body) < start + size:
        raise BadModel("cut short")
    try:
        head = json.loads(body[start : start + size])
        labels, words, own = (tuple(map(str, head[name])) for name in ("labels", "vocabulary", "evidence"))
        threshold, facts = float(head["threshold"]), dict(head["facts"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadModel(str(error)) from error
    rows = len(words) + len(own) + 1
    if len(labels) < 2 or len(body) - start - size != rows * len(labels) * 4:
        raise BadModel("weights of another size")
    weights = np.frombuffer(body, dtype="<f4", offset=start + size).reshape(rows, len(labels))
    if not np.isfinite(weights).all():
        raise BadModel("weights that are no numbers")
    return Learned(labels, words, own, weights.astype(np.float32), threshold, facts)
