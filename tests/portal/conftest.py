"""What the portal's tests share."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hutong.kernel.settings import home
from hutong.lake.store import queries
from hutong.portal import cards, engine, index, keys, opened, positions, reading, shelf, usage
from tests.installed import once
from tests.portal import made


@pytest.fixture(autouse=True)
def clean_home() -> Iterator[None]:
    """Every test begins with no rows and nothing kept."""
    for name in ("lake", "portal"):
        shutil.rmtree(home() / name, ignore_errors=True)
    yield
    queries.close_all()
    engine.close()
    for each in (cards, opened, positions, reading, index, keys, shelf, usage):
        each.forget()


@pytest.fixture
def town(db: Any, tmp_path: Path) -> None:
    once("portal", lambda: made.settle(tmp_path), folders=("lake",))
