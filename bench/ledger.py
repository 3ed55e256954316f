"""The log: appending, proving and verifying, beside pymerkle (a tree in memory, without signatures or storage).

Entries are signed by their organisation and durable (synchronous=FULL) before ``append`` returns. The tree grows to ten
million leaves, HUTONG_BENCH_LEAVES to stop earlier; HUTONG_BENCH_POINTS names a file that takes the cost at each size
(``python -m bench.plot`` draws it).

The peer is measured when it can be imported: ``pip install --target DIR pymerkle==7.0.0`` and
``HUTONG_BENCH_PEERS=DIR``. It is no dependency, since it pins other versions than ours.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

from bench.result import Result

APPENDED = 50_000
BATCH = 1_000
SINGLE = 300
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
INDEXED = 20_000
PROOFS = 400
PEER_SIZE = 20_000
_PEER = """
import json, random, statistics, time
from pymerkle import InmemoryTree
tree, size = InmemoryTree(algorithm="sha256"), {size}
started = time.perf_counter()
for n in range(size):
    tree.append_entry(b"x" * 200 + n.to_bytes(4, "big"))
appended = size / (time.perf_counter() - started)
taken = []
for _ in range({proofs}):
    leaf = random.randrange(size) + 1
    started = time.perf_counter()
    tree.prove_inclusion(leaf, size)
    taken.append(time.perf_counter() - started)
print(json.dumps([appended, statistics.median(taken) * 1000]))
"""


def run() -> Iterable[Result]:
    """In a process of its own, over a home of its own."""
    with tempfile.TemporaryDirectory(prefix="hutong-bench-") as home:
        environment = {**os.environ, "HUTONG_HOME": home, "DJANGO_SETTINGS_MODULE": "hutong.project.settings"}
        environment.pop("HUTONG_DATABASE_URL", None)
        with subprocess.Popen(
            [sys.executable, "-m", "bench.ledger"], env=environment, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            for line in child.stdout:
                yield Result(**json.loads(line))
        if child.returncode:
            raise RuntimeError(f"the measurement ended with {child.returncode}")


def measure() -> Iterator[Result]:
    import django  # noqa: PLC0415 - the parent process must not start Django

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup()

    call_command("migrate", verbosity=0)
    peer = _peer()
    yield from _appending(peer)
    yield from _verifying()
    yield from _indexing()
    yield from _proving(peer)


def _appending(peer: tuple[float, float] | None) -> Iterator[Result]:
    from hutong.ledger import api  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.types import NewEntry  # noqa: PLC0415 - after django.setup()

    subject = "urn:hutong:beijing-dongcheng:dataset:air"
    batches = [
        [
            NewEntry("test.snapshot", subject, {"rows": n, "at": batch}, "statistics-bureau")
            for n in range(BATCH)
        ]
        for batch in range(APPENDED // BATCH)
    ]
    started = time.perf_counter()
    for batch in batches:
        api.append_many(batch)
    rate = APPENDED / (time.perf_counter() - started)
    beside = f"pymerkle in memory {peer[0]:,.0f}/s, ratio {rate / peer[0]:.2f}" if peer else ""
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
        api.append("test.snapshot", subject, {"rows": n})
    yield Result(
        "append, place and sign, one a transaction", SINGLE / (time.perf_counter() - started), "entries/s"
    )


def _verifying() -> Iterator[Result]:
    from hutong.ledger import api  # noqa: PLC0415 - after django.setup()

    started = time.perf_counter()
    report = api.verify()
    if not report.ok:
        raise RuntimeError(report.faults[0].place)
    yield Result("verify everything", report.size / (time.perf_counter() - started), "entries/s")


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


def _proving(peer: tuple[float, float] | None) -> Iterator[Result]:
    """Proofs and appends over stored tiles of growing trees; the leaves are random, with no entries behind them."""
    from hutong.ledger.models import CheckpointRow, EntryRow, TileRow  # noqa: PLC0415 - after django.setup()

    for model in (TileRow, CheckpointRow, EntryRow):
        model.objects.all().delete()
    points, size = [], 0
    most = int(os.environ.get("HUTONG_BENCH_LEAVES", SIZES[-1]))
    for wanted in (each for each in SIZES if each <= most):
        _grow(size, wanted)
        size = wanted
        taken = _median(partial(_prove_any, size))
        beside = f"pymerkle at {PEER_SIZE:,} in memory {peer[1]:.3f} ms" if peer and size == 10_000 else ""
        yield Result(f"inclusion proof at {size:,} leaves", taken, "ms", "≤ 1", taken <= 1, beside)
        appended, size = _append_at(size)
        yield Result(f"append at {size - 3 * BATCH:,} leaves, {BATCH} a transaction", appended, "µs each")
        points.append({"size": wanted, "proof_ms": taken, "append_us": appended})
    if file := os.environ.get("HUTONG_BENCH_POINTS"):
        Path(file).write_text(json.dumps(points), "utf8")


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


def _peer() -> tuple[float, float] | None:
    environment = {**os.environ, "PYTHONPATH": os.environ.get("HUTONG_BENCH_PEERS", "")}
    code = _PEER.format(size=PEER_SIZE, proofs=PROOFS)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print("  (pymerkle is not installed; measured without it)", file=sys.stderr)
        return None
    appended, proved = json.loads(done.stdout)
    return appended, proved


if __name__ == "__main__":
    for each in measure():
        print(json.dumps(asdict(each)), flush=True)
