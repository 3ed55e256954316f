from collections.abc import Iterator

import pytest

from hutong.ui import nav
from hutong.ui.types import Entry


@pytest.fixture(autouse=True)
def _own_navigation(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(nav, "_entries", {})
    nav.declare(Entry("home", "/", "Home", order=1))
    nav.declare(Entry("map", "/map", "Map", "map.view", order=2))
    nav.declare(Entry("lake", "/lake", "Lake", "lake.view", order=3))
    return


def test_entries_one_may_not_open_are_not_shown() -> None:
    shown = nav.entries(lambda action: action == "lake.view")
    assert [each.key for each in shown] == ["home", "lake"]


@pytest.mark.parametrize(
    ("path", "key"), [("/", "home"), ("/map", "map"), ("/map/layers/x", "map"), ("/mapping", ""), ("/x", "")]
)
def test_the_current_entry_is_the_one_the_path_lies_under(path: str, key: str) -> None:
    assert nav.current(path) == key


def test_two_entries_cannot_share_a_key() -> None:
    with pytest.raises(ValueError, match="map"):
        nav.declare(Entry("map", "/other", "Other"))
