"""Parts of a payload that may have to be erased: the leaf holds a salted commitment, the value is sealed beside it.

    commitment  SHA-256(03 ‖ salt, 32 bytes ‖ canonical JSON of the value)
    sealed      nonce, 12 bytes ‖ ChaCha20-Poly1305(key, salt ‖ value, additional data: commitment)

Without the key the sealed value is noise and, the salt being unknown, the commitment does not confirm a guess.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from hutong.ledger.errors import BadProof
from hutong.ledger.logic.canonical import canonical

SALT = 32
_NONCE = 12
_PARTS = {"private", "sealed"}


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """A value put away. ``key`` is kept apart, and its loss is the erasure."""

    commitment: bytes
    data: bytes
    key: bytes

    def part(self) -> dict[str, str]:
        """What goes into the payload."""
        return {"private": self.commitment.hex(), "sealed": sha256(self.data).hexdigest()}


def commitment(salt: bytes, value: Any) -> bytes:
    return sha256(b"\x03" + salt + canonical(value)).digest()


def seal(value: Any) -> Sealed:
    salt, key, nonce = os.urandom(SALT), ChaCha20Poly1305.generate_key(), os.urandom(_NONCE)
    committed = commitment(salt, value)
    data = nonce + ChaCha20Poly1305(key).encrypt(nonce, salt + canonical(value), committed)
    return Sealed(committed, data, key)


def unseal(committed: bytes, data: bytes, key: bytes) -> tuple[Any, bytes]:
    """The value and its salt; BadProof when they are not what was committed to."""
    try:
        plain = ChaCha20Poly1305(key).decrypt(data[:_NONCE], data[_NONCE:], committed)
        value = json.loads(plain[SALT:])
    except (InvalidTag, ValueError) as error:
        raise BadProof(reason="the sealed value cannot be opened") from error
    if commitment(plain[:SALT], value) != committed:
        raise BadProof(reason="the sealed value is not the one committed to")
    return value, plain[:SALT]


def parts(payload: Any) -> Iterator[tuple[str, str]]:
    """(commitment, digest of the sealed value) of every private part of a payload, hexadecimal."""
    waiting = [payload]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            if set(each) == _PARTS and all(isinstance(one, str) for one in each.values()):
                yield each["private"], each["sealed"]
            else:
                waiting += each.values()
        elif isinstance(each, list):
            waiting += each
