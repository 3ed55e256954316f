"""The supermarket of the demo district has a history, once."""

import pytest

from hutong.demo import market as seeded
from hutong.market import api as market

pytestmark = pytest.mark.django_db


def test_subscriptions_in_every_state_with_use_and_ratings():
    assert seeded.seed() == 11
    assert seeded.seed() == 0
    states = {each.state.value for each in market.of_modules(list(market.modules()))}
    assert states == {"waiting", "active", "refused"}
    assert sum(items for _day, items, _failed in market.by_day(modules=["geocode"])) > 1000
    assert market.scores()["deidentify"].mean == 3
