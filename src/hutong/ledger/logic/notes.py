"""Signed notes (C2SP signed-note, the format of Go's ``sumdb/note``) with Ed25519 keys.

Verification follows OpenSSL: a non-canonical R and signatures that hold only after multiplying by the
cofactor are refused, small-order public keys are not looked for (a verifier key is trusted input).
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Protocol, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hutong.ledger.errors import BadKey, BadNote, BadSignature

ED25519 = b"\x01"
MOST_SIGNATURES = 100
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]+")


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True)
class Note:
    """``text`` ends with a newline; the blank line that separates it from the signatures is not in it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))


@dataclass(frozen=True)
class VerifierKey:
    name: str
    public: bytes

    @cached_property
    def key_id(self) -> bytes:
        return _key_id(self.name, self.public)

    def __str__(self) -> str:
        return join_key(self.name, self.key_id, ED25519 + self.public)

    @cached_property
    def _opened(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.public)

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """From ``name+hash+base64``; BadKey when the hash is not that of the name and key."""
        name, key_id, raw = split_key(text)
        key = cls(name, raw)
        if key.key_id.hex() != key_id:
            raise BadKey(reason="key hash does not match")
        return key

    def accepts(self, message: bytes, signature: bytes) -> bool:
        try:
            self._opened.verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, repr=False)
class SignerKey:
    """A private key; its ``repr`` never shows it."""

    name: str
    secret: bytes

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r})"

    @cached_property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())

    def encoded(self) -> str:
        """Go's form, PRIVATE+KEY+name+hash+base64; for the key file only."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{b64encode(ED25519 + self.secret).decode()}"

    @classmethod
    def parse(cls, text: str) -> "SignerKey":
        if not text.startswith("PRIVATE+KEY+"):
            raise BadKey(reason="not a private key")
        name, key_id, raw = split_key(text.removeprefix("PRIVATE+KEY+"))
        key = cls(name, raw)
        if key.verifier.key_id.hex() != key_id:
            raise BadKey(reason="key hash does not match")
        return key

    @classmethod
    def generate(cls, name: str) -> "SignerKey":
        if not _NAME.fullmatch(name):
            raise BadKey(reason="a key name has no space and no plus")
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    def sign(self, text: str) -> Signature:
        _check_text(text)
        return Signature(self.name, self.verifier.key_id, self._private.sign(text.encode()))

    def sign_bytes(self, message: bytes) -> bytes:
        """The bare signature over bytes that are not the text of a note."""
        return self._private.sign(message)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)


class Key(Protocol):
    """Whatever can tell its own signatures on a note: a log's key, a witness's."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def accepts(self, message: bytes, signature: bytes) -> bool: ...


KeyT = TypeVar("KeyT", bound=Key)


def parse(raw: str | bytes) -> Note:
    """A note and its signatures, none of them verified yet."""
    text = _decode(raw)
    body, blank, block = text.rpartition("\n\n")
    if not blank or not block.endswith("\n"):
        raise BadNote(reason="no signature block")
    note = Note(body + "\n", tuple(parse_signature(line) for line in block[:-1].split("\n")))
    if len(note.signatures) > MOST_SIGNATURES:
        raise BadNote(reason="too many signatures")
    return note


def open_note(raw: str | bytes, keys: Sequence[KeyT]) -> tuple[Note, tuple[KeyT, ...]]:
    """The note and which of ``keys`` signed it. BadSignature when a known key's signature does not hold,
    or when no known key signed at all; signatures of unknown keys are left alone.
    """
    note = parse(raw)
    known = {(key.name, key.key_id): key for key in keys}
    verified: list[KeyT] = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None or key in verified:
            continue
        if not key.accepts(note.text.encode(), signature.value):
            raise BadSignature(name=signature.name)
        verified.append(key)
    if not verified:
        raise BadSignature(name=", ".join(key.name for key in keys))
    return note, tuple(verified)


def sign(text: str, *signers: SignerKey) -> Note:
    return Note(text, tuple(signer.sign(text) for signer in signers))


def _decode(raw: str | bytes) -> str:
    try:
        text = raw if isinstance(raw, str) else raw.decode()
    except UnicodeDecodeError as error:
        raise BadNote(reason=f"not UTF-8 at byte {error.start}") from error
    _check_text(text)
    return text


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise BadNote(reason="text must end with a newline and hold no control characters")


def parse_signature(line: str) -> Signature:
    dash, name, encoded = (*line.split(" "), "", "")[:3]
    if dash != "—" or line.count(" ") != 2 or not _NAME.fullmatch(name):
        raise BadNote(reason="malformed signature line")
    value = _unbase64(encoded)
    if value is None or len(value) < 5:
        raise BadNote(reason="malformed signature")
    return Signature(name, value[:4], value[4:])


def split_key(text: str, kind: bytes = ED25519) -> tuple[str, str, bytes]:
    """Name, key id and the 32 bytes of ``name+hash+base64``."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _unbase64(encoded)
    if not _NAME.fullmatch(name) or not re.fullmatch("[0-9a-f]{8}", key_id) or raw is None:
        raise BadKey(reason="not name+hash+base64")
    if raw[:1] != kind or len(raw) != 33:
        raise BadKey(reason="not an Ed25519 key" if kind == ED25519 else "not a key of a witness")
    return name, key_id, raw[1:]


def join_key(name: str, key_id: bytes, raw: bytes) -> str:
    return f"{name}+{key_id.hex()}+{b64encode(raw).decode()}"


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _unbase64(text: str) -> bytes | None:
    try:
        raw = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if b64encode(raw).decode() == text else None
