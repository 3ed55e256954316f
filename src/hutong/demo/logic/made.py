"""A dataset as made: typed columns in the contract's order, and how it looked on an earlier day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from hutong.demo.logic.draw import Days

Columns = dict[str, Any]  # name to an array of the table's length


@dataclass(slots=True)
class Made:
    """``since``: the day each row entered the source (none: from the start).

    ``revise`` gives the values that an earlier day's file still had.
    """

    columns: Columns
    since: Days | None = None
    revise: Callable[[Columns, date], Columns] | None = None
    lists: dict[str, list[Any]] = field(default_factory=dict)  # columns that are not scalar: rings

    @property
    def rows(self) -> int:
        return len(next(iter(self.columns.values())))

    def as_of(self, day: date | None, after: date | None = None) -> Columns:
        """Columns as the source held them on ``day``, only those that came after ``after``."""
        if self.since is None or (day is None and after is None):
            return dict(self.columns)
        keep = np.ones(self.rows, dtype=bool)
        columns = self.columns
        if day is not None:
            keep &= self.since <= np.datetime64(day)
            if self.revise is not None:
                columns = self.revise(dict(columns), day)
        if after is not None:
            keep &= self.since > np.datetime64(after)
        return {name: values[keep] for name, values in columns.items()}
