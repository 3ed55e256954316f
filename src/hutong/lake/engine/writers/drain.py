"""A file whose bytes are taken away as they are written."""

import io
from typing import Any


class Drain(io.RawIOBase):
    """Takes what a writer of files writes; nobody can go back in it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._at = 0

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._at += len(part)
        return len(part)

    def taken(self) -> bytes:
        """What was written since the last time."""
        part = b"".join(self._parts)
        self._parts.clear()
        return part

    def tell(self) -> int:
        return self._at

    def writable(self) -> bool:
        return True
