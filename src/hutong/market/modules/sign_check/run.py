"""Whole signs by their term, else word by word with the names of places in Pinyin; forms that every standard asks for.

Every verdict names its standards. What cannot be told is answered as unknown, never guessed.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.market.modules.sign_check import composing, english
from hutong.market.modules.sign_check.composing import Composed, Known
from hutong.market.modules.sign_check.shapes import Basis, Found, Given, Sign, Verdict
from hutong.market.running import Context, module

_FORMS: Final = (
    (re.compile(r"[\u4e00-\u9fff]"), "英文中夹有汉字"),
    (re.compile(r"[，。！：；（）]"), "英文用了全角标点"),
    (
        re.compile(r"\bslip carefully\b|\bcarefully slip\b|\bdeformed man\b|\bcivilized\b", re.IGNORECASE),
        "常见误译",
    ),
    (re.compile(r"\s{2,}|\s[,.!?]"), "空格不当"),
)
_NOTE: Final = re.compile(r"[(（][^)）]*[)）]")
_PLACE_NAMES: Final = "gb-names"
_MEANING: Final = "专名按意译，未核对"


@module("sign-check")
def run(given: Given, _context: Context) -> Found:
    results = [check(each, given.context) for each in given.signs]
    return Found(results=results, counts=dict(Counter(each.verdict for each in results)))


def check(sign: Sign, context: str = "any") -> Verdict:
    """One sign. Where standards disagree, the verdict says which one the sign follows."""
    zh = _NOTE.sub("", re.sub(r"\s+", "", unicodedata.normalize("NFKC", sign.zh)))
    forms = [why for pattern, why in _FORMS if pattern.search(sign.en)]
    lines = _lines(zh, context)
    if forms:
        return _verdict(sign, "differs", [_basis(line) for line in lines], forms)
    kept = [line for line in lines if any(english.same(sign.en, each) for each in line["en"])]
    if kept and len(kept) == len(lines):
        return _verdict(sign, "conforms", [_basis(line) for line in lines], [f"与{_named(kept)}一致"])
    if kept:
        others = [line for line in lines if line not in kept]
        reasons = [f"与{_named(kept)}一致，与{_named(others)}不同"]
        return _verdict(sign, "conflict", [_basis(line) for line in lines], reasons)
    found = composing.composed(zh, sign.en, context)
    if found is not None and not found.wrong:
        return _by_words(sign, found)
    if lines:
        return _other(sign, zh, lines)
    spelt = _spelt(sign, zh, found)
    if spelt is not None:
        return spelt
    if found is not None:
        return _verdict(sign, "differs", _word_basis(found), [found.wrong])
    return _verdict(sign, "unknown", [], ["所收标准条目不足以判断此标识"])


@cache
def knowledge() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "standards.yaml").read_text("utf8"))
    return found


def _lines(zh: str, context: str) -> list[dict[str, Any]]:
    """What the standards say of the whole sign; a word that is a whole sign is one line too."""
    lines = [
        each
        for each in knowledge()["terms"]
        if each["zh"] == zh and (context in {"any", each["context"]} or each["context"] == "any")
    ]
    word = composing.known_words(context).get(zh)
    if word is None:
        return lines
    same = next((line for line in lines if line["standard"] == word.standard), None)
    if same is not None:
        merged = {**same, "en": list(dict.fromkeys([*same["en"], *word.en]))}
        return [merged if line is same else line for line in lines]
    return lines or [_line(word)]


def _other(sign: Sign, zh: str, lines: list[dict[str, Any]]) -> Verdict:
    """English that no line has. A word of ours that shares something with it leaves open that a standard has it so."""
    accepted = list(dict.fromkeys(each for line in lines for each in line["en"] if each))
    basis, wanted = [_basis(line) for line in lines], " / ".join(accepted)
    listed = any(line["zh"] in _term_names() for line in lines)
    said = {each for each in english.words(sign.en) if not english.is_small(each)}
    if not listed and any(said & set(english.words(each)) for each in accepted):
        return _verdict(sign, "unknown", basis, [f"所收译法为 {wanted}，此译法未收录"])
    return _verdict(sign, "differs", basis, [f"{_named(lines)}：{zh} 译作 {wanted}"])


@cache
def _term_names() -> frozenset[str]:
    return frozenset(each["zh"] for each in knowledge()["terms"])


def _line(word: Known) -> dict[str, Any]:
    return {"zh": word.zh, "en": list(word.en), "context": word.context, "standard": word.standard}


def _by_words(sign: Sign, found: Composed) -> Verdict:
    named = "、".join(dict.fromkeys(_title(part.known.standard) for part in found.parts if part.known))
    told = f"逐词与{named}一致" if named else "专名用汉语拼音"
    return _verdict(
        sign, "conforms", _word_basis(found), [told, *([_MEANING] if found.name == "meaning" else [])]
    )


def _spelt(sign: Sign, zh: str, found: Composed | None) -> Verdict | None:
    """A name wholly in Pinyin: as signs of place names have it; of a road, other standards translate the generic part."""
    if "".join(english.words(sign.en)) not in english.readings(zh):
        return None
    names = _basis({"standard": _PLACE_NAMES, "context": "road", "en": [sign.en]})
    generic = found.parts[-1].known if found is not None and found.parts else None
    if generic is None:
        return _verdict(sign, "conforms", [names], [f"与{_title(_PLACE_NAMES)}一致：地名用汉语拼音"])
    reasons = [
        f"与{_title(_PLACE_NAMES)}（地名标志）一致，与{_title(generic.standard)}不同：通名译作 {' / '.join(generic.en)}"
    ]
    return _verdict(sign, "conflict", [names, _basis(_line(generic))], reasons)


def _verdict(sign: Sign, verdict: Any, basis: list[Basis], reasons: list[str]) -> Verdict:
    return Verdict(zh=sign.zh, en=sign.en, verdict=verdict, basis=basis, reasons=reasons)


def _word_basis(found: Composed) -> list[Basis]:
    basis: dict[tuple[str, str], list[str]] = {}
    for part in found.parts:
        if part.known is not None:
            accepted = " / ".join(each for each in part.known.en if each)
            basis.setdefault((part.known.standard, part.known.context), []).append(f"{part.zh} {accepted}")
    return [_basis({"standard": one, "context": where, "en": said}) for (one, where), said in basis.items()]


def _basis(line: dict[str, Any]) -> Basis:
    standard = knowledge()["standards"][line["standard"]]
    return Basis(
        standard=standard["title"], edition=standard["edition"], context=line["context"], wanted=line["en"]
    )


def _named(lines: list[dict[str, Any]]) -> str:
    return "、".join(dict.fromkeys(_title(each["standard"]) for each in lines))


def _title(standard: str) -> str:
    found = knowledge()["standards"][standard]
    return f"{found['title']}-{found['edition']}"
