"""Finding the exact place of damage: the differing byte, or the one flipped bit a hash or signature betrays."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import NamedTuple


class Spot(NamedTuple):
    """``length`` bytes from ``offset``; ``bit`` when exactly one bit of one byte is wrong."""

    offset: int
    length: int
    bit: int | None = None


def difference(found: bytes, expected: bytes) -> Spot | None:
    """First differing byte; None when they are equal."""
    if found == expected:
        return None
    for offset, (one, other) in enumerate(zip(found, expected, strict=False)):
        if one != other:
            changed = one ^ other
            lone = changed.bit_count() == 1 and found[offset + 1 :] == expected[offset + 1 :]
            return Spot(offset, 1, changed.bit_length() - 1 if lone else None)
    return Spot(min(len(found), len(expected)), abs(len(found) - len(expected)))


def flipped_bit(data: bytes, holds: Callable[[bytes], bool]) -> Spot | None:
    """The bit that, turned back, makes ``holds`` true. Costs eight calls a byte: for short texts."""
    work = bytearray(data)
    for offset in range(len(work)):
        for bit in range(8):
            work[offset] ^= 1 << bit
            if holds(bytes(work)):
                return Spot(offset, 1, bit)
            work[offset] ^= 1 << bit
    return None


def wrong_byte(data: bytes, digest: bytes, prefix: bytes = b"") -> Spot | None:
    """The single bit, or else single byte, of ``data`` that makes SHA-256(prefix + data) differ from digest.

    What comes before the byte is hashed once, so a block of 8 KiB takes a fraction of a second for bits.
    """
    for changes in (_BITS, _BYTES):
        for offset, change in _hits(data, digest, prefix, changes):
            return Spot(offset, 1, change.bit_length() - 1 if change.bit_count() == 1 else None)
    return None


_BITS = [1 << bit for bit in range(8)]
_BYTES = [change for change in range(256) if change.bit_count() > 1]
_MOST_FOR_BYTES = 1 << 11


def _hits(data: bytes, digest: bytes, prefix: bytes, changes: list[int]) -> Iterator[tuple[int, int]]:
    if changes is _BYTES and len(data) > _MOST_FOR_BYTES:
        return
    state = sha256(prefix)
    for offset, byte in enumerate(data):
        tail = data[offset + 1 :]
        for change in changes:
            trial = state.copy()
            trial.update(bytes((byte ^ change,)) + tail)
            if trial.digest() == digest:
                yield offset, change
        state.update(bytes((byte,)))
