"""Commitments to files of other capabilities, and re-checking them."""

from collections.abc import Iterator
from pathlib import Path

from hutong.ledger.logic import manifest
from hutong.ledger.models import KeptRow
from hutong.ledger.types import Fault, FileManifest, Measured


def measure_file(path: Path, name: str) -> Measured:
    """Read the file once for its manifest and block hashes; done before the transaction that commits to it."""
    return Measured(*manifest.commit(path, name))


def commit_file(measured: Measured) -> FileManifest:
    """Manifest of the file for an entry's payload; its block hashes are kept in the caller's transaction."""
    keep(measured.manifest.blocks, measured.blocks)
    return measured.manifest


def keep(digest: str, data: bytes) -> None:
    """Keep content that an entry commits to by its digest; keeping it twice is harmless."""
    KeptRow.objects.get_or_create(sha256=digest, defaults={"data": data})


def check_file(committed: FileManifest, path: Path) -> Iterator[Fault]:
    """What is wrong with the file, down to the byte; nothing when it is as committed."""
    row = KeptRow.objects.filter(pk=committed.blocks).first()
    yield from manifest.check(committed, path, bytes(row.data) if row else None)
