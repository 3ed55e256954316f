"""Files: any single flipped bit is named exactly; larger damage is bounded."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.ledger.logic import locate, manifest
from hutong.ledger.types import FileManifest

CONTENT = bytes(range(256)) * 97 + b"tail"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "part.parquet"
    path.write_bytes(CONTENT)
    return path


def test_an_untouched_file_has_no_fault(file: Path) -> None:
    made, blocks = manifest.commit(file, "t/part.parquet")
    assert FileManifest.from_dict(made.as_dict()) == made
    assert made.size == len(CONTENT)
    assert len(blocks) == 32 * -(-len(CONTENT) // manifest.BLOCK)
    assert list(manifest.check(made, file, blocks)) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(CONTENT) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_named(file: Path, offset: int, bit: int) -> None:
    file.write_bytes(CONTENT)
    made, blocks = manifest.commit(file, "part")
    raw = bytearray(CONTENT)
    raw[offset] ^= 1 << bit
    file.write_bytes(raw)
    (fault,) = manifest.check(made, file, blocks)
    assert (fault.part, fault.offset, fault.length, fault.bit) == ("file", offset, 1, bit)
    assert fault.place == f"part, byte {offset}, bit {bit}"


@pytest.mark.parametrize("offset", [0, 65, 803])
def test_a_flipped_bit_in_the_block_hashes_is_named(file: Path, offset: int) -> None:
    made, blocks = manifest.commit(file, "part")
    offset %= len(blocks)
    bad = bytearray(blocks)
    bad[offset] ^= 4
    (fault,) = manifest.check(made, file, bytes(bad))
    assert (fault.part, fault.offset, fault.bit) == ("blocks", offset, 2)


def test_larger_damage_is_bounded_by_its_block(file: Path) -> None:
    made, blocks = manifest.commit(file, "part")
    raw = bytearray(CONTENT)
    raw[9000:9100] = bytes(100)
    file.write_bytes(raw)
    (fault,) = manifest.check(made, file, blocks)
    assert (fault.offset, fault.length, fault.bit) == (8192, 8192, None)


def test_missing_short_and_long_files(file: Path) -> None:
    made, blocks = manifest.commit(file, "part")
    file.write_bytes(CONTENT[:-1])
    (fault,) = manifest.check(made, file, blocks)
    assert fault.what == manifest.RESIZED
    assert (fault.offset, fault.length) == (24576, 259)
    file.write_bytes(CONTENT + b"x" * 9000)
    (fault,) = manifest.check(made, file, blocks)
    assert (fault.what, fault.offset) == (manifest.RESIZED, 24576)
    file.unlink()
    (fault,) = manifest.check(made, file, blocks)
    assert (fault.what, fault.offset) == (manifest.MISSING, None)


def test_lost_block_hashes_leave_the_file_judged(file: Path) -> None:
    made, _ = manifest.commit(file, "part")
    assert [each.what for each in manifest.check(made, file, None)] == [manifest.BLOCKS_MISSING]
    file.write_bytes(b"?" + CONTENT[1:])
    assert [each.part for each in manifest.check(made, file, None)] == ["blocks", "file"]


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.write_bytes(b"")
    made, blocks = manifest.commit(path, "empty")
    assert (made.size, blocks) == (0, b"")
    assert list(manifest.check(made, path, blocks)) == []


def test_a_wrong_byte_in_a_short_block_is_named() -> None:
    right = b"snapshot of the district"
    digest = locate.sha256(right).digest()
    assert locate.wrong_byte(right, digest) is None
    assert locate.wrong_byte(right.replace(b"t of", b"Z of"), digest) == (7, 1, None)
    assert locate.difference(right, right) is None
    assert locate.difference(right[:-2], right) == (22, 2, None)
