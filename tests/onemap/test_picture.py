"""A still map of a measure: every area once, inside its box, north up, coloured as the map colours it."""

import re
from dataclasses import replace
from datetime import date

import pytest

from hutong.accounts.api import Actor
from hutong.accounts.types import Target
from hutong.onemap import access, picture
from hutong.onemap.picture import Picture
from tests.onemap.made import AREAS, Firms, settle

DAY = date(2025, 3, 31)
PUBLIC = Actor("", "", "", frozenset({"public"}), False)
DIMENSION = next(iter(AREAS.joins))


@pytest.fixture(autouse=True)
def _town(monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    picture._outlines.cache_clear()


def drawn() -> Picture:
    found = picture.picture("firms", DIMENSION, DAY, PUBLIC)
    assert found is not None
    return found


def corners(outline: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([-\d.]+),([-\d.]+)", outline)]


def test_every_area_is_drawn_once_inside_the_box() -> None:
    found = drawn()
    assert [each.label for each in found.areas] == ["东门街道", "西\"门'街道"]
    assert max(found.width, found.height) == picture.SIDE
    points = [point for each in found.areas for point in corners(each.outline)]
    assert min(x for x, _y in points) == min(y for _x, y in points) == 0
    assert max(x for x, _y in points) <= found.width
    assert max(y for _x, y in points) <= found.height
    for each in found.areas:
        own = corners(each.outline)
        assert min(x for x, _y in own) <= float(each.x) <= max(x for x, _y in own)
        assert min(y for _x, y in own) <= float(each.y) <= max(y for _x, y in own)


def test_values_colours_and_where_they_lead() -> None:
    east, west = drawn().areas
    assert (east.look, east.written, east.url) == ("class-1", "1,237", "/figures/firms?a")
    assert (west.look, west.written, west.url) == ("none", "—", "/figures/firms")
    assert [each["look"] for each in drawn().legend["items"]] == ["class-1", "none"]
    assert drawn().map_url == "/map?measure=firms&as_of=2025-03"


def test_no_name_runs_over_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "NAME", picture.SIDE)
    assert [each.short for each in drawn().areas].count("") == 1


def test_there_is_none_of_what_the_reader_may_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    assert picture.picture("firms", "elsewhere", DAY, PUBLIC) is None
    assert picture.picture("other", DIMENSION, DAY, PUBLIC) is None
    assert picture.picture("firms", DIMENSION, date(2020, 1, 1), PUBLIC) is None
    monkeypatch.setattr(Firms, "ref", replace(Firms.ref, public=False))
    assert picture.picture("firms", DIMENSION, DAY, PUBLIC) is None
    monkeypatch.undo()
    settle(monkeypatch)
    monkeypatch.setattr(access, "target", lambda _layer: Target(grade="core"))
    assert picture.picture("firms", DIMENSION, DAY, PUBLIC) is None
