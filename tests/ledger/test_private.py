"""Private parts can be erased: the value is gone for good, every proof stays, and the log says why."""

import json
import stat
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from hutong.kernel.db import atomic
from hutong.ledger import api
from hutong.ledger.errors import BadProof, Erased, TooLong
from hutong.ledger.logic import private
from hutong.ledger.logic.canonical import canonical
from hutong.ledger.models import KeptRow
from hutong.ledger.store import private as store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
CASE = "urn:hutong:beijing-dongcheng:case:2026-11-1"
BASIS = "《个人信息保护法》第四十七条"
VALUE = {"姓名": "合成人员甲", "phone": "13900000000"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    return tmp_path


def _written() -> tuple[int, dict[str, Any]]:
    with atomic():
        part = api.commit_private(VALUE)
        ref = api.append("test.case", CASE, {"n": 1, "who": part}, organisation="hotline")
    return ref.id, part


def _said() -> list[str]:
    return [fault.what.en for fault in api.verify().faults]


def test_a_private_part_is_read_and_disclosed(home: Path) -> None:
    number, part = _written()
    assert api.reveal(part) == VALUE
    shown = api.disclose(part)
    again = sha256(b"\x03" + bytes.fromhex(shown["salt"]) + canonical(shown["value"])).hexdigest()
    assert again == part["private"]
    leaf = api.entry(number).leaf.decode()
    assert "合成人员甲" not in leaf
    assert "13900000000" not in leaf
    assert stat.S_IMODE((home / "keys/private.db").stat().st_mode) == 0o600
    assert _said() == []
    assert api.verify().checked["private"] == 1


def test_erasure_leaves_every_proof_valid_and_nothing_to_read(home: Path) -> None:
    number, part = _written()
    before = api.evidence(number)
    key = store.find_key(part["private"])
    done = api.erase([part], subject=CASE, basis=BASIS, organisation="hotline")
    with pytest.raises(Erased):
        api.reveal(part)
    assert key is not None
    assert key not in (home / "keys/private.db").read_bytes()
    assert api.entry(done.id).payload == {"erased": [part["private"]], "basis": BASIS}
    report = api.verify()
    assert (report.ok, report.checked["erased"]) == (True, 1)
    assert api.evidence(number)["leaf"] == before["leaf"]
    assert api.check_evidence(json.dumps(before)).index == before["index"]


def test_what_is_missing_is_told_from_what_was_erased() -> None:
    _, part = _written()
    store.shred([part["private"]])
    assert _said() == ["its key is missing, and no entry says that it was erased"]
    api.erase([part], subject=CASE, basis=BASIS, organisation="hotline")
    assert _said() == []
    KeptRow.objects.filter(pk=part["sealed"]).delete()
    assert _said() == ["the sealed value is missing"]


def test_a_crash_between_entry_and_shredding_is_found_and_mended() -> None:
    _, part = _written()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "shred", lambda _: 0)
        api.erase([part], subject=CASE, basis=BASIS, organisation="hotline")
    assert _said() == ["the log says it was erased, yet its key is still there"]
    assert store.shred_pending() == 1
    assert _said() == []


def test_any_change_of_a_sealed_value_is_found() -> None:
    sealed = private.seal(VALUE)
    for offset in range(len(sealed.data)):
        changed = bytearray(sealed.data)
        changed[offset] ^= 1
        with pytest.raises(BadProof):
            private.unseal(sealed.commitment, bytes(changed), sealed.key)
    _, part = _written()
    row = KeptRow.objects.get(pk=part["sealed"])
    changed = bytearray(row.data)
    changed[20] ^= 8
    KeptRow.objects.filter(pk=part["sealed"]).update(data=bytes(changed))
    assert [(fault.offset, fault.bit) for fault in api.verify().faults if fault.part == "blocks"] == [(20, 3)]


def test_equal_values_have_different_commitments_and_large_ones_are_refused() -> None:
    assert api.commit_private("京A00001")["private"] != api.commit_private("京A00001")["private"]
    with pytest.raises(TooLong):
        api.commit_private("x" * (store.LARGEST + 1))
