"""An entry is retired with a reason and a successor; its versions stay, and it is found when asked for."""

import pytest
from django.test import Client

from hutong.accounts.types import Role
from hutong.catalog import browse, editing, following, history, locking, store
from hutong.catalog.errors import BadEntry, NoSuchEntry, VersionConflict
from hutong.catalog.types import Kind
from hutong.ledger import api as ledger
from hutong.ledger.types import Rule
from tests.catalog.entries import BODIES, DATASET, DUTY, SYSTEM, client, fill

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "urn:hutong:beijing-dongcheng:system:net-2"


@pytest.fixture(autouse=True)
def _filled():
    fill("tax")
    body = {**BODIES[SYSTEM], "id": "net-2", "title": {"zh": "大气监测网络二期", "en": "Air network 2"}}
    editing.write(Kind.SYSTEM, OTHER, body, expected=0)


def test_what_is_retired_keeps_its_versions_its_reason_and_its_successor():
    editing.retire(SYSTEM, expected=1, reason="已并入二期", successor=OTHER)
    with pytest.raises(NoSuchEntry):
        store.entry(SYSTEM)
    newest, first = history.versions(SYSTEM)
    assert (newest.change, newest.note) == ("retired", {"reason": "已并入二期", "successor": OTHER})
    assert first.body == BODIES[SYSTEM]
    told = ledger.entry(newest.log_entry).payload
    assert (told["reason"], told["successor"]) == ("已并入二期", OTHER)
    assert ledger.verify().ok


def test_a_reason_that_was_changed_afterwards_is_found():
    from hutong.catalog.models import Version

    editing.retire(SYSTEM, expected=1, reason="已并入二期", successor=OTHER)
    Version.objects.filter(urn=SYSTEM, version=2).update(note={"reason": "别的理由", "successor": OTHER})
    assert [each.field for each in ledger.verify().faults] == ["note"]


def test_search_finds_it_only_when_asked_for():
    editing.retire(SYSTEM, expected=1, reason="已并入二期", successor=OTHER)
    found = [hit.entry.urn for hit in browse.find("监测网络", {}).hits]
    assert found == [OTHER]
    (gone,) = browse.find("监测网络", {}, retired=True).hits
    assert (gone.entry.urn, gone.entry.retired) == (SYSTEM, True)
    assert [
        each["id"] for each in Client().get("/api/catalog/entries?q=监测网络&retired=1").json()["entries"]
    ] == ["net"]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"reason": "见 110101199003077715"}, "reason"),
        ({"reason": "x", "successor": SYSTEM}, "successor"),
        ({"reason": "x", "successor": DUTY}, "successor"),
        ({"reason": "x", "successor": "urn:hutong:t:system:none"}, "successor"),
    ],
)
def test_a_retirement_that_says_too_little_or_the_wrong_thing_is_refused(given, key):
    with pytest.raises(BadEntry) as raised:
        editing.retire(SYSTEM, expected=1, **given)
    assert raised.value.place.key == key
    assert store.entry(SYSTEM).version == 1


def test_whoever_is_late_is_told():
    editing.write(Kind.SYSTEM, SYSTEM, {**BODIES[SYSTEM], "state": "building"}, expected=1)
    with pytest.raises(VersionConflict):
        editing.retire(SYSTEM, expected=1, reason="x")


def test_a_locked_entry_is_retired_by_its_cosigners():
    by = tuple(f"urn:hutong:beijing-dongcheng:organisation:{each}" for each in ("eco", "tax"))
    asked = locking.lock(DUTY, Rule(by, 2, ("catalog.",), "x"))
    for each in ledger.proposal(asked).awaited:
        locking.cosign(asked, each)
    written = editing.retire(DUTY, expected=1, reason="职责划转", successor="")
    assert store.entry(DUTY).version == 1
    assert editing.retire(DUTY, expected=1, reason="职责划转").proposal == written.proposal
    assert "停用条目" in client("zhou", Role.DATA_OFFICE).get("/catalog/proposals").content.decode()
    for each in ledger.proposal(written.proposal).awaited:
        locking.cosign(written.proposal, each)
    assert history.entry(DUTY).retired
    newest = history.versions(DUTY)[0]
    assert (newest.change, newest.note) == ("retired", {"reason": "职责划转"})
    assert ledger.verify().ok


def test_the_page_retires_and_then_shows_what_was():
    steward = client("li", Role.STEWARD)
    page = steward.get(f"/catalog/retire/{DUTY}").content.decode()
    assert "空气小时值" in page  # the dataset that loses its duty
    given = {"version": "1", "reason": "已并入二期", "successor": OTHER}
    refused = steward.post(f"/catalog/retire/{SYSTEM}", {**given, "reason": ""})
    assert refused.status_code == 422
    assert "须写明理由" in refused.content.decode()
    answer = steward.post(f"/catalog/retire/{SYSTEM}", given)
    assert (answer.status_code, answer["Location"]) == (302, f"/catalog/versions/{SYSTEM}")
    page = steward.get(answer["Location"]).content.decode()
    assert "已并入二期" in page
    assert "大气监测网络二期" in page
    assert Client().get(f"/id/{SYSTEM}")["Location"] == f"/catalog/versions/{SYSTEM}"
    assert client("wang", Role.STEWARD, "tax").get(f"/catalog/retire/{DATASET}").status_code == 403


def test_a_pack_does_not_bring_back_what_a_person_retired():
    editing.retire(SYSTEM, expected=1, reason="x")
    following.put_all(Kind.SYSTEM, [editing.draft_of(Kind.SYSTEM, SYSTEM, BODIES[SYSTEM])])
    assert history.entry(SYSTEM).retired


def test_written_again_it_stands_again():
    editing.retire(SYSTEM, expected=1, reason="x")
    assert editing.write(Kind.SYSTEM, SYSTEM, BODIES[SYSTEM], expected=0).version == 3
    assert [each.change for each in history.versions(SYSTEM)] == ["added", "retired", "added"]
