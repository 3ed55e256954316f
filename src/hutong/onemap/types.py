"""What crosses the border of the map: layers, their features, and measures that colour areas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, Protocol

from hutong.accounts.api import Actor
from hutong.kernel.text import Text

Style = Literal["fill", "line", "point"]
Symbol = Literal["circle", "square", "triangle", "diamond", "ring"]
Shows = Literal["since", "month", "latest"]


class Box(NamedTuple):
    """A rectangle in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a layer's features are: a column of WKB, or two of degrees (WGS 84)."""

    geometry: str = ""
    lon: str = ""
    lat: str = ""


@dataclass(frozen=True, slots=True)
class Time:
    """Which rows belong to a day: those dated on or before it (``since``), in its month (``month``), or the
    newest one of each feature on or before it (``latest``).
    """

    column: str
    shows: Shows


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: which rows of which table, where they are, and how they are drawn.

    ``joins`` tells by which column measures broken down by a dimension meet its features:
    ``{"subdistrict": "code"}``.
    ``label_en`` is the column of English names, where there is one; ``suffix`` is left out of names drawn on
    the map (街道). ``links`` tells which columns name other things:
    ``{"uscc": "enterprise"}``.
    """

    id: str
    urn: str
    title: Text
    group: Text
    table: str
    key: str
    label: str
    label_en: str
    suffix: Text
    place: Place
    style: Style
    symbol: Symbol
    fields: tuple[str, ...]
    where: str
    time: Time | None
    joins: Mapping[str, str] = field(hash=False)
    min_zoom: float
    max_zoom: float
    shown: bool
    order: int
    reference: str
    links: Mapping[str, str] = field(hash=False)

    @property
    def sql_name(self) -> str:
        return self.table.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a layer as GeoJSON text, bounded, with the snapshot they were read from.

    ``truncated``: there are more than were asked for. Coordinates are WGS 84.
    """

    layer: str
    geojson: str
    count: int
    truncated: bool
    snapshot: str
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a feature: its column's title, what kind of value it is, and the value."""

    title: Text
    kind: str
    value: object
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature, as the panel beside the map tells it."""

    layer: Layer
    key: str
    label: str
    fields: tuple[Field, ...]
    urn: str
    at: tuple[float, float] | None
    source_crs: str
    links: tuple[tuple[Text, str], ...]
    query: str
    snapshot: str
    snapshot_sequence: int
    entry_id: int


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a search found."""

    layer: str
    layer_title: Text
    key: str
    label: str
    at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class MeasureRef:
    """An indicator that can colour the areas of a layer; ``dimension`` is what it is broken down by.

    ``public``: its figures are open to everyone.
    """

    id: str
    title: Text
    dimension: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """Values of an indicator by member of the dimension, on a day, with where each is walked back.

    ``period`` says which period they are of: the newest that had begun by ``as_of``.
    """

    ref: MeasureRef
    unit: Text
    as_of: date
    period: Text
    values: Mapping[str, float | None]
    urls: Mapping[str, str]
    url: str
    decimals: int | None = None
    withheld: frozenset[str] = frozenset()  # members about too few people to be shown


class Measures(Protocol):
    """Whoever knows indicators hands this in with ``provide_measures``."""

    def refs(self) -> tuple[MeasureRef, ...]:
        """Indicators broken down by a dimension, in the order in which they are offered."""

    def span(self) -> tuple[date, date] | None:
        """The days between which there are values."""

    def measure(self, ref: MeasureRef, as_of: date, reader: Actor) -> Measured | None:
        """Its values on ``as_of`` as ``reader`` is shown them; None when it cannot be computed for that day."""
