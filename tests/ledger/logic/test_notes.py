"""Signed notes, keys, checkpoints and evidence files: what is refused."""

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.ledger.errors import BadEntry, BadEvidence, BadKey, BadNote, BadProof, BadSignature, EntryTooLarge
from hutong.ledger.logic import checkpoints, entries, evidence, merkle, notes
from hutong.ledger.types import InclusionProof

SIGNER = notes.SignerKey.generate("log.example/district")
OTHER = notes.SignerKey.generate("witness.example")
ROOT = merkle.leaf_hash(b"one")
NOTE = str(notes.sign(checkpoints.body(SIGNER.name, 1, ROOT), SIGNER, OTHER))


def test_a_signed_checkpoint_reads_back() -> None:
    note, keys = notes.open_note(NOTE, [SIGNER.verifier])
    checkpoint = checkpoints.parse_body(note.text, NOTE)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (SIGNER.name, 1, ROOT)
    assert keys == (SIGNER.verifier,)
    assert str(note) == NOTE


def test_the_private_key_does_not_show() -> None:
    assert b64encode(SIGNER.secret).decode() not in repr(SIGNER)
    assert SIGNER.secret.hex() not in f"{SIGNER} {SIGNER!r}"
    assert notes.SignerKey.parse(SIGNER.encoded()) == SIGNER


@given(st.integers(0, len(NOTE.encode()) * 8 - 1))
def test_no_bit_of_a_checkpoint_may_flip(position: int) -> None:
    raw = bytearray(NOTE.encode())
    raw[position // 8] ^= 1 << position % 8
    # A flip in the name or key id of one signature leaves the other standing: then one is missing.
    try:
        _, keys = notes.open_note(bytes(raw), [SIGNER.verifier, OTHER.verifier])
    except (BadNote, BadSignature):
        keys = ()
    assert len(keys) < 2


@pytest.mark.parametrize(
    "raw",
    [
        "", "text\n", "text\n\n", "text\n\nname sig\n", NOTE[:-1], NOTE + "\n", NOTE.replace("\n", "\r\n"),
        NOTE.replace("— ", "- "), NOTE.replace("— ", "—  "), "a\tb\n\n" + NOTE.partition("\n\n")[2],
        "text\n\n— name AAAA\n", "text\n\n— na+me AAAAAAAA\n", "text\n\n— name AAAA=AAA\n",
        "text\n\n" + "— name AAAAAAAA\n" * 101,
    ],
)  # fmt: skip
def test_malformed_notes(raw: str) -> None:
    with pytest.raises(BadNote):
        notes.parse(raw)


@pytest.mark.parametrize(
    "text",
    [
        "o\n1\n", "o\n01\n" + b64encode(ROOT).decode() + "\n", "\n1\n" + b64encode(ROOT).decode() + "\n",
        "o\n-1\n" + b64encode(ROOT).decode() + "\n", "o\n1\n" + b64encode(ROOT[:-1]).decode() + "\n",
        "o\n1\n" + b64encode(ROOT).decode() + "\n\nlate\n", "o\n1\n" + "A" * 42 + "B=\n",
    ],
)  # fmt: skip
def test_malformed_checkpoints(text: str) -> None:
    with pytest.raises(BadNote):
        checkpoints.parse_body(text, "")


def test_extension_lines_are_kept() -> None:
    body = checkpoints.body("o", 1, ROOT, ("map xyz", "time 1"))
    assert checkpoints.parse_body(body, "").extensions == ("map xyz", "time 1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        "a b+00000000+AA==",
        "a+0000000g+AA==",
        pytest.param(str(SIGNER.verifier)[:-1], id="cut-short"),
        "a+00000000+AA==",
    ],
)
def test_malformed_keys(text: str) -> None:
    with pytest.raises(BadKey):
        notes.VerifierKey.parse(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
def test_key_names(name: str) -> None:
    with pytest.raises(BadKey):
        notes.SignerKey.generate(name)


def test_an_unknown_key_is_not_a_signature() -> None:
    with pytest.raises(BadSignature):
        notes.open_note(NOTE, [notes.SignerKey.generate(SIGNER.name).verifier])


AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def _leaf(payload: dict[str, object]) -> bytes:
    return entries.leaf(
        entry_id=1,
        kind="test.snapshot",
        subject="urn:hutong:d:dataset:a",
        organisation="d",
        at=AT,
        payload=payload,
    )


LEAF = _leaf({"rows": 3, "名": "胡同"})


def _evidence() -> dict[str, object]:
    root = merkle.leaf_hash(LEAF)
    text = str(notes.sign(checkpoints.body(SIGNER.name, 1, root), SIGNER))
    note = notes.parse(text)
    proof = InclusionProof(0, 1, root, (), checkpoints.parse_body(note.text, text))
    return evidence.build(LEAF, proof, str(SIGNER.verifier))


def test_evidence_holds_offline() -> None:
    checked = evidence.check(json.dumps(_evidence()))
    assert checked.fields["payload"] == {"rows": 3, "名": "胡同"}
    assert checked.fields["at"] == AT
    assert checked.signed_by == str(SIGNER.verifier)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"leaf": LEAF.decode().replace("3", "4")}, BadProof),
        ({"index": 1}, BadProof),
        ({"size": 2}, BadProof),
        ({"hashes": [b64encode(ROOT).decode()]}, BadProof),
        ({"hashes": ["?"]}, BadEvidence),
        ({"checkpoint": NOTE}, BadProof),
        ({"verifier": str(OTHER.verifier)}, BadSignature),
        ({"verifier": "x"}, BadKey),
        ({"format": "other"}, BadEvidence),
        ({"index": "x"}, BadEvidence),
        ({"leaf": None}, BadEvidence),
    ],
)
def test_tampered_evidence(change: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        evidence.check(json.dumps(_evidence() | change))


def test_evidence_is_held_to_the_key_one_trusts() -> None:
    with pytest.raises(BadSignature):
        evidence.check(json.dumps(_evidence()), trusted=str(OTHER.verifier))


@pytest.mark.parametrize("raw", ["", "[]", "{", "null", "1"])
def test_what_is_not_evidence(raw: str) -> None:
    with pytest.raises(BadEvidence):
        evidence.check(raw)


def test_leaves_are_canonical_and_bounded() -> None:
    assert _leaf({"名": "胡同", "rows": 3}) == LEAF
    assert "胡同".encode() in LEAF
    with pytest.raises(EntryTooLarge):
        _leaf({"x": "a" * 65_536})
    for bad in ({"x": float("nan")}, {"x": object()}, {"x": b"raw"}, {"x": "\ud800"}):
        with pytest.raises(BadEntry):
            _leaf(bad)
    for raw in (b"", b"{}", b"[]", b"\xff", LEAF.replace(b"entry/1", b"entry/9")):
        with pytest.raises(BadEntry):
            entries.read(raw)
