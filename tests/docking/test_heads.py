"""A peer whose log does not go on from what it showed is refused, and convicted by its own signatures."""

import json
from base64 import b64encode

import pytest

from hutong.accounts.types import Role
from hutong.docking import checks, exchange, heads, messages, peers
from hutong.docking.endpoints import respond
from hutong.docking.errors import BadMessage, PeerAlarmed, PeerForked, StaleHead
from hutong.docking.models import Head
from hutong.kernel.errors import HutongError
from hutong.ledger import api as ledger
from hutong.ledger.logic import checkpoints, notes
from hutong.ledger.store import keys
from tests.catalog.entries import client, fill

pytestmark = pytest.mark.django_db(transaction=True)
MYSELF = """
name = "me"
organisation = "eco"
[peers.me]
url = "https://catalog.example"
level = "city"
organisation = "urn:hutong:beijing-dongcheng:organisation:eco"
key = "x"
log = "{log}"
"""


@pytest.fixture(autouse=True)
def _myself(tmp_path, monkeypatch):
    """An instance that is its own peer, with a log of some length."""
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    ledger.add_key("eco")
    _grow(7)
    (tmp_path / "peers.toml").write_text(MYSELF.format(log=ledger.verifier_key()))


def _grow(count: int) -> None:
    for number in range(count):
        ledger.append("test.entry", "urn:hutong:t:thing:x", {"n": number})
    ledger.integrate()


def _forged(size: int, root: bytes = b"\7" * 32):
    """A checkpoint that the log's own key signed, of a history that never was."""
    text = checkpoints.body(ledger.checkpoint().origin, size, root)
    return ledger.open_checkpoint(str(notes.sign(text, keys.signer())), ledger.verifier_key())


def _see(checkpoint, *, asked: int | None = None) -> None:
    """As the peer shows it, with the best proof it can make up."""
    peer = peers.peer("me")
    known = heads.held(peer)
    made_up = {"from": known, "to": checkpoint.size, "hashes": [b64encode(b"\7" * 32).decode()]}
    heads.see(peer, checkpoint, heads.growth(known, checkpoint.size) or made_up, asked=asked)


def test_a_log_that_grows_is_followed():
    sizes = []
    for more in (0, 1, 5, 0, 64):
        _grow(more)
        _see(heads.own())
        sizes.append(heads.held(peers.peer("me")))
    assert sizes == sorted(sizes)
    assert sizes[-1] == ledger.checkpoint().size
    assert checks.check_peers().ok


def test_an_older_checkpoint_of_the_same_log_is_taken_and_the_larger_kept():
    older = heads.own()
    _grow(9)
    _see(heads.own())
    _see(older)
    assert heads.held(peers.peer("me")) == ledger.checkpoint().size


@pytest.mark.parametrize(("more", "why"), [(0, "split"), (3, "rewritten"), (-2, "rewritten")])
def test_a_history_that_never_was_is_refused_and_shouted_about(more, why, monkeypatch):
    heard = []
    monkeypatch.setattr(heads, "publish", heard.append)
    _see(heads.own())
    known = heads.held(peers.peer("me"))
    with pytest.raises(PeerForked):
        _see(_forged(known + more))
    assert [(each.why, each.held, each.offered) for each in heard] == [(why, known, known + more)]
    finding = checks.check_peers()
    assert not finding.ok
    assert "me" in finding.what.en
    told = ledger.entry(heard[0].entry)
    assert told.kind == "docking.alarm"
    held, offered = (
        ledger.open_checkpoint(told.payload[each], ledger.verifier_key()) for each in ("held", "offered")
    )
    assert (held.size, offered.size) == (known, known + more)  # both signed by the log: anyone can judge it
    assert heads.held(peers.peer("me")) == known


def test_a_log_that_was_put_back_is_refused():
    older = heads.own()
    _grow(4)
    _see(heads.own())
    with pytest.raises(PeerForked):
        heads.see(peers.peer("me"), older, None)  # it knows of no such size any more


