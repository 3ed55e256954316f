"""The door of the demo: make the sources, load them, and the day on which the demo stands."""

import time

from hutong.accounts.api import Role, system
from hutong.demo import catalog, city, exchange, locks, market, posture, privacy
from hutong.demo.errors import NotDemo
from hutong.demo.generating import Progress, folder, read_manifest
from hutong.demo.generating import generate as _generate
from hutong.demo.loading import load as _load
from hutong.demo.logic.draw import MONTHS, Dice
from hutong.demo.logic.planted import DEMO_DAY
from hutong.demo.portal import write_letters
from hutong.demo.types import FileLoad, Generated, Loaded, SourceFile
from hutong.indicators import api as indicators
from hutong.kernel.settings import demo
from hutong.packs import api as packs

__all__ = [
    "DEMO_DAY",
    "DEMO_SEED",
    "PACK",
    "FileLoad",
    "Generated",
    "Loaded",
    "Progress",
    "SourceFile",
    "folder",
    "generate",
    "load",
    "serve_city",
]

DEMO_SEED = Dice().seed
PACK = "beijing-dongcheng"


def generate(
    *, seed: int = DEMO_SEED, months: int = MONTHS, scale: float = 1.0, progress: Progress | None = None
) -> Generated:
    """Write the source files of the demo district under HUTONG_HOME/demo/sources. Safe to repeat.

    ``months`` (1 to 36) shortens the window from its start, ``scale`` (0 to 1) thins out firms and cases; areas,
    buildings and stations are always all there.
    """
    return _generate(packs.load(PACK), Dice(seed, months, scale), progress)


def load(*, progress: Progress | None = None) -> Loaded:
    """Load the source files into the lake, making them first where there are none, and compute the indicators.

    Safe to repeat: what the lake holds is not loaded again, nor is a figure computed twice on the same snapshots.
    Raises ``NotDemo`` outside demo mode.
    """
    if not demo():
        raise NotDemo
    started = time.monotonic()
    if read_manifest() is None:
        generate(progress=progress)
    files = _load(packs.load(PACK), progress)
    locks.agree(packs.load(PACK))
    outcome = indicators.compute_all(
        DEMO_DAY,
        progress=None if progress is None else lambda done, total, each: progress(done, total, each.id),
    )
    _report_progress()
    catalog.seed()
    exchange.seed()
    market.seed()
    market.train()
    privacy.seed()
    write_letters()
    posture.seed()
    city.seed()
    return Loaded(
        files=files,
        computed=len(outcome.computed) - outcome.unchanged,
        failed=tuple(sorted(outcome.failed)),
        elapsed_ms=round((time.monotonic() - started) * 1000),
    )


def serve_city() -> None:
    """Run the city's side of the docking until it is told to stop; raises ``NotDemo`` outside demo mode."""
    if not demo():
        raise NotDemo
    city.serve()


def _report_progress() -> None:
    """Let the demo's tasks stand where its pack says, unless a person has touched them since."""
    for each in packs.load(PACK).values("demo-progress"):
        if indicators.task(each.plan, each.task).state == "todo":
            indicators.edit_task(system(Role.DATA_OFFICE), each.plan, each.task, each.changes)
