"""Verifying a long log of signed entries: time, rate and memory at each size, each in a process of its own.

The log is built in batches in a home that HUTONG_BENCH_LOG names, and goes on from where it stands when it is there, so
that a million entries can be built in parts: HUTONG_BENCH_VERIFY is how many (100,000 when it says nothing),
HUTONG_BENCH_SECONDS for how long to build at most. Half of the entries are about one thing, each of the others about
its own; all are in the map. A size is verified when the log has grown to it.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.result import Result

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
BATCH, INDEXED = 1_000, 20_000
USUAL, PATIENCE = "100000", "3600"


def run() -> Iterable[Result]:
    wanted = int(os.environ.get("HUTONG_BENCH_VERIFY", USUAL))
    with tempfile.TemporaryDirectory(prefix="hutong-bench-") as made:
        kept = os.environ.get("HUTONG_BENCH_LOG")
        for size in [each for each in SIZES if each <= wanted]:
            home = Path(kept or made) / f"log-{size}"
            size_now = _child("build", home, size)["size"]
            if size_now < size:
                print(f"    {size_now:,} of {size:,} built; run it again to go on", flush=True)
                return
            yield from _told(size, _child("verify", home, size))


def _told(size: int, found: dict[str, float]) -> Iterator[Result]:
    seconds = found["seconds"]
    yield Result(f"verify everything, {size:,} entries", size / seconds, "entries/s", peer=f"{seconds:.1f} s")
    said = f"{found['before']:.0f} before it began; with the database's file as it is mapped, {found['mapped']:.0f}"
    yield Result(f"… its own memory at its peak, {size:,} entries", found["peak"], "MB", peer=said)


def _child(do: str, home: Path, size: int) -> dict[str, float]:
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ, "HUTONG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "hutong.project.settings",
    }  # fmt: skip
    environment.pop("HUTONG_DATABASE_URL", None)
    said = subprocess.run(
        [sys.executable, "-m", "bench.ledger_long", do, str(size)],
        env=environment, stdout=subprocess.PIPE, text=True, check=True,
    ).stdout  # fmt: skip
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def build(size: int) -> dict[str, float]:
    """Let the log grow to ``size``; returns how far it came."""
    from hutong.ledger import api  # noqa: PLC0415 - after django.setup()
    from hutong.ledger.types import NewEntry  # noqa: PLC0415 - after django.setup()

    about = "urn:hutong:beijing-dongcheng:dataset:air"
    begun, at = time.monotonic(), api.checkpoint().size
    while at < size and time.monotonic() - begun < float(os.environ.get("HUTONG_BENCH_SECONDS", PATIENCE)):
        count = min(BATCH, size - at)
        api.append_many(
            [
                NewEntry(
                    "test.snapshot", f"{about}-{n}" if n % 2 else about, {"rows": n}, "statistics-bureau"
                )
                for n in range(at, at + count)
            ]
        )
        at += count
        if at % INDEXED == 0 or at == size:
            api.index()
    return {"size": at}


def verify() -> dict[str, float]:
    """Seconds, and megabytes of this process: its own before and at its peak, and with the files it has mapped."""
    from hutong.ledger import api  # noqa: PLC0415 - after django.setup()

    before, peak, over = _own(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.05):
            peak = max(peak, _own())

    watching = threading.Thread(target=watch)
    watching.start()
    begun = time.perf_counter()
    report = api.verify()
    seconds = time.perf_counter() - begun
    over.set()
    watching.join()
    if not report.ok:
        raise RuntimeError(report.faults[0].place)
    mapped = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "before": before, "peak": peak, "mapped": mapped}


def _own() -> float:
    """Megabytes that are no file's."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main(do: str, size: int) -> dict[str, Any]:
    import django  # noqa: PLC0415 - the parent process must not start Django

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup()

    call_command("migrate", verbosity=0)
    return build(size) if do == "build" else verify()


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
