"""Compile the translations of every capability: ``python -m hutong.kernel.locales``."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent


def catalogs() -> list[Path]:
    """The ``django.po`` files of all capabilities."""
    return sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_all() -> int:
    """Write a ``.mo`` beside each ``.po`` that is newer; returns how many were written."""
    written = 0
    for source in catalogs():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3])
        with target.open("wb") as file:
            write_mo(file, catalog)
        written += 1
    return written


if __name__ == "__main__":
    sys.stdout.write(f"{compile_all()} translations compiled\n")
