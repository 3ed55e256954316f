"""The processes of modules: started when one is called, bound in time and memory, ended when idle. Two at the most."""

import atexit
import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, cast

import hutong
from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text
from hutong.market.errors import Busy, Crashed, TooSlow
from hutong.market.types import Manifest

IDLE: Final = declare(
    Setting(
        "HUTONG_MARKET_IDLE_SECONDS",
        60,
        "int",
        Text(zh="模块进程空闲多少秒后结束", en="Seconds after which the idle process of a module ends"),
    )
)
_MOST: Final = 2
_PATIENCE: Final = 15.0
_STARTING: Final = 15.0
_LENGTH: Final = struct.Struct(">I")
_SOURCE: Final = str(Path(hutong.__file__).parents[1])


@dataclass(slots=True)
class _Process:
    """One process of one module. ``told`` names the data it has been given."""

    module: str
    child: "subprocess.Popen[bytes]"
    busy: bool = False
    new: bool = True
    used: float = 0.0
    told: dict[str, str] = field(default_factory=dict)

    @property
    def fresh(self) -> bool:
        """Alive, and not about to end by itself."""
        return self.child.poll() is None and time.monotonic() - self.used < int(value(IDLE.name)) * 0.8

    def end(self) -> None:
        self.child.kill()
        self.child.wait()
        for each in (self.child.stdin, self.child.stdout):
            if each is not None:
                with suppress(BrokenPipeError):  # what was not yet written is of no use any more
                    each.close()


_turn = threading.Condition()
_all: list[_Process] = []


def call(
    manifest: Manifest, given: Any, needs: dict[str, tuple[str, Any]], *, seconds: int = 0
) -> dict[str, Any]:
    """Run the module on a checked input and return its message; ``needs`` gives data by name with its mark.

    Busy when no process is free in time, TooSlow when it runs past its bound, Crashed when its process ends.
    """
    process, bound = _take(manifest), seconds or manifest.limits.seconds
    try:
        return _ask(process, given, needs, bound + _STARTING * process.new)
    except (TooSlow, Crashed):
        process.end()
        raise
    finally:
        _give_back(process)


def stop() -> None:
    """End every process."""
    with _turn:
        for each in _all:
            each.end()
        _all.clear()


def running() -> list[int]:
    """Ids of the processes that are alive."""
    with _turn:
        return [each.child.pid for each in _all if each.child.poll() is None]


def _take(manifest: Manifest) -> _Process:
    until = time.monotonic() + _PATIENCE
    with _turn:
        while True:
            _drop_ended()
            found = next((each for each in _all if each.module == manifest.id and not each.busy), None)
            found = found or _room_for(manifest)
            if found is not None:
                found.busy = True
                return found
            left = until - time.monotonic()
            if left <= 0:
                raise Busy
            _turn.wait(left)


def _room_for(manifest: Manifest) -> _Process | None:
    if len(_all) >= _MOST:
        idle = sorted((each for each in _all if not each.busy), key=lambda each: each.used)
        if not idle:
            return None
        idle[0].end()
        _all.remove(idle[0])
    made = _Process(manifest.id, _start(manifest), used=time.monotonic())
    _all.append(made)
    return made


def _start(manifest: Manifest) -> "subprocess.Popen[bytes]":
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "hutong.market.workshop", manifest.id, str(manifest.limits.memory_mb),
         str(int(value(IDLE.name)))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**environment, "PYTHONPATH": _SOURCE, "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "2"},
        cwd="/",
    )  # fmt: skip


def _drop_ended() -> None:
    for each in [one for one in _all if not one.busy and not one.fresh]:
        each.end()
        _all.remove(each)


def _give_back(process: _Process) -> None:
    with _turn:
        process.busy = False
        process.used = time.monotonic()
        _turn.notify()


def _ask(process: _Process, given: Any, needs: dict[str, tuple[str, Any]], seconds: float) -> dict[str, Any]:
    new = {name: data for name, (mark, data) in needs.items() if process.told.get(name) != mark}
    body = json.dumps({"input": given, "context": new}, ensure_ascii=False).encode()
    try:
        sink = cast("IO[bytes]", process.child.stdin)
        sink.write(_LENGTH.pack(len(body)) + body)
        sink.flush()
    except OSError as error:
        raise Crashed(reason="pipe") from error
    process.told.update({name: mark for name, (mark, _data) in needs.items()})
    found = _answer(process, seconds)
    process.new = False
    return found


def _answer(process: _Process, seconds: float) -> dict[str, Any]:
    until = time.monotonic() + seconds
    head = _exactly(process, _LENGTH.size, until, seconds)
    found: dict[str, Any] = json.loads(_exactly(process, _LENGTH.unpack(head)[0], until, seconds))
    return found


def _exactly(process: _Process, size: int, until: float, seconds: float) -> bytes:
    source = cast("IO[bytes]", process.child.stdout).fileno()
    read = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(source, selectors.EVENT_READ)
        while len(read) < size:
            if not ready.select(max(0.0, until - time.monotonic())):
                raise TooSlow(seconds=int(seconds))
            part = os.read(source, size - len(read))
            if not part:
                raise Crashed(reason=f"exit {process.child.wait()}")
            read += part
    return bytes(read)


atexit.register(stop)
