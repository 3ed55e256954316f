"""Loaded before anything else (`-p tests.home`): one throw-away home for the run, translations as they are."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from hutong.kernel import locales

MEMORY = Path("/dev/shm")
ENOUGH = 2 * 2**30


def _fast() -> str | None:
    """Where a commit need not wait for a disk: in memory, where there is enough of it."""
    return str(MEMORY) if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH else None


# A tenth of the time of the tests went into looking for cycles that are not there.
gc.set_threshold(100_000, 50, 100)

HOME = tempfile.mkdtemp(prefix="hutong-test-", dir=_fast())
os.environ["HUTONG_HOME"] = HOME
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.project.settings")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
locales.compile_all()
