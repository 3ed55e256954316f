"""Blank lines of a CSV, which its reader skips: without them the number of a row is not the one a person counts."""

import mmap
from pathlib import Path
from typing import Any

import numpy as np

_CHUNK = 1 << 20
_QUOTE, _END, _RETURN = 34, 10, 13


def blank(path: Path) -> tuple[Any, int]:
    """The numbers, from 1, of the records with nothing in them, and how many others there are.

    A record is a line, or several where a quoted text goes over its end.
    """
    none = np.empty(0, dtype=np.int64)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        head = data[:5].removeprefix(b"\xef\xbb\xbf")
        if not head.startswith((b"\n", b"\r\n")) and data.find(b"\n\n") < 0 and data.find(b"\n\r\n") < 0:
            return none, 0
        found, seen, inside, start = [], 0, 0, len(data[:3]) if data[:3] == b"\xef\xbb\xbf" else 0
        for offset in range(0, len(data), _CHUNK):
            chunk = np.frombuffer(data[offset : offset + _CHUNK], dtype=np.uint8)
            quotes = np.cumsum(chunk == _QUOTE, dtype=np.int32) + inside
            ends = np.flatnonzero((chunk == _END) & (quotes % 2 == 0)) + offset
            inside = int(quotes[-1]) % 2
            starts = np.concatenate(([start], ends + 1))
            lengths = ends - starts[:-1]
            one = np.flatnonzero(lengths == 1)
            lengths[[each for each in one if data[int(starts[each])] == _RETURN]] = 0
            found.append(np.flatnonzero(lengths == 0) + seen + 1)
            seen, start = seen + len(ends), int(starts[-1])
        blanks = np.concatenate(found)
        return blanks, seen - len(blanks) + (start < len(data))
