"""Noise, by OpenDP alone: discrete Laplace over integers, and a noisy maximum for quantiles.

Every value reaches this place as an integer number of steps, so that no sum depends on rounding or on the order of its
rows. Pure differential privacy (``max_divergence``): the ε of questions adds up. Each function checks with OpenDP's own
privacy map that what it is about to release costs no more than it was given.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from hutong.privacy.types import MICRO

ALPHA = 0.05
_WHOLE = "i64"
MOST = 2**62


@cache
def _opendp() -> Any:
    """OpenDP, loaded by the first question: most processes never answer one."""
    import opendp.prelude as dp  # noqa: PLC0415 - see above

    dp.enable_features("contrib")
    return dp


def noisy(value: int, sensitivity: int, micro: int) -> int:
    """The value with noise for ``micro`` millionths of ε, where one person moves it by ``sensitivity`` at most."""
    dp = _opendp()
    measure = dp.m.make_laplace(
        dp.atom_domain(T=_WHOLE), dp.absolute_distance(T=_WHOLE), scale=scale(sensitivity, micro)
    )
    _check(measure, sensitivity, micro)
    return int(measure(_held(value)))


def noisy_cells(values: Sequence[int], sensitivity: int, micro: int) -> list[int]:
    """Cells with noise, where one person moves all of them together by ``sensitivity`` at most."""
    dp = _opendp()
    measure = dp.m.make_laplace(
        dp.vector_domain(dp.atom_domain(T=_WHOLE)), dp.l1_distance(T=_WHOLE), scale=scale(sensitivity, micro)
    )
    _check(measure, sensitivity, micro)
    return [int(each) for each in measure([_held(value) for value in values])]


def least_of(scores: Sequence[int], sensitivity: int, micro: int) -> int:
    """Where the least score is, noisily; one person moves every score by ``sensitivity`` at most."""
    dp = _opendp()
    measure = dp.m.make_noisy_max(
        dp.vector_domain(dp.atom_domain(T=_WHOLE)),
        dp.linf_distance(T=_WHOLE),
        dp.max_divergence(),
        scale=scale(2 * sensitivity, micro),
        negate=True,
    )
    _check(measure, sensitivity, micro)
    return int(measure([_held(value) for value in scores]))


def scores(counts: Sequence[int], rank: Fraction) -> list[int]:
    """How far each candidate is from the quantile: 0 where ``rank`` of the rows lie below it. ``counts`` are rows at
    each candidate. A row moves a score by ``rank.denominator`` at most.
    """
    above, below, found = sum(counts), 0, []
    for count in counts:
        above -= count
        found.append(abs((rank.denominator - rank.numerator) * below - rank.numerator * above))
        below += count
    return found


def scale(sensitivity: int, micro: int) -> float:
    """The scale whose cost, as OpenDP counts it with its roundings, is just not above what is given."""
    return sensitivity * MICRO / micro * (1 + 1e-12)


def within(sensitivity: int, micro: int, alpha: float = ALPHA) -> int:
    """The noise is at most this with probability 1 - alpha."""
    from opendp.accuracy import discrete_laplacian_scale_to_accuracy  # noqa: PLC0415 - as above

    _opendp()
    return math.ceil(
        float(discrete_laplacian_scale_to_accuracy(scale=scale(sensitivity, micro), alpha=alpha))
    )


def rank_within(candidates: int, sensitivity: int, micro: int, denominator: int) -> int:
    """A chosen quantile is off its rank by at most so many rows, beyond the best candidate's, with 95 %."""
    gap = scale(2 * sensitivity, micro) * math.log(candidates / ALPHA)
    return math.ceil(gap / denominator)


def _held(value: int) -> int:
    return max(-MOST, min(MOST, int(value)))


def _check(measure: Any, sensitivity: int, micro: int) -> None:
    if Fraction(measure.map(sensitivity)) > Fraction(micro, MICRO):
        raise ArithmeticError("the measurement costs more than it was given")
