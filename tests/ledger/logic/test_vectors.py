"""Vectors of other projects: transparency-dev/merkle, Tessera, Go's sumdb, CCTV's Ed25519 edge cases."""

import json
import os
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib

from hutong.ledger.errors import BadKey, BadProof
from hutong.ledger.logic import bundles, checkpoints, merkle, notes, tiles
from tests.conftest import SHARED

pytestmark = pytest.mark.shared


def _hash(text: str | None) -> bytes:
    return b64decode(text or "")


def _inclusion(v: dict[str, Any], proof: list[bytes]) -> None:
    merkle.verify_inclusion(v["leafIdx"], v["treeSize"], _hash(v["leafHash"]), proof, _hash(v["root"]))


def _consistency(v: dict[str, Any], proof: list[bytes]) -> None:
    merkle.verify_consistency(v["size1"], v["size2"], _root(v["root1"]), _root(v["root2"]), proof)


def _subtree_inclusion(v: dict[str, Any], proof: list[bytes]) -> None:
    merkle.verify_subtree_inclusion(
        v["leafIdx"], (v["start"], v["end"]), _hash(v["leafHash"]), proof, _hash(v["root"])
    )


def _subtree_consistency(v: dict[str, Any], proof: list[bytes]) -> None:
    merkle.verify_subtree_consistency(
        (v["start"], v["end"]), v["size"], _root(v["root1"]), _root(v["root2"]), proof
    )


def _root(text: str) -> bytes:
    """The vectors write “don't care 1” where any root will do; ours must be 32 bytes long."""
    raw = _hash(text)
    return raw.ljust(32, b".") if raw.startswith(b"don't care") else raw


_JUDGES: dict[str, Callable[[dict[str, Any], list[bytes]], None]] = {
    "inclusion": _inclusion,
    "consistency": _consistency,
    "subtreeinclusion": _subtree_inclusion,
    "subtreeconsistency": _subtree_consistency,
}
_WANTED = {
    "inclusion": {False: 6, True: 92},
    "consistency": {False: 6, True: 92},
    "subtreeinclusion": {False: 12, True: 192},
    "subtreeconsistency": {False: 12, True: 106},
}
_FOLDER = Path(os.environ.get("HUTONG_SHARED_DATA", SHARED)) / "vectors/transparency-dev-merkle/testdata"
_FILES = sorted(_FOLDER.rglob("*.json"))


@pytest.mark.parametrize("file", _FILES, ids=[str(each.relative_to(_FOLDER)) for each in _FILES])
def test_every_vector_is_judged_as_its_authors_do(file: Path) -> None:
    vector = json.loads(file.read_text())
    try:
        _JUDGES[file.relative_to(_FOLDER).parts[0]](vector, [_hash(each) for each in vector["proof"] or []])
        refused = False
    except BadProof:
        refused = True
    assert refused == vector["wantErr"], vector.get("desc", "")


def test_all_518_of_them_are_there(shared_data: Path) -> None:
    seen: dict[str, Counter[bool]] = {name: Counter() for name in _WANTED}
    for file in (shared_data / "vectors/transparency-dev-merkle/testdata").rglob("*.json"):
        seen[file.relative_to(_FOLDER).parts[0]][json.loads(file.read_text())["wantErr"]] += 1
    assert seen == _WANTED
    assert sum(each.total() for each in seen.values()) == 518


# What each file of the folder is to us: its test here or in tests/portal, or words.
_TAKEN = {
    "transparency-dev-merkle/testdata/": (518, "test_every_vector_is_judged_as_its_authors_do"),
    "tessera-testdata/testdata/log/": (49, "test_the_tessera_log"),
    "golang-sumdb.json": (1, "test_the_notes_of_go"),
    "cctv/ed25519/ed25519vectors.json": (1, "test_ed25519_edge_cases_are_judged_as_openssl_go_and_dalek_do"),
    "cctv/ed25519/README.md": (1, "words"),
    "cctv/ed25519/LICENSE": (1, "words"),
    "dcat-ap-shacl/releases/3.0.1/": (7, "tests/portal/test_dcat.py"),
    "dcat-ap-shacl/releases/3.0.0/": (7, "test_the_older_shapes_are_read"),
}


def test_all_585_files_are_accounted_for(shared_data: Path) -> None:
    folder = shared_data / "vectors"
    names = [str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()]
    takers = {name: [start for start in _TAKEN if name.startswith(start)] for name in names}
    assert {name: found for name, found in takers.items() if len(found) != 1} == {}
    counted = Counter(found[0] for found in takers.values())
    assert counted == {start: count for start, (count, _) in _TAKEN.items()}
    assert counted.total() == len(names) == 585
    for _, test in _TAKEN.values():
        if "/" in test:
            assert (Path(__file__).parents[3] / test).is_file()
        else:
            assert test == "words" or callable(globals()[test])


