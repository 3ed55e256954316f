"""Signed checkpoints: each note, its signature, and the columns beside it."""

from array import array
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from hutong.kernel.text import Text
from hutong.ledger.errors import BadNote, BadSignature
from hutong.ledger.logic import checkpoints, notes
from hutong.ledger.logic.locate import Spot, difference, flipped_bit
from hutong.ledger.logic.merkle import HASH
from hutong.ledger.models import CheckpointRow
from hutong.ledger.types import Checkpoint, Fault

UNSIGNED = Text(zh="签名不成立", en="the signature does not hold")
COLUMN = Text(zh="与已签名的文本不符", en="differs from the signed text")
_SEARCHES = 8  # each tries some 2,000 signatures
NO_KEY = Text(zh="没有可用的公钥，签名未能验证", en="no verifier key: signatures could not be checked")


class Signed(NamedTuple):
    """What one checkpoint truly says."""

    size: int
    root: bytes


class Roots:
    """What is signed, by size, in forty bytes each: a busy log has nearly as many checkpoints as entries."""

    def __init__(self) -> None:
        self._sizes, self._roots = array("Q"), bytearray()

    def add(self, size: int, root: bytes) -> None:
        """The first that is added for a size stands. They come in order, but where something is damaged."""
        at = len(self._sizes) if not self._sizes or size > self._sizes[-1] else bisect_left(self._sizes, size)
        if at == len(self._sizes) or self._sizes[at] != size:
            self._sizes.insert(at, size)
            self._roots[at * HASH : at * HASH] = root

    def get(self, size: int) -> bytes | None:
        at = bisect_left(self._sizes, size)
        if at == len(self._sizes) or self._sizes[at] != size:
            return None
        return bytes(self._roots[at * HASH : at * HASH + HASH])

    def any_within(self, after: int, upto: int) -> bool:
        """Whether something is signed for a size above ``after`` and up to ``upto``."""
        at = bisect_right(self._sizes, after)
        return at < len(self._sizes) and self._sizes[at] <= upto

    @property
    def last(self) -> Signed | None:
        return Signed(self._sizes[-1], bytes(self._roots[-HASH:])) if self._sizes else None


def check_checkpoints(key: notes.VerifierKey | None, faults: list[Fault], signed: Roots) -> int:
    """All that is ``signed``, by size, and how many there are; what is wrong goes to ``faults``."""
    count, searches = 0, _SEARCHES
    rows = CheckpointRow.objects.order_by("size").values_list("size", "root", "note")
    for size, root, note in rows.iterator(500):
        name = f"checkpoint {size}"
        found = _opened(bytes(note), key)
        if found is None:
            searches -= 1
            found = _mended(name, bytes(note), key if searches >= 0 else None, faults)
        if found is None:
            continue
        if found.size != size:
            faults.append(Fault("checkpoint", f"checkpoint {found.size}", COLUMN, "size"))
        spot = difference(bytes(root), found.root)
        if spot:
            faults.append(Fault("checkpoint", name, COLUMN, "root", *spot))
        signed.add(found.size, found.root)
        count += 1
    if key is None and count:
        faults.append(Fault("key", "ledger.vkey", NO_KEY))
    return count


def _mended(name: str, note: bytes, key: notes.VerifierKey | None, faults: list[Fault]) -> Checkpoint | None:
    """The checkpoint the note held before one bit of it was flipped; the fault is told either way."""
    spot = flipped_bit(note, lambda trial: _opened(trial, key) is not None) if key else None
    faults.append(Fault("checkpoint", name, UNSIGNED, "note", *(spot or Spot(0, len(note)))))
    if spot is None or spot.bit is None:
        return None
    mended = bytearray(note)
    mended[spot.offset] ^= 1 << spot.bit
    return _opened(bytes(mended), key)


def _opened(raw: bytes, key: notes.VerifierKey | None) -> Checkpoint | None:
    """None unless it is exactly a checkpoint of this key: canonical, and with no other byte in it."""
    try:
        note = notes.open_note(raw, [key])[0] if key else notes.parse(raw)
        found = checkpoints.parse_body(note.text, str(note))
    except (BadNote, BadSignature):
        return None
    known = key is None or (found.origin == key.name and len(note.signatures) == 1)
    return found if known and str(note).encode() == raw else None
