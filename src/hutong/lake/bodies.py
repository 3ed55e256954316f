"""A body of rows on its way out of the lake."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hutong.lake.types import SnapshotRef


class BodyFormat(StrEnum):
    """How rows are written; the value is the usual suffix."""

    CSV = "csv"
    NDJSON = "ndjson"
    GEOJSON = "geojson"
    PARQUET = "parquet"
    ARROW = "arrow"
    XLSX = "xlsx"


class Parts(Protocol):
    """Parts of a body, made as they are asked for; to close them stops the making."""

    def __iter__(self) -> Iterator[bytes]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes of ``media_type``, and the snapshots that they were read from."""

    media_type: str
    form: BodyFormat
    snapshots: tuple["SnapshotRef", ...]
    parts: Parts
