"""What crosses the border of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hutong.kernel.text import Text
from hutong.ledger.signatures import Cosignature, OrganisationKey, Proposal, Rule, Signature

__all__ = [
    "Checkpoint",
    "ConsistencyProof",
    "Cosignature",
    "Entry",
    "EntryPage",
    "EntryRef",
    "Fault",
    "FileManifest",
    "InclusionProof",
    "NewEntry",
    "OrganisationKey",
    "Proposal",
    "Rule",
    "Signature",
    "VerifyReport",
]


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be written. ``organisation`` None means the one that is acting.

    ``at`` and ``signature`` are given where the organisation signed elsewhere; ``proposal`` and ``cosignatures``
    where a proposal is carried out.
    """

    kind: str
    subject: str
    payload: Mapping[str, Any]
    organisation: str | None = None
    at: datetime | None = None
    signature: Signature | None = None
    proposal: str = ""
    cosignatures: tuple[Cosignature, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryRef:
    """An entry just appended. ``index`` is None until it is integrated into the tree."""

    id: int
    urn: str
    leaf_hash: bytes
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log. ``leaf`` is what the tree commits to: canonical JSON of all the other fields."""

    id: int
    urn: str
    kind: str
    subject: str
    organisation: str
    at: datetime
    payload: Mapping[str, Any]
    leaf: bytes
    leaf_hash: bytes
    index: int | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log signed: all of its first ``size`` entries have ``root``. ``text`` is the signed note."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That leaf ``index`` is in the tree of ``checkpoint``; ``hashes`` go from the leaf up."""

    index: int
    size: int
    leaf_hash: bytes
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the tree of ``size1`` is the beginning of the tree of ``size2``."""

    size1: int
    size2: int
    root1: bytes
    root2: bytes
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A file read once: its manifest, and the block hashes that the manifest commits to."""

    manifest: "FileManifest"
    blocks: bytes


@dataclass(frozen=True, slots=True)
class FileManifest:
    """Commitment to a file: small enough for a payload however large the file is.

    ``path`` is relative to the folder its owner keeps it in. ``blocks`` is the SHA-256 of the file's block
    hashes (SHA-256 of each ``block_size`` bytes, end to end), which the ledger keeps beside the log: with them a
    damaged file is narrowed to the block, and a single flipped bit to its byte.
    """

    path: str
    size: int
    sha256: str
    block_size: int
    blocks: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "size": self.size,
            "sha256": self.sha256,
            "block_size": self.block_size,
            "blocks": self.blocks,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "FileManifest":
        return cls(raw["path"], int(raw["size"]), raw["sha256"], int(raw["block_size"]), raw["blocks"])


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not agree with the log.

    ``part`` is entry, tile, checkpoint, key, blocks or file; ``name`` which one; ``field`` the column or part of
    it. ``offset`` (with ``length`` 1) is the exact bad byte where that can be told, else ``offset`` and
    ``length`` bound it; both None when the whole is missing. ``bit`` is 0 for the lowest, when one bit flipped.
    """

    part: str
    name: str
    what: Text
    field: str = ""
    offset: int | None = None
    length: int | None = None
    bit: int | None = None

    @property
    def place(self) -> str:
        """The place in one line, as ``tile/0/000, byte 37, bit 2``."""
        parts = [self.name, self.field]
        if self.offset is not None:
            last = self.offset + (self.length or 1) - 1
            parts.append(f"byte {self.offset}" if last <= self.offset else f"bytes {self.offset}-{last}")
        if self.bit is not None:
            parts.append(f"bit {self.bit}")
        return ", ".join(part for part in parts if part)

    def as_dict(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "name": self.name,
            "field": self.field,
            "offset": self.offset,
            "length": self.length,
            "bit": self.bit,
            "place": self.place,
            "what": self.what.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Outcome of re-checking everything; ``checked`` counts what was looked at."""

    size: int
    root: bytes
    checked: Mapping[str, int]
    faults: tuple[Fault, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return not self.faults

    def as_dict(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "size": self.size,
            "root": self.root.hex(),
            "checked": dict(self.checked),
            "first": self.faults[0].as_dict() if self.faults else None,
            "faults": [each.as_dict() for each in self.faults],
        }


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of entries, newest first, and how many match in all."""

    entries: tuple[Entry, ...]
    total: int
