"""A measurement in a process of its own, over a home of its own: the parent never starts the application."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from bench.result import Result


def measured(module: str) -> Iterator[Result]:
    """What ``python -m module`` prints as lines of JSON; raises ``RuntimeError`` when it fails."""
    with tempfile.TemporaryDirectory(prefix="hutong-bench-") as home:
        environment = {**os.environ, "HUTONG_HOME": home, "HUTONG_API_RATE": "none"}
        environment["DJANGO_SETTINGS_MODULE"] = "hutong.project.settings"
        environment.pop("HUTONG_DATABASE_URL", None)
        with subprocess.Popen(
            [sys.executable, "-m", module], env=environment, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            for line in child.stdout:
                if line.startswith("{"):
                    yield Result(**json.loads(line))
        if child.returncode:
            raise RuntimeError(f"the measurement ended with {child.returncode}")
