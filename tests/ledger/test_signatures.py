"""Entries are signed by their organisations; locked things change with the co-signatures their rule asks for."""

import json
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from hutong.kernel import clock
from hutong.kernel.db import atomic, is_sqlite
from hutong.ledger import api
from hutong.ledger.errors import (
    BadEntry,
    BadKey,
    BadProof,
    BadProposal,
    Locked,
    NoEntry,
    NotSigned,
    SignElsewhere,
)
from hutong.ledger.logic import entries, statements
from hutong.ledger.logic.merkle import leaf_hash
from hutong.ledger.logic.notes import SignerKey
from hutong.ledger.models import EntryRow
from hutong.ledger.store import keys, organisations
from hutong.ledger.types import NewEntry, Rule, Signature

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
DUTY = "urn:hutong:beijing-dongcheng:duty:statistics-1"
OFFICES = ("staffing-office", "finance-bureau", "data-office")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    return tmp_path


def _faults() -> list[str]:
    return [f"{fault.name} {fault.field}: {fault.what.en}" for fault in api.verify().faults]


def _rewrite(entry_id: int, **changes: object) -> None:
    """What a log operator without the organisation's key could do before anything is placed."""
    row = EntryRow.objects.get(pk=entry_id)
    fields = json.loads(bytes(row.leaf)) | changes
    fields = {name: value for name, value in fields.items() if value is not None}
    leaf = entries.canonical(fields)
    EntryRow.objects.filter(pk=entry_id).update(leaf=leaf, leaf_hash=leaf_hash(leaf))


def test_an_entry_carries_the_signature_of_its_organisation(home: Path) -> None:
    ref = api.append("test.change", DUTY, {"n": 1}, organisation="statistics-bureau")
    fields = entries.read(api.entry(ref.id).leaf)
    (key,) = api.organisation_keys("statistics-bureau")
    assert fields["format"] == entries.SIGNED
    assert fields["signature"]["key"] == key.id
    assert (key.hosted, key.added_by, key.revoked_by) == (True, ref.id - 1, None)
    assert key == api.organisation_keys("urn:hutong:beijing-dongcheng:organisation:statistics-bureau")[0]
    file = home / "keys/organisations/statistics-bureau.skey"
    assert [stat.S_IMODE(each.stat().st_mode) for each in (file, file.parent)] == [0o600, 0o700]
    assert _faults() == []
    assert api.verify().checked["signatures"] == 1


def test_the_log_itself_does_not_sign_its_entries() -> None:
    ref = api.append("test.change", DUTY, {}, organisation="")
    assert entries.read(api.entry(ref.id).leaf)["format"] == entries.UNSIGNED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"payload": {"n": 2}}, "not signed by a key the organisation had then"),
        ({"kind": "test.other"}, "not signed by a key the organisation had then"),
        ({"signature": None, "format": entries.UNSIGNED}, "in the name of an organisation, but not signed"),
        (
            {"signature": {"key": "00000000", "value": "AA=="}},
            "not signed by a key the organisation had then",
        ),
        ({"signature": {"key": 1}}, "not signed by a key the organisation had then"),
    ],
)
def test_verify_finds_what_the_organisation_did_not_sign(changes: dict[str, object], said: str) -> None:
    with atomic():
        ref = api.append("test.change", DUTY, {"n": 1}, organisation="statistics-bureau")
        _rewrite(ref.id, **changes)
        if "kind" in changes:
            EntryRow.objects.filter(pk=ref.id).update(kind=changes["kind"])
    assert [said in each for each in _faults()] == [True]


def test_a_signature_of_another_log_is_worth_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(keys, "origin", lambda: "other.example/log")
        with atomic():
            api.append("test.change", DUTY, {"n": 1}, organisation="statistics-bureau")
    assert "not signed by a key" in _faults()[0]


def test_revoked_keys_count_no_longer_and_a_new_one_is_made_at_next_use() -> None:
    api.append("test.change", DUTY, {"n": 1}, organisation="finance-bureau")
    (old,) = api.organisation_keys("finance-bureau")
    api.revoke_key("finance-bureau", old.id, "lost with a laptop")
    api.append("test.change", DUTY, {"n": 2}, organisation="finance-bureau")
    first, second = api.organisation_keys("finance-bureau")
    assert (first.id, first.revoked_by is not None, second.revoked_by) == (old.id, True, None)
    assert first.id != second.id
    assert _faults() == []
    with pytest.raises(BadKey):
        api.revoke_key("finance-bureau", old.id, "again")


