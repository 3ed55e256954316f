"""Two do the same at the same moment, each in a transaction of its own: the second goes by what the first did.

Both are held where they have read and not yet written, so that the test fails whenever nothing keeps them apart.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from hutong.accounts import people
from hutong.accounts.errors import LastAdministrator
from hutong.accounts.types import Role
from hutong.catalog import editing, locking, store
from hutong.catalog.errors import VersionConflict
from hutong.catalog.types import Kind
from hutong.kernel.errors import HutongError
from hutong.kernel.text import Text
from hutong.ledger import api as ledger
from hutong.ledger.store import proposals
from hutong.ledger.types import Rule
from hutong.market import metering
from hutong.market.errors import QuotaSpent
from hutong.market.models import Meter
from hutong.market.types import Holder
from tests.catalog.entries import BODIES, DATASET, DUTY, fill

pytestmark = [pytest.mark.store, pytest.mark.django_db(transaction=True)]
AtOnce = Callable[..., list[Any]]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> AtOnce:
    """What each call gave or raised; ``read`` is what both have to have done before either goes on, if it can."""

    def run(read: tuple[Any, str], *calls: Callable[[], Any]) -> list[Any]:
        meeting = threading.Barrier(len(calls), timeout=0.5)
        original = getattr(*read)

        def reading(*given: Any, **named: Any) -> Any:
            found = original(*given, **named)
            try:
                meeting.wait()
            except threading.BrokenBarrierError:  # the other has to wait for us: as it should be
                return found
            return found

        def one(call: Callable[[], Any]) -> Any:
            try:
                return call()
            except HutongError as error:
                return type(error)
            finally:
                connections.close_all()

        with monkeypatch.context() as patched, ThreadPoolExecutor(len(calls)) as threads:
            patched.setattr(*read, reading)
            return list(threads.map(one, calls))

    return run


def test_a_quota_is_not_overspent(at_once: AtOnce):
    holder = Holder("urn:hutong:t:person:li", "uscc-check", day=6, month=6)
    metering.take(holder, 1)
    got = at_once((metering, "used_in_month"), *[lambda: metering.take(holder, 3)] * 2)
    assert got.count(QuotaSpent) == 1
    assert Meter.objects.get().items == 4


def test_the_last_two_signatures_carry_it_out(at_once: AtOnce):
    fill("staff", "money")
    rule = Rule(("staff", "money"), 2, ("catalog.",), "三定规定")
    before = locking.lock(DATASET, rule)
    for by in rule.organisations:  # whose keys are made now, one after the other
        locking.cosign(before, by)
    asked = locking.lock(DUTY, rule)
    got = at_once(
        (proposals, "_open"), *(lambda by=by: locking.cosign(asked, by).state for by in rule.organisations)
    )
    assert sorted(got) == ["done", "open"]
    assert locking.is_locked(DUTY).needed == 2
    assert ledger.verify().ok


def test_an_entry_is_added_once(at_once: AtOnce):
    fill()
    urn = DUTY + "-new"
    writes = [
        {**BODIES[DUTY], "id": urn.rpartition("/")[2], "title": {"zh": title, "en": "Monitor"}}
        for title in ("监测一", "监测二")
    ]
    got = at_once(
        (store, "next_version"),
        *(lambda body=body: editing.write(Kind.DUTY, urn, body, expected=0) for body in writes),
    )
    assert got.count(VersionConflict) == 1
    assert [each.version for each in store.versions(urn)] == [1]


def test_two_administrators_do_not_end_each_other(at_once: AtOnce):
    for login in ("an", "bo"):
        people.add(login, Text(zh=login), Role.ADMINISTRATOR, password="a long word 1")
    got = at_once((people, "_another_administrator"), lambda: people.lock("an"), lambda: people.lock("bo"))
    assert got.count(LastAdministrator) == 1
