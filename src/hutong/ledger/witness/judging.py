"""What a witness answers to a checkpoint: C2SP tlog-witness, without input or output."""

import re
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass

from hutong.ledger.errors import BadNote, BadProof, BadSignature
from hutong.ledger.logic import checkpoints, merkle, notes
from hutong.ledger.types import Checkpoint

MOST_HASHES = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Known:
    """What the witness last cosigned of a log; size 0 and no root before the first time."""

    size: int = 0
    root: bytes = merkle.EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Submission:
    """A request as read. ``text`` is the checkpoint's text, ``note`` all of it with signatures."""

    old: int
    proof: tuple[bytes, ...]
    text: str
    note: str
    checkpoint: Checkpoint


class Refusal(Exception):
    """Why not, as the protocol says it. ``alarm``: the log contradicts itself."""

    def __init__(self, status: int, reason: str, body: str = "", *, alarm: bool = False) -> None:
        super().__init__(reason)
        self.status, self.reason, self.body, self.alarm = status, reason, body, alarm


def read(body: bytes) -> Submission:
    """The request; a Refusal of 400 when it is not one."""
    try:
        head, blank, note = body.decode().partition("\n\n")
        old, *lines = head.split("\n")
        found = _OLD.fullmatch(old)
        if not blank or not found or len(lines) > MOST_HASHES:
            raise Refusal(400, "not a request to add a checkpoint")
        proof = tuple(_hash(line) for line in lines)
        text = notes.parse(note).text
        checkpoint = checkpoints.parse_body(text, note)
    except (UnicodeDecodeError, BadBase64, ValueError, BadNote) as error:
        raise Refusal(400, f"malformed: {error}") from error
    return Submission(int(found[1]), proof, text, note, checkpoint)


def judge(given: Submission, keys: list[notes.VerifierKey], known: Known) -> None:
    """Returns when the checkpoint may be cosigned; a Refusal otherwise."""
    try:
        notes.open_note(given.note, keys)
    except (BadSignature, BadNote) as error:
        raise Refusal(403, "no valid signature of a key trusted for this origin") from error
    size, root = given.checkpoint.size, given.checkpoint.root
    split = size == known.size and known.size > 0 and root != known.root
    if given.old > size:
        raise Refusal(400, "the old size exceeds the checkpoint's", alarm=split)
    if given.old != known.size:
        raise Refusal(409, f"the last cosigned size is {known.size}", f"{known.size}\n", alarm=split)
    if size == 0 and root != merkle.EMPTY_ROOT:
        raise Refusal(422, "the root of size 0 is not that of the empty tree", alarm=True)
    if split:
        raise Refusal(422, f"another root for size {size} than the one cosigned", alarm=True)
    try:
        _consistent(given, known)
    except BadProof as error:
        raise Refusal(422, f"not shown to grow out of size {known.size}: {error}", alarm=True) from error


def _consistent(given: Submission, known: Known) -> None:
    if known.size == 0:
        if given.proof:
            raise BadProof(reason="a proof from size 0 is empty")
        return
    merkle.verify_consistency(
        known.size, given.checkpoint.size, known.root, given.checkpoint.root, given.proof
    )


def _hash(line: str) -> bytes:
    raw = b64decode(line, validate=True)
    if len(raw) != merkle.HASH or b64encode(raw).decode() != line:
        raise Refusal(400, "a line of the proof is not a hash")
    return raw
