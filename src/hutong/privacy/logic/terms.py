"""What the two sides of a match must mean alike."""

import hashlib
import json
from dataclasses import dataclass

MINIMUM = 10  # common or chosen rows, below which nothing is told of them


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a run; ``low`` to ``high`` is what a value counts as at least and at most."""

    contract: str
    version: int
    run: str
    column: str
    micro: int
    low: int
    high: int

    @property
    def digest(self) -> str:
        told = [self.contract, self.version, self.run, self.column, self.micro, self.low, self.high, MINIMUM]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def furthest(self) -> int:
        """How far one row may move a sum."""
        return max(abs(self.low), abs(self.high))
