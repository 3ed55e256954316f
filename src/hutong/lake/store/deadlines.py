"""Questions that take too long are stopped: one thread looks after all of them, where a timer each took as long to
start as many an answer.
"""

import os
import threading
import time
from typing import Any

_EVERY = 0.1


class Deadlines:
    """Cursors that are interrupted when their time is over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[int, tuple[float, Any, threading.Event]] = {}
        self._watching = 0  # the process whose thread looks; a forked one needs its own

    def start(self, cursor: Any, seconds: float) -> threading.Event:
        """The event is set before the cursor is interrupted."""
        late = threading.Event()
        with self._lock:
            self._running[id(cursor)] = (time.monotonic() + seconds, cursor, late)
            if self._watching != os.getpid():
                self._watching = os.getpid()
                threading.Thread(target=self._watch, name="query-deadlines", daemon=True).start()
        return late

    def end(self, cursor: Any) -> None:
        with self._lock:
            self._running.pop(id(cursor), None)

    def _watch(self) -> None:
        while True:
            time.sleep(_EVERY)
            now = time.monotonic()
            with self._lock:
                over = [each for each in self._running.values() if each[0] <= now]
                for _, cursor, late in over:
                    late.set()
                    cursor.interrupt()
