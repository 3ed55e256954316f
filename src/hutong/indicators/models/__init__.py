"""Tables of indicators."""

from hutong.indicators.models.observations import ComputationRow, DefinitionRow, ObservationRow

__all__ = ["ComputationRow", "DefinitionRow", "ObservationRow"]
