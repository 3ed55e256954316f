"""What the portal speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hutong.kernel.text import Text
from hutong.lake.types import Column, SnapshotRef


class Type(StrEnum):
    """What a column of a published edition holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    GEOMETRY = "geometry"


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """A column that everyone may read. Money is in yuan here, times are UTC, geometry is GeoJSON text."""

    name: str
    type: Type
    title: Text
    unit: str
    codes: Mapping[str, Text]
    source: Column


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A dataset that has been opened, with the columns that may be shown and its newest snapshot."""

    id: str
    urn: str
    title: Text
    summary: Text
    organisation: str
    version: int
    columns: tuple[OpenColumn, ...]
    snapshot: SnapshotRef | None
    key: tuple[str, ...] = ()
    people: bool = False  # each row is about a person: totals are published, no row by itself
    smallest: int = 0  # counts below it are withheld; 0: none are

    def column(self, name: str) -> OpenColumn | None:
        return next((each for each in self.columns if each.name == name), None)

    @property
    def place(self) -> tuple[str, str] | None:
        """Its longitude and latitude columns, where it has both."""
        lon = next((each.name for each in self.columns if each.source.type == "longitude"), "")
        lat = next((each.name for each in self.columns if each.source.type == "latitude"), "")
        return (lon, lat) if lon and lat else None

    @property
    def geometry(self) -> str:
        """Its geometry column, or an empty string."""
        return next((each.name for each in self.columns if each.type is Type.GEOMETRY), "")


@dataclass(frozen=True, slots=True)
class Edition:
    """The published copy of one snapshot: open columns only, in a file of its own that queries read."""

    dataset: str
    snapshot: str
    sequence: int
    committed_at: datetime
    rows: int
    folder: str
    tag: str
    people: bool = False
    smallest: int = 0
    stale: bool = False  # a newer snapshot is there, its edition is being made


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one answer. ``more``: there are rows after these; ``total`` only where it was asked for."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    more: bool
    total: int | None
