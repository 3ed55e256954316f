"""The files of learned models under the home: written once under their digest, checked before each first use."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from hutong.market.errors import ModelSpoilt
from hutong.market.logic.learned import BadModel, Learned, parse


def write(folder: Path, body: bytes) -> Path:
    """Keep the bytes; the same bytes are kept once."""
    file = folder / f"{hashlib.sha256(body).hexdigest()}.model"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(f".{os.getpid()}")
        with part.open("wb") as sink:
            sink.write(body)
            sink.flush()
            os.fsync(sink.fileno())
        part.replace(file)
    return file


@lru_cache(maxsize=2)
def opened(path: str, sha256: str, number: int) -> Learned:
    """The model in the file; raises ``ModelSpoilt`` unless it is the one that was entered in the log."""
    try:
        body = Path(path).read_bytes()
        if hashlib.sha256(body).hexdigest() != sha256:
            raise ModelSpoilt(number=number)
        return parse(body)
    except (OSError, BadModel) as error:
        raise ModelSpoilt(number=number) from error
