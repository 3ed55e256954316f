"""Long inputs: many inputs of one module, worked on by a durable job; what is done stays done after a break."""

import json
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from hutong.kernel import clock, jobs
from hutong.kernel.db import atomic
from hutong.kernel.errors import HutongError
from hutong.kernel.settings import Setting, declare, home
from hutong.kernel.text import Text
from hutong.kernel.tidying import Tidied, before, tidies
from hutong.market import calling, metering, shelf
from hutong.market.errors import BadInput, NoSuchRun, TooMuch, Unfinished
from hutong.market.models import CallRow, RunRow
from hutong.market.types import Holder, Left, Module

MOST_INPUTS: Final = 1000
MOST_BYTES: Final = 8 * 2**20
KEEP: Final = timedelta(days=3)
CALLS: Final = declare(
    Setting(
        "HUTONG_KEEP_CALLS_DAYS",
        180,
        "int",
        Text(
            zh="超市模块的调用记录（不含内容）保留多少天",
            en="Days for which the book of calls to modules (without contents) is kept",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Run:
    """A job as its holder sees it."""

    id: str
    module: str
    state: str
    done: int
    total: int
    keep_until: str
    error: dict[str, Any] | None


def submit(module: Module, who: Holder, inputs: Sequence[Any], size: int) -> Run:
    """Check every input, count them all, and ask for the work. One bad input refuses all, with its number."""
    if size > MOST_BYTES or not 1 <= len(inputs) <= MOST_INPUTS:
        raise TooMuch(given=f"{len(inputs)} inputs, {size} B", limit=f"{MOST_INPUTS}, {MOST_BYTES} B")
    checked = [_checked(module, number, each) for number, each in enumerate(inputs)]
    items = sum(calling.counted(module.manifest, each) for each in checked)
    run_id = uuid.uuid4().hex
    folder = _folder(run_id)
    folder.mkdir(parents=True, mode=0o700)
    (folder / "input.json").write_text(json.dumps(checked, ensure_ascii=False), "utf8")
    try:
        with atomic():
            metering.take(who, items)
            job = jobs.enqueue(work, key=run_id, run=run_id)
            RunRow.objects.create(
                id=run_id, holder=who.name, module=module.id, job=job, items=len(checked),
                keep_until=clock.now() + KEEP,
            )  # fmt: skip
    except HutongError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return status(who, run_id)


@jobs.job("market.run")
def work(context: jobs.JobContext, *, run: str) -> dict[str, int]:
    """Work on each input that has no line in the result yet."""
    row = RunRow.objects.get(pk=run)
    folder = _folder(run)
    inputs = json.loads((folder / "input.json").read_text("utf8"))
    module = shelf.module(row.module)
    failed = 0
    with (folder / "result.ndjson").open("ab+") as result:
        start = _whole_lines(result)
        for number, each in enumerate(inputs[start:], start):
            line = _line(module, row.holder, number, each)
            failed += "error" in line
            result.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            result.flush()
            os.fsync(result.fileno())
            context.progress(number + 1, len(inputs), module.title)
    (folder / "input.json").unlink()
    return {"inputs": len(inputs), "failed": failed}


def status(who: Holder, run: str) -> Run:
    """How far it is; raises ``NoSuchRun`` for another's too."""
    row = _row(who, run)
    found = jobs.status(row.job)
    return Run(
        row.id, row.module, found.state, found.done, row.items, row.keep_until.isoformat(), found.error
    )


def result(who: Holder, run: str) -> Iterator[bytes]:
    """The result, a JSON line an input in their order; raises ``Unfinished``."""
    if status(who, run).state != "done":
        raise Unfinished(name=run)
    file = _folder(run) / "result.ndjson"
    return _parts(file)


def recent(who: Holder, limit: int = 20) -> list[Run]:
    rows = RunRow.objects.filter(holder=who.name, module=who.module)[:limit]
    return [status(who, each.id) for each in rows]


@tidies("market.jobs")
def _old_runs(dry_run: bool) -> Tidied:
    over = list(RunRow.objects.filter(keep_until__lt=clock.now())[:1000])
    size = sum(each.stat().st_size for row in over for each in _folder(row.id).glob("*"))
    for row in () if dry_run else over:
        shutil.rmtree(_folder(row.id), ignore_errors=True)
        row.delete()
    return Tidied(len(over), size)


@tidies("market.calls")
def _old_calls(dry_run: bool) -> Tidied:
    old = CallRow.objects.filter(at__lt=before(CALLS))
    return Tidied(old.count() if dry_run else old.delete()[0])


def _checked(module: Module, number: int, given: Any) -> dict[str, Any]:
    try:
        return calling.check(module.manifest, given, 0)
    except BadInput as error:
        raise BadInput(**{**error.facts, "key": f"inputs.{number}.{error.facts['key']}"}) from error


def _line(module: Module, holder: str, number: int, given: dict[str, Any]) -> dict[str, Any]:
    who = Holder(holder, module.id, 0, 0)
    items = calling.counted(module.manifest, given)
    try:
        answer = calling.work(module.manifest, who, given, (items, len(str(given)), Left(0, 0)), "job")
    except HutongError as error:
        return {"index": number, "error": error.as_dict()}
    return {"index": number, "output": answer.output}


def _whole_lines(result: Any) -> int:
    """How many lines are whole; what a crash left of another is cut off."""
    result.seek(0)
    body = result.read()
    whole = body.rfind(b"\n") + 1
    result.truncate(whole)
    result.seek(whole)
    return int(body[:whole].count(b"\n"))


def _parts(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while part := source.read(2**16):
            yield part


def _row(who: Holder, run: str) -> RunRow:
    row = RunRow.objects.filter(pk=run[:40], holder=who.name, module=who.module).first()
    if row is None:
        raise NoSuchRun(name=run[:40])
    return row


def _folder(run: str) -> Path:
    return home() / "market" / "jobs" / run
