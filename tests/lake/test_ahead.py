"""Reading ahead: everything arrives in order, errors where they belong, and nobody is left waiting."""

import threading
from collections.abc import Iterator

import pytest

from hutong.lake.engine.ahead import Ahead


def _readers() -> int:
    return sum(each.name == "read-ahead" for each in threading.enumerate())


def test_everything_arrives_in_order():
    with Ahead(range(100)) as items:
        assert list(items) == list(range(100))
    assert not _readers()


def test_an_error_is_raised_after_what_came_before_it():
    def source() -> Iterator[int]:
        yield 1
        raise OSError("the disk is gone")

    got: list[int] = []
    with pytest.raises(OSError, match="the disk is gone"), Ahead(source()) as items:
        for each in items:
            got.append(each)  # noqa: PERF402 - extend() would lose what came before the error
    assert got == [1]
    assert not _readers()


def test_whoever_leaves_early_does_not_leave_a_thread_behind():
    with Ahead(iter(int, 1)) as items:
        assert next(iter(items)) == 0
    assert not _readers()
