"""Tables of indicators and plans."""

from hutong.indicators.models.observations import ComputationRow, DefinitionRow, ObservationRow
from hutong.indicators.models.plans import ExtractedItem, Plan, PlanDocument, PlanIndicator, PlanTask

__all__ = [
    "ComputationRow",
    "DefinitionRow",
    "ExtractedItem",
    "ObservationRow",
    "Plan",
    "PlanDocument",
    "PlanIndicator",
    "PlanTask",
]
