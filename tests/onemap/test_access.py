"""A layer of people is one mark a person: who may not see their rows does not see where they live."""

from types import SimpleNamespace

import pytest

from hutong.accounts.api import Actor
from hutong.lake import api as lake
from hutong.lake.types import Column, ColumnType, Contract
from hutong.onemap import access
from tests.onemap.made import SENSORS


def reader(role: str) -> Actor:
    return Actor(f"urn:hutong:test:person:{role}", role, "", frozenset({"public", role}), True)


@pytest.mark.parametrize(
    ("role", "opening", "sensitive", "seen"),
    [
        ("leader", "none", True, False),
        ("operator", "none", True, False),
        ("data_office", "none", True, True),
        ("leader", "none", False, True),
        ("leader", "open", True, True),
    ],
)
def test_points_of_people_are_for_who_may_see_the_rows(
    monkeypatch: pytest.MonkeyPatch, role: str, opening: str, sensitive: bool, seen: bool
) -> None:
    dataset = SimpleNamespace(provider="b", grade="general-1", opening=SimpleNamespace(kind=opening))
    pack = SimpleNamespace(find=lambda _section, _name: SimpleNamespace(value=dataset))
    monkeypatch.setattr(access, "installed", lambda: pack)
    columns = (Column("name", ColumnType.TEXT, sensitive=sensitive), Column("lon", ColumnType.LONGITUDE))
    monkeypatch.setattr(lake, "contract", lambda table: Contract(table, columns))
    assert bool(access.visible(reader(role), (SENSORS,))) is seen
