from pathlib import Path

import pytest

from hutong.demo.logic.draw import Dice
from hutong.demo.logic.made import Made
from hutong.demo.logic.world import make
from hutong.packs.api import Pack, load


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load("beijing-dongcheng")


@pytest.fixture(scope="session")
def world() -> dict[str, Made]:
    """The whole district at full scale, before defects."""
    return make(Dice())


@pytest.fixture
def demo_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    return tmp_path
