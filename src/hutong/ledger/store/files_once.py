"""Writing a small file whole or not at all, never over another."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def place(file: Path, text: str, mode: int) -> None:
    """The first of two writers wins."""
    number, draft = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(number, "w") as out:
            out.write(text + "\n")
            out.flush()
            os.fchmod(number, mode)
            os.fsync(number)
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        Path(draft).unlink()
