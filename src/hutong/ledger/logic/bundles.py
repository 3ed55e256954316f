"""Entry bundles of C2SP tlog-tiles: up to 256 leaves, each after its length in two big-endian bytes."""

from collections.abc import Iterable

from hutong.ledger.errors import BadBundle
from hutong.ledger.logic.merkle import Bytes

LARGEST = 0xFFFF


def encode(leaves: Iterable[Bytes]) -> bytes:
    return b"".join([len(leaf).to_bytes(2, "big") + bytes(leaf) for leaf in leaves])


def decode(bundle: bytes) -> list[bytes]:
    leaves, at = [], 0
    while at < len(bundle):
        body = at + 2
        end = body + int.from_bytes(bundle[at:body], "big")
        if body > len(bundle) or end > len(bundle):
            raise BadBundle(offset=at)
        leaves.append(bundle[body:end])
        at = end
    return leaves
