"""Many threads append at once: few commits, every entry its own, and a refusal meets only whom it concerns."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import connection

from hutong.kernel import audit
from hutong.kernel.together import Together
from hutong.ledger import api
from hutong.ledger.errors import BadEntry, EntryTooLarge
from hutong.ledger.models import CheckpointRow, EntryRow

AIR = "urn:hutong:beijing-dongcheng:dataset:air"
THREADS, EACH = 12, 20


def _all(work: list[threading.Thread]) -> None:
    for each in work:
        each.start()
    for each in work:
        each.join(60)
    assert not any(each.is_alive() for each in work)


@pytest.mark.store
@pytest.mark.django_db(transaction=True)
def test_what_many_append_at_once_is_written_together() -> None:
    api.append("test.first", AIR, {}, organisation="statistics-bureau")
    told: dict[tuple[int, int], int] = {}
    refused: list[str] = []

    def some(number: int) -> None:
        with audit.acting(audit.Origin(actor="urn:x", organisation=f"bureau-{number % 3}")):
            for n in range(EACH):
                told[number, n] = api.append("test.change", AIR, {"t": number, "n": n}).id
                if n % 4:
                    continue
                try:
                    api.append("test.change", AIR, {"x": "x" * 70_000 if n % 8 == 0 else object()})
                except (EntryTooLarge, BadEntry) as error:
                    refused.append(type(error).__name__)
        connection.close()

    _all([threading.Thread(target=some, args=(number,)) for number in range(THREADS)])
    assert (refused.count("EntryTooLarge"), refused.count("BadEntry")) == (THREADS * 3, THREADS * 2)
    assert len(set(told.values())) == THREADS * EACH
    for (number, n), entry in told.items():
        found = api.entry(entry)
        assert (found.payload, found.organisation) == ({"t": number, "n": n}, f"bureau-{number % 3}")
        assert found.index is not None
    assert EntryRow.objects.count() == THREADS * EACH + 1 + 4  # the keys of four organisations
    assert CheckpointRow.objects.count() < THREADS * EACH * 0.8
    assert api.verify().ok


def test_each_gets_its_own_and_one_thread_works_at_a_time() -> None:
    working, sizes = threading.Lock(), list[int]()

    def double(wishes: Sequence[int]) -> list[int]:
        assert working.acquire(blocking=False)
        sizes.append(len(wishes))
        threading.Event().wait(0.002)
        working.release()
        if any(each % 7 == 0 for each in wishes):
            raise ValueError(f"not {[each for each in wishes if each % 7 == 0]}")
        return [2 * each for each in wishes]

    together, told = Together(double), dict[int, int | None]()

    def some(start: int) -> None:
        for wish in range(start, start + 15):
            try:
                told[wish] = together.do(wish)
            except ValueError as error:
                assert str(error) == f"not [{wish}]"
                told[wish] = None

    _all([threading.Thread(target=some, args=(100 * number,)) for number in range(10)])
    assert told == {wish: None if wish % 7 == 0 else 2 * wish for wish in told}
    assert len(told) == 150
    assert max(sizes) > 2


def test_whoever_waits_does_not_wait_for_ever_when_the_worker_is_stopped() -> None:
    begun, go = threading.Event(), threading.Event()

    def stop(_: Sequence[int]) -> list[int]:
        begun.set()
        go.wait(10)
        raise SystemExit

    together, ends = Together(stop), list[str]()

    def one() -> None:
        try:
            together.do(1)
        except BaseException as error:  # noqa: BLE001 - which is what is asked
            ends.append(type(error).__name__)

    work = [threading.Thread(target=one) for _ in range(3)]
    work[0].start()
    begun.wait(10)
    work[1].start()
    work[2].start()
    go.set()
    for each in work:
        each.join(10)
    assert max(ends) == "SystemExit"
    assert len(ends) == 3


def test_whoever_comes_while_one_waits_in_line_is_done_with_it() -> None:
    line, batches = threading.Semaphore(0), list[list[int]]()
    entered = threading.Event()

    @contextmanager
    def waiting() -> Iterator[None]:
        entered.set()
        assert line.acquire(timeout=10)
        yield

    def work(wishes: Sequence[int]) -> list[int]:
        batches.append(list(wishes))
        return list(wishes)

    together = Together(work, waiting)
    threads = [threading.Thread(target=together.do, args=(number,)) for number in range(4)]
    threads[0].start()
    assert entered.wait(10)
    for each in threads[1:]:
        each.start()
    while len(together._queue) < 4:
        time.sleep(0.001)
    line.release()
    for each in threads:
        each.join(10)
    assert [sorted(each) for each in batches] == [[0, 1, 2, 3]]


def test_a_line_that_cannot_be_joined_fails_those_who_wait_and_nobody_after() -> None:
    broken = [True]

    @contextmanager
    def line() -> Iterator[None]:
        if broken.pop():
            raise OSError("no room")
        yield

    together = Together[int, int](list, line)
    with pytest.raises(OSError, match="no room"):
        together.do(1)
    broken.append(False)
    assert together.do(2) == 2
