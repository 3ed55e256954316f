"""A sign as its words: the Chinese is parted into known words and one name, and each has to be in the English.

Order is left free but for the name, which stands before the generic word unless an “of” turns them round. What is left
over of the English has to be the name in Pinyin; a name that is translated by its meaning is said to be unchecked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.market.modules.sign_check import english

_MOST_PARTINGS: Final = 400
_LONGEST: Final = 12
_CLOSED: Final = frozenset("一二三四五六七八九十东南西北左右")


@dataclass(frozen=True, slots=True)
class Known:
    """A word with the English accepted for it. ``generic``: it may end a name of a place."""

    zh: str
    en: tuple[str, ...]
    standard: str
    context: str
    generic: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the sign: a known word, a number, or a name."""

    zh: str
    known: Known | None
    number: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """How the sign's words are in its English. ``name`` is how its name was written: pinyin, meaning or none."""

    parts: tuple[Part, ...]
    name: str
    wrong: str = ""  # why it does not fit, in Chinese; empty where it does


@cache
def known_words(context: str) -> dict[str, Known]:
    sections: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf8"))
    found: dict[str, Known] = {}
    for section in sections:
        if context in {"any", section["context"]} or section["context"] == "any":
            for word, said in section["words"].items():
                zh = word.rstrip("*")
                accepted = tuple(str(each) for each in said)
                if zh in found:
                    accepted = tuple(dict.fromkeys((*found[zh].en, *accepted)))
                found[zh] = Known(zh, accepted, section["standard"], section["context"], word.endswith("*"))
    return found


def composed(zh: str, said: str, context: str) -> Composed | None:
    """The first parting that the English fits; else the first that says what is wrong; None where none is of use."""
    words = english.words(said)
    wrong: Composed | None = None
    for _turn, parts in zip(range(_MOST_PARTINGS), _partings(zh, known_words(context)), strict=False):
        found = _judged(zh, parts, words)
        if found is not None and not found.wrong:
            return found
        wrong = wrong or found
    return wrong


def _partings(zh: str, known: dict[str, Known]) -> Iterator[tuple[Part, ...]]:
    """Partings into known words with a name at most once, those with the shortest name and the longest words first."""

    def onward(at: int, *, name_left: bool) -> Iterator[tuple[Part, ...]]:
        if at == len(zh):
            yield ()
            return
        digits = _digits(zh, at)
        if digits:
            for rest in onward(at + digits, name_left=name_left):
                yield (Part(zh[at : at + digits], None, number=True), *rest)
            return
        for size in range(min(_LONGEST, len(zh) - at), 0, -1):
            word = known.get(zh[at : at + size])
            if word is not None:
                for rest in onward(at + size, name_left=name_left):
                    yield (Part(word.zh, word), *rest)
        if name_left:
            for size in range(1, len(zh) - at):
                for rest in onward(at + size, name_left=False):
                    yield (Part(zh[at : at + size], None), *rest)

    yield from onward(0, name_left=True)


def _digits(zh: str, at: int) -> int:
    end = at
    while end < len(zh) and zh[end] in "0123456789ABCDEFGH":
        end += 1
    return end - at


def _judged(zh: str, parts: tuple[Part, ...], words: tuple[str, ...]) -> Composed | None:
    name = next((part for part in parts if part.known is None and not part.number), None)
    fitted = _fitted([part for part in parts if part is not name], words)
    if fitted is None:
        return _no_generic(parts, name, words) if name else _other_number(parts, words)
    left = [
        (place, word)
        for place, word in enumerate(words)
        if place not in fitted and not english.is_small(word)
    ]
    if name is None:
        return Composed(parts, "") if not left else None
    if not left:
        return None
    spelt = "".join(word for _place, word in left)
    if _read_as(zh, parts, name, spelt):
        last = max(fitted, default=len(words))
        turned = last < left[0][0] and "of" not in words and parts[-1].known is not None
        wrong = (
            f"“{parts[-1].zh}”应在专名之后" if turned and parts[-1].known and parts[-1].known.generic else ""
        )
        return Composed(parts, "pinyin", wrong)
    if not (parts[-1].known and parts[-1].known.generic):
        return None
    if all(english.looks_like_pinyin(word) for _place, word in left):
        return Composed(
            parts, "pinyin", f"“{name.zh}”的拼音与 {' '.join(word for _place, word in left)} 不符"
        )
    if parts[-1].known.context in {"road", "transit"}:
        return None
    return Composed(parts, "meaning") if len(left) <= 2 * len(name.zh) + 1 else None


def _read_as(zh: str, parts: tuple[Part, ...], name: Part, spelt: str) -> bool:
    """Whether the name, or the name with words after it (牛街 Niujie Street), is read so."""
    start = 0
    for part in parts:
        if part is name:
            break
        start += len(part.zh)
    return any(spelt in english.readings(zh[start:end]) for end in range(start + len(name.zh), len(zh) + 1))


def _other_number(parts: tuple[Part, ...], words: tuple[str, ...]) -> Composed | None:
    """All is there but a number or a direction: then the English has another."""
    open_parts = [part for part in parts if not part.number and part.zh not in _CLOSED]
    closed = [part for part in parts if part not in open_parts]
    if not open_parts or not closed or _fitted(open_parts, words) is None:
        return None
    missing = next((part.zh for part in closed if _fitted([part], words) is None), closed[-1].zh)
    return Composed(parts, "", f"“{missing}”与英文不符")


def _no_generic(parts: tuple[Part, ...], name: Part, words: tuple[str, ...]) -> Composed | None:
    """A named place whose generic word is not in the English, though its name is."""
    last = parts[-1].known
    if len(parts) != 2 or last is None or not last.generic:
        return None
    held = "".join(words)
    if any(held.startswith(each) for each in english.readings(name.zh)):
        return Composed(parts, "pinyin", f"通名“{last.zh}”应译作 {' / '.join(last.en)}")
    return None


def _fitted(parts: list[Part], words: tuple[str, ...]) -> frozenset[int] | None:
    """The places of the English that the parts take up, each its own; None where one part is not there."""
    if not parts:
        return frozenset()
    first, rest = parts[0], parts[1:]
    for accepted in first.known.en if first.known else (first.zh,):
        wanted = english.words(accepted)
        if not wanted:
            found = _fitted(rest, words)
            if found is not None:
                return found
            continue
        for at in range(len(words) - len(wanted) + 1):
            if words[at : at + len(wanted)] == wanted:
                hidden = tuple(
                    "" if at <= place < at + len(wanted) else word for place, word in enumerate(words)
                )
                found = _fitted(rest, hidden)
                if found is not None:
                    return found | frozenset(range(at, at + len(wanted)))
    return None
