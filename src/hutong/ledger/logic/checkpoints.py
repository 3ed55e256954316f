"""Checkpoint bodies of C2SP tlog-checkpoint: origin, size, root, and extension lines."""

import re
from base64 import b64decode, b64encode

from hutong.ledger.errors import BadNote
from hutong.ledger.logic.merkle import HASH
from hutong.ledger.types import Checkpoint

_SIZE = re.compile("0|[1-9][0-9]{0,18}")
_ROOT = re.compile("[A-Za-z0-9+/]{43}=")


def body(origin: str, size: int, root: bytes, extensions: tuple[str, ...] = ()) -> str:
    lines = [origin, str(size), b64encode(root).decode(), *extensions]
    return "".join(f"{line}\n" for line in lines)


def parse_body(text: str, note: str) -> Checkpoint:
    """Reads the text of a note as a checkpoint; ``note`` is the whole signed note it came from."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise BadNote(reason="a checkpoint has an origin, a size and a root, one a line")
    origin, size, root, *extensions = lines[:-1]
    if not _SIZE.fullmatch(size) or not _ROOT.fullmatch(root):
        raise BadNote(reason="malformed size or root")
    raw = b64decode(root)
    if len(raw) != HASH or b64encode(raw).decode() != root:
        raise BadNote(reason="malformed root")
    return Checkpoint(origin, int(size), raw, tuple(extensions), note)
