"""Where the lake keeps its files, under the home folder."""

import re
from pathlib import Path

from hutong.kernel.settings import home, value
from hutong.kernel.urn import Urn


def lake() -> Path:
    return home() / "lake"


def table(name: str) -> Path:
    return lake() / "tables" / name


def staging() -> Path:
    return lake() / "staging"


def incoming() -> Path:
    return lake() / "incoming"


def uploads() -> Path:
    return lake() / "uploads"


def quarantine(load_id: str) -> Path:
    return lake() / "quarantine" / f"{load_id}.parquet"


def locks() -> Path:
    return lake() / "locks"


def urn(kind: str, local: str) -> str:
    """The identifier of a table, snapshot (``table.sequence``) or load."""
    return str(Urn(str(value("HUTONG_PACK")), kind, local))


def is_name(text: str) -> bool:
    """Whether ``text`` can be a table's id."""
    return re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) is not None and len(text) <= 120
