"""The door of the map."""

from hutong.onemap.measures import provide_measures
from hutong.onemap.picture import Area, Picture, picture
from hutong.onemap.reading import feature, features, layer, layers, search
from hutong.onemap.types import Measured, MeasureRef, Measures

__all__ = [
    "Area",
    "MeasureRef",
    "Measured",
    "Measures",
    "Picture",
    "feature",
    "features",
    "layer",
    "layers",
    "picture",
    "provide_measures",
    "search",
]
