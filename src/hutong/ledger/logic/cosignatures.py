"""Cosignatures of witnesses: C2SP tlog-cosignature, the Ed25519 kind (cosignature/v1)."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from hutong.ledger.errors import BadKey
from hutong.ledger.logic import notes

KIND = b"\x04"
_SIGNED = 8 + 64
_LAST = 1 << 63


@dataclass(frozen=True)
class WitnessKey:
    """Public key of a witness. It ``accepts`` the text of a checkpoint as a note's key does."""

    name: str
    public: bytes

    @cached_property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + KIND + self.public).digest()[:4]

    def __str__(self) -> str:
        return notes.join_key(self.name, self.key_id, KIND + self.public)

    @classmethod
    def parse(cls, text: str) -> "WitnessKey":
        """From a vkey of type 0x04; BadKey when it is another, or its hash is not that of the name and key."""
        name, key_id, raw = notes.split_key(text, KIND)
        key = cls(name, raw)
        if key.key_id.hex() != key_id:
            raise BadKey(reason="key hash does not match")
        return key

    def accepts(self, message: bytes, signature: bytes) -> bool:
        if len(signature) != _SIGNED:
            return False
        at = int.from_bytes(signature[:8], "big")
        signed = notes.VerifierKey(self.name, self.public)
        return at < _LAST and signed.accepts(statement(message, at), signature[8:])


@dataclass(frozen=True, repr=False)
class WitnessSigner:
    """Private key of a witness; its ``repr`` never shows it."""

    key: notes.SignerKey

    def __repr__(self) -> str:
        return f"WitnessSigner({self.key.name!r})"

    @cached_property
    def verifier(self) -> WitnessKey:
        return WitnessKey(self.key.name, self.key.verifier.public)

    def sign(self, text: str, at: int) -> notes.Signature:
        """The signature line's value over a checkpoint's text, at POSIX time ``at``."""
        value = at.to_bytes(8, "big") + self.key.sign_bytes(statement(text.encode(), at))
        return notes.Signature(self.key.name, self.verifier.key_id, value)


def statement(text: bytes, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n".encode() + text


def time_of(signature: notes.Signature) -> int:
    return int.from_bytes(signature.value[:8], "big")


def read_lines(text: str) -> list[notes.Signature]:
    """Signature lines as a witness answers them; BadNote when there is anything else."""
    return [notes.parse_signature(line) for line in text.removesuffix("\n").split("\n")]
