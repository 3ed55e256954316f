"""Joint computation: seconds and bytes against the size of both sets, and how many of many runs come to their end.

`HUTONG_SPU_PYTHON=… python -m bench.joint` prints JSON. Both sides run on this machine; what passes between them is
counted by a relay on each line. Half of the keys are common, half of those are chosen.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import hutong.privacy
from bench.result import Result

SCRIPT = Path(hutong.privacy.__file__).parent / "engine" / "spu_party.py"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
LONGEST = 600


class Relay:
    """Passes on what comes to its port and counts the bytes, in both directions."""

    def __init__(self, target: int) -> None:
        self.target, self.bytes, self.lock = target, 0, threading.Lock()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            near.close()
            return
        back = threading.Thread(target=self._pass, args=(far, near), daemon=True)
        back.start()
        self._pass(near, far)
        back.join(5)

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while block := source.recv(1 << 16):
                with self.lock:
                    self.bytes += len(block)
                sink.sendall(block)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            sink.close()


def once(size: int) -> dict[str, Any]:
    """One run of both sides over ``size`` keys each."""
    with tempfile.TemporaryDirectory(prefix="hutong-bench-") as name:
        folder = Path(name)
        with socket.socket() as one, socket.socket() as two:
            for each in (one, two):
                each.bind(("127.0.0.1", 0))
            ports = [one.getsockname()[1], two.getsockname()[1]]
        relays = [Relay(port) for port in ports]
        began = time.monotonic()
        sides = [_side(folder, rank, size, ports, relays) for rank in (0, 1)]
        said = [side.communicate(timeout=LONGEST)[1].decode(errors="replace")[-300:] for side in sides]
        took = time.monotonic() - began
        results = [folder / f"result{rank}" for rank in (0, 1)]
        if not all(each.is_file() for each in results):
            raise RuntimeError(f"a side ended without a result: {said}")
        told = [json.loads(each.read_text("utf8")) for each in results]
        for relay in relays:
            relay.server.close()
    truth = sum(each % 100 for each in range(size // 2, size) if each % 2)
    right = [(each.get("common"), each.get("count"), each.get("sum")) for each in told] == [
        (size - size // 2, len(range(size // 2 | 1, size, 2)), truth)
    ] * 2
    return {
        "keys": size, "seconds": round(took, 1), "match_ms": told[0].get("match_ms"), "sum_ms": told[0].get("sum_ms"),
        "bytes": sum(relay.bytes for relay in relays), "right": right,
        **({} if right else {"told": told, "said": said}),
    }  # fmt: skip


def _side(
    folder: Path, rank: int, size: int, ports: list[int], relays: list[Relay]
) -> subprocess.Popen[bytes]:
    start = 0 if rank == 0 else size // 2
    rows = (f"{each},{each % 100 if rank == 0 else each % 2}\n" for each in range(start, start + size))
    (folder / f"{rank}.csv").write_text("k,v\n" + "".join(rows), "utf8")
    addresses = [f"127.0.0.1:{ports[each] if each == rank else relays[each].port}" for each in (0, 1)]
    job = {
        "rank": rank, "addresses": addresses, "wait": 300, "seconds": LONGEST, "key": "k",
        "input": str(folder / f"{rank}.csv"), "output": str(folder / f"common{rank}.csv"), "value": "v", "minimum": 10,
        "terms": "same", "low": 0, "high": 99, "noise": [0, 0], "tls": None,
        **{each: str(folder / f"{each}{rank}") for each in ("result", "calls", "up")},
    }  # fmt: skip
    side = subprocess.Popen(
        [os.environ["HUTONG_SPU_PYTHON"], str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, cwd=folder,
    )  # fmt: skip
    assert side.stdin is not None
    side.stdin.write(json.dumps(job).encode())
    side.stdin.close()
    side.stdin = None
    return side


def run() -> Iterable[Result]:
    """Seconds and bytes by size; nothing where the engine is not installed."""
    for size in SIZES if os.environ.get("HUTONG_SPU_PYTHON") else ():
        found = once(size)
        if not found["right"]:
            raise ValueError(json.dumps(found))
        told = f"intersection {found['match_ms'] / 1000:.1f} s, sum {found['sum_ms'] / 1000:.1f} s"
        yield Result(f"joint run, {size:,} keys a side", found["seconds"], "s", peer=told)
        yield Result(f"joint run, {size:,} keys a side, both directions", found["bytes"] / 1e6, "MB")


def main() -> None:
    """``python -m bench.joint [size …]`` or ``python -m bench.joint 1000x20`` for many runs of one size."""
    for text in sys.argv[1:] or [str(each) for each in SIZES]:
        size, _by, many = text.partition("x")
        for _ in range(int(many or 1)):
            sys.stdout.write(json.dumps(once(int(size))) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
