"""Whole signs by their term, names of places by their ending; forms that every standard asks of are looked at too."""

import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.market.modules.sign_check.shapes import Basis, Found, Given, Sign, Verdict
from hutong.market.running import Context, module

_CHINGLISH: Final = (
    (re.compile(r"[\u4e00-\u9fff]"), "英文中夹有汉字"),
    (re.compile(r"[，。！：；（）]"), "英文用了全角标点"),
    (
        re.compile(r"\bslip carefully\b|\bcarefully slip\b|\bdeformed man\b|\bcivilized\b", re.IGNORECASE),
        "常见误译",
    ),
    (re.compile(r"\s{2,}|\s[,.!?]"), "空格不当"),
)
_SHORT: Final = {
    "st": "street",
    "rd": "road",
    "ave": "avenue",
    "blvd": "boulevard",
    "hwy": "highway",
    "expwy": "expressway",
    "br": "bridge",
}


@module("sign-check")
def run(given: Given, _context: Context) -> Found:
    results = [check(each, given.context) for each in given.signs]
    return Found(results=results, counts=dict(Counter(each.verdict for each in results)))


def check(sign: Sign, context: str = "any") -> Verdict:
    """One sign. Where standards disagree, the verdict says which one the sign follows."""
    zh = re.sub(r"\s+", "", unicodedata.normalize("NFKC", sign.zh))
    forms = [why for pattern, why in _CHINGLISH if pattern.search(sign.en)]
    lines = _lines(zh, context)
    if not lines:
        reasons = forms or ["所收标准条目中没有此标识"]
        return Verdict(
            zh=sign.zh, en=sign.en, verdict="differs" if forms else "unknown", basis=[], reasons=reasons
        )
    kept = [line for line in lines if _fits(sign.en, line, whole=line["zh"] == zh)]
    basis = [_basis(line) for line in lines]
    if forms:
        return Verdict(zh=sign.zh, en=sign.en, verdict="differs", basis=basis, reasons=forms)
    if len(kept) == len(lines):
        return Verdict(
            zh=sign.zh, en=sign.en, verdict="conforms", basis=basis, reasons=[f"与{_named(kept)}一致"]
        )
    if kept:
        reasons = [f"与{_named(kept)}一致，与{_named([one for one in lines if one not in kept])}不同"]
        return Verdict(zh=sign.zh, en=sign.en, verdict="conflict", basis=basis, reasons=reasons)
    wanted = " / ".join(lines[0]["en"])
    return Verdict(zh=sign.zh, en=sign.en, verdict="differs", basis=basis, reasons=[f"{_named(lines)}：{lines[0]['zh']} 译作 {wanted}"])  # fmt: skip


@cache
def knowledge() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "standards.yaml").read_text("utf8"))
    return found


def _lines(zh: str, context: str) -> list[dict[str, Any]]:
    """The lines about the whole sign, else about the ending of the place it names."""
    terms = [
        each
        for each in knowledge()["terms"]
        if context in {"any", each["context"]} or each["context"] == "any"
    ]
    whole = [each for each in terms if each["zh"] == zh]
    if whole:
        return whole
    ending = next((end for end in knowledge()["endings"] if zh.endswith(end) and len(zh) > len(end)), "")
    return [each for each in terms if each["zh"] == ending]


def _fits(english: str, line: dict[str, Any], *, whole: bool) -> bool:
    said = _plain(english)
    wanted = [_plain(each) for each in line["en"]]
    return (
        said in wanted
        if whole
        else any(said.endswith(f" {each}") or f" {each} " in f" {said} " for each in wanted)
    )


def _plain(english: str) -> str:
    """Lower case, words only, short forms written out."""
    words = re.findall(r"[a-z0-9&']+", unicodedata.normalize("NFKC", english).lower())
    return " ".join(_SHORT.get(each, each) for each in words)


def _basis(line: dict[str, Any]) -> Basis:
    standard = knowledge()["standards"][line["standard"]]
    return Basis(
        standard=standard["title"], edition=standard["edition"], context=line["context"], wanted=line["en"]
    )


def _named(lines: list[dict[str, Any]]) -> str:
    standards = [knowledge()["standards"][each["standard"]] for each in lines]
    return "、".join(dict.fromkeys(f"{each['title']}-{each['edition']}" for each in standards))
