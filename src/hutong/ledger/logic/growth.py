"""That another log goes on from what it showed before: its signed checkpoints, and the proof between two of them."""

from collections.abc import Sequence

from hutong.ledger.errors import BadProof
from hutong.ledger.logic import merkle
from hutong.ledger.logic.trusting import Trust
from hutong.ledger.types import Checkpoint


def open_checkpoint(note: str, key: str) -> Checkpoint:
    """The checkpoint of a signed note; raises what does not hold. ``key`` is the verifier key of the log."""
    return Trust(key).open(note, key, "")[0]


def check_growth(older: Checkpoint, newer: Checkpoint, hashes: Sequence[bytes]) -> None:
    """That all entries under ``older`` are the first entries under ``newer``; raises ``BadProof``."""
    if older.origin != newer.origin:
        raise BadProof(reason="two logs")
    merkle.verify_consistency(older.size, newer.size, older.root, newer.root, hashes)
