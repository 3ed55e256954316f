"""The map that makes completeness provable: for every label, how many entries bear it and a chain over them.

It is a binary radix tree over SHA-256 keys. A subtree with one label is that label's leaf; any other is a node at
the first bit in which its keys differ. The root is therefore a function of the set of labels alone.

    key    SHA-256(label)
    chain  c(0) = 32 zero bytes, c(i) = SHA-256(02 ‖ c(i-1) ‖ leaf hash of the i-th entry)
    leaf   SHA-256(00 ‖ key ‖ count, 8 bytes ‖ chain)
    node   SHA-256(01 ‖ depth, 1 byte ‖ left ‖ right)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from hutong.ledger.errors import BadProof

NOTHING = bytes(32)
KIND = "ledger.index"
_MOST, _LONGEST = 16, 300


@dataclass(frozen=True, slots=True)
class Tally:
    """What the map says of one label."""

    count: int = 0
    chain: bytes = NOTHING

    def follow(self, leaf_hash: bytes) -> "Tally":
        return Tally(self.count + 1, sha256(b"\x02" + self.chain + leaf_hash).digest())


@dataclass(frozen=True, slots=True)
class Step:
    """One node on the way up: the bit it branches at, and the other side's hash."""

    depth: int
    sibling: bytes


def label(about: str = "", by: str = "") -> str:
    """The label of entries about a thing, by someone, or both."""
    return "\n".join([*(["by", by] if by else []), *(["about", about] if about else [])])


def labels(fields: Mapping[str, Any]) -> list[str]:
    """The labels of an entry: what it is about (its subject and what its payload lists under ``about``) and who
    it is by (its organisation and ``by``), each alone and each with each.
    """
    abouts = _names(fields["subject"], fields["payload"].get("about"))
    bys = _bys(fields)
    found = [label(about) for about in abouts] + [label("", by) for by in bys]
    return found + [label(about, by) for about in abouts for by in bys]


def further(fields: Mapping[str, Any]) -> list[str]:
    """The labels that do not come from the subject and the organisation alone: ``about`` and ``by`` of the payload."""
    more_about = _names("", fields["payload"].get("about"))
    found = [label(each) for each in more_about if each != fields["subject"]]
    return found + [label("", each) for each in _bys(fields) if each != fields["organisation"]]


def _bys(fields: Mapping[str, Any]) -> list[str]:
    """An organisation named by its URN is also found by its id, the part after the last colon."""
    named = _names(fields["organisation"], fields["payload"].get("by"))
    ids = [
        each.rpartition(":")[2]
        for each in named
        if each.startswith("urn:hutong:") and ":organisation:" in each
    ]
    return list(dict.fromkeys([*named, *(each for each in ids if each)]))


def _names(first: str, more: Any) -> list[str]:
    """At most 16 different names; what is not text, spans lines or is longer than 300 characters, is none."""
    rest = more if isinstance(more, list) else [more]
    given = [first, *(each for each in rest if isinstance(each, str))]
    return list(dict.fromkeys(each for each in given if each and "\n" not in each and len(each) <= _LONGEST))[
        :_MOST
    ]


def key_of(text: str) -> bytes:
    return sha256(text.encode()).digest()


def leaf(key: bytes, tally: Tally) -> bytes:
    return sha256(b"\x00" + key + tally.count.to_bytes(8, "big") + tally.chain).digest()


def join(depth: int, left: bytes, right: bytes) -> bytes:
    if left == NOTHING:
        return right
    if right == NOTHING:
        return left
    return sha256(b"\x01" + bytes((depth,)) + left + right).digest()


def bit(key: bytes, depth: int) -> int:
    return key[depth >> 3] >> (7 - (depth & 7)) & 1


def root(leaves: Sequence[tuple[bytes, bytes]], depth: int = 0) -> bytes:
    """Of (key, leaf hash) pairs sorted by key that agree in their first ``depth`` bits."""
    if not leaves:
        return NOTHING
    if len(leaves) == 1:
        return leaves[0][1]
    depth = _branch(leaves[0][0], leaves[-1][0], depth)
    cut = _cut(leaves, depth)
    return join(depth, root(leaves[:cut], depth + 1), root(leaves[cut:], depth + 1))


def way(leaves: Sequence[tuple[bytes, bytes]], key: bytes, depth: int = 0) -> tuple[bytes, list[Step]]:
    """Where ``key`` leads in such a subtree: the key of a leaf, and the way up from it."""
    steps: list[Step] = []
    while len(leaves) > 1:
        depth = _branch(leaves[0][0], leaves[-1][0], depth)
        cut = _cut(leaves, depth)
        near, far = (leaves[cut:], leaves[:cut]) if bit(key, depth) else (leaves[:cut], leaves[cut:])
        steps.append(Step(depth, root(far, depth + 1)))
        leaves, depth = near, depth + 1
    return leaves[0][0], steps[::-1]


def fold(hashes: bytes, top: int) -> bytes:
    """One hash of 256 subtrees, the eight bits below depth ``top``."""
    run = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    for depth in range(top + 7, top - 1, -1):
        run = [join(depth, run[at], run[at + 1]) for at in range(0, len(run), 2)]
    return run[0]


def lead(hashes: bytes, key: bytes, top: int) -> tuple[int, list[Step]]:
    """Which of 256 subtrees ``key`` leads to, and the way up from it. Sides with nothing are no branches."""
    run, low, steps = hashes, 0, list[Step]()
    for depth in range(top, top + 8):
        half = len(run) // 2
        sides = run[:half], run[half:]
        side = bit(key, depth)
        if not any(sides[side]):
            side = 1 - side
        elif any(sides[1 - side]):
            steps.append(Step(depth, _fold_part(sides[1 - side], depth + 1, top + 8)))
        run, low = sides[side], low + (half // 32 if side else 0)
    return low, steps[::-1]


def check(key: bytes, steps: Sequence[Step], found: tuple[bytes, Tally] | None, map_root: bytes) -> Tally:
    """What the map of ``map_root`` says of ``key``: the tally, or none if the way leads to another key.

    BadProof when the way does not hold.
    """
    if found is None:
        if steps or map_root != NOTHING:
            raise BadProof(reason="the map is not empty")
        return Tally()
    other, tally = found
    node, below = leaf(other, tally), 256
    for step in steps:
        if not 0 <= step.depth < below or len(step.sibling) != 32 or step.sibling == NOTHING:
            raise BadProof(reason="malformed way through the map")
        if bit(key, step.depth) != bit(other, step.depth):
            raise BadProof(reason="the way leaves that of the label")
        sides = (step.sibling, node) if bit(other, step.depth) else (node, step.sibling)
        node, below = join(step.depth, *sides), step.depth
    if node != map_root:
        raise BadProof(reason="the way does not lead to the root of the map")
    return tally if other == key else Tally()


def _branch(first: bytes, last: bytes, depth: int) -> int:
    """The first bit, from ``depth`` on, in which the smallest and the greatest key differ."""
    differing = int.from_bytes(first, "big") ^ int.from_bytes(last, "big")
    return max(depth, 256 - differing.bit_length())


def _cut(leaves: Sequence[tuple[bytes, bytes]], depth: int) -> int:
    low, high = 0, len(leaves)
    while low < high:
        middle = (low + high) // 2
        if bit(leaves[middle][0], depth):
            high = middle
        else:
            low = middle + 1
    return low


def _fold_part(hashes: bytes, top: int, bottom: int) -> bytes:
    run = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    for depth in range(bottom - 1, top - 1, -1):
        run = [join(depth, run[at], run[at + 1]) for at in range(0, len(run), 2)]
    return run[0]
