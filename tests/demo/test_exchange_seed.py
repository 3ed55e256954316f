"""The demo's requests: every state, once."""

import pytest

from hutong.demo import exchange
from hutong.exchange.api import contracts, issues, links, requests, usage
from hutong.exchange.types import Standing, State
from tests.installed import install

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_state_is_there_and_a_second_seeding_changes_nothing() -> None:
    install()
    assert exchange.seed() == 16
    assert exchange.seed() == 0
    found = requests.listed()
    assert {each.state for each in found} == set(State)
    assert any(each.overdue and each.escalated for each in found)
    assert {each.standing for each in contracts.listed()} >= {
        Standing.ACTIVE,
        Standing.PROPOSED,
        Standing.REVOKED,
    }
    assert len(issues.listed()) == 4
    assert [each.standing for each in links.listed()] == [Standing.ACTIVE]
    used = usage.by_day(
        "c-"
        + next(
            each.id
            for each in found
            if each.dataset == "key-firm-monthly" and each.consumer.startswith("culture")
        ),
        60,
    )
    assert sum(each.calls for each in used) > 20
    assert sum(each.refused for each in used) == 1
