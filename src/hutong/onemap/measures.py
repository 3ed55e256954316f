"""Who colours the map: whoever knows indicators hands itself in; the map does not know them."""

from datetime import date

from hutong.accounts.api import Actor, Target, allow, may
from hutong.onemap.errors import NoMeasure
from hutong.onemap.types import Layer, Measured, MeasureRef, Measures


class _Nobody:
    def refs(self) -> tuple[MeasureRef, ...]:
        return ()

    def span(self) -> tuple[date, date] | None:
        return None

    def measure(self, ref: MeasureRef, as_of: date, reader: Actor) -> Measured | None:
        del ref, as_of, reader
        return None


_provider: Measures = _Nobody()


def provide_measures(provider: Measures) -> None:
    """Hand in what knows indicators; called once, when its application starts."""
    global _provider  # noqa: PLW0603 - set once while the applications start
    _provider = provider


def refs_for(actor: Actor, layers: tuple[Layer, ...]) -> tuple[MeasureRef, ...]:
    """Indicators that some layer can show ``actor``, in the order in which they are offered, each once.

    An indicator broken down by several dimensions is shown by the one whose layer comes first.
    """
    order = [dimension for layer in layers if layer.style == "fill" for dimension in layer.joins]
    offered: dict[str, MeasureRef] = {}
    for ref in _provider.refs():
        there = offered.get(ref.id)
        if ref.dimension not in order or not may(actor, "figure.view", _target(ref)):
            continue
        if there is None or order.index(ref.dimension) < order.index(there.dimension):
            offered[ref.id] = ref
    return tuple(offered.values())


def check(actor: Actor, indicator: str) -> None:
    """Go on only if ``actor`` may see the figures of ``indicator``; raises ``Refused``."""
    for ref in _provider.refs():
        if ref.id == indicator:
            allow(actor, "figure.view", _target(ref))


def _target(ref: MeasureRef) -> Target:
    return Target(kind="figure", public=ref.public)


def span() -> tuple[date, date] | None:
    """The days between which indicators have values."""
    return _provider.span()


def measured(ref: MeasureRef, as_of: date, reader: Actor) -> Measured:
    """Values of an indicator by area on ``as_of``, as ``reader`` is shown them; raises ``NoMeasure``."""
    found = _provider.measure(ref, as_of, reader)
    if found is None or not (found.values or found.withheld):
        raise NoMeasure(measure=ref.title, month=f"{as_of:%Y-%m}")
    return found
