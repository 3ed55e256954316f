"""Merkle trees of RFC 6962 / RFC 9162 §2.1: hashing, and the verification of proofs.

Hashes travel as ``bytes``; a run of many hashes is one ``bytes`` of 32-byte slots, so that a tree of ten
million leaves never becomes ten million Python objects.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from hutong.ledger.errors import BadProof

HASH = 32
EMPTY_ROOT = sha256(b"").digest()

Bytes: TypeAlias = bytes | bytearray | memoryview


def leaf_hash(data: Bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: Bytes, right: Bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def parents(hashes: Bytes) -> bytes:
    """One level up: an even run of slots becomes half as many."""
    view = memoryview(hashes)
    return b"".join([sha256(b"\x01" + view[at : at + 64]).digest() for at in range(0, len(view), 64)])


def complete_root(hashes: Bytes) -> bytes:
    """Root of a complete subtree given as a run of 2^k slots."""
    run = bytes(hashes)
    while len(run) > HASH:
        run = parents(run)
    return run


def largest_power_below(count: int) -> int:
    """The k of RFC 6962: the largest power of two strictly smaller than ``count`` (> 1)."""
    return 1 << (count - 1).bit_length() - 1


class CompactRange:
    """Right edge of a growing tree: one hash for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def push(self, leaf: bytes) -> None:
        carry, size = leaf, self.size
        while size & 1:
            carry = node_hash(self._edge.pop(), carry)
            size >>= 1
        self._edge.append(carry)
        self.size += 1

    def push_complete(self, root: bytes, width: int) -> None:
        """``width`` leaves at once, a power of two of which the size is a multiple, by their root."""
        carry, size = root, self.size // width
        while size & 1:
            carry = node_hash(self._edge.pop(), carry)
            size >>= 1
        self._edge.append(carry)
        self.size += width

    def root(self) -> bytes:
        return fold_edge(self._edge)


def fold_edge(edge: Sequence[bytes]) -> bytes:
    """Root from complete subtrees listed left to right."""
    if not edge:
        return EMPTY_ROOT
    root = edge[-1]
    for left in reversed(edge[:-1]):
        root = node_hash(left, root)
    return root


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    tree = CompactRange()
    for each in leaf_hashes:
        tree.push(each)
    return tree.root()


def is_subtree(start: int, end: int) -> bool:
    """Whether [start, end) is a subtree: start is a multiple of the power of two that covers its width."""
    return 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0


class Step(NamedTuple):
    """One hash on the way from a leaf to the root: ``sibling`` joins from the left or the right."""

    from_left: bool
    sibling: bytes
    node: bytes


def inclusion_steps(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> list[Step]:
    """The way up that ``proof`` implies (RFC 9162 §2.1.3.2); BadProof when its length cannot be right."""
    if not 0 <= index < size:
        raise BadProof(reason="index outside the tree")
    _check_slots([leaf, *proof])
    at, last, node = index, size - 1, leaf
    steps = []
    for sibling in proof:
        if last == 0:
            raise BadProof(reason="proof too long")
        from_left = bool(at & 1) or at == last
        node = node_hash(sibling, node) if from_left else node_hash(node, sibling)
        steps.append(Step(from_left, sibling, node))
        while from_left and at and not at & 1:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    if last:
        raise BadProof(reason="proof too short")
    return steps


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Root that ``proof`` implies."""
    steps = inclusion_steps(index, size, leaf, proof)
    return steps[-1].node if steps else leaf


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    if root_from_inclusion(index, size, leaf, proof) != root:
        raise BadProof(reason="root differs")


def verify_subtree_inclusion(
    index: int, span: tuple[int, int], leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    start, end = span
    if not is_subtree(start, end):
        raise BadProof(reason="not a subtree")
    verify_inclusion(index - start, end - start, leaf, proof, root)


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """RFC 9162 §2.1.4.2. A proof from the empty tree says nothing and is refused, except 0 to 0."""
    if size1 == 0 and (size2 != 0 or root2 != EMPTY_ROOT):
        raise BadProof(reason="nothing can be shown from an empty tree")
    verify_subtree_consistency((0, size1), size2, root1, root2, proof)


def verify_subtree_consistency(
    span: tuple[int, int], size: int, subtree_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """That the subtree of leaves [start, end) lies in the tree of ``size`` leaves.

    Algorithm of draft-ietf-plants-merkle-tree-certs; with start = 0 it is RFC 9162's consistency check.
    An empty subtree is in every tree: only its own root and the absence of a proof are checked.
    """
    start, end = span
    _check_slots([subtree_root, root, *proof])
    if start == end <= size:
        if subtree_root != EMPTY_ROOT or proof:
            raise BadProof(reason="an empty subtree has the empty root and no proof")
        return
    if end > size or not is_subtree(start, end):
        raise BadProof(reason="not a subtree of the tree")
    first, last, edge = start, end - 1, size - 1
    while first != last and (last == edge or last & 1):
        first, last, edge = first >> 1, last >> 1, edge >> 1
    seed, rest = (subtree_root, proof) if first == last else (next(iter(proof), b""), proof[1:])
    if not seed:
        raise BadProof(reason="proof too short")
    if _climb((first, last, edge), seed, rest) != (subtree_root, root):
        raise BadProof(reason="root differs")


def _climb(position: tuple[int, int, int], seed: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Roots of the subtree and of the tree that ``proof`` implies above the node ``seed``."""
    first, last, edge = position
    old = new = seed
    for sibling in proof:
        if edge == 0:
            raise BadProof(reason="proof too long")
        if last & 1 or last == edge:
            if first < last:
                old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while last and not last & 1:
                first, last, edge = first >> 1, last >> 1, edge >> 1
        else:
            new = node_hash(new, sibling)
        first, last, edge = first >> 1, last >> 1, edge >> 1
    if edge:
        raise BadProof(reason="proof too short")
    return old, new


def _check_slots(hashes: Sequence[bytes]) -> None:
    if any(len(each) != HASH for each in hashes):
        raise BadProof(reason="a hash is not 32 bytes")
