"""What crosses the border of the demo."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as written."""

    dataset: str
    path: Path
    rows: int
    bytes: int
    sha256: str
    mode: str


@dataclass(frozen=True, slots=True)
class Generated:
    """What a generation wrote; ``made`` is false when the files were there already."""

    folder: Path
    day: date
    seed: int
    months: int
    scale: float
    files: tuple[SourceFile, ...]
    made: bool
    elapsed_ms: int


@dataclass(frozen=True, slots=True)
class FileLoad:
    """What became of one file; ``loaded`` is false where the lake held it already."""

    dataset: str
    file: str
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    loaded: bool
    elapsed_ms: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a run of the loader did; ``failed`` names indicators that could not be computed."""

    files: tuple[FileLoad, ...]
    computed: int
    failed: tuple[str, ...]
    elapsed_ms: int