def test_an_organisation_may_sign_elsewhere() -> None:
    pen = SignerKey.generate("culture-bureau")
    api.add_key("culture-bureau", str(pen.verifier))
    with pytest.raises(SignElsewhere):
        api.append("test.change", DUTY, {}, organisation="culture-bureau")
    new = NewEntry("test.change", DUTY, {"n": 1}, "culture-bureau", at=clock.now())
    text = statements.entry(
        keys.origin(),
        {
            "kind": new.kind,
            "subject": DUTY,
            "organisation": "culture-bureau",
            "at": new.at,
            "payload": new.payload,
        },
    )
    signed = replace(
        new, signature=Signature("culture-bureau", pen.verifier.key_id.hex(), pen.sign_bytes(text))
    )
    ref = api.append_signed(signed)
    assert api.entry(ref.id).payload == {"n": 1}
    with pytest.raises(BadEntry):
        api.append_signed(signed)
    for bad in (
        replace(signed, payload={"n": 2}),
        replace(signed, at=clock.now() - timedelta(days=2)),
        replace(signed, organisation="finance-bureau"),
    ):
        with pytest.raises(NotSigned):
            api.append_signed(bad)
    assert _faults() == []


def test_messages_are_signed_apart_from_entries() -> None:
    api.append("test.change", DUTY, {}, organisation="finance-bureau")
    given = api.sign_as("finance-bureau", b"an answer")
    api.verify_signature(b"an answer", given)
    with pytest.raises(NotSigned):
        api.verify_signature(b"another answer", given)
    with pytest.raises(SignElsewhere):
        api.sign_as("nobody-yet", b"x")


def _lock(needed: int = 2) -> None:
    rule = Rule(OFFICES, needed, ("test.duty",), "三定规定")
    made = api.propose("ledger.lock", DUTY, api.lock_payload(rule), organisation="data-office")
    assert made.state == "open"
    api.cosign(made.urn, "finance-bureau")
    api.carry_out(made.urn)


def test_a_locked_thing_changes_only_with_the_co_signatures_of_its_rule() -> None:
    _lock()
    assert api.lock_of(DUTY).needed == 2
    with pytest.raises(Locked):
        api.append("test.duty", DUTY, {"version": 2}, organisation="staffing-office")
    api.append("test.seen", DUTY, {}, organisation="staffing-office")  # the rule does not cover it
    made = api.propose("test.duty", DUTY, {"version": 2}, organisation="staffing-office")
    with pytest.raises(BadProposal):
        api.carry_out(made.urn)
    with pytest.raises(BadProposal):
        api.cosign(made.urn, "staffing-office")
    assert [each.urn for each in api.find_proposals(awaiting="data-office")] == [made.urn]
    ready = api.cosign(made.urn, "data-office")
    assert (ready.state, len(ready.cosignatures)) == ("ready", 2)
    done = api.carry_out(made.urn)
    fields = entries.read(api.entry(done.id).leaf)
    assert {each["organisation"].rpartition(":")[2] for each in fields["cosignatures"]} == {
        "staffing-office",
        "data-office",
    }
    assert (api.proposal(made.urn).state, api.proposal(made.urn).entry) == ("done", done.id)
    with pytest.raises(BadProposal):
        api.carry_out(made.urn)
    assert _faults() == []
    assert api.verify().checked["co-signatures"] == 4


def test_refused_and_withdrawn_proposals_stay_on_the_log() -> None:
    _lock()
    made = api.propose("test.duty", DUTY, {"version": 2}, organisation="staffing-office")
    assert api.refuse(made.urn, "finance-bureau", "no budget").state == "open"
    after = api.refuse(made.urn, "data-office", "no need")
    assert (after.state, len(after.refusals)) == ("refused", 2)
    other = api.propose("ledger.unlock", DUTY, {}, organisation="staffing-office")
    with pytest.raises(BadProposal):
        api.withdraw(other.urn, "finance-bureau")
    assert api.withdraw(other.urn, "staffing-office").state == "withdrawn"
    with pytest.raises(BadProposal):
        api.cosign(other.urn, "data-office")
    assert {each.state for each in api.find_proposals(subject=DUTY)} == {"refused", "withdrawn", "done"}
    with pytest.raises(NoEntry):
        api.proposal("urn:hutong:beijing-dongcheng:proposal:999999")


