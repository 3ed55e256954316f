"""A locked entry changes only with its co-signatures; all of them stand in the log and are checked there."""

import pytest

from hutong.accounts.types import Role
from hutong.catalog import editing, following, locking, store
from hutong.catalog.errors import BadDecision
from hutong.catalog.types import Kind
from hutong.kernel.audit import Origin, acting
from hutong.ledger import api as ledger
from hutong.ledger.errors import Locked
from hutong.ledger.types import Rule
from tests.catalog.entries import BODIES, DATASET, DUTY, client, fill

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {**BODIES[DUTY], "title": {"zh": "监测大气", "en": "Monitor air"}}


@pytest.fixture(autouse=True)
def _locked():
    fill("staff", "money", "data")
    asked = locking.lock(DUTY, Rule(("staff", "money", "data"), 2, ("catalog.",), "三定规定"))
    assert locking.is_locked(DUTY) is None
    for by in ("staff", "money"):
        locking.cosign(asked, by)
    assert locking.is_locked(DUTY).needed == 2


def test_a_change_waits_for_its_signatures_and_then_stands():
    with acting(Origin("urn:hutong:t:person:li", "eco")):
        written = editing.write(Kind.DUTY, DUTY, NEW, expected=1, reason="更名")
    assert written.version == 0
    assert store.entry(DUTY).version == 1
    assert locking.cosign(written.proposal, "data").state == "open"
    assert locking.cosign(written.proposal, "staff").state == "done"
    entry = store.entry(DUTY)
    assert (entry.version, entry.title.zh) == (2, "监测大气")
    assert store.versions(DUTY)[0].note == {"reason": "更名"}
    leaf = ledger.entry(entry.log_entry)
    assert b"cosignatures" in leaf.leaf
    assert ledger.verify().ok


def test_nobody_writes_past_the_lock():
    with pytest.raises(Locked):
        store.change(editing.draft_of(Kind.DUTY, DUTY, NEW), expected=1)
    assert store.entry(DUTY).version == 1


def test_the_same_change_is_proposed_once():
    first = editing.write(Kind.DUTY, DUTY, NEW, expected=1)
    assert editing.write(Kind.DUTY, DUTY, NEW, expected=1).proposal == first.proposal
    assert editing.write(Kind.DUTY, DUTY, NEW, expected=1, reason="更名").proposal == first.proposal


def test_two_refusals_end_it_and_each_needs_its_reason():
    urn = editing.write(Kind.DUTY, DUTY, NEW, expected=1).proposal
    with pytest.raises(BadDecision):
        locking.refuse(urn, "staff", " ")
    locking.refuse(urn, "staff", "与三定规定不符")
    assert locking.refuse(urn, "money", "同上").state == "refused"
    assert store.entry(DUTY).version == 1


def test_a_pack_that_changes_a_locked_entry_makes_a_proposal():
    assert (
        following.put_all(
            Kind.DUTY, [editing.draft_of(Kind.DUTY, DUTY, NEW)], locked=locking.propose_from_pack
        )
        == 0
    )
    assert [each.state for each in ledger.find_proposals(subject=DUTY) if each.kind == "catalog.duty"] == [
        "open"
    ]


def test_what_is_not_locked_is_written_at_once():
    assert (
        editing.write(Kind.DATASET, DATASET, {**BODIES[DATASET], "update": "daily"}, expected=1).version == 2
    )


def test_people_sign_for_their_own_organisation_only():
    urn = editing.write(Kind.DUTY, DUTY, NEW, expected=1).proposal
    money = client("qian", Role.STEWARD, "money")
    page = money.get("/catalog/proposals").content.decode()
    assert "监测大气" in page
    mine = "urn:hutong:beijing-dongcheng:organisation:money"
    theirs = "urn:hutong:beijing-dongcheng:organisation:data"
    form = {"proposal": urn, "verdict": "cosign"}
    assert money.post("/catalog/proposals/answer", {**form, "organisation": theirs}).status_code == 403
    assert money.post("/catalog/proposals/answer", {**form, "organisation": mine}).status_code == 302
    assert len(ledger.proposal(urn).cosignatures) == 1
    data = client("shu", Role.DATA_OFFICE, "data")
    assert data.post("/catalog/proposals/answer", {**form, "organisation": theirs}).status_code == 302
    assert store.entry(DUTY).version == 2
    closed = data.get("/catalog/proposals").content.decode()
    assert "未会签" in closed
    assert "待会签<" not in closed.split("已办结")[1], "nobody is asked for a closed change any more"
