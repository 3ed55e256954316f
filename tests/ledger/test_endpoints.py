"""The log as it is served: tlog-tiles under /ledger, JSON under /api/ledger, and the whole read back."""

from base64 import b64decode

import pytest
from django.test import Client

from hutong.ledger import api
from hutong.ledger.logic import bundles, checkpoints, evidence, merkle, notes, tiles
from hutong.ledger.types import NewEntry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
SUBJECT = "urn:hutong:beijing-dongcheng:dataset:air"


@pytest.fixture
def size() -> int:
    api.append_many([NewEntry("test.snapshot", SUBJECT, {"n": n}, "") for n in range(300)])
    return 300


def test_an_outsider_rebuilds_the_log_from_what_is_served(client: Client, size: int) -> None:
    answer = client.get("/ledger/checkpoint")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    key = notes.VerifierKey.parse(client.get("/ledger/verifier").content.decode().strip())
    note, _ = notes.open_note(answer.content, [key])
    checkpoint = checkpoints.parse_body(note.text, "")
    assert checkpoint.size == size
    leaves, hashes = [], b""
    for index in range(2):
        width = tiles.width_at(size, 0, index)
        for name, keep in (("entries", leaves.extend), ("0", None)):
            level = None if name == "entries" else 0
            answer = client.get(f"/ledger/{tiles.TilePath(level, index, width)}")
            assert answer.status_code == 200
            assert answer["Content-Type"] == "application/octet-stream"
            assert ("immutable" in answer["Cache-Control"]) == (width == 256)
            if keep:
                keep(bundles.decode(answer.content))
            else:
                hashes += answer.content
    assert b"".join(map(merkle.leaf_hash, leaves)) == hashes
    assert merkle.root_of([merkle.leaf_hash(leaf) for leaf in leaves]) == checkpoint.root
    assert client.get("/ledger/tile/1/000.p/1").content == merkle.complete_root(hashes[: 256 * 32])


@pytest.mark.parametrize(
    "path", ["0/002", "0/001", "0/001.p/45", "1/000", "0/x000/001", "64/000", "entries/001.p/45", "0/000.p/0"]
)
def test_what_the_log_does_not_have(client: Client, size: int, path: str) -> None:
    assert client.get(f"/ledger/tile/{path}").status_code == 404


def test_tiles_are_only_read(client: Client, size: int) -> None:
    assert client.post("/ledger/checkpoint").status_code in {403, 405}
    assert client.head("/ledger/tile/0/000").status_code == 200


def test_entries_as_json(client: Client, size: int) -> None:
    page = client.get("/api/ledger/entries?limit=2&kind=test.snapshot&q=air").json()
    assert page["total"] == 300
    newest = page["entries"][0]
    assert (newest["index"], newest["payload"]) == (299, {"n": 299})
    assert merkle.leaf_hash(newest["leaf"].encode()).hex() == newest["leaf_hash"]
    assert client.get(f"/api/ledger/entries/{newest['id']}").json() == newest
    proof = client.get(f"/api/ledger/entries/{newest['id']}/proof")
    assert evidence.check(proof.content).index == 299
    state = client.get("/api/ledger/checkpoint").json()
    assert (state["size"], state["verifier"]) == (300, proof.json()["verifier"])


def test_consistency_as_json(client: Client, size: int) -> None:
    found = client.get("/api/ledger/consistency?size1=17&size2=300").json()
    roots = bytes.fromhex(found["root1"]), bytes.fromhex(found["root2"])
    merkle.verify_consistency(17, 300, *roots, [bytes.fromhex(each) for each in found["hashes"]])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("entries/999999999", 404),
        ("entries/999999999/proof", 404),
        ("consistency?size1=5&size2=4", 404),
        ("consistency?size1=0&size2=4", 422),
        ("entries?limit=0", 422),
        ("entries?limit=501", 422),
        ("entries?offset=-1", 422),
    ],
)
def test_errors_as_json(client: Client, size: int, path: str, status: int) -> None:
    answer = client.get(f"/api/ledger/{path}")
    assert answer.status_code == status
    assert answer.json()["code"].startswith(("ledger.", "hutong."))


def test_pages(client: Client, size: int) -> None:
    page = client.get("/ledger", {"kind": "test.snapshot", "page": "2"})
    assert page.status_code == 200
    assert "存证日志" in page.content.decode()
    entry = api.find(limit=1).entries[0]
    page = client.get(f"/ledger/entries/{entry.id}")
    assert entry.leaf_hash.hex() in page.content.decode()
    assert api.checkpoint().root.hex() in page.content.decode()
    moved = client.get(f"/id/{entry.urn}")
    assert (moved.status_code, moved["Location"]) == (303, f"/ledger/entries/{entry.id}")
    assert client.get("/ledger/entries/999999999").status_code == 404
    for query in ("page=x", "page=-1", "page=99999999999999999999", "kind=none", "q=" + "9" * 30):
        assert client.get(f"/ledger?{query}").status_code == 200


def test_root_is_base64_in_the_note(client: Client, size: int) -> None:
    lines = client.get("/ledger/checkpoint").content.decode().split("\n")
    assert b64decode(lines[2]) == api.checkpoint().root