@pytest.mark.parametrize("edition", ["3.0.0", "3.0.1"])
def test_the_older_shapes_are_read(edition: str, shared_data: Path) -> None:
    """Both editions parse and describe datasets; the catalog is validated by the newer one (tests/portal)."""
    folder = shared_data / "vectors/dcat-ap-shacl/releases" / edition / "html/shacl"
    graph = rdflib.Graph()
    for file in sorted(folder.glob("*.ttl")):
        before = len(graph)
        graph.parse(file)
        assert len(graph) > before, file.name
    targets = set(graph.objects(None, rdflib.SH.targetClass))
    assert {rdflib.DCAT.Catalog, rdflib.DCAT.Dataset, rdflib.DCAT.Distribution} <= targets


def test_the_tessera_log(shared_data: Path) -> None:
    log = shared_data / "vectors/tessera-testdata/testdata/log"
    leaves = bundles.decode((log / "tile/entries/000.p/15").read_bytes())
    assert len(leaves) == 15
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    grown: dict[tiles.TileId, bytes] = {}
    for size, leaf_hash in enumerate(hashes):
        grown |= tiles.extend(size, grown, leaf_hash)
    key_id = b64decode((log / "checkpoint").read_text().split(" ")[-1])[:4]
    state = json.loads((log / ".state/treeState").read_text())
    assert (state["size"], _hash(state["root"])) == (15, merkle.root_of(hashes))
    assert (log / ".state/version").read_text() == "1"
    assert (log / "checkpoint").read_text() == (log / "checkpoint.15").read_text()
    for size in range(16):
        note = notes.parse((log / f"checkpoint.{size}").read_text())
        checkpoint = checkpoints.parse_body(note.text, str(note))
        assert (checkpoint.size, checkpoint.origin) == (size, "example.com/log/testdata")
        assert note.signatures[0].key_id == key_id
        assert checkpoint.root == merkle.root_of(hashes[:size])
        assert checkpoint.root == tiles.root_at(size, lambda ids: {each: grown[each] for each in ids})
        assert str(note) == (log / f"checkpoint.{size}").read_text()
        if size:
            assert (log / f"tile/0/000.p/{size}").read_bytes() == b"".join(hashes[:size])
            bundle = (log / f"tile/entries/000.p/{size}").read_bytes()
            assert bundle == bundles.encode(leaves[:size])


def test_the_notes_of_go(shared_data: Path) -> None:
    go = json.loads((shared_data / "vectors/golang-sumdb.json").read_text())
    keys = {name: notes.VerifierKey.parse(text) for name, text in go["vkeys"].items() if name != "sumdb"}
    assert {name: str(key) for name, key in keys.items()} == {
        name: text for name, text in go["vkeys"].items() if name != "sumdb"
    }
    signed = go["note_text"] + "\n" + "".join(go["sigs"])
    note, verified = notes.open_note(signed, list(keys.values()))
    assert note.text == go["note_text"]
    assert set(verified) == set(keys.values())
    signer = notes.SignerKey.parse(go["skeys_test_only"]["PeterNeumann"])
    assert str(signer.sign(go["note_text"])) == go["sigs"][0]
    assert signer.encoded() == go["skeys_test_only"]["PeterNeumann"]
    for bad in go["bad_vkeys"]:
        with pytest.raises(BadKey):
            notes.VerifierKey.parse(bad)


def test_the_tree_note_of_go(shared_data: Path) -> None:
    tree = json.loads((shared_data / "vectors/golang-sumdb.json").read_text())["format_tree"]
    root = merkle.leaf_hash(tree["record"].encode())
    assert checkpoints.body("go.sum database tree", tree["n"], root) == tree["golden"]
    assert checkpoints.parse_body(tree["golden"], "").size == tree["n"]


def test_ed25519_edge_cases_are_judged_as_openssl_go_and_dalek_do(shared_data: Path) -> None:
    """Refused: non-canonical R, and signatures that hold only after multiplying by the cofactor.

    A vector with a re-encoded k signs another message hash than ours; it passes only where A has so low an
    order that both hashes agree modulo it.
    """
    vectors = json.loads((shared_data / "vectors/cctv/ed25519/ed25519vectors.json").read_text())
    wrong, accepted = [], Counter()
    for vector in vectors:
        key = notes.VerifierKey("edge", bytes.fromhex(vector["key"]))
        flags = set(vector["flags"] or [])
        found = key.accepts(vector["msg"].encode(), bytes.fromhex(vector["sig"]))
        refusable = flags & {"non_canonical_R", "low_order_residue"}
        accepted["re-encoded k" if "reencoded_k" in flags else "plain"] += found
        if (found and refusable) or (not found and not refusable and "reencoded_k" not in flags):
            wrong.append((vector["number"], sorted(flags)))
    assert wrong == []
    assert (len(vectors), dict(accepted)) == (914, {"plain": 198, "re-encoded k": 10})
