"""Who colours the map: whoever knows indicators hands itself in; the map does not know them."""

from datetime import date

from hutong.onemap.errors import NoMeasure
from hutong.onemap.types import Layer, Measured, MeasureRef, Measures


class _Nobody:
    def refs(self) -> tuple[MeasureRef, ...]:
        return ()

    def measure(self, indicator: str, as_of: date) -> Measured | None:
        del indicator, as_of
        return None


_provider: Measures = _Nobody()


def provide_measures(provider: Measures) -> None:
    """Hand in what knows indicators; called once, when its application starts."""
    global _provider  # noqa: PLW0603 - set once while the applications start
    _provider = provider


def refs_for(layers: tuple[Layer, ...]) -> tuple[MeasureRef, ...]:
    """Indicators that some layer can show, in the order in which they are offered."""
    dimensions = {dimension for layer in layers for dimension in layer.joins}
    return tuple(each for each in _provider.refs() if each.dimension in dimensions)


def measured(indicator: str, as_of: date) -> Measured:
    """Values of ``indicator`` by area on ``as_of``; raises ``NoMeasure``."""
    found = _provider.measure(indicator, as_of)
    if found is None:
        raise NoMeasure(measure=indicator, month=f"{as_of:%Y-%m}")
    return found
