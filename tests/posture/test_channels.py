"""Modules that are called, what is written into the portal and what everyone takes of it are watched too."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hutong.kernel import audit, clock
from hutong.market import api as market
from hutong.market.models import CallRow, KeyRow, SubscriptionRow
from hutong.portal import api as portal
from hutong.portal.keys import make
from hutong.portal.models import Use
from hutong.posture import accesses, gathering
from hutong.posture.api import alerts
from hutong.posture.types import AlertKind, AlertRef, Channel
from tests.exchange.conftest import CONSUMER, NOW, PROVIDER, person

pytestmark = pytest.mark.django_db
TODAY = NOW + timedelta(days=28)  # a Monday, 10:00 in Shanghai
KEY = "hm_abcdef"
OFFICE = "10.1.2.0/24"


@pytest.fixture
def subscription(district: None) -> str:
    """A module called by key three times each working day of four weeks, 20 items or so each."""
    held = market.subscribe(person(CONSUMER), "uscc-check", "核对供应商名录中的代码")
    market.make_key(person(CONSUMER), held.id)
    KeyRow.objects.update(hint=KEY, made_at=NOW)
    for at in working_hours():
        call(held.id, at, items=18 + at.day % 5)
    return held.id


def working_hours() -> list[datetime]:
    days = [NOW + timedelta(days=day) for day in range(1, 28)]
    return [day + timedelta(hours=hour) for day in days if day.weekday() < 5 for hour in (0, 3, 5)]


def call(subscription: str, at: datetime, *, key: str = KEY, network: str = OFFICE, items: int = 20) -> None:
    CallRow.objects.create(
        at=at, module="uscc-check", version="1", holder=f"subscription:{subscription}", mode="call", key=key,
        network=network, items=items,
    )  # fmt: skip


def raised(at: datetime = TODAY) -> list[AlertRef]:
    with clock.freeze(at + timedelta(minutes=30)):
        alerts.watch(at - timedelta(hours=1))
        return alerts.waiting()


def test_calls_as_usual_raise_none(subscription: str):
    call(subscription, TODAY)
    assert raised() == []


def many(subscription: str) -> None:
    call(subscription, TODAY, items=4000)


def at_night(subscription: str) -> None:
    call(subscription, TODAY - timedelta(hours=7))  # three in the morning


def elsewhere(subscription: str) -> None:
    call(subscription, TODAY, network="203.0.113.0/24")


def forgotten_key(subscription: str) -> None:
    """One that was made long ago and never used."""
    call(subscription, TODAY, key="hm_000000")


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (many, AlertKind.VOLUME),
        (at_night, AlertKind.HOUR),
        (elsewhere, AlertKind.ADDRESS),
        (forgotten_key, AlertKind.NOVELTY),
    ],
)
def test_calls_of_a_module_that_stand_out_are_raised(
    act: Callable[[str], None], kind: AlertKind, subscription: str
):
    act(subscription)
    found = raised(TODAY - timedelta(hours=7)) if kind is AlertKind.HOUR else raised()
    assert {each.kind for each in found} == {kind}
    assert {(each.channel, each.contract) for each in found} == {(Channel.MARKET, subscription)}
    assert {each.dataset for each in found} == {gathering.urn("module", "uscc-check")}
    assert {each.organisation for each in found} == {CONSUMER}


def test_a_call_keeps_its_key_and_network(district: None):
    held = market.subscribe(person(CONSUMER), "uscc-check", "核对供应商名录中的代码")
    token = market.make_key(person(CONSUMER), held.id)
    from hutong.market.subscriptions import holder_of_key

    with audit.acting(audit.Origin("key", CONSUMER, "10.1.2.33")):
        market.book(holder_of_key(token, "uscc-check"), "1", 5, 10)
    (seen,) = market.trace(clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1))
    assert (seen.key, seen.network, seen.items, seen.organisation) == (token[:9], "10.1.2.0/24", 5, CONSUMER)


def test_someone_who_tries_a_new_module_raises_none(district: None):
    trier = person(CONSUMER).urn
    for at in working_hours():
        CallRow.objects.create(at=at, module="uscc-check", version="1", holder=f"try:{trier}", mode="try")
    CallRow.objects.create(at=TODAY, module="geocode", version="1", holder=f"try:{trier}", mode="try")
    assert raised() == []


def publish(actor: str, at: datetime) -> None:
    with clock.freeze(at):
        audit.record("portal.publish", "urn:x:package:1", actor=actor, organisation=PROVIDER, name="x")


def test_writing_to_the_portal_in_the_night_by_someone_new_is_raised(district: None):
    for at in working_hours():
        publish(person(PROVIDER).urn, at)
    publish(person(CONSUMER).urn, TODAY - timedelta(hours=7))
    found = raised(TODAY - timedelta(hours=7))
    assert {each.kind for each in found} == {AlertKind.HOUR, AlertKind.NOVELTY}
    assert {each.channel for each in found} == {Channel.PUBLISH}


def use(day: date, dataset: str, kind: str, count: int) -> None:
    Use.objects.create(day=day, dataset=dataset, kind=kind, count=count)


@pytest.mark.parametrize(("kind", "expected"), [("download", 1), ("call", 1), ("view", 0)])
def test_open_data_taken_in_bulk_is_raised_by_day(kind: str, expected: int, district: None):
    for day in range(1, 28):
        use((NOW + timedelta(days=day)).date(), "air-stations", kind, 300 + day % 7 * 20)
    use(TODAY.date(), "air-stations", kind, 90_000)
    found = raised()
    assert [each.channel for each in found] == [Channel.OPEN] * expected
    assert all(each.kind is AlertKind.VOLUME and each.actor == f"public:{kind}" for each in found)
    assert all(each.reasons[0]["code"] == "volume-day" for each in found)


def test_a_dataset_that_has_just_been_opened_raises_none(district: None):
    for day in range(1, 28):
        use((NOW + timedelta(days=day)).date(), "air-stations", "call", 300)
    use(TODAY.date(), "museums", "call", 100)
    assert raised() == []


def test_keys_outside_the_exchange_are_known_with_their_age(subscription: str):
    made = {each.subject: each for each in gathering.facts().outside}
    assert made[gathering.urn("market-subscription", subscription)].made_at == NOW
    with clock.freeze(NOW + timedelta(days=1)):
        make(person(PROVIDER).urn, "夜间同步")
    assert portal.live_keys()[person(PROVIDER).urn] == (1, NOW + timedelta(days=1))
    assert f"{person(PROVIDER).urn}#portal-key" in {each.subject for each in gathering.facts().outside}


def test_nothing_is_gathered_of_an_empty_district(db: Any):
    assert accesses.gather(NOW, TODAY, 7).num_rows == 0


def test_a_subscription_that_ended_has_no_live_key(subscription: str):
    SubscriptionRow.objects.update(state="ended")
    assert market.live_keys() == []
