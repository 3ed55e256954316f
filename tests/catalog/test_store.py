"""Every change of the catalog is a version, a log entry, an audit record and an event, together or not at all."""

from datetime import UTC, datetime, timedelta

import pytest

from hutong.catalog import browse, following, store
from hutong.catalog.errors import NoSuchEntry
from hutong.catalog.models import Version
from hutong.catalog.store import Draft
from hutong.catalog.types import Kind
from hutong.kernel import clock
from hutong.kernel.audit import Origin, acting
from hutong.kernel.db import atomic
from hutong.kernel.models import AuditRecord
from hutong.kernel.text import Text
from hutong.ledger import api as ledger

pytestmark = [pytest.mark.store, pytest.mark.django_db(transaction=True)]
URN = "urn:hutong:test:dataset:air-hourly"


def _draft(**changes: object) -> Draft:
    base: dict[str, object] = {
        "urn": URN,
        "kind": Kind.DATASET,
        "local": "air-hourly",
        "title": Text(zh="空气质量小时值", en="Air quality, hourly"),
        "summary": Text(zh="六个站点的小时浓度", en="Hourly at six stations"),
        "organisation": "ecology-bureau",
        "grade": "general-1",
        "opening": "none",
        "body": {"id": "air-hourly", "update": "hourly", "table": {"columns": {"pm25": {"type": "float"}}}},
    }
    return Draft(**{**base, **changes})  # type: ignore[arg-type]


def test_a_change_is_told_everywhere_and_the_same_again_is_none():
    with acting(Origin(actor="urn:hutong:test:person:li")):
        assert following.put_all(Kind.DATASET, [_draft()]) == 1
        assert following.put_all(Kind.DATASET, [_draft()]) == 0
        changed = {**_draft().body, "update": "daily"}
        assert following.put_all(Kind.DATASET, [_draft(body=changed)]) == 1
    entry = store.entry(URN)
    assert entry.version == 2
    assert [each.change for each in store.versions(URN)] == ["changed", "added"]
    assert store.versions(URN)[0].actor == "urn:hutong:test:person:li"
    told = ledger.entries_about(URN)
    assert {each.id for each in told} == {each.log_entry for each in store.versions(URN)}
    assert AuditRecord.objects.filter(subject=URN, action="catalog.edit").count() == 2


def test_what_is_gone_is_retired_and_kept():
    following.put_all(Kind.DATASET, [_draft()])
    assert following.put_all(Kind.DATASET, []) == 1
    with pytest.raises(NoSuchEntry):
        store.entry(URN)
    assert browse.find("空气", {}).total == 0
    assert store.versions(URN)[0].change == "retired"
    assert following.put_all(Kind.DATASET, [_draft()]) == 1
    assert store.entry(URN).version == 3


def test_a_change_that_is_rolled_back_leaves_nothing():
    class Broken(Exception):
        pass

    with pytest.raises(Broken), atomic():
        following.put_all(Kind.DATASET, [_draft()])
        raise Broken
    assert Version.objects.count() == 0
    assert list(ledger.entries_about(URN)) == []
    assert browse.find("空气", {}).total == 0


def test_as_of_a_day_shows_the_version_that_stood():
    first, second = datetime(2024, 1, 1, 4, tzinfo=UTC), datetime(2024, 3, 1, 4, tzinfo=UTC)
    with clock.freeze(first):
        following.put_all(Kind.DATASET, [_draft()])
    with clock.freeze(second):
        following.put_all(Kind.DATASET, [_draft(body={**_draft().body, "update": "daily"})])
    with clock.freeze(second + timedelta(days=30)):
        following.put_all(Kind.DATASET, [])
    found = store.as_of(URN, first.date())
    assert found is not None
    assert found.body["update"] == "hourly"
    assert store.as_of(URN, second.date()).body["update"] == "daily"
    assert store.as_of(URN, datetime(2023, 12, 31, tzinfo=UTC).date()) is None
    assert store.as_of(URN, datetime(2024, 5, 1, tzinfo=UTC).date()) is None


def test_verify_finds_a_body_that_was_altered_behind_the_log():
    following.put_all(Kind.DATASET, [_draft()])
    assert ledger.verify().ok
    Version.objects.filter(urn=URN).update(body={"id": "forged"})
    report = ledger.verify()
    assert not report.ok
    assert any(URN in fault.name and fault.field == "body" for fault in report.faults)


def test_facets_count_all_results_and_the_public_sees_what_is_open():
    others = [
        _draft(urn=f"urn:hutong:test:dataset:d{n}", local=f"d{n}", title=Text(zh=f"空气数据{n}", en=""),
               opening="open" if n % 2 else "none", grade="important", body={"id": f"d{n}"})
        for n in range(5)
    ]  # fmt: skip
    following.put_all(Kind.DATASET, [_draft(), *others])
    found = browse.find("空气", {}, limit=2)
    assert found.total == 6
    assert len(found.hits) == 2
    assert found.facets["grade"] == {"important": 5, "general": 1}
    assert browse.find("空气", {"grade": "general"}).total == 1
    assert browse.find("空气", {}, only_open=True).total == 2
