"""What the two sides of a match must mean alike."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

MINIMUM = 10  # common or chosen rows, below which nothing is told of them


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a run; ``low`` to ``high`` is what a value counts as at least and at most.

    The contract is what its parties agreed, not the number it has: two installations number theirs each on its own.
    """

    contract: tuple[str, str, str, str]  # provider, consumer, dataset, SHA-256 of its terms
    run: str
    column: str
    micro: int
    low: int
    high: int

    @property
    def parts(self) -> dict[str, str]:
        """A digest of each part, so that two sides that differ can tell in what."""
        told: dict[str, Any] = {
            "contract": self.contract, "run": self.run, "column": self.column, "epsilon": self.micro,
            "bounds": [self.low, self.high], "least": MINIMUM,
        }  # fmt: skip
        return {name: _sha256(each) for name, each in told.items()}

    @property
    def digest(self) -> str:
        return _sha256(self.parts)

    @property
    def furthest(self) -> int:
        """How far one row may move a sum."""
        return max(abs(self.low), abs(self.high))


def _sha256(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
