"""Commitments to files: computed in one streaming pass, and checked down to the byte."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from hutong.kernel.text import Text
from hutong.ledger.logic.locate import difference, wrong_byte
from hutong.ledger.logic.merkle import HASH
from hutong.ledger.types import Fault, FileManifest

BLOCK = 8192
_READ = 1 << 20  # a whole number of blocks

CHANGED = Text(zh="文件内容与日志中的承诺不符", en="the file differs from what the log commits to")
MISSING = Text(zh="文件不见了", en="the file is missing")
RESIZED = Text(zh="文件长度与日志不符", en="the file's length differs from the log")
BLOCKS_CHANGED = Text(zh="保存的块摘要已被改动", en="the stored block hashes were changed")
BLOCKS_MISSING = Text(zh="保存的块摘要不见了", en="the stored block hashes are missing")


def commit(path: Path, name: str) -> tuple[FileManifest, bytes]:
    """Manifest of the file under ``name``, and its block hashes to be kept beside the log."""
    whole, size = sha256(), 0
    blocks = []
    with path.open("rb") as file:
        while chunk := file.read(_READ):
            whole.update(chunk)
            size += len(chunk)
            view = memoryview(chunk)
            blocks += [sha256(view[at : at + BLOCK]).digest() for at in range(0, len(chunk), BLOCK)]
    run = b"".join(blocks)
    return FileManifest(name, size, whole.hexdigest(), BLOCK, sha256(run).hexdigest()), run


def check(manifest: FileManifest, path: Path, blocks: bytes | None) -> Iterator[Fault]:
    """Faults of the file, and of its kept block hashes, against the manifest an entry holds."""
    if not path.is_file():
        yield Fault("file", manifest.path, MISSING)
        return
    now, run = commit(path, manifest.path)
    file_ok = (now.sha256, now.size) == (manifest.sha256, manifest.size)
    blocks_ok = blocks is not None and sha256(blocks).hexdigest() == manifest.blocks
    if not blocks_ok:
        yield _blocks_fault(manifest, blocks, run if file_ok else None)
    if not file_ok:
        yield _file_fault(manifest, path, now.size, run, blocks if blocks_ok else None)


def _blocks_fault(manifest: FileManifest, blocks: bytes | None, right: bytes | None) -> Fault:
    if blocks is None:
        return Fault("blocks", manifest.blocks, BLOCKS_MISSING)
    spot = difference(blocks, right) if right is not None else None
    if spot is None:
        return Fault("blocks", manifest.blocks, BLOCKS_CHANGED, offset=0, length=len(blocks))
    return Fault("blocks", manifest.blocks, BLOCKS_CHANGED, "", spot.offset, spot.length, spot.bit)


def _file_fault(manifest: FileManifest, path: Path, size: int, found: bytes, right: bytes | None) -> Fault:
    what = CHANGED if size == manifest.size else RESIZED
    if right is None:
        return Fault("file", manifest.path, what, offset=0, length=size)
    bad = difference(found, right)
    if bad is None:
        return Fault("file", manifest.path, what, offset=0, length=size)
    number = bad.offset // HASH
    start = number * manifest.block_size
    with path.open("rb") as file:
        file.seek(start)
        block = file.read(manifest.block_size)
    wanted = right[number * HASH : (number + 1) * HASH]
    spot = wrong_byte(block, wanted) if size == manifest.size else None
    if spot is None:
        return Fault("file", manifest.path, what, offset=start, length=len(block))
    return Fault("file", manifest.path, what, "", start + spot.offset, 1, spot.bit)
