"""Where the peers are: in an environment of their own, since they pin other versions than ours.

``make bench`` makes ``.venv-peers``; HUTONG_BENCH_PEERS names another. The engine of joint computation is no peer but
is kept apart likewise (``make setup-spu``, or HUTONG_SPU_PYTHON). What is not there is told and left out.
"""

import os
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parents[1]


def program(name: str) -> str:
    """The path of a program of the peers' environment; nothing where it is not installed."""
    folder = Path(os.environ.get("HUTONG_BENCH_PEERS") or _HERE / ".venv-peers")
    found = folder / "bin" / name
    return str(found) if found.is_file() else ""


def engine() -> str:
    """The Python that has the engine of joint computation; nothing where there is none."""
    usual = _HERE / ".venv-spu" / "bin" / "python"
    return os.environ.get("HUTONG_SPU_PYTHON") or (str(usual) if usual.is_file() else "")
