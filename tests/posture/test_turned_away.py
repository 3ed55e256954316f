"""Calls of modules that are turned away stand out when they are many; what an alert bears on moves its risk."""

from collections.abc import Callable

import pytest
from django.test import Client

from hutong.catalog import api as catalog
from hutong.catalog.types import Kind
from hutong.kernel import audit, clock
from hutong.market import api as market
from hutong.market.errors import QuotaSpent
from hutong.market.models import CallRow, KeyRow, SubscriptionRow
from hutong.posture import gathering, shown
from hutong.posture.api import alerts, scoring
from hutong.posture.types import AlertKind, Channel, Part
from tests.exchange.conftest import CONSUMER, person
from tests.posture.conftest import SECURITY
from tests.posture.test_channels import TODAY, call, raised, subscription

__all__ = ["subscription"]
pytestmark = pytest.mark.django_db
MANY = 12


@pytest.fixture
def key(district: None) -> str:
    """A key that opens uscc-check."""
    held = market.subscribe(person(CONSUMER), "uscc-check", "核对供应商名录中的代码")
    return market.make_key(person(CONSUMER), held.id)


def ask(key: str, module: str = "uscc-check", *, verb: str = "call", times: int = MANY) -> set[str]:
    """Calls by a program from one office; returns the codes of what it was told."""
    headers = {"authorization": f"Bearer {key}"} if key else {}
    told = set()
    with clock.freeze(TODAY):
        for _ in range(times):
            answer = Client().post(
                f"/api/market/modules/{module}/{verb}", {"codes": ["91110101MA0000015M"]}, "application/json",
                headers=headers, REMOTE_ADDR="203.0.113.77",
            )  # fmt: skip
            told.add(answer.json().get("code", ""))
    return told


def no_key(_key: str) -> set[str]:
    return ask("")


def wrong_key(_key: str) -> set[str]:
    """Guessed ones, on whatever module."""
    return ask("hm_guessed", times=MANY // 2) | ask("hm_other", "geocode", verb="jobs", times=MANY // 2)


def revoked_key(key: str) -> set[str]:
    KeyRow.objects.update(revoked_at=clock.now())
    return ask(key)


def ended_subscription(key: str) -> set[str]:
    SubscriptionRow.objects.update(state="ended")
    return ask(key)


def other_module(key: str) -> set[str]:
    return ask(key, "geocode")


def spent_quota(key: str) -> set[str]:
    SubscriptionRow.objects.update(day=1)
    with clock.freeze(TODAY):
        (held,) = market.of_modules(["uscc-check"])
        market.book(market.holder_of(held), "1", 1, 10)
    return ask(key)


@pytest.mark.parametrize(
    ("act", "code", "stranger"),
    [
        (no_key, "market.no-key", True), (wrong_key, "market.bad-key", True),
        (revoked_key, "market.bad-key", False), (ended_subscription, "market.bad-key", False),
        (other_module, "market.wrong-module", False), (spent_quota, "market.quota-spent", False),
    ],
)  # fmt: skip
def test_many_calls_that_are_turned_away_are_one_alert(
    act: Callable[[str], set[str]], code: str, stranger: bool, key: str
):
    assert act(key) == {code}
    (found,) = [each for each in raised() if each.kind is AlertKind.REFUSED]
    assert (found.channel, found.calls, found.rows) == (Channel.MARKET, MANY, 0)
    assert found.reasons[0]["codes"] == [code]
    if stranger:
        assert (found.actor, found.contract) == ("stranger:203.0.113.0/24", "")
        assert found.dataset == gathering.urn("market", "keys")
    else:
        assert (found.actor, found.organisation) == (f"key:{key[:9]}", CONSUMER)
        assert found.contract == market.of_modules(["uscc-check"])[0].id
    said = shown.reason(found.reasons[0])
    assert "{" not in said.zh + said.en
    assert "market." not in said.zh + said.en
    assert shown.Names().thing(found)["text"]


def test_a_few_that_are_turned_away_raise_none_and_no_secret_is_kept(key: str):
    assert ask("hm_guessed", times=3) == {"market.bad-key"}
    assert [each for each in raised() if each.kind is AlertKind.REFUSED] == []
    kept = list(audit.records(actions=(market.REFUSED,)))
    assert [each.detail for each in kept] == [{"code": "market.bad-key"}] * 3
    assert {each.address for each in kept} == {"203.0.113.77"}


@pytest.mark.store
def test_a_call_that_works_leaves_no_refusal(key: str):
    assert ask(key, times=1) == {""}
    assert list(audit.records(actions=(market.REFUSED,))) == []


def test_a_person_who_tries_beyond_what_is_free_is_told_by_name(district: None):
    trier = person(CONSUMER)
    with clock.freeze(TODAY):
        for _ in range(MANY):
            with pytest.raises(QuotaSpent), market.noted(trier, "", "uscc-check"):
                raise QuotaSpent(quota=1, used=1, asked=1, resets="", seconds=1)
    assert {each.actor for each in raised() if each.kind is AlertKind.REFUSED} == {trier.urn}


def part(name: str, kind: str = "dataset") -> float:
    found = scoring.of(kind, name)
    return next(each.value for each in found.shares if each.part is Part.ANOMALIES)


def burst(subscription: str, module: str) -> tuple[set[int], float]:
    """The subscription's calls were of this module, and now there are far more: the alerts, and what they weigh."""
    call(subscription, TODAY, items=4000)
    CallRow.objects.update(module=module)
    found = raised()
    assert {each.kind for each in found} == {AlertKind.VOLUME}
    scoring.renew()
    return {each.id for each in found}, min(100, sum(each.score for each in found) / 2)


def bearing(kind: str, name: str) -> set[int]:
    return {each.id for each in alerts.about(gathering.entry(kind, name))}


def test_an_alert_on_a_module_moves_the_datasets_it_reads_and_its_system(subscription: str):
    found, weight = burst(subscription, "geocode")
    for dataset in ("communities", "subdistricts", "unit-grids", "district-boundary"):
        assert part(dataset) == weight > 0
        assert bearing("dataset", dataset) == found
    assert part("key-firm-monthly") == 0
    assert bearing("dataset", "key-firm-monthly") == set()
    assert part("data-supermarket", "system") == weight
    assert bearing("system", "data-supermarket") == found
    for each in found:
        alerts.close(SECURITY, each, "约定的批量核对")
    scoring.renew()
    assert part("communities") == part("data-supermarket", "system") == 0


def test_an_alert_on_a_module_that_reads_nothing_moves_its_system_alone(subscription: str):
    found, weight = burst(subscription, "uscc-check")
    assert part("data-supermarket", "system") == weight > 0
    assert bearing("system", "data-supermarket") == found
    assert [each.id for each in catalog.entries(Kind.DATASET) if part(each.id)] == []
