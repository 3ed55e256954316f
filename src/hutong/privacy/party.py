"""Running one party of a match: the engine as a process of its own Python, and what its end means."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text
from hutong.privacy.errors import BadMatch, NoEngine, OtherAbsent, TermsDiffer
from hutong.privacy.types import Stage

declare(
    Setting(
        "HUTONG_SPU_PYTHON",
        "",
        "str",
        Text(zh="装有 spu 的 Python（make setup-spu）", en="the Python that has spu (make setup-spu)"),
    )
)
_SCRIPT = Path(__file__).parent / "engine" / "spu_party.py"
_LOOK = 0.1
_ASK = 1.0
_LAST = 300  # characters of what the engine said last
PARTS: Final = {
    "contract": Text(zh="合同（双方、数据集或条款）", en="contract (parties, dataset or terms)"),
    "run": Text(zh="运行名", en="name of the run"),
    "column": Text(zh="求和的列", en="column to sum"),
    "epsilon": Text(zh="ε", en="ε"),
    "bounds": Text(zh="取值范围", en="bounds of values"),
    "least": Text(zh="最少行数", en="fewest rows told of"),
}


@dataclass(frozen=True, slots=True)
class Ended:
    """What the engine told. ``count`` and ``sum`` still hold the noise of both sides; None where withheld."""

    mine: int
    common: int
    match_ms: int
    count: int | None = None
    sum: int | None = None
    sum_ms: int = 0


class Watch:
    """Whoever follows a run: is told its stages and may end it."""

    def told(self, stage: Stage) -> None:
        """The run has come to ``stage``."""

    def check(self) -> None:
        """Asked about once a second; raises where the run is to end."""


NOBODY = Watch()


def python() -> str:
    """The Python of the engine; raises ``NoEngine``."""
    found = str(value("HUTONG_SPU_PYTHON"))
    if not found or not Path(found).is_file():
        raise NoEngine
    return found


def run(job: dict[str, Any], seconds: int, watch: Watch = NOBODY) -> Ended:
    """Run it to its end. Raises ``OtherAbsent``, ``TermsDiffer``, ``BadMatch`` and what ``watch`` raises; nothing of
    it stays on the disk.
    """
    with tempfile.TemporaryDirectory(prefix="hutong-match-") as name:
        folder = Path(name)
        result, calls, up, errors = (folder / each for each in ("result.json", "calls", "up", "errors"))
        whole = job | {
            "output": str(folder / "common.csv"),
            "result": str(result),
            "calls": str(calls),
            "up": str(up),
            "seconds": seconds,
            "parent": os.getpid(),
        }
        (folder / "job.json").write_text(json.dumps(whole), "utf8")
        with (folder / "job.json").open("rb") as given, errors.open("wb") as heard:
            began = time.monotonic()
            side = subprocess.Popen(
                [python(), str(_SCRIPT)], stdin=given, stdout=subprocess.DEVNULL, stderr=heard, cwd=folder
            )
            try:
                line = _Line(side, calls, up, watch)
                came = line.came(job["wait"], began + seconds)
                if came:
                    line.finish(max(began + seconds, time.monotonic() + 1))
            except subprocess.TimeoutExpired:
                raise BadMatch(
                    reason_zh=f"{seconds} 秒内未完成", reason_en=f"it took more than {seconds} seconds"
                ) from None
            finally:
                side.kill()
                side.wait()
        said = errors.read_text("utf8", "replace").strip()[-_LAST:]
        failed = {"failed": "engine" if came else "absent"}
        told = json.loads(result.read_text("utf8")) if result.is_file() else failed
    _raise(told, job, said)
    return Ended(**told)


@dataclass(slots=True)
class _Line:
    """The engine's process and the files by which it tells that it calls, and that the other side answered."""

    side: subprocess.Popen[bytes]
    calls: Path
    up: Path
    watch: Watch
    asked: float = 0.0

    def came(self, wait: float, end: float) -> bool:
        """Whether the line to the other side stands in time, or the engine ended by itself before.

        The other side is waited for once it is called: the engine takes seconds to start, more on a busy machine, and
        then looks at this side's file. Raises ``TimeoutExpired`` where it has not called before ``end``.
        """
        until = end
        while time.monotonic() < until:
            if self.up.exists() or self.side.poll() is not None:
                return True
            if until == end and self.calls.exists():
                until = min(end, time.monotonic() + wait)
                self.watch.told(Stage.WAITING)
            self._pause()
        if until == end:
            raise subprocess.TimeoutExpired(self.side.args, end)
        return False

    def finish(self, end: float) -> None:
        """Until the engine has ended; raises ``TimeoutExpired``."""
        if self.side.poll() is None:
            self.watch.told(Stage.COMPUTING)
        while self.side.poll() is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(self.side.args, end)
            self._pause()

    def _pause(self) -> None:
        if time.monotonic() - self.asked > _ASK:
            self.watch.check()
            self.asked = time.monotonic()
        time.sleep(_LOOK)


def differ(parts: Collection[str]) -> TermsDiffer:
    """In which parts the two sides differ, in words."""
    named = [text for part, text in PARTS.items() if part in parts] or list(PARTS.values())
    return TermsDiffer(
        parts_zh="、".join(each.zh for each in named), parts_en=", ".join(each.en for each in named)
    )


def _raise(told: dict[str, Any], job: dict[str, Any], said: str) -> None:
    match told.get("failed"):
        case None:
            return
        case "absent":
            raise OtherAbsent(address=job["addresses"][1 - job["rank"]], seconds=job["wait"])
        case "terms":
            raise differ(told.get("parts", ()))
        case "column":
            raise BadMatch(
                reason_zh="文件中没有所需的列，或其值不是整数",
                reason_en="a column is not in the file, or its values are no whole numbers",
            )
        case "keys":
            raise BadMatch(
                reason_zh="标识为空或有重复，每个标识只能一行",
                reason_en="a key is empty or there twice; each key has one row",
            )
        case "lost":
            raise BadMatch(
                reason_zh="对方中途断开或出错", reason_en="the other side left or failed on the way"
            )
    raise BadMatch(reason_zh=f"引擎出错：{said}", reason_en=f"the engine failed: {said}")
