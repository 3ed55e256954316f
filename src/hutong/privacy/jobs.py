"""Durable work: one side of a joint run. It waits for the other side, which may be a job too, so it has a queue where
several are at work at once.
"""

import time
from datetime import timedelta
from typing import Final

from hutong.accounts.api import actor_named
from hutong.exchange.api import contracts
from hutong.kernel import clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.errors import HutongError
from hutong.kernel.jobs import JobContext, job
from hutong.kernel.text import Text
from hutong.privacy import budgets, inputs, joint, party, sides, starts
from hutong.privacy.errors import BadMatch, RunCut, RunStopped
from hutong.privacy.models import StartRow
from hutong.privacy.types import Stage

_TAKING: Final = timedelta(hours=1)  # the lake's own bound of a stream
_BEAT: Final = 2.0
NOTES: Final = {
    Stage.PREPARING: Text(zh="正在取本方数据", en="Taking this side's rows"),
    Stage.WAITING: Text(zh="等待对方", en="Waiting for the other side"),
    Stage.COMPUTING: Text(zh="双方正在计算", en="Both sides are computing"),
}
_STEPS: Final = tuple(NOTES)


class _Watch(party.Watch):
    """Keeps on record how far the run is, and ends it where it was stopped or this process is to end."""

    def __init__(self, context: JobContext, row: StartRow) -> None:
        self.context, self.row, self.side, self.asked = context, row, sides.side_of(row), 0.0

    def told(self, stage: Stage) -> None:
        limit = {
            Stage.PREPARING: _TAKING,
            Stage.WAITING: timedelta(seconds=self.side.wait + self.side.seconds),
        }
        sides.moved(self.row, stage, limit.get(stage, timedelta(seconds=self.side.seconds)))
        self.context.progress(_STEPS.index(stage), len(_STEPS), NOTES[stage])

    def check(self) -> None:
        if self.context.stopping:
            raise RunCut
        if time.monotonic() - self.asked > _BEAT:
            self.asked = time.monotonic()
            if StartRow.objects.filter(pk=self.row.pk, stop=True).exists():
                raise RunStopped


@job("privacy.match", meets=True)
def side(context: JobContext, *, start: str, attempt: int) -> dict[str, str]:
    """Run one side to its end; a second time it finds that the first was cut off, and says so."""
    row = _taken_up(start, attempt)
    if row is None:
        return {"start": start}
    watch = _Watch(context, row)
    try:
        watch.check()
        watch.told(Stage.PREPARING)
        side, actor = watch.side, actor_named(row.actor)
        if not inputs.place(row.pk).is_file():
            if row.file:
                raise BadMatch(
                    reason_zh="上传的文件已过期删除，请重新上传",
                    reason_en="the file was taken away by its age; hand it over again",
                )
            inputs.take(side, contracts.contract_of(row.contract), row.pk)
        watch.check()
        joint.match(actor, row.organisation, starts.match_of(row), watch)
    except HutongError as error:
        sides.ended(row, error.as_dict())
        raise
    sides.ended(row)
    context.progress(len(_STEPS), len(_STEPS))
    return {"start": start}


def _taken_up(start: str, attempt: int) -> StartRow | None:
    with atomic():
        exclusive(budgets.LOCK)
        row = StartRow.objects.filter(pk=start, attempt=attempt, state__in=sides.ACTIVE).first()
        if row is None:
            return None
        if row.state != Stage.ASKED:
            sides.cut(row)
            return None
        row.begun = clock.now()
        row.save(update_fields=["begun"])
        sides.moved(row, Stage.PREPARING, _TAKING)
    return row
