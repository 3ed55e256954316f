"""The twin signature of a checkpoint by SM2 with SM3 (GB/T 32918, GB/T 32905): one more line under the note.

Others see a signature of a type they do not know (0xff and a long name) and leave it alone, as signed notes ask.
"""

from base64 import b64decode
from binascii import Error as BadBase64
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from hutong.ledger.errors import BadKey
from hutong.ledger.logic import notes

KIND = b"\xffhutong/sm2-sm3/1"
_POINT = 65
# What precedes the point in the DER form of an SM2 public key: id-ecPublicKey, curve sm2p256v1.
_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")


@dataclass(frozen=True)
class Sm2Key:
    """A public key; ``point`` is uncompressed."""

    name: str
    point: bytes

    @cached_property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + KIND + self.point).digest()[:4]

    @property
    def der(self) -> bytes:
        return _HEAD + self.point

    def __str__(self) -> str:
        return notes.join_key(self.name, self.key_id, KIND + self.point)

    @classmethod
    def of_der(cls, name: str, der: bytes) -> "Sm2Key":
        if len(der) != len(_HEAD) + _POINT or not der.startswith(_HEAD):
            raise BadKey(reason="not an SM2 public key")
        return cls(name, der[len(_HEAD) :])

    @classmethod
    def parse(cls, text: str) -> "Sm2Key":
        """From ``name+hash+base64``; BadKey unless it is the key its hash says."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            raw = b64decode(encoded, validate=True)
        except (BadBase64, ValueError) as error:
            raise BadKey(reason="not name+hash+base64") from error
        key = cls(name, raw[len(KIND) :])
        if not raw.startswith(KIND) or len(key.point) != _POINT or key.key_id.hex() != key_id:
            raise BadKey(reason="not an SM2 key, or another's hash")
        return key
