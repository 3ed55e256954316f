"""Seeded randomness: one independent stream a subject, so that a change in one leaves the others alone."""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Texts = NDArray[np.str_]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]

FIRST_MONTH = np.datetime64("2021-01", "M")  # the plan's first month
MONTHS = 36


@dataclass(frozen=True, slots=True)
class Dice:
    """The streams of one seed, and how large and how long the district's data is to be."""

    seed: int = 20240131
    months: int = MONTHS
    scale: float = 1.0

    def of(self, subject: str) -> np.random.Generator:
        """The stream of a subject; the same whatever was drawn before."""
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.seed, zlib.crc32(subject.encode())]))
        )

    def many(self, full: int, least: int = 1) -> int:
        """A count at this scale."""
        return max(least, round(full * self.scale))

    @property
    def first_month(self) -> np.datetime64:
        """The first month: ``months`` before the end of the window."""
        return self.last_month - np.timedelta64(self.months - 1, "M")

    @property
    def last_month(self) -> np.datetime64:
        """The last complete month before the demo's day."""
        return FIRST_MONTH + np.timedelta64(MONTHS - 1, "M")

    @property
    def month_range(self) -> Days:
        return np.arange(self.first_month, self.last_month + 1)

    @property
    def day_range(self) -> Days:
        first = self.first_month.astype("datetime64[D]")
        days: Days = np.arange(first, (self.last_month + 1).astype("datetime64[D]")).astype("datetime64[D]")
        return days


def pick(rng: np.random.Generator, values: "list[str] | Texts", size: int, weights: object = None) -> Texts:
    """Draw with replacement; weights need not sum to one."""
    share = None
    if weights is not None:
        share = np.asarray(weights, dtype=np.float64)
        share = share / share.sum()
    return np.asarray(values)[rng.choice(len(values), size, p=share)]


def numbered(prefix: str, numbers: Ints, width: int) -> Texts:
    """``prefix`` and each number, padded with zeros."""
    return np.char.add(prefix, np.char.zfill(numbers.astype(np.str_), width))


def join(*parts: "str | Texts") -> Texts:
    """Concatenate texts row by row."""
    whole: Texts = np.asarray("")
    for part in parts:
        whole = np.char.add(whole, part)
    return whole


def days_between(rng: np.random.Generator, first: str, last: str, size: int) -> Days:
    """Days drawn evenly from ``first`` to ``last``."""
    start, end = np.datetime64(first, "D"), np.datetime64(last, "D")
    return start + rng.integers(0, (end - start).astype(int) + 1, size).astype("timedelta64[D]")
