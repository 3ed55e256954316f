"""Only the peer's own words are taken, once, in time; what came keeps its copy and conflicts wait for a person."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from hutong.catalog import store
from hutong.docking import applying, batches, line, messages, peers, shown
from hutong.docking.errors import BadMessage, BadPeers, LineCut, NotThePeer
from hutong.docking.models import Conflict, Copy
from hutong.kernel import clock
from hutong.kernel.errors import Invalid
from hutong.ledger import api as ledger
from tests.catalog.entries import BODIES, DATASET, fill

pytestmark = pytest.mark.django_db(transaction=True)
MYSELF = """
name = "me"
organisation = "eco"
[peers.me]
url = "https://catalog.example"
level = "city"
rule = "manual"
organisation = "urn:hutong:beijing-dongcheng:organisation:eco"
key = "x"
log = "x"
"""


@pytest.fixture(autouse=True)
def _myself(tmp_path, monkeypatch):
    """An instance that is its own peer: it signs and checks with the same key."""
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    (tmp_path / "peers.toml").write_text(MYSELF)
    ledger.add_key("eco")


def test_a_signed_message_is_taken_once():
    headers = messages.sign("pull", "me", b"{}")
    assert messages.verify("pull", headers, b"{}").name == "me"
    with pytest.raises(NotThePeer):
        messages.verify("pull", headers, b"{}")


@pytest.mark.parametrize(
    ("verb", "body", "changed"),
    [
        ("push", b"{}", {}),
        ("pull", b"{ }", {}),
        ("pull", b"{}", {messages.FROM: "other"}),
        ("pull", b"{}", {messages.NONCE: "0" * 32}),
        ("pull", b"{}", {messages.VALUE: "AAAA"}),
        ("pull", b"{}", {messages.VALUE: "*"}),
        ("pull", b"{}", {messages.MOMENT: "soon"}),
    ],
)
def test_a_message_that_was_changed_is_refused(verb, body, changed):
    headers = {**messages.sign("pull", "me", b"{}"), **changed}
    with pytest.raises(NotThePeer):
        messages.verify(verb, headers, body)


def test_a_message_that_is_late_or_answers_something_else_is_refused():
    with clock.freeze(clock.now() - timedelta(minutes=6)):
        late = messages.sign("pull", "me", b"{}")
    with pytest.raises(NotThePeer):
        messages.verify("pull", late, b"{}")
    answer = messages.sign("pull:answer", "me", b"{}", nonce="a" * 32)
    with pytest.raises(NotThePeer):
        messages.verify("pull:answer", answer, b"{}", answers="b" * 32)


@pytest.mark.parametrize("verb", ["push", "pull", "ranges", "receipt", "unknown"])
def test_whoever_does_not_sign_gets_nothing(verb):
    answer = Client().post(f"/api/docking/{verb}", b"{}", content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["code"] == "docking.not-the-peer"


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b'{"items": 1}', b'{"items": [{}], "from": 0, "to": 1}', b'{"items": [], "from": -1}'],
)
def test_a_signed_question_that_says_nothing_sensible_is_told_so(body):
    headers = messages.sign("push", "me", body)
    given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    answer = Client().post("/api/docking/push", body, content_type="application/json", **given)
    assert (answer.status_code, answer.json()["code"]) == (422, "docking.bad-message")


def _item(**changes: object) -> dict[str, object]:
    body = {**BODIES[DATASET], "update": "daily"}
    whole = {"urn": DATASET, "kind": "dataset", "version": 2, "change": "changed", "at": "", "body": body}
    return {**whole, "sha256": batches.catalog.digest(body), **changes}


@pytest.mark.parametrize(
    "change", [{"sha256": "0" * 64}, {"kind": "duty"}, {"version": 0}, {"change": "x"}, {"urn": "x"}]
)
def test_an_item_that_is_not_what_it_says_is_refused(change):
    with pytest.raises(BadMessage):
        batches.read_items(json.loads(json.dumps([_item(**change)])))


def test_evidence_of_another_log_is_refused():
    peer = peers.peer("me")
    with pytest.raises(BadMessage):
        batches.check(peer, "docking.sent", "0" * 64, {"format": "none"})


def test_a_conflict_waits_for_a_person_who_says_why():
    fill()
    peer = peers.peer("me")
    items = batches.read_items([_item()])
    assert applying.apply(peer, items).waiting == 1
    assert Copy.objects.get().version == 2
    assert store.entry(DATASET).update == "hourly"
    row = Conflict.objects.get()
    with pytest.raises(Invalid):
        applying.settle(row.pk, take=True, reason=" ", actor="li")
    applying.settle(row.pk, take=True, reason="市级已核实", actor="li")
    assert store.entry(DATASET).update == "daily"
    assert applying.apply(peer, items).same == 1


def test_a_reader_of_english_is_told_in_english_why_it_waits_and_with_whom(tmp_path):
    named = MYSELF.replace('level = "city"', 'level = "city"\ntitle = "市"\ntitle_en = "The City"')
    (tmp_path / "peers.toml").write_text(named)
    fill()
    with override("zh-hans"):
        applying.apply(peers.peer("me"), batches.read_items([_item()]))
    row, noted = Conflict.objects.get(), Conflict(why="旧时所记")
    for language, why, who in (("zh-hans", "双方均有修改", "市"), ("en", "both sides differ", "The City")):
        with override(language):
            told = shown.conflict(row)
        assert (told["why"], told["peer"]) == (why, who)
        said = [(each["ours"], each["theirs"]) for each in told["table"]["rows"]]
        assert (("每小时", "每日") if language != "en" else ("Hourly", "Daily")) in said
    assert shown.why(noted) == "旧时所记"


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (ConnectionRefusedError(111, "refused"), "对方拒绝连接", "it refuses connections"),
        (TimeoutError(), "没有应答", "no answer within"),
        (OSError(113, "no route"), "OSError", "OSError"),
    ],
)
def test_a_cut_line_is_told_in_words(monkeypatch: pytest.MonkeyPatch, error: OSError, zh: str, en: str):
    def cut(*_: object) -> None:
        raise error

    monkeypatch.setattr(line, "_post", cut)
    with pytest.raises(LineCut) as found:
        line.Line(peers.peer("me")).ask("checkpoint", {})
    assert zh in found.value.said.zh
    assert en in found.value.said.en


def test_peers_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / "peers.toml").write_text("name = 1")
    with pytest.raises(BadPeers):
        peers.known()
