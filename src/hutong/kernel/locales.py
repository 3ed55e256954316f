"""Translations: ``python -m hutong.kernel.locales`` compiles them, with ``missing`` it lists what is untranslated."""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent
LANGUAGE = "zh_Hans"
_CALLS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip

Marked = tuple[str, str]  # context, empty for most, and English


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
        draft = target.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, catalog)
        draft.replace(target)  # others may be reading it
        written += 1
    return written


def used(capability: Path) -> Iterator[Marked]:
    """Every text that the code and the templates of a capability mark for translation."""
    for file in sorted(capability.rglob("*")):
        if file.suffix == ".py":
            text = file.read_text("utf8")
        elif (file.suffix in {".html", ".txt"} and "templates" in file.parts) or file.name == "template.html":
            lines = templatize(file.read_text("utf8"), origin=str(file)).splitlines()
            text = "\n".join(line.strip() for line in lines)
        else:
            continue
        for _line, messages, _comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=_CALLS
        ):
            yield context or "", messages if isinstance(messages, str) else messages[0]


def translations() -> Iterator[tuple[str, Marked, str]]:
    """Each translated text: its capability, what it is in the code, and its Chinese (the singular's, of a pair)."""
    for file in catalogs():
        with file.open("rb") as stream:
            for message in read_po(stream, locale=LANGUAGE):
                if message.id and _said(message.string):
                    yield (
                        file.parts[-5],
                        (message.context or "", _first(message.id)),
                        _first(message.string or ""),
                    )


def disagreeing() -> dict[Marked, dict[str, str]]:
    """Texts that capabilities translate differently: of these only one would be shown. A context keeps them apart."""
    said: dict[Marked, dict[str, str]] = {}
    for capability, marked, chinese in translations():
        said.setdefault(marked, {})[capability] = chinese
    return {marked: each for marked, each in said.items() if len(set(each.values())) > 1}


def missing() -> dict[str, list[Marked]]:
    """Texts without a Chinese translation, by capability; a text translated in any capability counts."""
    known = {marked for _capability, marked, _chinese in translations()}
    found = {
        folder.name: sorted({marked for marked in used(folder) if marked[1] and marked not in known})
        for folder in sorted(SOURCE.iterdir())
        if folder.is_dir()
    }
    return {name: texts for name, texts in found.items() if texts}


def _first(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def _said(text: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(text) if isinstance(text, str) else bool(text) and all(text or ())


def main() -> None:
    if sys.argv[1:] == ["missing"]:
        for name, texts in missing().items():
            sys.stdout.write(f"— {name}\n" + "".join(f"{text!r} {context}\n" for context, text in texts))
        return
    sys.stdout.write(f"{compile_all()} translations compiled\n")


if __name__ == "__main__":
    main()
