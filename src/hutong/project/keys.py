"""The installation's secret key: made once, readable by its owner only."""

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """Read the key of this home, making it at first use."""
    file = home / "keys" / "django.key"
    try:
        return file.read_text("ascii")
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = secrets.token_urlsafe(64)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(key, "ascii")
        try:
            os.link(draft, file)  # the first process wins; the others read what it wrote
        except FileExistsError:
            return file.read_text("ascii")
        finally:
            draft.unlink()
        return key
