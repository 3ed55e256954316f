"""From what the engine counted to what may be said: noise, then intervals, then texts. And the error beforehand."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hutong.kernel.text import Text
from hutong.lake.types import Contract
from hutong.privacy.logic import noise, questions
from hutong.privacy.logic.sql import CANDIDATES
from hutong.privacy.types import Bounds, Cell, Error, Measure, Question, Rule

NO_LABEL = Text(zh="", en="")
TYPICAL = 1000  # rows that a mean's error is told for


def answer(
    question: Question, rule: Rule, shape: Contract, bounds: Bounds | None, rows: Sequence[tuple[Any, ...]]
) -> tuple[Cell, ...]:
    """The noisy answer to a question whose exact numbers are ``rows``."""
    micro, k = questions.micro(question.epsilon), rule.rows_per_person
    if question.measure in {Measure.PEOPLE, Measure.COUNT}:
        moved = 1 if question.measure is Measure.PEOPLE else k
        return (_count(noise.noisy(rows[0][0], moved, micro), noise.within(moved, micro)),)
    if question.measure is Measure.HISTOGRAM:
        return _histogram(question, rule, shape, dict(rows), micro)
    if bounds is None:
        raise ValueError("a value without bounds")
    if question.measure is Measure.SUM:
        moved = sum_moves(bounds, k)
        found, off = noise.noisy(rows[0][0], moved, micro), noise.within(moved, micro)
        return (Cell(NO_LABEL, *(each * bounds.step for each in (found, found - off, found + off))),)
    if question.measure is Measure.MEAN:
        return (_mean(bounds, k, micro // 2, rows[0][0], rows[0][1]),)
    return (_quantile(question, bounds, k, micro, dict(rows)),)


def sum_moves(bounds: Bounds, k: int) -> int:
    """The most that one person moves a sum, in steps."""
    return k * max(abs(bounds.low), abs(bounds.high))


def _count(found: int, off: int, label: Text = NO_LABEL) -> Cell:
    low, high = max(0, found - off), max(0, found + off)
    return Cell(label, Decimal(max(0, found)), Decimal(low), Decimal(high))


def _histogram(
    question: Question, rule: Rule, shape: Contract, counted: dict[Any, int], micro: int
) -> tuple[Cell, ...]:
    listed = questions.cells(question, rule, shape)
    found = noise.noisy_cells([counted.get(code, 0) for code, _title in listed], rule.rows_per_person, micro)
    off = noise.within(rule.rows_per_person, micro)
    return tuple(_count(each, off, title) for each, (_code, title) in zip(found, listed, strict=True))


def _mean(bounds: Bounds, k: int, half: int, total: int, count: int) -> Cell:
    """The noisy sum of distances from the middle over the noisy count; the interval holds both with 95 % at once."""
    centre = (bounds.low + bounds.high) // 2
    moved = _mean_moves(bounds, k)
    found, rows = noise.noisy(total, moved, half), noise.noisy(count, k, half)
    off = noise.within(moved, half, noise.ALPHA / 2)
    fewest, most = (
        max(1, rows - noise.within(k, half, noise.ALPHA / 2)),
        max(1, rows + noise.within(k, half, noise.ALPHA / 2)),
    )
    ends = [Fraction(found + sign * off, each) for sign in (-1, 1) for each in (fewest, most)]

    def told(distance: Fraction) -> Decimal:
        held = max(Fraction(bounds.low), min(Fraction(bounds.high), centre + distance))
        return Decimal(round(held * 100)) / 100 * bounds.step

    return Cell(NO_LABEL, told(Fraction(found, max(1, rows))), told(min(ends)), told(max(ends)))


def _mean_moves(bounds: Bounds, k: int) -> int:
    centre = (bounds.low + bounds.high) // 2
    return k * max(bounds.high - centre, centre - bounds.low)


def _quantile(question: Question, bounds: Bounds, k: int, micro: int, counted: dict[Any, int]) -> Cell:
    rank = Fraction(question.rank)
    scores = noise.scores([counted.get(each, 0) for each in range(CANDIDATES + 1)], rank)
    chosen = noise.least_of(scores, _rank_moves(rank, k), micro)
    steps = bounds.low + chosen * (bounds.high - bounds.low) // CANDIDATES
    return Cell(NO_LABEL, steps * bounds.step, None, None)


def _rank_moves(rank: Fraction, k: int) -> int:
    return k * max(rank.numerator, rank.denominator - rank.numerator)


def rank_error(question: Question, k: int) -> Decimal | None:
    """By how many rows a quantile may be off its rank, with 95 %; None for other measures."""
    if question.measure is not Measure.QUANTILE:
        return None
    rank = Fraction(question.rank)
    micro = questions.micro(question.epsilon)
    return Decimal(noise.rank_within(CANDIDATES + 1, _rank_moves(rank, k), micro, rank.denominator))


def estimate(question: Question, rule: Rule, bounds: Bounds | None) -> Error:
    """The error that 95 % of answers keep to: a matter of ε, bounds and k alone, so it is told for nothing."""
    micro, k = questions.micro(question.epsilon), rule.rows_per_person
    if question.measure is Measure.PEOPLE:
        return Error(Decimal(noise.within(1, micro)), "value")
    if question.measure in {Measure.COUNT, Measure.HISTOGRAM} or bounds is None:
        return Error(
            Decimal(noise.within(k, micro)), "cell" if question.measure is Measure.HISTOGRAM else "value"
        )
    if question.measure is Measure.QUANTILE:
        return Error(rank_error(question, k) or Decimal(0), "rank")
    if question.measure is Measure.SUM:
        return Error(noise.within(sum_moves(bounds, k), micro) * bounds.step, "value", bounds.unit)
    off = noise.within(_mean_moves(bounds, k), micro // 2, noise.ALPHA / 2)
    return Error(Decimal(round(Fraction(off, TYPICAL) * 100)) / 100 * bounds.step, "mean", bounds.unit)


def dump(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """As JSON."""
    return [
        {
            "label": each.label.as_dict(),
            "value": _text(each.value),
            "low": _text(each.low),
            "high": _text(each.high),
        }
        for each in cells
    ]


def load(raw: Sequence[dict[str, Any]]) -> tuple[Cell, ...]:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    return tuple(
        Cell(
            Text(zh=each["label"].get("zh", ""), en=each["label"].get("en", "")),
            Decimal(each["value"]),
            number(each["low"]),
            number(each["high"]),
        )
        for each in raw
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
