"""The log: appending, proving and verifying, beside pymerkle (a tree in memory, without signatures or storage).

Entries are signed by their organisation and durable (synchronous=FULL) before ``append`` returns. The tree grows to ten
million leaves, HUTONG_BENCH_LEAVES to stop earlier; logs of signed entries that are verified grow to a hundred
thousand. HUTONG_BENCH_FIGURE names an SVG that takes the cost at each size.

The peer is measured in the Python of its own that ``bench.peers`` names.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from bench import peers
from bench.apart import measured
from bench.plot import Point, draw
from bench.result import Result

Peer: TypeAlias = dict[int, tuple[float, float]]
SUBJECT = "urn:hutong:beijing-dongcheng:dataset:air"
APPENDED = 50_000
BATCH = 1_000
SINGLE = 300
THREADS = 16
VERIFIED = (1_000, 10_000, 100_000)
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
INDEXED = 20_000
PROOFS = 400
PEER_SIZES = (1_000, 10_000, 100_000)
_PEER = """
import json, random, statistics, time
from pymerkle import InmemoryTree
tree, size, found = InmemoryTree(algorithm="sha256"), 0, {{}}
for wanted in {sizes}:
    started, new = time.perf_counter(), wanted - size
    for n in range(size, wanted):
        tree.append_entry(b"x" * 200 + n.to_bytes(4, "big"))
    appended, size, taken = (time.perf_counter() - started) / new * 1e6, wanted, []
    for _ in range({proofs}):
        leaf = random.randrange(size) + 1
        started = time.perf_counter()
        tree.prove_inclusion(leaf, size)
        taken.append(time.perf_counter() - started)
    found[wanted] = [appended, statistics.median(taken) * 1000]
