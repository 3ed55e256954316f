"""The SM2/SM3 twin signature: off by default, ignored by those who do not know it, verified by us."""

import shutil
from pathlib import Path

import pytest

from hutong.ledger import api
from hutong.ledger.errors import BadKey, NoOpenssl
from hutong.ledger.logic import notes
from hutong.ledger.logic.sm2 import Sm2Key
from hutong.ledger.models import CosignatureRow
from hutong.ledger.store import twin

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed"),
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))


def test_it_is_off_by_default() -> None:
    api.append("test.change", "urn:hutong:d:dataset:air", {}, organisation="")
    api.gather()
    assert not CosignatureRow.objects.exists()


def test_a_second_line_that_others_ignore_and_we_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_LEDGER_SM2", "1")
    api.append("test.change", "urn:hutong:d:dataset:air", {}, organisation="")
    api.gather()  # its key is an entry too,
    api.gather()  # and the checkpoint after it is signed
    found = api.published()
    log = notes.VerifierKey.parse(api.verifier_key())
    note, signed = notes.open_note(found.text, [log])
    assert (signed, len(note.signatures)) == ((log,), 2)
    row = CosignatureRow.objects.order_by("-size").first()
    assert str(note.signatures[1]).encode() == bytes(row.line)
    assert api.verify().ok
    for position in range(0, len(row.line) * 8, 101):
        changed = bytearray(row.line)
        changed[position // 8] ^= 1 << position % 8
        CosignatureRow.objects.filter(size=row.size, witness=twin.NAME).update(line=bytes(changed))
        assert [fault.field for fault in api.verify().faults] == ["sm2"]


def test_keys_and_signatures_of_others_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made = twin.sign("a text\n")
    key = twin._key()
    assert twin.key_file().stat().st_mode & 0o777 == 0o600
    assert twin.accepts(key, b"a text\n", made.value)
    assert not twin.accepts(key, b"another text\n", made.value)
    assert not twin.accepts(key, b"a text\n", made.value[:-1])
    assert Sm2Key.parse(str(key)) == key
    for bad in (api.verifier_key(), str(key)[:-4], str(key).replace("+", "+0", 1), "x"):
        with pytest.raises(BadKey):
            Sm2Key.parse(bad)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoOpenssl):
        twin.sign("a text\n")
