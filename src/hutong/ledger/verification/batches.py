"""How signatures travel to the processes that judge them."""

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LENGTH = struct.Struct(">I")
SIGNATURE = 64
_HEAD = struct.Struct(f">32s{SIGNATURE}sI")


class Asked(NamedTuple):
    """An Ed25519 signature to be judged: the key's 32 bytes, the signature's 64, and what it is over."""

    key: bytes
    value: bytes
    message: bytes


def pack(batch: Iterable[Asked]) -> bytes:
    """One message: its length, then each signature."""
    parts = [_HEAD.pack(key, value, len(text)) + text for key, value, text in batch]
    body = b"".join(parts)
    return LENGTH.pack(len(body)) + body


def unpack(body: bytes) -> Iterator[Asked]:
    at = 0
    while at < len(body):
        key, value, length = _HEAD.unpack_from(body, at)
        at += _HEAD.size
        yield Asked(key, value, body[at : at + length])
        at += length