@pytest.mark.parametrize("change", [{"hashes": []}, {"hashes": [b64encode(b"\1" * 32).decode()] * 3}])
def test_a_proof_that_shows_nothing_is_refused(change):
    _see(heads.own())
    known = heads.held(peers.peer("me"))
    _grow(5)
    given = {**(heads.growth(known, heads.own().size) or {}), **change}
    with pytest.raises(PeerForked):
        heads.see(peers.peer("me"), heads.own(), given, asked=known)


def test_a_proof_from_another_moment_is_no_accusation_unless_it_answers_our_question():
    _see(heads.own())
    known = heads.held(peers.peer("me"))
    _grow(5)
    other = heads.growth(3, heads.own().size)
    with pytest.raises(StaleHead):
        heads.see(peers.peer("me"), heads.own(), other)
    assert checks.check_peers().ok
    with pytest.raises(PeerForked):
        heads.see(peers.peer("me"), heads.own(), other, asked=known)


@pytest.mark.parametrize("given", ["x", {}, {"from": "a"}, {"from": 1, "to": 2, "hashes": ["*"]}])
def test_a_proof_that_cannot_be_read_is_refused(given):
    _see(heads.own())
    _grow(2)
    with pytest.raises(BadMessage):
        heads.see(peers.peer("me"), heads.own(), given)


def _alarmed() -> None:
    _see(heads.own())
    with pytest.raises(PeerForked):
        _see(_forged(heads.held(peers.peer("me")) + 3))


def test_nothing_goes_either_way_until_a_person_has_settled_it():
    _alarmed()
    for ask in (exchange.push, exchange.pull, exchange.report):
        with pytest.raises(PeerAlarmed):
            ask("me")
    for verb in ("checkpoint", "push", "pull", "receipt", "ranges"):
        with pytest.raises(PeerAlarmed):
            respond(verb, messages.sign(verb, "me", b"{}"), b"{}")


def test_the_page_shows_both_signed_checkpoints_and_a_person_settles_it_with_a_reason():
    fill()
    _alarmed()
    office = client("zhou", Role.DATA_OFFICE)
    for path in ("/catalog/docking", "/catalog/docking/me"):
        page = office.get(path).content.decode()
        assert "前后不一" in page
        assert Head.objects.get().alarm["roots"][1] in page
    started = office.post("/catalog/docking/me/run").headers["Location"]
    assert "已安排对接" in office.get(started).content.decode()
    assert office.post("/catalog/docking/me/trust", {"reason": ""}).status_code == 422
    assert client("li", Role.STEWARD).post("/catalog/docking/me/trust", {"reason": "x"}).status_code == 403
    assert office.post("/catalog/docking/me/trust", {"reason": "对方从备份恢复，已核对"}).status_code == 302
    row = Head.objects.get()
    assert row.alarm is None
    assert row.root == (b"\7" * 32).hex()
    (told,) = ledger.find(kind="docking.trusted-anew").entries
    assert told.payload["reason"] == "对方从备份恢复，已核对"


def test_the_question_after_a_checkpoint_is_answered_with_the_proof():
    _see(heads.own())
    known = heads.held(peers.peer("me"))
    _grow(6)
    body = json.dumps({"held": known}).encode()
    told, _signed = respond("checkpoint", messages.sign("checkpoint", "me", body), body)
    said = json.loads(told)
    shown = heads.read(peers.peer("me"), said["checkpoint"])
    heads.see(peers.peer("me"), shown, said["grown"], asked=known)
    assert (said["held"], heads.held(peers.peer("me"))) == (known, shown.size)


def test_a_checkpoint_that_another_signed_is_no_checkpoint():
    other = notes.SignerKey.generate(ledger.checkpoint().origin)
    text = checkpoints.body(ledger.checkpoint().origin, 3, b"\7" * 32)
    with pytest.raises(HutongError):
        heads.read(peers.peer("me"), str(notes.sign(text, other)))
