"""The door of the map."""

from hutong.onemap.measures import provide_measures
from hutong.onemap.reading import feature, features, layer, layers, search
from hutong.onemap.types import Measured, MeasureRef, Measures

__all__ = [
    "MeasureRef",
    "Measured",
    "Measures",
    "feature",
    "features",
    "layer",
    "layers",
    "provide_measures",
    "search",
]
