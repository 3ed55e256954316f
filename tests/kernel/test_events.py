"""The outbox: written with the change, delivered at least once."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction

from hutong.kernel import clock, events
from hutong.kernel.models import Delivery, OutboxEvent

seen: list[str] = []
broken: list[bool] = []


@events.event("test.happened")
@dataclass(frozen=True)
class Happened:
    """Something happened in a test."""

    what: str


@events.handles(Happened)
def note(event: Happened) -> None:
    if broken:
        raise RuntimeError("the handler is broken")
    seen.append(event.what)


@pytest.fixture(autouse=True)
def _clean():
    seen.clear()
    broken.clear()


@pytest.mark.store
@pytest.mark.django_db(transaction=True)
class TestOutbox:
    def test_an_event_needs_the_transaction_of_its_change(self):
        with pytest.raises(RuntimeError, match="transaction"):
            events.publish(Happened("x"))

    def test_it_is_gone_with_a_change_that_is_rolled_back(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            events.publish(Happened("x"))
            1 / 0  # noqa: B018 - breaks the transaction
        assert OutboxEvent.objects.count() == 0
        assert events.deliver_pending() == 0

    def test_it_is_delivered_once_when_all_is_well(self):
        with transaction.atomic():
            events.publish(Happened("x"))
        assert events.deliver_pending() == 1
        assert events.deliver_pending() == 0
        assert seen == ["x"]

    def test_what_a_broken_handler_was_owed_is_tried_again_later(self, caplog):
        broken.append(True)
        with transaction.atomic():
            events.publish(Happened("x"))
        assert events.deliver_pending() == 0
        owed = Delivery.objects.get()
        assert owed.tries == 1
        assert "broken" in owed.error
        assert events.deliver_pending() == 0, "not before its time"
        broken.clear()
        with clock.freeze(clock.now() + timedelta(hours=2)):
            assert events.deliver_pending() == 1
        assert seen == ["x"]
        assert "handler failed" in caplog.text

    def test_every_event_says_what_it_is(self):
        for each in events.declared():
            assert each.doc, each.name
            assert "." in each.name
