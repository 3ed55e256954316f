"""The only door of indicators: what figures are on a day, what moved them, and how to walk them back."""

from hutong.indicators.compute import Outcome, compute, compute_all
from hutong.indicators.day import default_day, stand_on
from hutong.indicators.definitions import definition, definitions
from hutong.indicators.figures import Sheet, address, breakdown, figure, sheet
from hutong.indicators.guarding import check_values
from hutong.indicators.guarding import guarded as keeps_small_counts
from hutong.indicators.logic.periods import Period
from hutong.indicators.logic.periods import label as period_label
from hutong.indicators.opening import about, shown_to
from hutong.indicators.plans.registry import edit_task, task
from hutong.indicators.walk import Again, again, canonical_values, rows_behind, walk, walk_on, walk_run

__all__ = [
    "Again",
    "Outcome",
    "Period",
    "Sheet",
    "about",
    "address",
    "again",
    "breakdown",
    "canonical_values",
    "check_values",
    "compute",
    "compute_all",
    "default_day",
    "definition",
    "definitions",
    "edit_task",
    "figure",
    "keeps_small_counts",
    "period_label",
    "rows_behind",
    "sheet",
    "shown_to",
    "stand_on",
    "task",
    "walk",
    "walk_on",
    "walk_run",
]
