"""Addresses by the grammar; a municipality is its own city."""

import unicodedata
from typing import Final

from hutong.market.modules.address_parse.rules import parse
from hutong.market.modules.address_parse.shapes import Found, Given, Parsed, Part
from hutong.market.running import Context, module

_MUNICIPALITIES: Final = ("北京", "天津", "上海", "重庆")
_MOST: Final = 200


@module("address-parse")
def run(given: Given, _context: Context) -> Found:
    return Found(results=[parsed(each) for each in given.addresses])


def parsed(address: str) -> Parsed:
    """One address, at most 200 characters of it."""
    text = address[:_MOST]
    even = "".join(_even(each) for each in text)
    parts = [Part(level=level, text=text[start:end], start=start) for level, start, end in parse(even)]
    named: dict[str, str] = {}
    for each in parts:
        if each.level not in {"zone", "other"}:
            named.setdefault(each.level, each.text)
    if named.get("province", "").startswith(_MUNICIPALITIES):
        named.setdefault("city", named["province"])
    return Parsed(address=address[:_MOST], parts=parts, **named)


def _even(each: str) -> str:
    """The character's common form, where that is one character, so that places in the text stay."""
    common = unicodedata.normalize("NFKC", each)
    return common if len(common) == 1 else each
