"""Trees, tiles and proofs against the definition of RFC 6962 §2.1, written here in its own recursion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.ledger.errors import BadBundle, BadProof, BadTilePath
from hutong.ledger.logic import bundles, merkle, tiles

LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(1400)]


def _mth(leaves: list[bytes]) -> bytes:
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = merkle.largest_power_below(len(leaves))
    return merkle.node_hash(_mth(leaves[:k]), _mth(leaves[k:]))


def _tree(*steps: int) -> dict[tiles.TileId, bytes]:
    """Tiles after appending in the given steps."""
    kept: dict[tiles.TileId, bytes] = {}
    size = 0
    for step in steps:
        edge = {each: kept[each] for each in tiles.right_edge(size)}
        kept |= tiles.extend(size, edge, b"".join(LEAVES[size : size + step]))
        size += step
    return kept


WHOLE = _tree(1400)


def _read(ids: list[tiles.TileId]) -> dict[tiles.TileId, bytes]:
    return {each: WHOLE[each] for each in ids}


def test_the_empty_tree_and_the_first_leaf() -> None:
    assert tiles.root_at(0, _read) == merkle.EMPTY_ROOT == merkle.root_of([])
    assert tiles.root_at(1, _read) == LEAVES[0]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 767, 1024, 1025, 1399, 1400])
def test_roots(size: int) -> None:
    assert tiles.root_at(size, _read) == _mth(LEAVES[:size]) == merkle.root_of(LEAVES[:size])


@given(st.lists(st.integers(1, 300), min_size=1, max_size=6))
def test_tiles_do_not_depend_on_how_the_leaves_came(steps: list[int]) -> None:
    size = min(sum(steps), len(LEAVES))
    grown = _tree(*steps)
    for (level, index), data in grown.items():
        assert data == WHOLE[level, index][: len(data)]
        assert len(data) == 32 * tiles.width_at(size, level, index)


@given(st.data())
def test_inclusion_proofs_hold_and_wrong_ones_do_not(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 1400))
    index = data.draw(st.integers(0, size - 1))
    proof = tiles.read_ranges(tiles.proof_ranges(index, index + 1, size), _read)
    root = tiles.root_at(size, _read)
    merkle.verify_inclusion(index, size, LEAVES[index], proof, root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        bit = data.draw(st.integers(0, 255))
        bad = list(proof)
        bad[at] = (int.from_bytes(bad[at], "big") ^ 1 << bit).to_bytes(32, "big")
        with pytest.raises(BadProof):
            merkle.verify_inclusion(index, size, LEAVES[index], bad, root)
    with pytest.raises(BadProof):
        merkle.verify_inclusion(index, size, LEAVES[index], [*proof, root], root)


@given(st.data())
def test_consistency_proofs_hold(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 1400))
    old = data.draw(st.integers(1, new))
    proof = tiles.read_ranges(tiles.proof_ranges(0, old, new), _read)
    roots = tiles.root_at(old, _read), tiles.root_at(new, _read)
    merkle.verify_consistency(old, new, *roots, proof)
    with pytest.raises(BadProof):
        merkle.verify_consistency(old, new, roots[1][::-1], roots[0], proof)


@given(st.data())
def test_subtree_proofs_hold(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 1400))
    start = data.draw(st.integers(0, size - 1))
    widest = start & -start or size
    end = data.draw(st.integers(start + 1, min(size, start + widest)))
    assert merkle.is_subtree(start, end)
    proof = tiles.read_ranges(tiles.proof_ranges(start, end, size), _read)
    merkle.verify_subtree_consistency(
        (start, end), size, _mth(LEAVES[start:end]), tiles.root_at(size, _read), proof
    )


@given(st.integers(1, 1400), st.data())
def test_a_proof_needs_few_tiles(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    asked: list[tiles.TileId] = []

    def read(ids: list[tiles.TileId]) -> dict[tiles.TileId, bytes]:
        asked.extend(ids)
        return _read(ids)

    tiles.read_ranges(tiles.proof_ranges(index, index + 1, size), read)
    assert len(asked) <= 4


@pytest.mark.parametrize(
    ("index", "text"),
    [(0, "000"), (67, "067"), (1234067, "x001/x234/067"), (1000, "x001/000"), (999, "999")],
)
def test_tile_paths(index: int, text: str) -> None:
    assert tiles.encode_index(index) == text
    for level, name in ((0, "0"), (63, "63"), (None, "entries")):
        for width, tail in ((256, ""), (1, ".p/1"), (255, ".p/255")):
            path = tiles.TilePath(level, index, width)
            assert str(path) == f"tile/{name}/{text}{tail}"
            assert tiles.TilePath.parse(str(path).removeprefix("tile/")) == path


@pytest.mark.parametrize(
    "path",
    [
        "0/1", "0/0001", "64/000", "00/000", "0/x000/001", "0/x001/x001", "0/000.p/0", "0/000.p/256",
        "0/000.p/01", "0/000.p/", "-1/000", "data/000", "0/001/002", "", "0/000/", "entries/x000/000",
    ],
)  # fmt: skip
def test_other_spellings_are_refused(path: str) -> None:
    with pytest.raises(BadTilePath):
        tiles.TilePath.parse(path)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_round_trip(leaves: list[bytes]) -> None:
    bundle = bundles.encode(leaves)
    assert bundles.decode(bundle) == leaves
    if leaves:
        with pytest.raises(BadBundle):
            bundles.decode(bundle[:-1] if leaves[-1] else bundle + b"\x00")