print(json.dumps(found))
"""


def run() -> Iterable[Result]:
    """In a process of its own, over a home of its own."""
    return measured("bench.ledger")


def measure() -> Iterator[Result]:
    import django  # noqa: PLC0415 - the parent process must not start Django

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup()

    call_command("migrate", verbosity=0)
    peer = _peer()
    points = [Point(size, "peer", *each) for size, each in peer.items()]
    yield from _appending(peer)
    yield from _verifying(points)
    yield from _indexing()
    yield from _proving(peer, points)
    if file := os.environ.get("HUTONG_BENCH_FIGURE"):
        Path(file).write_text(draw(points), "utf8")


def _appending(peer: Peer) -> Iterator[Result]:
    from hutong.ledger import api  # noqa: PLC0415 - after django.setup()

    batches = [_batch(BATCH, batch) for batch in range(APPENDED // BATCH)]
    started = time.perf_counter()
    for batch in batches:
        api.append_many(batch)
    rate = APPENDED / (time.perf_counter() - started)
    beside = ""
    if peer:
        theirs = 1e6 / peer[PEER_SIZES[-1]][0]
        beside = f"pymerkle in memory, unsigned: {theirs:,.0f}/s, ratio {rate / theirs:.2f}"
    yield Result(
        f"append signed, place and sign, durable, {BATCH} a transaction",
        rate,
        "entries/s",
        "≥ 5,000",
        rate >= 5000,
        beside,
    )
    started = time.perf_counter()
    for n in range(SINGLE):
        api.append("test.snapshot", SUBJECT, {"rows": n}, organisation="statistics-bureau")
    yield Result("… one at a time", SINGLE / (time.perf_counter() - started), "entries/s")
    yield _together()


def _together() -> Result:
    from django.db import connection  # noqa: PLC0415 - after django.setup()

    from hutong.ledger import api  # noqa: PLC0415 - after django.setup()

    def some(number: int) -> None:
        for n in range(SINGLE // 2):
            api.append("test.snapshot", SUBJECT, {"n": n, "t": number}, organisation="statistics-bureau")
        connection.close()

    work = [threading.Thread(target=some, args=(number,)) for number in range(THREADS)]
    started = time.perf_counter()
    for each in work:
        each.start()
    for each in work:
        each.join()
    rate = THREADS * (SINGLE // 2) / (time.perf_counter() - started)
    return Result(f"… one at a time by each of {THREADS} threads", rate, "entries/s")


def _batch(count: int, mark: object) -> list[Any]:
    """Half of them about one thing, each of the others about its own."""
    from hutong.ledger.types import NewEntry  # noqa: PLC0415 - after django.setup()

    return [
        NewEntry(
            "test.snapshot", f"{SUBJECT}-{mark}-{n}" if n % 2 else SUBJECT, {"rows": n}, "statistics-bureau"
        )
        for n in range(count)
    ]


def _verifying(points: list[Point]) -> Iterator[Result]:
    """Logs of signed entries, all of them under the map."""
    from hutong.ledger import api  # noqa: PLC0415 - after django.setup()

    _empty()
    size, before = 0, None
    for wanted in VERIFIED:
        for at in range(size, wanted, BATCH):
            api.append_many(_batch(BATCH, at))
        size = wanted
        api.index()
        taken = _verified(None)
        points.append(Point(wanted, "verify", taken, 0))
        yield Result(f"verify everything, {wanted:,} signed entries", 1e6 / taken, "entries/s")
        if wanted == VERIFIED[-1]:
            taken = _verified(before)
            yield Result(f"… from a checkpoint of {VERIFIED[-2]:,}", 1e6 / taken, "entries/s")
            taken = _verified(api.checkpoint())
            yield Result("… from the newest checkpoint", 1e6 / taken, "entries/s")
        before = api.checkpoint()


def _verified(since: Any) -> float:
    """Microseconds an entry."""
    from hutong.ledger import api  # noqa: PLC0415 - after django.setup()

    started = time.perf_counter()
    report = api.verify(since=since)
    if not report.ok:
        raise RuntimeError(report.faults[0].place)
    return (time.perf_counter() - started) / report.size * 1e6


def _empty() -> None:
    from django.apps import apps  # noqa: PLC0415 - after django.setup()

    for model in apps.get_app_config("ledger").get_models():
        model.objects.all().delete()


def _indexing() -> Iterator[Result]:
    """The map of completeness proofs: taking entries in, and one proof."""
    from hutong.ledger import api  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.logic import authmap, mapping  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.store.mapstore import KeptMap  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.types import NewEntry  # noqa: PLC0415 - after django.setup()

    api.index()
    new = [
        NewEntry("test.access", f"urn:hutong:d:dataset:{n}", {"n": n}, "statistics-bureau")
        for n in range(INDEXED)
    ]
    api.append_many(new)
    started = time.perf_counter()
    taken = api.index()
    rate = taken / (time.perf_counter() - started)
    yield Result("take entries into the map, each about another thing", rate, "entries/s")
    store = KeptMap()

    def prove() -> None:
        label = authmap.label(f"urn:hutong:d:dataset:{random.randrange(INDEXED)}")
        mapping.prove(store, authmap.key_of(label))

    yield Result(f"proof through the map, {2 * INDEXED:,} labels", _median(prove), "ms")


def _proving(peer: Peer, points: list[Point]) -> Iterator[Result]:
    """Proofs and appends over stored tiles of growing trees; the leaves are random, with no entries behind them."""
    _empty()
    size = 0
    most = int(os.environ.get("HUTONG_BENCH_LEAVES", SIZES[-1]))
    for wanted in (each for each in SIZES if each <= most):
        _grow(size, wanted)
        size = wanted
        taken, beside = _median(partial(_prove_any, size)), ""
        if wanted in peer:
            theirs = peer[wanted][1]
            beside = f"pymerkle in memory {theirs:.3f} ms, ratio {taken / theirs:.1f}"
        yield Result(f"inclusion proof at {size:,} leaves", taken, "ms", "≤ 1", taken <= 1, beside)
        appended, size = _append_at(size)
        if wanted in peer:
            theirs = peer[wanted][0]
            beside = f"pymerkle in memory, unsigned: {theirs:.1f} µs, ratio {appended / theirs:.1f}"
        yield Result(f"append at {wanted:,} leaves, {BATCH} a transaction", appended, "µs each", peer=beside)
        points.append(Point(wanted, "ours", appended, taken))


def _grow(size: int, wanted: int) -> None:
    """Random leaves up to ``wanted``, written as tiles."""
    from hutong.kernel.db import atomic  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.logic import tiles  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.models import TileRow  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.store.integrating import read_tiles  # noqa: PLC0415 - after django.setup()

    while size < wanted:
        step = min(wanted - size, 262_144)
        edge = read_tiles(tiles.right_edge(size))
        changed = tiles.extend(size, edge, random.randbytes(32 * step))
        with atomic():
            for level, index in edge:
                TileRow.objects.filter(level=level, index=index).delete()
            TileRow.objects.bulk_create(
                [TileRow(level=level, index=index, data=data) for (level, index), data in changed.items()],
                batch_size=500,
            )
        size += step


def _append_at(size: int) -> tuple[float, int]:
    """Median time an entry takes on top of a log of ``size``, in microseconds, and the size after."""
    from hutong.ledger import api  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.logic import checkpoints, notes, tiles  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.models import CheckpointRow  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.store import integrating, keys  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.types import NewEntry  # noqa: PLC0415 - after django.setup()

    root, key = tiles.root_at(size, integrating.read_tiles), keys.signer()
    note = notes.sign(checkpoints.body(key.name, size, root), key)
    CheckpointRow.objects.create(size=size, root=root, note=str(note).encode())
    taken = []
    for _ in range(3):
        new = [
            NewEntry("test.access", f"urn:hutong:d:dataset:{n}", {"n": n}, "statistics-bureau")
            for n in range(BATCH)
        ]
        started = time.perf_counter()
        api.append_many(new)
        taken.append((time.perf_counter() - started) / BATCH * 1e6)
    return statistics.median(taken), size + 3 * BATCH + (size == SIZES[0])


def _prove_any(size: int) -> None:
    from hutong.ledger.logic import tiles  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.store.integrating import read_tiles  # noqa: PLC0415 - after django.setup()

    index = random.randrange(size)
    tiles.read_ranges(tiles.proof_ranges(index, index + 1, size), read_tiles)


def _median(work: Callable[[], None]) -> float:
    taken = []
    for _ in range(PROOFS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def _peer() -> Peer:
    """By size: microseconds an append, milliseconds a proof. Empty where it is not installed."""
    python = peers.program("python")
    if not python:
        print("  (no environment of peers here: measured without pymerkle)", file=sys.stderr)
        return {}
    code = _PEER.format(sizes=PEER_SIZES, proofs=PROOFS)
    done = subprocess.run([python, "-I", "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    return {int(size): (each[0], each[1]) for size, each in json.loads(done.stdout).items()}


if __name__ == "__main__":
    for each in measure():
        print(json.dumps(asdict(each)), flush=True)