def test_unlocking_needs_the_rule_too() -> None:
    _lock()
    made = api.propose("ledger.unlock", DUTY, {}, organisation="data-office")
    api.cosign(made.urn, "staffing-office")
    api.carry_out(made.urn)
    assert api.lock_of(DUTY) is None
    api.append("test.duty", DUTY, {"version": 2}, organisation="staffing-office")
    assert _faults() == []


def test_verify_finds_a_change_that_went_past_the_lock() -> None:
    _lock()
    with atomic():
        ref = api.append("test.seen", DUTY, {"version": 2}, organisation="")
        _rewrite(ref.id, kind="test.duty")
        EntryRow.objects.filter(pk=ref.id).update(kind="test.duty")
    assert "too few co-signatures" in _faults()[0]


def test_verify_finds_co_signatures_taken_from_another_proposal() -> None:
    _lock()
    made = api.propose("test.duty", DUTY, {"version": 2}, organisation="staffing-office")
    api.cosign(made.urn, "data-office")
    done = api.carry_out(made.urn)
    given = entries.read(api.entry(done.id).leaf)
    with atomic():
        ref = api.append("test.seen", DUTY, {}, organisation="")
        copied = {name: given[name] for name in ("proposal", "cosignatures", "kind")}
        _rewrite(ref.id, format=entries.SIGNED, payload={"version": 3}, **copied)
        EntryRow.objects.filter(pk=ref.id).update(kind="test.duty")
    said = " ".join(_faults())
    assert "not signed by a key" in said
    assert "carried out twice" in said


def test_rules_that_cannot_be_kept_are_refused() -> None:
    for rule in (Rule((), 0), Rule(OFFICES, 4), Rule(OFFICES, 0), Rule(("a", "a"), 1)):
        with pytest.raises(BadEntry):
            api.propose("ledger.lock", DUTY, {"rule": rule.as_dict()}, organisation="data-office")
    with pytest.raises(BadProposal):
        api.propose("test.duty", DUTY, {}, organisation="data-office")
    for kind in ("ledger.key-added", "ledger.cosigned"):
        with pytest.raises(BadEntry):
            api.append(kind, DUTY, {}, organisation="data-office")


def test_the_index_answers_for_locks() -> None:
    explain = "EXPLAIN QUERY PLAN " if is_sqlite() else "EXPLAIN "
    with atomic(), connection.cursor() as cursor:
        if not is_sqlite():  # of some rows it reads all, whatever index there is
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(explain + organisations._CONTROL.format("'a', 'b'"))
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "entry_control" in plan


def test_the_evidence_of_an_entry_holds_its_signatures_and_the_keys() -> None:
    _lock()
    made = api.propose("test.duty", DUTY, {"version": 2}, organisation="staffing-office")
    api.cosign(made.urn, "data-office")
    evidence = api.evidence(api.carry_out(made.urn).id)
    found = api.check_evidence(json.dumps(evidence), api.verifier_key())
    assert {each.rpartition(":")[2] for each in found.signers} == {"staffing-office", "data-office"}
    one = {**evidence, "keys": evidence["keys"][:1]}
    assert len(api.check_evidence(json.dumps(one), api.verifier_key()).signers) == 1
    wrong = {**evidence, "keys": [{**evidence["keys"][0], "index": evidence["keys"][0]["index"] + 1}]}
    with pytest.raises(BadProof):
        api.check_evidence(json.dumps(wrong), api.verifier_key())


def test_evidence_of_an_entry_its_organisation_did_not_sign_is_refused() -> None:
    with atomic():
        ref = api.append("test.change", DUTY, {"n": 1}, organisation="statistics-bureau")
        _rewrite(ref.id, payload={"n": 2})
    with pytest.raises(BadProof):
        api.check_evidence(json.dumps(api.evidence(ref.id)), api.verifier_key())
