"""Editing one entry: checked as a pack's, refused when somebody was faster, seen as of any day."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.accounts.types import Role
from hutong.catalog import editing, following, store
from hutong.catalog.errors import BadEntry, VersionConflict
from hutong.catalog.logic.fields import FIELDS
from hutong.catalog.logic.rows import flat, merged
from hutong.catalog.types import Kind
from hutong.kernel import clock
from hutong.ledger import api as ledger
from tests.catalog.entries import BODIES, DATASET, DUTY, SYSTEM, client, fill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("urn", "kind"), [(DUTY, Kind.DUTY), (DATASET, Kind.DATASET), (SYSTEM, Kind.SYSTEM)])
def test_an_entry_laid_flat_and_put_together_again_is_the_same(urn, kind):
    assert merged(kind, BODIES[urn], flat(kind, BODIES[urn])) == BODIES[urn]


PLAIN = [each.path for each in FIELDS[Kind.DATASET] if each.kind != "columns"]


@settings(deadline=None)  # a busy machine is no fault
@given(st.dictionaries(st.sampled_from(PLAIN), st.text(max_size=20)))
def test_no_given_field_breaks_the_keys_that_are_no_field(given_fields):
    made = merged(Kind.DATASET, BODIES[DATASET], given_fields)
    assert made["table"] == BODIES[DATASET]["table"]
    assert made["id"] == "air-hourly"


def test_a_change_is_a_version_signed_by_its_organisation():
    fill()
    body = {**BODIES[DATASET], "update": "daily"}
    assert editing.write(Kind.DATASET, DATASET, body, expected=1).version == 2
    entry = ledger.entry(store.entry(DATASET).log_entry)
    assert entry.organisation == "eco"
    assert store.entry(DATASET).update == "daily"
    assert ledger.verify().ok


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"update": "now and then"}, "update"),
        ({"duty": "eco/none"}, "duty"),
        ({"provider": "nobody"}, "provider"),
        ({"sharing": {"kind": "none"}}, "sharing"),
        ({"provider_code": "91110000802100433A"}, "provider_code"),
        ({"id": "other"}, "id"),
        ({"title": {"zh": "长" * 201, "en": "Long"}}, "title"),
        ({"title": {"zh": "长", "en": "L" * 301}}, "title"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_key(change, key):
    fill()
    with pytest.raises(BadEntry) as refused:
        editing.write(Kind.DATASET, DATASET, {**BODIES[DATASET], **change}, expected=1)
    assert str(refused.value.place.key).startswith(key)
    assert store.entry(DATASET).version == 1


def test_who_is_late_is_told_and_nothing_is_lost():
    fill()
    editing.write(Kind.DATASET, DATASET, {**BODIES[DATASET], "update": "daily"}, expected=1)
    with pytest.raises(VersionConflict):
        editing.write(Kind.DATASET, DATASET, {**BODIES[DATASET], "update": "weekly"}, expected=1)
    assert store.entry(DATASET).update == "daily"


def test_a_pack_applied_again_leaves_what_a_person_wrote():
    fill()
    editing.write(Kind.DATASET, DATASET, {**BODIES[DATASET], "update": "daily"}, expected=1)
    as_packed = editing.draft_of(Kind.DATASET, DATASET, BODIES[DATASET])
    assert following.put_all(Kind.DATASET, [as_packed]) == 0
    newer = editing.draft_of(Kind.DATASET, DATASET, {**BODIES[DATASET], "code": "303001/000003"})
    assert following.put_all(Kind.DATASET, [newer]) == 0
    assert store.entry(DATASET).update == "daily"


def test_the_form_writes_and_says_what_is_wrong():
    fill()
    steward = client("li", Role.STEWARD)
    page = steward.get(f"/catalog/edit/{DATASET}")
    assert page.status_code == 200
    fields = {**flat(Kind.DATASET, BODIES[DATASET]), "version": "1"}
    wrong = steward.post(f"/catalog/edit/{DATASET}", {**fields, "update": "never"})
    assert wrong.status_code == 422
    assert "never" in wrong.content.decode()
    assert steward.post(f"/catalog/edit/{DATASET}", {**fields, "update": "daily"}).status_code == 302
    assert store.entry(DATASET).version == 2
    same = steward.post(f"/catalog/edit/{DATASET}", {**fields, "update": "daily", "version": "2"})
    assert "没有变更" in steward.get(same.headers["Location"]).content.decode()
    late = steward.post(f"/catalog/edit/{DATASET}", {**fields, "update": "weekly"})
    assert late.status_code == 409


def test_another_bureau_may_not_edit():
    fill("tax")
    other = client("wang", Role.STEWARD, "tax")
    assert other.get(f"/catalog/edit/{DATASET}").status_code == 403
    fields = {**flat(Kind.DATASET, BODIES[DATASET]), "version": "1", "update": "daily"}
    assert other.post(f"/catalog/edit/{DATASET}", fields).status_code == 403
    assert store.entry(DATASET).version == 1


def test_two_days_stand_side_by_side():
    with clock.freeze(datetime(2024, 1, 1, 4, tzinfo=UTC)):
        fill()
    with clock.freeze(datetime(2024, 3, 1, 4, tzinfo=UTC)):
        editing.write(Kind.DATASET, DATASET, {**BODIES[DATASET], "summary": {"zh": "七个站点"}}, expected=1)
    steward = client("li", Role.STEWARD)
    page = steward.get(f"/catalog/versions/{DATASET}?from=2024-02-01&to=2024-03-02").content.decode()
    assert "六个站点" in page
    assert "七个站点" in page
    early = steward.get(f"/catalog/versions/{DATASET}?from=2023-01-01&to=2024-02-01").content.decode()
    assert "七个站点" not in early
    assert steward.get(f"/catalog/versions/{DATASET}?from=yesterday").status_code == 422
